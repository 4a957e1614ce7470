/**
 * The part of a fold that tells which items there are, which of them are gone, and which a minimum or a hold keeps. Nobody's
 * consent, purpose, request or clock decides any of it, and of somebody with a hundred thousand events those are most of what
 * a fold holds, and take most of its time: who asks only whether items may go does without them.
 */
import type { Day } from '#packs';
import { itemsOf } from './act.js';
import { itemsOfContact } from './contact.js';
import { destroy } from './destruction.js';
import { bringToLife, type Item } from './item.js';
import type { Placed } from './order.js';
import type { Person } from './person.js';
import { isOrder, keysOf } from './sharing.js';
import type { EventOf } from './stored.js';

/** Lets the acts of one place happen, as `evolvePlace` does, as far as they change what is there and what keeps it. */
export function keepPlace(person: Person, acts: readonly Placed[]): void {
  for (const { event, about, day } of acts) {
    if (about !== undefined) continue;
    if (event.type === 'performed') person.contracts.perform(event.data.contract, day);
    if (event.type === 'ceded') person.contracts.cede(event.data.contract);
  }
  for (const act of acts) {
    if (act.about === undefined) keep(person, act);
    else keepByContact(person, act, act.about);
  }
}

/** Exhaustive: an event type that is forgotten here does not compile. */
function keep(person: Person, { event, day, place }: Placed): void {
  switch (event.type) {
    case 'collected':
    case 'derived':
      for (const name of event.data.items) gained(person, event, name, day);
      return;
    case 'transferred':
    case 'ceded':
      itemsOf(person, event.data);
      return void person.minimums.transferred(event.data.purposes ?? [], day);
    case 'contracted':
      return person.contracts.open(event.data.contract, day, []);
    case 'held':
      return held(person, event, day);
    case 'released':
      return releaseHolds(person, event);
    case 'destroyed':
    case 'depersonalised':
      return destroy(person, itemsOf(person, event.data), { kind: event.type, on: day, place, method: undefined });
    // An item that nobody collected is there from the first act that is about it.
    case 'verified':
    case 'used':
    case 'rectified':
    case 'blocked':
    case 'not-destroyed':
      return void itemsOf(person, event.data);
    case 'confirmed':
      return void keysOf(person, event.data.items ?? [], event.data.about);
    case 'notified':
      if (isOrder(event.data)) keysOf(person, event.data.items ?? [], event.data.about);
      return;
    case 'noticed':
    case 'consented':
    case 'refused-consent':
    case 'withdrew':
    case 'defaulted':
    case 'performed':
    case 'reached':
    case 'requested':
    case 'identified':
    case 'answered':
    case 'refused':
    case 'extended':
    case 'disputed':
    case 'resolved':
    case 'complained':
    case 'ordered':
    case 'unblocked':
    case 'stopped':
    case 'linked':
    case 'unlinked':
    case 'corrected':
    case 'published':
    case 'registered':
    case 'breached':
    case 'breach-reported':
    case 'measured':
    case 'asked':
    case 'answered-authority':
    case 'granted':
    case 'revoked':
    case 'undertook':
    case 'backed-up':
    case 'accessed':
    case 'activated':
    case 'continued':
    case 'destroying':
      return;
  }
  event satisfies never;
}

/** Of what a contact person does, only what is destroyed of the item about them. */
function keepByContact(person: Person, { event, day, place }: Placed, about: string): void {
  if (event.type !== 'destroyed' && event.type !== 'depersonalised') return;
  const items = itemsOfContact(person, event.data, about);
  destroy(person, items, { kind: event.type, on: day, place, method: undefined });
}

/** The item that came, alive again if it was gone: with the day from which it is kept, and the contracts that count for it. */
export function gained(
  person: Person,
  { type, data }: EventOf<'collected'> | EventOf<'derived'>,
  name: string,
  on: Day,
): Item {
  const item = person.item(name, data.about?.[name]);
  bringToLife(item, person.backups.length);
  if (type === 'collected') item.collected = on;
  item.counting = person.contracts.countingWith(item.counting, data.contract);
  return item;
}

export function held(person: Person, event: EventOf<'held'>, on: Day): void {
  const { authority, until, items, basis } = event.data;
  person.holds.push({
    authority,
    cite: basis === undefined ? undefined : person.rules.rulebook.basis(basis, on)?.cite,
    from: on,
    until,
    items: items === undefined ? 'all' : new Set(items),
    released: false,
  });
  if (until !== undefined && until >= on) person.wakeAtEndOf(until);
}

export function releaseHolds({ holds }: Person, { data: { authority } }: EventOf<'released'>): void {
  for (const hold of holds) if (authority === undefined || hold.authority === authority) hold.released = true;
}
