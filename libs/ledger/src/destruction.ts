/** What is destroyed or depersonalised is gone: its purposes end, its blocks too, and its fate says when it was due. */
import type { Day } from '#packs';
import { destroyBy, meetItems } from './clock.js';
import { closeGone } from './found.js';
import { end, type Fate, type Item } from './item.js';
import type { Person } from './person.js';

interface Act {
  readonly kind: Fate['kind'];
  readonly on: Day;
  readonly place: number;
  readonly method: string | undefined;
}

export function destroy(person: Person, items: readonly Item[], act: Act): void {
  for (const item of items) {
    const before = item.fate;
    item.gonePlace = act.place;
    if (before !== null) {
      const sharper = before.kind === 'depersonalised' && act.kind === 'destroyed';
      // Of two acts of one place the greater counts, which is the later one; else what is gone is gone.
      if (item.fatePlace === act.place) item.fate = { ...before, kind: act.kind, method: act.method };
      else if (sharper) item.fate = { ...before, kind: act.kind, method: act.method, on: act.on, due: undefined };
      continue;
    }
    const due = destroyBy(person, item)?.progress.due ?? undefined;
    const { kind, on, method } = act;
    item.fate = { kind, on, due, method, backupsUntil: outlasting(person, item, on) };
    item.fatePlace = act.place;
    item.blocks = [];
    item.given = [];
    for (const purpose of item.purposes) {
      if (purpose.state === 'active') end(item, purpose, 'ended', on, 'destruction');
    }
  }
  closeGone(person.findings, items, act.on);
  meetItems(
    person,
    act.kind === 'destroyed' ? ['destroy', 'destroy-blocked', 'review'] : ['destroy', 'review'],
    items,
    act.on,
  );
}

/** The last day of a backup made between collection and destruction that outlasts the destruction. */
function outlasting(person: Person, item: Item, on: Day): Day | undefined {
  let last: Day | undefined;
  for (const until of person.backups.slice(item.backupsBefore)) {
    if (until > on && (last === undefined || until > last)) last = until;
  }
  return last;
}
