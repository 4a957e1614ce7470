/** Waiting, as roles wait: no longer than until they are stopped. */

/** Waits so long, in milliseconds, or until the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** Times to wait between attempts: doubled up to a bound, and begun anew after a success. */
export class BackOff {
  private nextMs = FIRST_WAIT_MS;

  wait(signal: AbortSignal): Promise<void> {
    const ms = this.nextMs;
    this.nextMs = Math.min(ms * 2, LONGEST_WAIT_MS);
    return pause(ms, signal);
  }

  reset(): void {
    this.nextMs = FIRST_WAIT_MS;
  }
}
