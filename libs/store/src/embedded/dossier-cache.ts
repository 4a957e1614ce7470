/**
 * Dossiers as they were last read: events are never changed, so only what is newer is read again. Bounded by events. What
 * an event holds is no personal data, so nothing here has to be forgotten when a key is shredded.
 */
import type { Recorded } from '#ledger';

/** Some 500 bytes an event, decoded. */
const EVENTS_KEPT = 10_000;
/** A larger dossier would drive all others out. */
export const EVENTS_OF_ONE = 2_000;

/** A dossier as far as it was read. */
export interface ReadDossier {
  readonly events: readonly Recorded[];
  /** Of events that are parts of an action, the id of its first event. */
  readonly firsts: ReadonlyMap<string, string>;
  /** Where the corrections of these events stand in the events table, in whatever dossier. */
  readonly corrections: readonly number[];
  /** The place of the last entry that the log had then. */
  readonly through: number;
}

const NOTHING: ReadDossier = { events: [], firsts: new Map(), corrections: [], through: -1 };

export class DossierCache {
  readonly #dossiers = new Map<string, ReadDossier>();
  #events = 0;

  /** What was read of the dossier, by position; empty where nothing was kept. */
  get(name: string): ReadDossier {
    const known = this.#dossiers.get(name);
    if (known === undefined) return NOTHING;
    // To the young end.
    this.#dossiers.delete(name);
    this.#dossiers.set(name, known);
    return known;
  }

  set(name: string, dossier: ReadDossier): void {
    this.#drop(name);
    if (dossier.events.length > EVENTS_OF_ONE) return;
    this.#dossiers.set(name, dossier);
    this.#events += weightOf(dossier);
    for (const oldest of this.#dossiers.keys()) {
      if (this.#events <= EVENTS_KEPT) break;
      this.#drop(oldest);
    }
  }

  #drop(name: string): void {
    const known = this.#dossiers.get(name);
    if (known !== undefined) this.#events -= weightOf(known);
    this.#dossiers.delete(name);
  }
}

/** In events: one without any takes room as well. */
function weightOf({ events }: ReadDossier): number {
  return events.length + 1;
}
