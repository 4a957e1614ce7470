/**
 * Events of one dossier say much alike: whose they are, when a group was recorded, which items, for which purposes. What is
 * alike is held once, which halves the memory of a dossier of ten thousands of events.
 */
import type { StoredEvent } from '#ledger';

/** A dossier that names more lists than this holds the others apart. */
const LISTS_MAX = 1_000;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export class Alike {
  #last: StoredEvent | undefined;
  readonly #lists = new Map<string, readonly string[]>();

  /** Changes an event that was just read and that nobody else has seen; it says the same. */
  share(event: StoredEvent): StoredEvent {
    const last = this.#last;
    if (last !== undefined) {
      const shared: Writable<StoredEvent> = event;
      if (shared.subject === last.subject) shared.subject = last.subject;
      if (shared.recorded === last.recorded) shared.recorded = last.recorded;
      if (shared.by === last.by) shared.by = last.by;
    }
    const data = event.data as Record<string, unknown>;
    for (const key in data) {
      const value = data[key];
      if (Array.isArray(value)) data[key] = this.#listOf(value);
    }
    this.#last = event;
    return event;
  }

  #listOf(list: readonly unknown[]): readonly unknown[] {
    if (!list.every((one) => typeof one === 'string')) return list;
    const name = list.join('\0');
    const known = this.#lists.get(name);
    if (known !== undefined) return isSame(known, list) ? known : list;
    if (this.#lists.size < LISTS_MAX) this.#lists.set(name, list);
    return list;
  }
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}
