/** How much memory a process may take for its work. */
import { setFlagsFromString } from 'node:v8';

/** By so much of what lives in it the heap may grow before it is collected; left to itself, the engine lets it double. */
const GROWING_PERCENT = 50;

/**
 * For a process that takes actions in by the million: the less its heap may grow, the smaller it is, and the more often what
 * lives in it is marked. Of a feed's processor time that takes a fifth where it grows by half, more than a quarter where it
 * grows by a quarter, which saves 10 MB.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
}
