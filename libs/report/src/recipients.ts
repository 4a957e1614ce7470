/** Who received what: the disclosures of all items, turned round to stand by recipient. */
import type { Disclosure, ItemRow, OrderState } from './answer.js';
import type { Line, RecipientCard } from './content.js';
import { listed, peopleOf, withinSentence, type Naming } from './naming.js';
import { orderDetail } from './order.js';
import { entry, fill } from './words.js';

interface Given {
  readonly disclosure: Disclosure;
  readonly items: string[];
}

interface Told {
  readonly order: OrderState;
  readonly items: string[];
}

interface Received {
  readonly card: string;
  readonly first: Disclosure;
  readonly given: Map<string, Given>;
  readonly told: Map<string, Told>;
}

/** Which card of the report is a disclosure's: one for each recipient, country and role. */
export class RecipientKeys {
  readonly #received = new Map<string, Received>();

  constructor(naming: Naming, rows: readonly ItemRow[]) {
    const others = peopleOf(rows);
    const disclosures = rows.flatMap((row) => row.shared.map((disclosure) => ({ disclosure, row })));
    // By day: cards and what stands in them tell a story. The order of items breaks ties, since the sort is stable.
    disclosures.sort((a, b) => (a.disclosure.on < b.disclosure.on ? -1 : a.disclosure.on > b.disclosure.on ? 1 : 0));
    for (const { disclosure, row } of disclosures) this.#add(disclosure, naming.item(row, others));
  }

  #add(disclosure: Disclosure, item: string): void {
    const received = this.#of(disclosure);
    const { on, purposes, basis } = disclosure;
    const act = JSON.stringify([on, purposes, basis]);
    const given = received.given.get(act) ?? { disclosure, items: [] };
    given.items.push(item);
    received.given.set(act, given);
    for (const order of disclosure.orders) {
      const key = JSON.stringify([order.order, order.on, order.confirmed]);
      const told = received.told.get(key) ?? { order, items: [] };
      told.items.push(item);
      received.told.set(key, told);
    }
  }

  #of(disclosure: Disclosure): Received {
    const key = keyOf(disclosure);
    const known = this.#received.get(key);
    if (known !== undefined) return known;
    const received = {
      card: `recipient-${this.#received.size + 1}`,
      first: disclosure,
      given: new Map<string, Given>(),
      told: new Map<string, Told>(),
    };
    this.#received.set(key, received);
    return received;
  }

  card(disclosure: Disclosure): string {
    return this.#received.get(keyOf(disclosure))?.card ?? '';
  }

  all(): readonly Received[] {
    return [...this.#received.values()];
  }
}

function keyOf({ recipient, country, role }: Disclosure): string {
  return JSON.stringify([recipient, country ?? null, role ?? null]);
}

export function recipientCards(naming: Naming, keys: RecipientKeys): readonly RecipientCard[] {
  const { words } = naming;
  return keys.all().map(({ card, first, given, told }) => ({
    card,
    name: naming.organisation(first.recipient),
    country: naming.country(first.country),
    abroad: naming.isAbroad(first.country) ? { text: words.abroad, tone: 'warn' } : undefined,
    role: entry(words.role, first.role),
    rows: [
      { label: words.row.given, lines: [...given.values()].map((one) => givenLine(naming, one)) },
      { label: words.row.orders, lines: [...told.values()].map((one) => toldLine(naming, one)) },
    ].filter(({ lines }) => lines.length > 0),
  }));
}

function givenLine(naming: Naming, { disclosure, items }: Given): Line {
  const purposes = naming.purposes(disclosure.purposes);
  return {
    text: `${naming.day(disclosure.on).plain} — ${listed(items.map(withinSentence))}`,
    badges: [],
    details: [
      ...(purposes === '' ? [] : [{ text: fill(naming.words.for, { purposes }) }]),
      ...(typeof disclosure.basis === 'string' ? [naming.ground(disclosure.basis)] : []),
    ],
  };
}

function toldLine(naming: Naming, { order, items }: Told): Line {
  const { text, badge } = orderDetail(naming, order);
  return {
    text: `${text}: ${listed(items.map(withinSentence))}`,
    badges: badge === undefined ? [] : [badge],
    details: [],
  };
}
