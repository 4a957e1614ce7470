/** To whom an item went, and what those recipients were told to do (`rules.md` 2, Order). */
import type { Day } from '#packs';
import type { ORDERS } from './stored.js';

export type OrderName = (typeof ORDERS)[number];

export interface Disclosure {
  readonly recipient: string;
  /** As the event says; where it does not, the pack's. */
  readonly country: string | undefined;
  readonly role: string | undefined;
  readonly purposes: readonly string[];
  readonly basis: string | null;
  readonly on: Day;
  readonly place: number;
  /** The recipient confirmed that it has destroyed what it got. */
  gone: boolean;
}

/** One order to one recipient, from the day on which it was told. */
export interface Order {
  readonly order: OrderName;
  readonly recipient: string;
  readonly on: Day;
  /** Keys of items. */
  readonly items: ReadonlySet<string>;
  /** Those of them that no confirmation has covered yet. */
  readonly remaining: Set<string>;
  /** Of the others the day on which one did. */
  readonly covered: Map<string, Day>;
  /** The day on which the last of them was covered; null while it is outstanding. */
  confirmed: Day | null;
}

/** A confirmation covers every order of that kind told to the recipient before it; without items, all of each. */
export function confirm(
  orders: readonly Order[],
  told: { readonly recipient: string; readonly order: OrderName },
  items: ReadonlySet<string> | 'all',
  on: Day,
): void {
  for (const order of orders) {
    if (order.confirmed !== null || order.recipient !== told.recipient || order.order !== told.order) continue;
    for (const item of items === 'all' ? [...order.remaining] : items) {
      if (order.remaining.delete(item)) order.covered.set(item, on);
    }
    if (order.remaining.size === 0) order.confirmed = on;
  }
}

/** The disclosures in which an order stands: the recipient's latest on or before its day. */
export function disclosuresOf(order: Order, disclosures: readonly Disclosure[]): readonly Disclosure[] {
  let latest = -1;
  for (const { recipient, on, place } of disclosures) {
    if (recipient === order.recipient && on <= order.on && place > latest) latest = place;
  }
  return disclosures.filter(({ recipient, place }) => recipient === order.recipient && place === latest);
}
