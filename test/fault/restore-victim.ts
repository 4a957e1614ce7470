/**
 * A program that makes a data folder of copies, and stands still at a step of that to be killed. It runs on its own, the way
 * Node runs TypeScript, on the built libraries.
 *
 *   node test/fault/restore-victim.ts STEP OPTIONS
 *
 * OPTIONS is the JSON of what `restoreFolder` is given. Says `at STEP` there.
 */
import { writeSync } from 'node:fs';
import { Clock, restoreFolder, type RestoreOptions } from '#store';

const [step = '', text = '{}'] = process.argv.slice(2);

class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }
}

restoreFolder({
  ...(JSON.parse(text) as Omit<RestoreOptions, 'clock' | 'reached'>),
  clock: new SystemClock(),
  reached: (at) => {
    if (at !== step) return;
    writeSync(1, `at ${step}\n`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
