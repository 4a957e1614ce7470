/** The scenarios through the reader, the writer and the fold: every ask that this library answers, then and later. */
import { describe, expect, test } from '@jest/globals';
import type { Calendar, Rulebook } from '#packs';
import { MemoryLedger } from '../testdata/memory-ledger.js';
import { KG, KG_CALENDAR, KZ, LERNA } from '../testdata/deadlines.js';
import { rulebookOf } from '../testdata/packs.js';
import { type DeadlineRow, scenarioRulebook } from '../testdata/scenario-rulebook.js';
import { differs, type Json, rowOf } from '../../../test/scenario/expected.js';
import { cloudEvent, identifiersOf } from '../../../test/scenario/feed.js';
import { type Ask, type ItemAsk, type OrderAsk, type Scenario, scenario } from '../../../test/scenario/scenario.js';
import { type ClockRow, clocks } from './clock-view.js';
import type { Person } from './identifier.js';
import { type Lineage, lineage } from './lineage.js';
import type { PersonRecord } from './record.js';
import { trail } from './trail.js';

/** One scenario fed, and what it asks. */
class Told {
  readonly ids = new Map<number, string>();
  readonly ledger: MemoryLedger;

  constructor(
    readonly told: Scenario,
    readonly rulebook: Rulebook,
  ) {
    this.ledger = new MemoryLedger(rulebook);
    for (const entry of told.feed) {
      const action = cloudEvent(told, entry) as { readonly id: string };
      this.ids.set(entry.n, this.ledger.record(action, `${entry.on}T17:00:00.000Z`));
    }
  }

  record(alias: string): PersonRecord {
    return this.ledger.person(this.ledger.subject(identifiersOf(this.told, alias) as unknown as Person));
  }
}

const made = (name: string, rows: readonly DeadlineRow[], calendar: Calendar): Told => {
  const told = scenario(name);
  return new Told(told, scenarioRulebook(told, rows, calendar));
};

const AUTOSIYLIQ = new Told(scenario('4.4'), rulebookOf('kz.autosiyliq'));
const ALL = [
  made('4.1', KG, KG_CALENDAR),
  made('4.2', LERNA, KG_CALENDAR),
  made('4.3', KG, KG_CALENDAR),
  AUTOSIYLIQ,
  made('4.5', KZ, AUTOSIYLIQ.rulebook.calendar()),
];

/** Whose entries brought what is asked: of a contact person, the client's. */
function clientOf(told: Scenario, alias: string): string {
  const describing = told.feed.find((entry) => Object.values((entry['describes'] ?? {}) as object).includes(alias));
  return describing?.person ?? alias;
}

/** Each gives what is wrong, or undefined. */
function wrongInLineage({ told }: Told, ask: Ask, shown: Lineage): string | undefined {
  const client = clientOf(told, ask.person!);
  if (ask.lineage !== undefined) {
    const expected = Object.entries(ask.lineage.items).map(([item, one]) =>
      rowOf(told, client, item, one, ask.lineage?.orders ?? [], true),
    );
    return differs(shown.items, expected);
  }
  for (const [item, one] of Object.entries(ask.contains?.items as Record<string, ItemAsk>)) {
    const row = shown.items.find((candidate) => candidate.item === item);
    // Only the purposes that the ask names.
    const purposes = row?.purposes.filter(({ purpose }) => one.purposes === undefined || purpose in one.purposes);
    const found = differs({ ...row, purposes }, rowOf(told, client, item, one, [], false), `/${item}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function wrongInClocks(
  { ids }: Told,
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

function wrong(one: Told, ask: Ask, asKnown: string | undefined): string | undefined {
  const { rulebook } = one;
  const at = { asOf: ask.on, asKnown };
  const person = one.record(ask.person!);
  const { clock, order } = ask;
  if (clock !== undefined) {
    return wrongInClocks(one, clock as Record<string, unknown>, clocks(person, rulebook, at), person.firsts);
  }
  if (order !== undefined) return wrongInOrders(order as OrderAsk, lineage(person, rulebook, at));
  return wrongInLineage(one, ask, lineage(person, rulebook, at));
}

/** Asks of a person for what this library shows. */
const isAsked = (ask: Ask): boolean =>
  ask.person !== undefined &&
  (ask.lineage !== undefined ||
    ask.contains?.view === 'lineage' ||
    ask['clock'] !== undefined ||
    ask['order'] !== undefined);

describe.each(ALL.map((one) => [one.told.scenario, one] as const))('scenario %s', (_, one) => {
  const asks = one.told.asks.filter(isAsked).map((ask, at) => [`${at}: ${ask.row} on ${ask.on}`, ask] as const);

  test.each(asks)('%s, knowing what was known then', (__, ask) => {
    expect(wrong(one, ask, `${ask.on}T17:59:59.999Z`)).toBeUndefined();
  });

  test.each(asks)('%s, later as of then', (__, ask) => {
    expect(wrong(one, ask, undefined)).toBeUndefined();
  });
});

describe('what one person may not see of another', () => {
  const hides = ALL.flatMap((one) =>
    one.told.asks
      .filter((ask) => ask['hides'] !== undefined && ask['view'] === undefined)
      .map((ask) => [one, ask] as const),
  );
  test.each(hides.map(([one, ask]) => [`${one.told.scenario}, ${ask.person} on ${ask.on}`, one, ask] as const))(
    '%s',
    (_, one, ask) => {
      const { told, ledger, rulebook } = one;
      const hidden = ask['hides'] as string;
      const { contacts = {}, ...identifiers } = told.people[hidden]!;
      const texts = (reference: string): string | undefined => ledger.texts.get(reference)?.text;
      const shown = JSON.stringify(
        lineage(one.record(ask.person!), rulebook, { asOf: ask.on, asKnown: undefined }, { texts }),
      );
      const references = told.feed.flatMap((entry) =>
        entry.person === hidden
          ? ['request', 'consent', 'contract'].flatMap((field) => (entry[field] as string | undefined) ?? [])
          : [],
      );
      for (const secret of [...Object.values(identifiers), ...Object.values(contacts as object), ...references]) {
        expect(shown).not.toContain(`"${String(secret)}"`);
      }
    },
  );
});

describe('the trail of scenario 4.4', () => {
  const { told, ledger, rulebook, ids } = AUTOSIYLIQ;
  const texts = (reference: string): string | undefined => ledger.texts.get(reference)?.text;
  const trails = told.asks.filter((ask) => ask.contains?.view === 'trail');
  test.each(trails.map((ask) => [`${ask.row}, entry ${ask.contains!.n}`, ask] as const))('%s', (_, ask) => {
    const { view: __, n, has = [], record: covered, clause, ...fields } = ask.contains!;
    const rows = trail(AUTOSIYLIQ.record(ask.person!), rulebook, { asOf: ask.on, asKnown: undefined }, { texts });
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
  const { ledger, rulebook } = AUTOSIYLIQ;
  const values = (event: string, item: string): string | undefined => ledger.values.get(`${event} ${item}`);
  const at = { asOf: '2032-01-01', asKnown: undefined };
  const shown = lineage(AUTOSIYLIQ.record('F'), rulebook, at, { values }).items;
  expect(shown.find((row) => row.item === 'address')?.value).toBe('2 New Street');
  expect(shown.find((row) => row.item === 'email')).not.toHaveProperty('value');
  expect(JSON.stringify(lineage(AUTOSIYLIQ.record('F'), rulebook, at))).not.toContain('New Street');
});
