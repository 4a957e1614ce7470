/**
 * A program that restores a database, and stands still at a step of that to be killed. It runs on its own, the way Node runs
 * TypeScript, on the built libraries.
 *
 *   node test/fault/cluster-restore-victim.ts STEP OPTIONS
 *
 * OPTIONS is the JSON of what `restoreCluster` is given, with the folder of the root key as `dir`. Says `at STEP` there.
 */
import { writeSync } from 'node:fs';
import { Clock, FileRootKey, restoreCluster, type ClusterRestoreOptions } from '#store';

const [step = '', text = '{}'] = process.argv.slice(2);
const { dir, now, ...options } = JSON.parse(text) as Omit<ClusterRestoreOptions, 'rootKey' | 'clock' | 'reached'> & {
  readonly dir: string;
  readonly now: number;
};

class StandingClock extends Clock {
  override now(): number {
    return now;
  }
}

await restoreCluster({
  ...options,
  rootKey: FileRootKey.open(dir),
  clock: new StandingClock(),
  reached: (at) => {
    if (at !== step) return;
    writeSync(1, `at ${step}\n`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
