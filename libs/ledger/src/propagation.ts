/**
 * What a controller does to data, everyone who got them is told (`domain.md` 3.4(7)): one `notify-recipient` for each
 * recipient that holds the items, its own places among them, met by the order.
 */
import type { Day, Deadline, Trigger } from '#packs';
import { applies, type Cause, start } from './clock.js';
import type { Disclosure, OrderName } from './disclosure.js';
import { type Item, livesOn, purposeOf } from './item.js';
import type { Person } from './person.js';

interface Owed {
  readonly order: OrderName;
  readonly trigger: Trigger;
  readonly cause: Cause;
  readonly on: Day;
}

/** Owes the order to each recipient that got one of the items and has not confirmed its destruction. */
export function oweOrders(
  person: Person,
  owed: Owed,
  items: Iterable<Item>,
  counts?: (disclosure: Disclosure, item: Item) => boolean,
): void {
  const held: Held = new Map();
  for (const item of items) hold(held, item, item.disclosures, counts);
  for (const [recipient, taken] of held) owe(person, owed, recipient, taken);
}

/** The items that each recipient holds. */
type Held = Map<string, Item[]>;

function hold(
  held: Held,
  item: Item,
  disclosures: readonly Disclosure[],
  counts?: (disclosure: Disclosure, item: Item) => boolean,
): void {
  for (const disclosure of disclosures) {
    if (disclosure.gone || (counts !== undefined && !counts(disclosure, item))) continue;
    const known = held.get(disclosure.recipient);
    if (known === undefined) held.set(disclosure.recipient, [item]);
    else if (!known.includes(item)) known.push(item);
  }
}

function owe(person: Person, { order, trigger, cause, on }: Owed, recipient: string, items: readonly Item[]): void {
  const { rulebook } = person.rules;
  const known = rulebook.organisation(recipient, on);
  const occasion = {
    cause,
    on,
    recipient,
    role: known?.role,
    category: known?.category,
    items: { 'notify-recipient': items },
  };
  const stated = rulebook
    .deadlines(trigger, on)
    .filter((row) => row.duty === 'notify-recipient' && applies(person, row, occasion));
  for (const row of stated.length > 0 ? stated : [byDefault(person, trigger, on)]) {
    start(person, row, occasion, on, { recipient, order });
  }
}

/** No pack of the first five gives it a term; it is owed all the same, and has no day on which it is due. */
function byDefault({ rules: { rulebook } }: Person, trigger: Trigger, on: Day): Deadline {
  const edition = rulebook.edition(on)?.id ?? '';
  const cite = { clause: 'pack default', pack: rulebook.controller, edition, mark: 'M' } as const;
  return { trigger, duty: 'notify-recipient', term: undefined, termText: 'none', cite };
}

/** A withdrawal: whoever got items for a purpose that it stopped is to stop. */
export function stopAtRecipients(person: Person, cause: Cause, on: Day): void {
  const stopped = [...person.ended].filter((item) => item.fate === null);
  const isStopped = ({ purposes }: Disclosure, item: Item): boolean =>
    purposes.some((purpose) => {
      const known = purposeOf(item, purpose);
      return known?.by === 'withdrawal' && known.since === on;
    });
  oweOrders(person, { order: 'stop', trigger: 'consent.withdrawn', cause, on }, stopped, isStopped);
}

/** A processor keeps nothing once what it got the items for is over: it is to destroy them. */
export function endOfTransfers(person: Person, causes: readonly Cause[], on: Day, from: Day = on): void {
  if (person.ended.size === 0) return;
  const items = [...person.ended].filter((item) => item.fate === null);
  person.ended.clear();
  const held: Held = new Map();
  for (const item of items) {
    if (item.processing.length === 0) continue;
    const over: Disclosure[] = [];
    const left: Disclosure[] = [];
    for (const disclosure of item.processing) (isOver(disclosure, item, from) ? over : left).push(disclosure);
    item.processing = left;
    hold(held, item, over);
  }
  for (const cause of causes) {
    const owed = { order: 'destroy', trigger: 'purpose.reached', cause, on } as const;
    for (const [recipient, taken] of held) owe(person, owed, recipient, taken);
  }
}

/** Every purpose of a disclosure that the item has is over, and it has one. */
function isOver({ purposes }: Disclosure, item: Item, from: Day): boolean {
  let isKnown = false;
  for (const purpose of purposes) {
    const known = purposeOf(item, purpose);
    if (known === undefined) continue;
    if (livesOn(known, from)) return false;
    isKnown = true;
  }
  return isKnown;
}
