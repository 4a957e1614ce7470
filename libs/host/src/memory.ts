/** How much memory a process may take for its work. */
import { setFlagsFromString } from 'node:v8';

/** By so much of what lives in it the heap may grow before it is collected; left to itself, the engine lets it double. */
const GROWING_PERCENT = 10;

/**
 * For a process that takes actions in by the million: nearly all that it makes is forgotten at once, so a heap that grows
 * by little costs next to nothing of its time and saves a third of its memory.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
}
