/** Scenario 4.4 through the reader, the writer and the fold: every ask that this library answers, then and later. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { MemoryLedger } from '../testdata/memory-ledger.js';
import { rulebookOf } from '../testdata/packs.js';
import { differs, type Json, rowOf } from '../../../test/scenario/expected.js';
import { cloudEvent, identifiersOf } from '../../../test/scenario/feed.js';
import { type Ask, type ItemAsk, type OrderAsk, scenario } from '../../../test/scenario/scenario.js';
import { type ClockRow, clocks } from './clock-view.js';
import type { Person } from './identifier.js';
import { type Lineage, lineage } from './lineage.js';
import type { PersonRecord } from './record.js';
import { trail } from './trail.js';

const told = scenario('4.4');
const rulebook = rulebookOf(told.controller);
const ledger = new MemoryLedger(rulebook);
const ids = new Map<number, string>();
const LAST = '2032-01-01';

function record(alias: string): PersonRecord {
  return ledger.person(ledger.subject(identifiersOf(told, alias) as unknown as Person));
}

const texts = (reference: string): string | undefined => ledger.texts.get(reference)?.text;

beforeAll(() => {
  for (const entry of told.feed) {
    const event = ledger.record(cloudEvent(told, entry) as { readonly id: string }, `${entry.on}T18:00:00.000Z`);
    ids.set(entry.n, event);
  }
});

/** Each gives what is wrong, or undefined. */
function wrongInLineage(ask: Ask, shown: Lineage): string | undefined {
  if (ask.lineage !== undefined) {
    const expected = Object.entries(ask.lineage.items).map(([item, one]) =>
      rowOf(told, ask.person!, item, one, ask.lineage?.orders ?? [], true),
    );
    return differs(shown.items, expected);
  }
  for (const [item, one] of Object.entries(ask.contains?.items as Record<string, ItemAsk>)) {
    const row = shown.items.find((candidate) => candidate.item === item);
    const found = differs(row, rowOf(told, ask.person!, item, one, [], false), `/${item}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function wrongInClocks(
  clock: Record<string, unknown>,
  rows: readonly ClockRow[],
  firsts: PersonRecord['firsts'],
): string | undefined {
  const { items, trigger, due, ...rest } = clock;
  const row: Record<string, Json> = { ...(rest as Record<string, Json>) };
  if (due !== undefined) row['due'] = due === 'none' ? null : (due as string);
  // Of an action split in several events the person's own part is the trigger.
  const isTrigger = (shown: string): boolean =>
    typeof trigger === 'number' ? (firsts.get(shown) ?? shown) === ids.get(trigger) : shown === trigger;
  const missing = ((items as string[] | undefined) ?? [undefined]).filter(
    (item) =>
      rows.filter(
        (candidate) =>
          differs(candidate, row) === undefined &&
          isTrigger(candidate.trigger) &&
          (item === undefined || candidate.items?.includes(item) === true),
      ).length !== 1,
  );
  return missing.length === 0 ? undefined : `not one clock for ${missing.join()}: ${JSON.stringify(rows)}`;
}

function wrongInOrders(order: OrderAsk, shown: Lineage): string | undefined {
  const expected = {
    order: order.order,
    on: order.on,
    confirmed: order.confirmed === 'none' ? null : order.confirmed,
  };
  const missing = order.items.filter((item) => {
    const row = shown.items.find((candidate) => candidate.item === item);
    const orders = (row?.shared ?? []).filter((one) => one.recipient === order.recipient).flatMap((one) => one.orders);
    return !orders.some((one) => differs(one, expected) === undefined);
  });
  return missing.length === 0 ? undefined : `not told for ${missing.join()}`;
}

function wrong(ask: Ask, asKnown: string | undefined): string | undefined {
  const at = { asOf: ask.on, asKnown };
  const person = record(ask.person!);
  const { clock, order } = ask;
  if (clock !== undefined)
    return wrongInClocks(clock as Record<string, unknown>, clocks(person, rulebook, at), person.firsts);
  if (order !== undefined) return wrongInOrders(order as OrderAsk, lineage(person, rulebook, at));
  return wrongInLineage(ask, lineage(person, rulebook, at));
}

/** Duties of the controller itself, and those that no view of this library shows. */
const asked = (ask: Ask): boolean =>
  ask.person !== undefined &&
  (ask.lineage !== undefined ||
    ask.contains?.view === 'lineage' ||
    ask['clock'] !== undefined ||
    ask['order'] !== undefined);

describe.each([
  ['on the day, knowing what was known then', (ask: Ask) => `${ask.on}T18:59:59.999Z`],
  ['later, as of the day', () => undefined],
])('scenario 4.4 %s', (_, knownAt) => {
  test.each(told.asks.filter(asked).map((ask) => [`${ask.row} on ${ask.on}`, ask] as const))('%s', (__, ask) => {
    expect(wrong(ask, knownAt(ask))).toBeUndefined();
  });
});

describe('the trail of scenario 4.4', () => {
  const trails = told.asks.filter((ask) => ask.contains?.view === 'trail');
  test.each(trails.map((ask) => [`${ask.row}, entry ${ask.contains!.n}`, ask] as const))('%s', (_, ask) => {
    const { view: __, n, has = [], record: covered, clause, ...fields } = ask.contains!;
    const rows = trail(record(ask.person!), rulebook, { asOf: ask.on, asKnown: undefined }, { texts });
    const row = rows.find((candidate) => candidate.event === ids.get(n!));
    const stated = {
      ...(clause === undefined ? {} : { clause: clause as Json }),
      ...(covered === undefined ? {} : { record: covered as Json }),
    };
    expect(differs(row, { data: fields as Json, ...stated })).toBeUndefined();
    expect(row?.editionHash ?? '').toMatch(has.includes('editionHash') ? /^[0-9a-f]{64}$/ : /^$/);
  });
});

test('a value is shown to those entitled, the last one given, and none of what is destroyed', () => {
  const values = (event: string, item: string): string | undefined => ledger.values.get(`${event} ${item}`);
  const at = { asOf: LAST, asKnown: undefined };
  const shown = lineage(record('F'), rulebook, at, { values }).items;
  expect(shown.find((row) => row.item === 'address')?.value).toBe('2 New Street');
  expect(shown.find((row) => row.item === 'email')).not.toHaveProperty('value');
  expect(JSON.stringify(lineage(record('F'), rulebook, at))).not.toContain('New Street');
});
