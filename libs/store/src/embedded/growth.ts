/** Wakes whoever waits for a log to grow. */
import type { ControllerId } from '#ledger';

export class Growth {
  readonly #waiting = new Map<ControllerId, Set<() => void>>();
  #ended = false;

  /** The store closes: nothing grows any more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves when the log has grown after this call, when the signal aborts, or when the store closes. */
  next(controller: ControllerId, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(controller) ?? new Set();
      this.#waiting.set(controller, waiting);
      const wake = (): void => {
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
      if (signal.aborted || this.#ended) wake();
    });
  }

  grown(controller: ControllerId): void {
    for (const wake of this.#waiting.get(controller) ?? []) wake();
  }

  end(): void {
    this.#ended = true;
    for (const controller of this.#waiting.keys()) this.grown(controller);
  }
}
