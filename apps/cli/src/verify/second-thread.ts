/** A second thread for the verification of a long archive: hashing is nearly all of it, and two cores hash twice as much. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { PartHelper, PartVerdict } from '#proof';

type Told = { readonly done: number } | { readonly verdict: PartVerdict };

/** In the time that a thread takes to start, one checks some 60 bundles. */
const BUNDLES_MIN = 64;

export interface Helping {
  /** Undefined where there is one core alone. */
  readonly helper: PartHelper | undefined;
  /** Ends what is still under way. */
  close(): Promise<void>;
}

/** Help with the archive at a path. */
export function helping(path: string): Helping {
  let worker: Worker | undefined;
  const helper: PartHelper = {
    bundlesMin: BUNDLES_MIN,
    check: (part, onDone) => {
      const thread = new Worker(threadFile(), { workerData: { path, part }, name: 'verifier' });
      worker = thread;
      return new Promise((resolve, reject) => {
        thread.on('message', (told: Told) => ('verdict' in told ? resolve(told.verdict) : onDone(told.done)));
        thread.once('error', reject);
        thread.once('exit', () => reject(new Error('the second thread of the verification has ended')));
      });
    },
  };
  return {
    helper: availableParallelism() > 1 ? helper : undefined,
    close: async () => {
      await worker?.terminate();
    },
  };
}

/** Beside this file when that is built; from a source file, as a test has it, in the build. */
function threadFile(): string {
  const beside = fileURLToPath(new URL('./part-thread.js', import.meta.url));
  if (existsSync(beside)) return beside;
  return fileURLToPath(new URL('../../../../dist/apps/cli/src/verify/part-thread.js', import.meta.url));
}
