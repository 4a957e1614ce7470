/** The keys of a served log that may be believed: those that were given, or else its first, and all that they introduce. */
import {
  keysIntroduced, parseVerifierKey, readIntroduction, type KeyIntroduction, type Policy, type VerifierKey,
} from '#proof'; // prettier-ignore
import { peerFailed } from '../failure.js';
import { nodePrimitives } from './primitives.js';
import type { KeyedLog } from './served-log.js';

export interface LogKeys {
  /** None where those that were given are of another log, or the server shows another than the one asked for. */
  readonly keys: readonly VerifierKey[];
  readonly introductions: readonly KeyIntroduction[];
}

/** `prefix` is `/log/<controller>/<generation>`, as it was asked for. Throws CommandFailure 3 where the server has no key. */
export async function logKeys(log: KeyedLog, policy: Policy | undefined, prefix: string): Promise<LogKeys> {
  const told = await log.keys();
  const parsed = told.map((one) => parseVerifierKey(nodePrimitives.sha256, one.key));
  const own = parsed.flatMap((one) => (one.ok && one.value.use === 'note' ? [one.value] : []));
  if (own.length === 0) throw peerFailed('The log has no key that can be read.');
  const introductions = told.flatMap(({ introduction }) =>
    introduction === null ? [] : (readIntroduction(nodePrimitives, introduction) ?? []),
  );
  // Asked for one log, a server could show another, honestly signed.
  const believed = (policy?.logs ?? own.slice(0, 1)).filter(({ name }) => name.endsWith(prefix));
  return { keys: keysIntroduced(believed, introductions), introductions };
}
