/** What a breach of security touched, found from what is known of a person (`rules.md` 3, `breach.found`). */
import type { Day } from '#packs';
import { occasion } from './act.js';
import { open } from './clock.js';
import type { Item } from './item.js';
import type { Person } from './person.js';
import { compare, type Resolvers, shownId } from './shown.js';
import type { EventOf } from './stored.js';

export interface Breach {
  /** The day on which it was found. */
  readonly on: Day;
  readonly cause: string;
  /** What was held of the person then. */
  readonly items: readonly Item[];
  /** Who had got one of these and has not confirmed that it is destroyed; of those that the breach names, where it names any. */
  readonly recipients: readonly string[];
}

export interface BreachRow {
  readonly on: Day;
  /** `user`: brought about by the person, and no breach of the controller until it is checked. */
  readonly cause: string;
  readonly items: readonly string[];
  readonly recipients: readonly string[];
}

/** Of a breach without people it is asked who then held one of the items. */
export function breached(person: Person, event: EventOf<'breached'>): void {
  const { cause, found, items, recipients } = event.data;
  const touched = person.all.filter(
    (item) => item.fate === null && item.sources.length > 0 && (items?.includes(item.item) ?? true),
  );
  if (event.subject === null && touched.length === 0) return;
  const reached = touched
    .flatMap((item) => item.disclosures)
    .filter(({ recipient, gone }) => !gone && (recipients?.includes(recipient) ?? true))
    .map(({ recipient }) => recipient);
  person.breaches.push({ on: found, cause, items: touched, recipients: [...new Set(reached)] });
  person.later(() => open(person, 'breach.found', { ...occasion(event, found), reason: cause }));
}

/** In order of day. To somebody whom a client's items are about only these are shown. */
export function breachRows(
  breaches: readonly Breach[],
  resolvers: Resolvers,
  only?: ReadonlySet<Item>,
): readonly BreachRow[] {
  const names = (ids: readonly string[]): readonly string[] =>
    [...new Set(ids.map((id) => shownId(id, resolvers)))].sort();
  return breaches.flatMap(({ on, cause, items, recipients }): BreachRow[] => {
    const shown = only === undefined ? items : items.filter((item) => only.has(item));
    if (only !== undefined && shown.length === 0) return [];
    const got = new Set(shown.flatMap((item) => item.disclosures.map(({ recipient }) => recipient)));
    const reached = recipients.filter((recipient) => got.has(recipient));
    return [{ on, cause, items: names(shown.map(({ item }) => item)), recipients: names(reached) }];
  });
}

export function inOrder(rows: readonly BreachRow[]): readonly BreachRow[] {
  return [...rows].sort((a, b) => compare(a.on, b.on) || compare(JSON.stringify(a), JSON.stringify(b)));
}
