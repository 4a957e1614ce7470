/**
 * Dossiers as they were last read: events are never changed, so only what is newer is read again. Bounded by events. What
 * an event holds is no personal data, so nothing here has to be forgotten when a key is shredded.
 */
import type { Recorded } from '#ledger';

/** Some 500 bytes an event, decoded. */
const EVENTS_KEPT = 10_000;
/** A larger dossier would drive all others out. */
const EVENTS_OF_ONE = 2_000;

export class DossierCache {
  readonly #dossiers = new Map<string, readonly Recorded[]>();
  #events = 0;

  /** What was read of the dossier, by position; empty where nothing was kept. */
  get(name: string): readonly Recorded[] {
    const known = this.#dossiers.get(name);
    if (known === undefined) return [];
    // To the young end.
    this.#dossiers.delete(name);
    this.#dossiers.set(name, known);
    return known;
  }

  set(name: string, events: readonly Recorded[]): void {
    this.#drop(name);
    if (events.length > EVENTS_OF_ONE) return;
    this.#dossiers.set(name, events);
    this.#events += events.length;
    for (const oldest of this.#dossiers.keys()) {
      if (this.#events <= EVENTS_KEPT) break;
      this.#drop(oldest);
    }
  }

  #drop(name: string): void {
    this.#events -= this.#dossiers.get(name)?.length ?? 0;
    this.#dossiers.delete(name);
  }
}
