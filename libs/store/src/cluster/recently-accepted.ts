/**
 * What this process has accepted and the sequencer in it has not placed yet: it need not read what it has in its hands.
 * Only a help: whatever is not here is read.
 */
import type { AcceptedEvent } from './sequencing.js';

/** Events of one controller that are kept, some 1 KiB each; the oldest go first. */
const KEPT = 16_384;

export class RecentlyAccepted {
  /** By the controller's number, and by `seq`. */
  readonly #kept = new Map<number, Map<number, AcceptedEvent>>();

  /** From now on what is accepted of a controller is kept: somebody takes it. */
  keep(controller: number): void {
    if (!this.#kept.has(controller)) this.#kept.set(controller, new Map());
  }

  /** Nobody takes it any more. */
  forget(controller: number): void {
    this.#kept.delete(controller);
  }

  /** Events that are committed. */
  add(controller: number, events: readonly AcceptedEvent[]): void {
    const kept = this.#kept.get(controller);
    if (kept === undefined) return;
    for (const event of events) kept.set(event.seq, event);
    for (const seq of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(seq);
    }
  }

  get(controller: number, seq: number): AcceptedEvent | undefined {
    return this.#kept.get(controller)?.get(seq);
  }

  /** Events that have their places. */
  placed(controller: number, events: readonly AcceptedEvent[]): void {
    const kept = this.#kept.get(controller);
    if (kept !== undefined) for (const { seq } of events) kept.delete(seq);
  }
}
