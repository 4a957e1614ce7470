/** One event and what it does to what is known of a person. Facts are never judged here: findings do that. */
import { type Day, lastDay, type Minimum } from '#packs';
import { type Cause, countAnew, giveWay, meetItems, meetWhole, open, supersede, supersedeKept } from './clock.js';
import { consentOf, lastDayOf, withdraw } from './consent.js';
import { countingWith } from './contract.js';
import { confirm, type OrderName } from './disclosure.js';
import { destroy } from './destruction.js';
import { addSource, bringPurpose, bringToLife, giveValue, isBlocked, type Item, renewSource } from './item.js';
import type { Placed } from './order.js';
import { holdRuns, type Person } from './person.js';
import { unkept } from './passing.js';
import { endReached, endWithContract, revive, stopNamed, stopWithdrawn } from './purpose.js';
import { disputed, requested, resolved } from './request.js';
import { type EventOf, ORDERS, type StoredEvent, type StoredType } from './stored.js';

/** Exhaustive: an event type that is forgotten here does not compile. */
export function evolve(person: Person, { event, day, place }: Placed): void {
  switch (event.type) {
    case 'consented':
      return consented(person, event, day);
    case 'withdrew':
      return withdrew(person, event, day);
    case 'collected':
      return collected(person, event, day, place);
    case 'derived':
      return derived(person, event, day, place);
    case 'rectified':
      return rectified(person, event, day, place);
    case 'verified':
    case 'used':
      return void itemsOf(person, event.data);
    case 'transferred':
      return transferred(person, event, event.data.recipient, day, place);
    case 'ceded':
      return ceded(person, event, day, place);
    case 'notified':
      return notified(person, event, day);
    case 'confirmed':
      return confirmed(person, event, day);
    case 'contracted':
      person.contracts.open(event.data.contract, day, event.data.terms ?? []);
      return supersedeKept(person, day);
    case 'defaulted':
      person.contracts.get(event.data.contract).defaulted = day;
      return open(person, 'contract.defaulted', occasion(event, day));
    case 'performed':
      return performed(person, event, day);
    case 'reached':
      return reached(person, event, day);
    case 'requested':
      return requested(person, event, day, causeOf(event));
    case 'disputed':
      return disputed(person, event, day, causeOf(event));
    case 'resolved':
      return resolved(person, event, day, causeOf(event));
    case 'answered':
      return meetWhole(person, (clock) => isAnswer(clock.duty) && clock.request === event.data.request, day);
    case 'refused':
      return refused(person, event, day);
    case 'blocked':
      return blocked(person, event, day);
    case 'unblocked':
      return unblocked(person, event, day);
    case 'held':
      return held(person, event, day);
    case 'released':
      return released(person, event, day);
    case 'stopped':
      return stopped(person, event, day);
    case 'destroyed':
    case 'depersonalised':
      return destroyed(person, event, day, place);
    case 'not-destroyed':
      return giveWay(person, itemsOf(person, event.data), day);
    case 'breached':
      return open(person, 'breach.found', {
        ...occasion(event, event.data.found),
        reason: event.data.cause,
      });
    case 'backed-up':
      return void person.backups.push(event.data.until);
    case 'noticed':
    case 'refused-consent':
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

function causeOf(event: StoredEvent): Cause {
  return { kind: 'event', event: event.id, byContact: false };
}

function occasion<T extends Exclude<StoredType, 'accessed' | 'activated' | 'continued'>>(event: EventOf<T>, on: Day) {
  const { request, contract } = event.data as { readonly request?: string; readonly contract?: string };
  return { cause: causeOf(event as StoredEvent), on, request, contract, items: {} };
}

interface About {
  readonly items?: readonly string[] | 'all' | undefined;
  readonly about?: Readonly<Record<string, string>> | undefined;
}

/** The items an act is about, made where they are new; `all` are those not gone. */
function itemsOf(person: Person, { items, about }: About): readonly Item[] {
  if (items === undefined) return [];
  if (items === 'all') return [...person.items.values()].filter((item) => item.fate === null);
  return items.flatMap((id) => person.named(id, about?.[id]));
}

// ---- consent -------------------------------------------------------------------------------------------------------

function consented(person: Person, event: EventOf<'consented'>, on: Day): void {
  const consent = consentOf(event, on);
  person.consents.push(consent);
  const last = lastDayOf(consent);
  if (last !== undefined && last >= on) person.wakeAtEndOf(last);
  revive(person, consent, on);
  supersedeKept(person, on);
}

function withdrew(person: Person, event: EventOf<'withdrew'>, on: Day): void {
  const withdrawn = withdraw(person.consents, event.data);
  stopWithdrawn(person, withdrawn, on);
  const asked = event.data.items === undefined ? person.items.values() : knownItems(person, event.data);
  open(person, 'consent.withdrawn', {
    ...occasion(event, on),
    purposes: [...new Set(withdrawn.map((part) => part.purpose))],
    items: { destroy: unkept(person, asked, on) },
  });
}

function knownItems(person: Person, { items, about }: About): readonly Item[] {
  if (items === undefined || items === 'all') return [...person.items.values()];
  return items.flatMap((id) => (about?.[id] === undefined ? (person.known(id) ?? []) : [person.item(id, about[id])]));
}

// ---- data ----------------------------------------------------------------------------------------------------------

function collected(person: Person, event: EventOf<'collected'>, on: Day, place: number): void {
  const { origin, basis } = event.data;
  gain(person, event, { kind: origin.kind, name: origin.name, on }, basis, place);
  wakeForMinimums(person, on, ({ after }) => after.kind === 'collected');
}

function derived(person: Person, event: EventOf<'derived'>, on: Day, place: number): void {
  gain(person, event, { kind: 'derived', name: undefined, on }, null, place);
}

function gain(
  person: Person,
  event: EventOf<'collected'> | EventOf<'derived'>,
  source: { readonly kind: string; readonly name: string | undefined; readonly on: Day },
  basis: string | null,
  place: number,
): void {
  const { data, id } = event;
  const { on } = source;
  const items = data.items.map((name) => person.item(name, data.about?.[name]));
  for (const item of items) {
    bringToLife(item, person.backups.length);
    if (event.type === 'collected') item.collected = on;
    item.counting = countingWith(item.counting, data.contract);
    addSource(item, source, place);
    for (const purpose of data.purposes) bringPurpose(item, purpose, { basis, contract: data.contract, on, place });
    if (data.values?.[item.item] !== undefined) giveValue(item, id, place);
  }
  supersedeKept(person, on);
  const listed = data.purposes.some((purpose) => person.rules.rulebook.purpose(purpose, on)?.list === true);
  if (listed) open(person, 'listed', { ...occasion(event, on), items: { review: items } });
}

function rectified(person: Person, event: EventOf<'rectified'>, on: Day, place: number): void {
  const items = itemsOf(person, event.data);
  for (const item of items) {
    renewSource(item, on);
    if (event.data.values?.[item.item] !== undefined) giveValue(item, event.id, place);
  }
  meetItems(person, ['rectify'], items, on);
  open(person, 'rectified', occasion(event, on));
}

function wakeForMinimums(person: Person, on: Day, starts: (minimum: Minimum) => boolean): void {
  for (const minimum of person.rules.rulebook.minimums(on)) {
    if (starts(minimum)) person.wakeAtEndOf(lastDay(on, minimum.term));
  }
}

// ---- sharing -------------------------------------------------------------------------------------------------------

function transferred(
  person: Person,
  event: EventOf<'transferred'> | EventOf<'ceded'>,
  recipient: string,
  on: Day,
  place: number,
): void {
  const known = person.rules.rulebook.organisation(recipient, on);
  const stated = event.type === 'transferred' ? event.data : undefined;
  const purposes = event.data.purposes ?? [];
  const role = stated?.role ?? known?.role;
  for (const item of itemsOf(person, event.data)) {
    const { basis = null } = event.data;
    item.disclosures.push({ recipient, country: stated?.country ?? known?.country, role, purposes, basis, on, place });
  }
  for (const purpose of purposes) person.lastTransfers.set(purpose, on);
  wakeForMinimums(person, on, ({ after }) => after.kind === 'transferred' && purposes.includes(after.purpose));
  supersedeKept(person, on);
  open(person, 'transfer.made', { ...occasion(event, on), role });
}

function notified(person: Person, event: EventOf<'notified'>, on: Day): void {
  const { of, recipient, request, contract } = event.data;
  if (recipient !== undefined && isOrder(of)) {
    const items =
      event.data.items === undefined
        ? heldBy(person, recipient)
        : event.data.items.flatMap((id) => keysOf(person, id, event.data.about?.[id]));
    const order = { order: of, recipient, on, items: new Set(items), remaining: new Set(items), confirmed: null };
    person.orders.push(order);
    return;
  }
  meetWhole(
    person,
    (clock) =>
      clock.duty === of &&
      (clock.request === undefined || clock.request === request) &&
      (clock.contract === undefined || contract === undefined || clock.contract === contract),
    on,
  );
}

function isOrder(of: string): of is OrderName {
  return (ORDERS as readonly string[]).includes(of);
}

/** An order may name an item that nobody collected; it stands for itself then. */
function keysOf(person: Person, id: string, about: string | undefined): readonly string[] {
  if (about !== undefined) return [person.item(id, about).key];
  return person.known(id)?.map((item) => item.key) ?? [id];
}

function heldBy(person: Person, recipient: string): readonly string[] {
  const held = [...person.items.values()].filter((item) => item.disclosures.some((one) => one.recipient === recipient));
  return held.map((item) => item.key);
}

function confirmed(person: Person, event: EventOf<'confirmed'>, on: Day): void {
  const { items, about } = event.data;
  const covered = items === undefined ? 'all' : new Set(items.flatMap((id) => keysOf(person, id, about?.[id])));
  confirm(person.orders, event.data, covered, on);
}

// ---- contract ------------------------------------------------------------------------------------------------------

function ceded(person: Person, event: EventOf<'ceded'>, on: Day, place: number): void {
  const { contract, to } = event.data;
  person.contracts.get(contract).ceded = true;
  transferred(person, event, to, on, place);
  const ended = endWithContract(person, contract, on, 'ceded');
  const role = person.rules.rulebook.organisation(to, on)?.role;
  open(person, 'contract.ceded', { ...occasion(event, on), role });
  reachedLast(person, event, ended, on);
}

function performed(person: Person, event: EventOf<'performed'>, on: Day): void {
  const { contract } = event.data;
  person.contracts.get(contract).performed = on;
  wakeForMinimums(person, on, ({ after }) => after.kind === 'contract-performed');
  reachedLast(person, event, endWithContract(person, contract, on, 'performed'), on);
}

function reached(person: Person, event: EventOf<'reached'>, on: Day): void {
  const { purposes, contract, items } = event.data;
  const named = items === undefined ? undefined : knownItems(person, event.data);
  reachedLast(person, event, endReached(person, named, purposes, contract, on), on);
}

/** `purpose.reached`: of the items whose last live purpose ended, those that no minimum keeps. */
function reachedLast(
  person: Person,
  event: EventOf<'ceded'> | EventOf<'performed'> | EventOf<'reached'>,
  ended: readonly Item[],
  on: Day,
): void {
  if (ended.length === 0) return;
  open(person, 'purpose.reached', { ...occasion(event, on), items: { destroy: unkept(person, ended, on) } });
}

// ---- rights and state ----------------------------------------------------------------------------------------------

function isAnswer(duty: string): boolean {
  return duty.startsWith('answer-');
}

function refused(person: Person, event: EventOf<'refused'>, on: Day): void {
  const { request, items } = event.data;
  const part = items === undefined ? undefined : knownItems(person, event.data);
  meetWhole(
    person,
    ({ duty, request: of }) => {
      if (of !== request) return false;
      // A refusal of some items refuses that part of an access only.
      return duty === 'answer-access' ? items === undefined : isAnswer(duty) || duty === 'stop';
    },
    on,
  );
  supersede(person, (clock, key) => {
    if (clock.request !== request || (clock.duty !== 'block' && clock.duty !== 'rectify')) return false;
    return part === undefined || part.some((item) => item.key === key);
  });
}

function blocked(person: Person, event: EventOf<'blocked'>, on: Day): void {
  const { request, until, cause } = event.data;
  const items = itemsOf(person, event.data).filter((item) => item.fate === null);
  for (const item of items) item.blocks.push({ request, until });
  meetItems(person, ['block'], items, on);
  open(person, 'blocked', { ...occasion(event, on), reason: cause });
}

function unblocked(person: Person, event: EventOf<'unblocked'>, on: Day): void {
  const { request } = event.data;
  const items = knownItems(person, event.data);
  for (const item of items) {
    item.blocks = request === undefined ? [] : item.blocks.filter((block) => block.request !== request);
  }
  const free = items.filter((item) => request !== undefined || !isBlocked(item, on));
  meetItems(person, ['unblock'], free, on, (clock) => request === undefined || clock.request === request);
  open(person, 'unblocked', occasion(event, on));
}

function held(person: Person, event: EventOf<'held'>, on: Day): void {
  const { authority, until, items } = event.data;
  person.holds.push({
    authority,
    from: on,
    until,
    items: items === undefined ? 'all' : new Set(items),
    released: false,
  });
  if (until !== undefined && until >= on) person.wakeAtEndOf(until);
}

function released(person: Person, event: EventOf<'released'>, on: Day): void {
  const { authority } = event.data;
  for (const hold of person.holds) {
    if (authority === undefined || hold.authority === authority) hold.released = true;
  }
  countAnew(person, on, (item) => person.holds.some((hold) => holdRuns(hold, item, on)));
}

function stopped(person: Person, event: EventOf<'stopped'>, on: Day): void {
  const { purposes, items } = event.data;
  stopNamed(person, items === undefined ? person.items.values() : knownItems(person, event.data), purposes, on, 'stop');
  meetWhole(
    person,
    (clock) => {
      if (clock.duty !== 'stop') return false;
      if (purposes === 'all') clock.purposes.clear();
      else for (const purpose of purposes) clock.purposes.delete(purpose);
      return clock.purposes.size === 0;
    },
    on,
  );
}

function destroyed(
  person: Person,
  event: EventOf<'destroyed'> | EventOf<'depersonalised'>,
  on: Day,
  place: number,
): void {
  const method = event.type === 'destroyed' ? event.data.method : undefined;
  destroy(person, itemsOf(person, event.data), { kind: event.type, on, place, method });
  open(person, 'destroyed', occasion(event, on));
}
