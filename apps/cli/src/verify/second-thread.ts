/** A second thread for the verification of a long archive: hashing is nearly all of it, and two cores hash twice as much. */
import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { PartHelper, PartVerdict } from '#proof';

type Told = { readonly done: number } | { readonly verdict: PartVerdict };

/** In the time that a thread takes to start, one checks some 60 bundles, of some 400 bytes an entry. */
const BUNDLES_MIN = 64;
const ARCHIVE_MIN = 2 * BUNDLES_MIN * 256 * 400;

export interface Helping {
  /** Undefined where there is one core alone, or little to do. */
  readonly helper: PartHelper | undefined;
  /** Ends what is still under way. */
  close(): Promise<void>;
}

/** Help with the archive at a path. The thread starts at once: by the time that it is asked, it has opened the archive. */
export function helping(path: string): Helping {
  if (availableParallelism() < 2 || statSync(path).size < ARCHIVE_MIN)
    return { helper: undefined, close: () => Promise.resolve() };
  const thread = new Worker(threadFile(), { workerData: { path }, name: 'verifier' });
  const ended = new Promise<never>((_, reject) => {
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('the second thread of the verification has ended')));
  });
  // It is met below, unless nothing is asked of it.
  ended.catch(() => undefined);
  const check: PartHelper['check'] = (part, onDone) => {
    const verdict = new Promise<PartVerdict>((resolve) => {
      thread.on('message', (told: Told) => ('verdict' in told ? resolve(told.verdict) : onDone(told.done)));
    });
    thread.postMessage(part);
    return Promise.race([verdict, ended]);
  };
  return {
    helper: { bundlesMin: BUNDLES_MIN, check },
    close: async () => {
      await thread.terminate();
    },
  };
}

/** Beside this file when that is built; from a source file, as a test has it, in the build. */
function threadFile(): string {
  const beside = fileURLToPath(new URL('./part-thread.js', import.meta.url));
  if (existsSync(beside)) return beside;
  return fileURLToPath(new URL('../../../../dist/apps/cli/src/verify/part-thread.js', import.meta.url));
}
