/** Pauses between tries: each twice as long as the one before, up to a bound, and uneven, so that peers do not march in step. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface BackOffBounds {
  readonly firstMs: number;
  readonly mostMs: number;
}

const BOUNDS: BackOffBounds = { firstMs: 50, mostMs: 2000 };

export class BackOff {
  readonly #bounds: BackOffBounds;
  #tries = 0;

  constructor(bounds: BackOffBounds = BOUNDS) {
    this.#bounds = bounds;
  }

  /** After a success: the next pause is the shortest again. */
  reset(): void {
    this.#tries = 0;
  }

  /** Ends early, without an error, when the signal comes. */
  async pause(signal: AbortSignal): Promise<void> {
    const longest = Math.min(this.#bounds.mostMs, this.#bounds.firstMs * 2 ** this.#tries++);
    await pause(longest * (0.5 + Math.random() / 2), signal);
  }
}

/** Sleeps for `ms` or until the signal, whichever comes first; never throws. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    // The signal came; whoever waits looks at it.
  }
}
