/** Who got what, and what they were told to do with it. */
import type { Day } from '#packs';
import { causeOf, itemsOf, wakeForMinimums } from './act.js';
import { type Clock, meetItems, meetWhole, open, supersedeKept } from './clock.js';
import { confirm, type OrderName } from './disclosure.js';
import { closeConfirmed, closeUndertaken } from './found.js';
import type { Person } from './person.js';
import { type EventOf, ORDERS } from './stored.js';
import { give, givenOn, type Undertakings } from './undertaking.js';

export function transferred(
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
  const country = stated?.country ?? known?.country;
  const { basis = null } = event.data;
  for (const item of itemsOf(person, event.data)) {
    const disclosure = { recipient, country, role, purposes, basis, on, place, gone: false };
    item.disclosures.push(disclosure);
    if (role === 'processor') item.processing.push(disclosure);
  }
  if (person.minimums.transferred(purposes, on)) person.lookAnew();
  wakeForMinimums(person, on, ({ after }) => after.kind === 'transferred' && purposes.includes(after.purpose));
  supersedeKept(person, on);
  const { request, contract } = event.data;
  const cause = causeOf(event);
  const made = { cause, on, request, contract, recipient, role, category: known?.category, items: {} };
  person.later(() => open(person, 'transfer.made', made));
}

export function notified(person: Person, { data }: EventOf<'notified'>, on: Day): void {
  if (isOrder(data)) {
    const { of, recipient, items, about } = data;
    const keys = items === undefined ? heldBy(person, recipient) : keysOf(person, items, about);
    const order = { order: of, recipient, on, items: keys, remaining: new Set(keys), confirmed: null };
    person.orders.push({ ...order, covered: new Map() });
    meetOrder(person, of, recipient, order.items, on);
    return;
  }
  const { of, request, contract } = data;
  meetWhole(
    person,
    (clock) =>
      clock.duty === of &&
      (clock.request === undefined || clock.request === request) &&
      (clock.contract === undefined || contract === undefined || clock.contract === contract),
    on,
  );
}

/** The recipient was told what it is owed, for the items of the order. */
function meetOrder(person: Person, order: OrderName, recipient: string, keys: ReadonlySet<string>, on: Day): void {
  const items = person.all.filter((item) => keys.has(item.key));
  const isIt = (clock: Clock): boolean => clock.recipient === recipient && clock.order === order;
  meetItems(person, ['notify-recipient'], items, on, isIt);
}

type Told = EventOf<'notified'>['data'];

/** Whether a recipient was told an order. */
export function isOrder(data: Told): data is Told & { readonly of: OrderName; readonly recipient: string } {
  return data.recipient !== undefined && (ORDERS as readonly string[]).includes(data.of);
}

/** An order may name an item that nobody collected; it stands for itself then. */
export function keysOf(
  person: Person,
  items: readonly string[],
  about: Readonly<Record<string, string>> | undefined,
): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const id of items) {
    const tie = about?.[id];
    const known = tie === undefined ? person.known(id) : [person.item(id, tie)];
    if (known === undefined) keys.add(id);
    else for (const { key } of known) keys.add(key);
  }
  return keys;
}

function heldBy(person: Person, recipient: string): ReadonlySet<string> {
  const held = person.all.filter((item) => item.disclosures.some((one) => one.recipient === recipient));
  return new Set(held.map((item) => item.key));
}

export function confirmed(person: Person, event: EventOf<'confirmed'>, on: Day): void {
  const { items, about } = event.data;
  const covered = items === undefined ? 'all' : keysOf(person, items, about);
  confirm(person.orders, event.data, covered, on);
  if (event.data.order !== 'destroy') return;
  const { recipient } = event.data;
  closeConfirmed(person.findings, recipient, covered, on);
  for (const item of person.all) {
    if (covered !== 'all' && !covered.has(item.key)) continue;
    for (const disclosure of item.disclosures) if (disclosure.recipient === recipient) disclosure.gone = true;
  }
}

/** Of the recipient file: staff are the controller's matter alone. */
export function undertook(person: Person, { data }: EventOf<'undertook'>, on: Day): void {
  const { recipient } = data;
  if (recipient === undefined) return;
  const given: Undertakings = person.undertakings.get(recipient) ?? new Map();
  give(given, data);
  person.undertakings.set(recipient, given);
  closeUndertaken(person.findings, recipient, givenOn(given, on), on);
}
