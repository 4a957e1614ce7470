/**
 * What a contact person does about the item that is about them: it is read into the client's dossier, that item alone
 * (`rules.md` 2 and 3).
 */
import type { Day } from '#packs';
import { agreed } from './about-other.js';
import { type Cause, meetItems, open } from './clock.js';
import { consentOf, takenBack, withdraw } from './consent.js';
import { destroy } from './destruction.js';
import { close, closeNoticed } from './found.js';
import { type Item, isBlocked, renewSource } from './item.js';
import type { Placed } from './order.js';
import type { Person } from './person.js';
import { unkept } from './passing.js';
import { stopAboutContact, stopNamed } from './purpose.js';
import { demandHasTerm } from './request.js';

export function evolveByContact(person: Person, { event, day, place }: Placed, about: string): void {
  told(person, event, day, about);
  const items = itemsOfContact(person, event.data, about);
  if (items.length === 0) return;
  const cause: Cause = { kind: 'event', event: event.id, byContact: true };
  switch (event.type) {
    case 'consented':
      for (const item of items) item.consentedByContact = true;
      return;
    case 'withdrew':
      for (const item of items) {
        item.consentedByContact = false;
        stopAboutContact(person, item, day, 'withdrawal');
      }
      return person.later(() =>
        open(person, 'consent.withdrawn', {
          cause,
          on: day,
          request: event.data.request,
          items: { destroy: unkept(person, items, day) },
        }),
      );
    case 'requested':
      return requested(person, event.data.right, event.data.request, items, day, cause);
    case 'disputed':
      open(person, 'dispute.opened', { cause, on: day, request: event.data.request, items: { block: items } });
      return meetItems(
        person,
        ['block'],
        items.filter((item) => isBlocked(item, day)),
        day,
      );
    case 'blocked':
      for (const item of items)
        item.blocks.push({ request: event.data.request, until: event.data.until, cause: event.data.cause });
      return meetItems(person, ['block'], items, day);
    case 'unblocked':
      return unblocked(items, event.data.request);
    case 'rectified':
      for (const item of items) renewSource(item, day);
      return meetItems(person, ['rectify'], items, day);
    case 'destroyed':
    case 'depersonalised': {
      const method = event.type === 'destroyed' ? event.data.method : undefined;
      return destroy(person, items, { kind: event.type, on: day, place, method });
    }
    // Everything else that a person does concerns their own dossier, which is folded for itself.
    case 'noticed':
    case 'refused-consent':
    case 'collected':
    case 'derived':
    case 'verified':
    case 'used':
    case 'transferred':
    case 'ceded':
    case 'notified':
    case 'confirmed':
    case 'contracted':
    case 'defaulted':
    case 'performed':
    case 'reached':
    case 'resolved':
    case 'answered':
    case 'refused':
    case 'held':
    case 'released':
    case 'stopped':
    case 'not-destroyed':
    case 'breached':
    case 'backed-up':
    case 'identified':
    case 'extended':
    case 'complained':
    case 'ordered':
    case 'linked':
    case 'unlinked':
    case 'corrected':
    case 'published':
    case 'activated':
    case 'registered':
    case 'undertook':
    case 'granted':
    case 'revoked':
    case 'asked':
    case 'answered-authority':
    case 'breach-reported':
    case 'measured':
    case 'accessed':
    case 'continued':
    case 'destroying':
      return;
  }
  event satisfies never;
}

/** What they were told and agreed to or took back, before the client gave their item and after. */
function told(person: Person, event: Placed['event'], on: Day, about: string): void {
  if (event.type === 'noticed') {
    const { items = [] } = event.data;
    for (const item of items) person.other(about).noticed.add(item);
    closeNoticed(
      person.findings,
      itemsOfContact(person, event.data, about).map(({ key }) => key),
      on,
    );
  } else if (event.type === 'consented') {
    const other = person.other(about);
    other.consents.push(consentOf(event, on, person.consents.setOf));
    close(person.findings, itemsOfContact(person, event.data, about), on, ({ closing }, item) => {
      return closing.kind === 'consent' && agreed(other, item.item, closing.purposes, on);
    });
  } else if (event.type === 'withdrew') {
    const { consents } = person.other(about);
    withdraw(consents, event.data, takenBack(consents, event.data));
  }
}

/** The items about them that are not gone: those named, or all. */
export function itemsOfContact(person: Person, data: Placed['event']['data'], about: string): readonly Item[] {
  const named = 'items' in data ? data.items : undefined;
  const found: Item[] = [];
  for (const item of person.all) {
    if (item.about !== about || item.fate !== null) continue;
    if (named === undefined || named === 'all' || named.includes(item.item)) found.push(item);
  }
  return found;
}

function requested(
  person: Person,
  right: string,
  request: string,
  items: readonly Item[],
  on: Day,
  cause: Cause,
): void {
  if (right === 'destroy') {
    if (demandHasTerm(person, on)) stopNamed(person, items, 'all', on, 'demand');
    // What they never agreed to goes, whatever purposes of the client live on it.
    const isTaken = (item: Item): boolean => !item.consentedByContact || !person.isKept(item, on);
    person.later(() =>
      open(person, 'destruction.requested', { cause, on, request, items: { destroy: items.filter(isTaken) } }),
    );
  } else if (right === 'block') {
    open(person, 'block.requested', { cause, on, request, items: { block: items } });
    meetItems(
      person,
      ['block'],
      items.filter((item) => isBlocked(item, on)),
      on,
    );
  } else if (right === 'rectify') {
    open(person, 'rectification.requested', { cause, on, request, items: { rectify: items } });
  }
}

function unblocked(items: readonly Item[], request: string | undefined): void {
  for (const item of items) {
    item.blocks = request === undefined ? [] : item.blocks.filter((block) => block.request !== request);
  }
}
