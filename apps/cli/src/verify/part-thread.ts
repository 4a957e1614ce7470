/** Checks one part of an archive, in a thread of its own, and says what it found. */
import { parentPort, workerData } from 'node:worker_threads';
import { verifyArchivePart, type PeriodPart } from '#proof';
import { FileAccess } from './file-access.js';
import { nodePrimitives } from './primitives.js';

const { path, part } = workerData as { readonly path: string; readonly part: PeriodPart };
/** Progress is told once for so many entries. */
const TOLD_EVERY = 65_536;

const archive = FileAccess.open(path);
try {
  let told = 0;
  const verdict = await verifyArchivePart(nodePrimitives, archive, part, (entries) => {
    if (entries - told < TOLD_EVERY) return;
    told = entries;
    parentPort!.postMessage({ done: entries });
  });
  parentPort!.postMessage({ verdict });
} finally {
  archive.close();
}
