/**
 * The five worked scenarios by the real packs, through the reader, the writer and the fold: every ask that needs no
 * server, on its own day with what was known then, and later with `asOf` (`test/scenarios/README.md`).
 */
import { describe, expect, test } from '@jest/globals';
import { endOfDay, type Rulebook } from '#packs';
import { MemoryLedger } from '../testdata/memory-ledger.js';
import { scenarioRulebookOf } from '../testdata/packs.js';
import {
  type Row,
  wrongInClock,
  wrongInDecision,
  wrongInFinding,
  wrongInLineage,
  wrongInNone,
  wrongInOrder,
  wrongInRows,
  wrongInTrail,
} from '../../../test/scenario/asked.js';
import { differs } from '../../../test/scenario/expected.js';
import { cloudEvent, identifiersOf } from '../../../test/scenario/feed.js';
import { type Ask, type Feed, type OrderAsk, type Scenario, scenario } from '../../../test/scenario/scenario.js';
import { clocks } from './clock-view.js';
import { type Command, decideCommand } from './command.js';
import { controllerClocks, controllerFindings } from './controller.js';
import { packs, recipients, register, staff } from './controller-view.js';
import { decide, type Question } from './decision.js';
import { evidence } from './evidence.js';
import { findings } from './finding.js';
import type { At } from './fold.js';
import type { Person } from './identifier.js';
import { lineage } from './lineage.js';
import { readAction } from './read.js';
import type { PersonRecord } from './record.js';
import { answer, requests } from './request-view.js';
import type { Resolvers } from './shown.js';
import { trail } from './trail.js';

const SCENARIOS = ['4.1', '4.2', '4.3', '4.4', '4.5'];

const endsWhole = (entry: Feed): boolean =>
  (entry.do === 'destroyed' || entry.do === 'depersonalised') && entry.items === 'all';

/** One scenario fed up to a day, and what it asks. */
class Told {
  readonly ids = new Map<number, string>();
  readonly ledger: MemoryLedger;

  constructor(
    readonly told: Scenario,
    readonly rulebook: Rulebook,
    entries: readonly Feed[],
  ) {
    this.ledger = new MemoryLedger(rulebook);
    for (const entry of entries) {
      const action = cloudEvent(told, entry) as { readonly id: string };
      this.ids.set(entry.n, this.ledger.record(action, `${entry.on}T17:00:00.000Z`));
    }
  }

  record(alias: string): PersonRecord {
    return this.ledger.person(this.ledger.subject(identifiersOf(this.told, alias) as unknown as Person));
  }

  get controller() {
    const { controller, listed } = this.ledger.person(this.ledger.subject({ phone: '+996000000000' } as Person));
    return { controller, listed };
  }

  get resolvers(): Resolvers {
    const { texts, sealed } = this.ledger;
    return {
      texts: (reference) => texts.get(reference)?.text,
      sealed: (event, field) => sealed.get(`${event} ${field}`),
    };
  }

  /** Of an action split in several events the person's own part counts as the entry. */
  isEntry = (event: string, n: number): boolean => (this.ledger.firsts.get(event) ?? event) === this.ids.get(n);

  idOf(alias: string, request: string): string {
    const at = { asOf: '9999-12-31', asKnown: undefined };
    return requests(this.record(alias), this.rulebook, at, this.resolvers).find((row) => row.request === request)!.id;
  }
}

type Rows = readonly Row[];
const asRows = (rows: readonly object[]): Rows => rows as Rows;

function wrong(one: Told, ask: Ask, at: At): string | undefined {
  const { told, rulebook, resolvers, isEntry } = one;
  const { clock, finding, order, none, decision, refused } = ask;
  const mine = ask.person === undefined ? undefined : one.record(ask.person);
  const clocksOf = (): Rows =>
    asRows(mine ? clocks(mine, rulebook, at, resolvers) : controllerClocks(one.controller, rulebook, at, resolvers));
  const findingsOf = (): Rows =>
    asRows(
      mine ? findings(mine, rulebook, at, resolvers) : controllerFindings(one.controller, rulebook, at, resolvers),
    );
  const items = (): Rows => asRows(lineage(mine!, rulebook, at, resolvers).items);
  if (clock !== undefined) return wrongInClock(clock as Row, clocksOf(), isEntry);
  if (finding !== undefined) return wrongInFinding(finding as Row, findingsOf());
  if (order !== undefined) return wrongInOrder(order as OrderAsk, items());
  if (none === 'finding') return wrongInNone(ask, findingsOf());
  if (none === 'clock') return wrongInNone(ask, clocksOf());
  if (none === 'item') return wrongInNone(ask, items());
  if (decision !== undefined) {
    const question = { ...(decision as object), at: ask.on } as unknown as Question;
    return wrongInDecision(decision as Row, decide(mine, rulebook, question) as unknown as Row);
  }
  if (refused !== undefined) return wrongInRefused(one, ask, refused as Row);
  if (ask.lineage !== undefined || ask.contains?.view === 'lineage') return wrongInLineage(told, ask, items());
  return wrongInView(one, ask, at);
}

function wrongInRefused(one: Told, ask: Ask, refused: Row): string | undefined {
  const { action, without, pointer, command, code, clause, ground, request, ...rest } = refused;
  if (action !== undefined) {
    const sent = structuredClone(
      cloudEvent(
        one.told,
        one.told.feed.find(({ n }) => n === action)!,
      ),
    );
    const path = (without as string).split('.');
    type Fields = Record<string, unknown>;
    const parent = path.slice(0, -1).reduce((data, key) => data[key] as Fields, sent['data'] as Fields);
    delete parent[path.at(-1)!];
    const read = readAction(sent, { now: Date.parse('2040-01-01T00:00:00Z'), zone: one.rulebook.zone });
    return read.ok === undefined ? differs(read.refusal, { pointer: pointer as string }) : 'it is not refused';
  }
  const asked = {
    name: command,
    ...rest,
    ...(request === undefined ? {} : { request: one.idOf(ask.person!, request as string) }),
    ...(ground === undefined || ground === 'none' ? {} : { ground }),
    ...(command === 'destroy' ? { method: 'erase' } : {}),
  } as unknown as Command;
  const outcome = decideCommand(one.record(ask.person!), one.rulebook, asked, ask.on);
  const stated = clause === undefined ? {} : { clause: clause as string };
  return differs(outcome, { kind: 'refused', code: code as string, ...stated });
}

function wrongInView(one: Told, ask: Ask, at: At): string | undefined {
  const { rulebook, resolvers, isEntry } = one;
  const contains = ask.contains!;
  switch (contains.view) {
    case 'trail':
      return wrongInTrail(contains, asRows(trail(one.record(ask.person!), rulebook, at, resolvers)), isEntry, [
        'receipt',
      ]);
    case 'answer': {
      const id = one.idOf(ask.person!, contains['request'] as string);
      return wrongInRows(contains, asRows([answer(one.record(ask.person!), rulebook, id, at, resolvers)!]));
    }
    case 'evidence': {
      const shown = evidence(one.record(ask.person!), rulebook, at);
      const entries = (contains['entries'] as number[]).filter(
        (n) => !shown.entries.some((entry) => isEntry(entry.event, n)),
      );
      const duties = differs(shown.duties, contains['duties'] as string[]);
      const count = (contains['entries'] as number[]).length;
      if (shown.entries.filter(({ type }) => type !== 'linked').length !== count) return 'there are others';
      return entries.length > 0 ? `entries ${entries.join()} are missing` : duties;
    }
    case 'packs':
      return wrongInRows(contains, asRows(packs(rulebook, ask.on)));
    case 'recipients':
      return wrongInRows(contains, asRows(recipients(one.controller, rulebook, at, resolvers)));
    case 'staff':
      return wrongInRows(contains, asRows(staff(one.controller, rulebook, at, resolvers)));
    case 'register':
      return wrongInRows(contains, asRows(register(one.controller, rulebook, at, resolvers)));
    default:
      return `no view ${contains.view}`;
  }
}

/** What a store or a page answers: whether somebody can still be found, and what a person may not see of another. */
const isElsewhere = (ask: Ask): boolean => ask['find'] !== undefined || ask['hides'] !== undefined;
const later = (ask: Ask): boolean =>
  ask.lineage !== undefined || ['clock', 'finding', 'order'].some((kind) => ask[kind] !== undefined);

describe.each(SCENARIOS)('scenario %s', (name) => {
  const told = scenario(name);
  const rulebook = scenarioRulebookOf(told.controller);
  const asks = told.asks.filter((ask) => !isElsewhere(ask));
  const named = (list: readonly Ask[]) => list.map((ask, at) => [`${at}: row ${ask.row} on ${ask.on}`, ask] as const);
  const fed = new Map<string, Told>();
  const upTo = (day: string): Told => {
    let known = fed.get(day);
    if (known === undefined) {
      const entries = told.feed.filter((entry) => entry.on <= day);
      // Backwards, but for what ends a whole person.
      known = new Told(told, rulebook, [
        ...entries.filter((one) => !endsWhole(one)).reverse(),
        ...entries.filter(endsWhole),
      ]);
      fed.set(day, known);
    }
    return known;
  };
  const last = told.feed
    .map((entry) => entry.on)
    .sort()
    .at(-1)!;

  test.each(named(asks))('%s, then', (_, ask) => {
    expect(wrong(upTo(ask.on), ask, { asOf: ask.on, asKnown: undefined })).toBeUndefined();
  });

  test.each(named(asks.filter(later)))('%s, knowing what was known then', (_, ask) => {
    const whole = new Told(told, rulebook, told.feed);
    const asKnown = endOfDay(ask.on, told.zone);
    expect(wrong(whole, ask, { asOf: ask.on, asKnown })).toBeUndefined();
  });

  test.each(named(asks.filter(later)))('%s, later as of then', (_, ask) => {
    expect(wrong(upTo(last), ask, { asOf: ask.on, asKnown: undefined })).toBeUndefined();
  });

  test('nobody sees of another what is hidden', () => {
    expect(told.asks.filter((ask) => ask['hides'] !== undefined).filter((ask) => tells(ask))).toEqual([]);
  });

  function tells(ask: Ask): boolean {
    const one = upTo(ask.on);
    const at = { asOf: ask.on, asKnown: undefined };
    const hidden = ask['hides'] as string;
    const record = one.record(ask.person!);
    const shown =
      ask['view'] === 'evidence'
        ? JSON.stringify(evidence(record, rulebook, at))
        : JSON.stringify([
            lineage(record, rulebook, at, one.resolvers),
            clocks(record, rulebook, at, one.resolvers),
            findings(record, rulebook, at, one.resolvers),
          ]);
    return secretsOf(told, hidden).some((secret) => shown.includes(`"${secret}"`));
  }
});

/** Identifiers, contacts, and what entries of theirs call their consents, contracts and requests. */
function secretsOf(told: Scenario, alias: string): readonly string[] {
  const { contacts = {}, ...identifiers } = told.people[alias]!;
  const references = told.feed
    .filter((entry) => entry.person === alias)
    .flatMap((entry) =>
      ['request', 'consent', 'contract'].flatMap((field) => (entry[field] as string | undefined) ?? []),
    );
  return [...Object.values(identifiers), ...Object.values(contacts as object), ...references].map(String);
}
