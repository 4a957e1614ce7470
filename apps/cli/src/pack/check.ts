/** `depter pack check`: everything that is wrong with packs, each fault with its file, line and reason. */
import { existsSync } from 'node:fs';
import { PackSources } from '#host';
import { type ExitStatus, wrongUse } from '../failure.js';
import type { Screen } from '../feed/progress.js';

/**
 * Checks the files and folders that are named, beside the built-in packs that they build on, or with none the built-in
 * ones. Gives 1 where something is wrong. Throws CommandFailure 2 where a file is not there.
 */
export function checkPacks(paths: readonly string[], screen: Screen): ExitStatus {
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) throw wrongUse(`There is no ${missing}.`);
  const builtIn = PackSources.builtInWithCoverage();
  const faults = (paths.length === 0 ? builtIn : PackSources.of(paths).beside(builtIn)).faults();
  for (const fault of faults) screen.write(`${fault}\n`);
  screen.write(faults.length === 0 ? 'nothing is wrong\n' : `${faults.length} faults\n`);
  return faults.length === 0 ? 0 : 1;
}
