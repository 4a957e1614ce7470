/** Work in the background of a loop that others need: in short slices, and the longer others take, the rarer. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pause } from './pause.js';

const SLICE_MS = 4;
/** Others who take longer than this in a turn are busy. */
const BUSY_MS = 2;
/** They get so many times what they took before the next slice, within a bound. */
const REST_TIMES = 10;
const REST_MAX_MS = 150;

export class Courtesy {
  #since = performance.now();

  constructor(private readonly signal: AbortSignal) {}

  /** Called between two pieces of work; gives the loop away once a slice is over. */
  async between(): Promise<void> {
    const left = performance.now();
    if (left - this.#since < SLICE_MS) return;
    await nextTurn();
    const others = performance.now() - left;
    if (others > BUSY_MS) await pause(Math.min(REST_MAX_MS, others * REST_TIMES), this.signal);
    this.#since = performance.now();
  }
}
