/** Checks one part of an archive, in a thread of its own, and says what it found. */
import { parentPort, workerData } from 'node:worker_threads';
import { openArchiveParts, type PeriodPart } from '#proof';
import { FileAccess } from './file-access.js';
import { nodePrimitives } from './primitives.js';

const { path } = workerData as { readonly path: string };
/** Progress is told once for so many entries. */
const TOLD_EVERY = 65_536;

const asked = new Promise<PeriodPart>((resolve) => parentPort!.once('message', resolve));
const archive = FileAccess.open(path);
try {
  // While whoever asks reads the archive's head, too.
  const check = await openArchiveParts(nodePrimitives, archive);
  let told = 0;
  const verdict = await check(await asked, (entries) => {
    if (entries - told < TOLD_EVERY) return;
    told = entries;
    parentPort!.postMessage({ done: entries });
  });
  parentPort!.postMessage({ verdict });
} finally {
  archive.close();
}
