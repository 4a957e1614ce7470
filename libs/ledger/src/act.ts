/** What acts have in common: the items they are about, and what they may start. */
import { type Day, lastDay, type Minimum } from '#packs';
import type { Cause } from './clock.js';
import type { Item } from './item.js';
import type { Person } from './person.js';
import type { EventOf, StoredEvent, StoredType } from './stored.js';

export function causeOf(event: StoredEvent): Cause {
  return { kind: 'event', event: event.id, byContact: false };
}

export function occasion<T extends Exclude<StoredType, 'accessed' | 'activated' | 'continued'>>(
  event: EventOf<T>,
  on: Day,
) {
  const { request, contract } = event.data as { readonly request?: string; readonly contract?: string };
  return { cause: causeOf(event as StoredEvent), on, request, contract, items: {} };
}

export interface About {
  readonly items?: readonly string[] | 'all' | undefined;
  readonly about?: Readonly<Record<string, string>> | undefined;
}

/** The items an act is about, made where they are new; `all` are those not gone. */
export function itemsOf(person: Person, { items, about }: About): readonly Item[] {
  if (items === undefined) return [];
  if (items === 'all') return person.all.filter((item) => item.fate === null);
  const found: Item[] = [];
  for (const id of items) for (const item of person.named(id, about?.[id])) found.push(item);
  return found;
}

/** The items an act is about, of those that are there: only the acts that the order of actions names make one. */
export function knownItems(person: Person, { items, about }: About): readonly Item[] {
  if (items === undefined || items === 'all') return [...person.all];
  const found: Item[] = [];
  for (const id of items) {
    const tie = about?.[id];
    const rows = tie === undefined ? person.known(id) : person.tied(id, tie);
    if (rows !== undefined) for (const item of rows) found.push(item);
  }
  return found;
}

/** Wakes the fold on the last day of every minimum that starts on a day. */
export function wakeForMinimums(person: Person, on: Day, starts: (minimum: Minimum) => boolean): void {
  for (const minimum of person.rules.rulebook.minimums(on)) {
    if (starts(minimum)) person.wakeAtEndOf(lastDay(on, minimum.term));
  }
}
