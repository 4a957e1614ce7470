/**
 * Every due date that a clock of the five scenarios asks for, computed from the packs' deadlines alone: the day of the
 * trigger, the term, the calendar. What meets, pauses or supersedes a clock is the fold's; the day is the packs'.
 */

import { describe, expect, it } from '@jest/globals';
import { DATA, FICTITIOUS, loadPacks, SCENARIOS, type Entry, type Scenario } from '../testdata/load.js';
import { compile, due, type Deadline, type Trigger } from './index.js';

const packs = loadPacks(DATA, FICTITIOUS);

const OF_RIGHT: Readonly<Record<string, Trigger>> = {
  access: 'access.requested',
  rectify: 'rectification.requested',
  block: 'block.requested',
  destroy: 'destruction.requested',
  'object-automated': 'objection.received',
  'see-documents': 'documents.requested',
};

/** What an entry triggers, as `rules.md` 3 lists it. */
function triggersOf(entry: Entry): readonly Trigger[] {
  switch (entry.do) {
    case 'requested':
      return [OF_RIGHT[String(entry['right'])] ?? 'access.requested'];
    case 'withdrew':
      return ['consent.withdrawn'];
    case 'disputed':
      return entry['document'] === undefined || entry['alleges'] === 'untrue'
        ? ['dispute.opened']
        : ['dispute.opened', 'unlawful.proved'];
    case 'resolved':
      return [entry['upheld'] === true ? 'dispute.upheld' : 'dispute.rejected'];
    case 'defaulted':
      return ['contract.defaulted'];
    case 'ceded':
      return ['contract.ceded', 'transfer.made', 'purpose.reached'];
    case 'performed':
      return ['purpose.reached'];
    case 'breached':
      return ['breach.found'];
    case 'asked':
      return ['authority.asked'];
    case 'undertook':
      return ['recipient.engaged'];
    case 'derived':
      return ['listed'];
    default:
      return [];
  }
}

interface Wanted {
  readonly duty: string;
  readonly trigger: number | string;
  readonly on: string;
  readonly due: string | null;
  readonly term?: string;
  readonly clause?: string;
  readonly mark?: string;
  readonly pack?: string;
  readonly provisional?: boolean;
}

function wantedOf(scenario: Scenario): readonly Wanted[] {
  const rows = scenario.asks.flatMap((ask) => {
    const clock = ask.clock as (Omit<Wanted, 'due'> & { readonly due: string }) | undefined;
    return clock === undefined ? [] : [{ ...clock, due: clock.due === 'none' ? null : clock.due }];
  });
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = [row.duty, row.trigger, row.due, row.clause].join(' ');
    return seen.has(key) ? false : seen.add(key);
  });
}

function candidates(scenario: Scenario, wanted: Wanted): readonly Trigger[] {
  if (wanted.duty === 'destroy-blocked') return ['destruction.impossible'];
  if (wanted.trigger === 'minimum-reached') return ['minimum.reached'];
  const entry = scenario.feed.find((one) => one.n === wanted.trigger);
  return entry === undefined ? [] : triggersOf(entry);
}

describe.each(SCENARIOS.map((one) => [one.scenario, one] as const))('the due dates of scenario %s', (_, scenario) => {
  const book = compile(packs, scenario.controller);

  it.each(wantedOf(scenario).map((row) => [row.duty, row.trigger, row.on, row.due, row] as const))(
    '%s, from entry %s on %s, is due %s',
    (duty, _trigger, on, day, wanted) => {
      const rows = candidates(scenario, wanted)
        .flatMap((trigger) => book.deadlines(trigger, on))
        .filter((row) => row.duty === duty && fitting(row, wanted));
      expect(rows).toHaveLength(1);
      const [row] = rows;
      expect(due(book.calendar(), on, row?.term)).toEqual({ due: day, provisional: wanted.provisional ?? false });
      expect(row).toMatchObject({
        termText: day === null ? 'none' : (wanted.term ?? row?.termText),
        cite: { mark: wanted.mark ?? row?.cite.mark, pack: wanted.pack ?? row?.cite.pack },
      });
      expect(row?.anchor).toBe(duty === 'destroy-blocked' ? 'trigger' : undefined);
    },
  );

  it('asks for some', () => {
    expect(wantedOf(scenario).length).toBeGreaterThan(4);
  });
});

/** The clause where the ask gives one; else the row that stands in the scenario's own circumstances. */
function fitting(row: Deadline, wanted: Wanted): boolean {
  if (wanted.clause !== undefined) return row.cite.clause === wanted.clause;
  return row.termText === (wanted.term ?? 'none');
}

describe('what the law ends on 2026-02-05', () => {
  const book = compile(packs, 'kg.holder');
  const known = (on: string): readonly string[] =>
    (['access.requested', 'authority.asked', 'block.requested', 'purpose.reached', 'minimum.reached'] as const).map(
      (trigger) =>
        book
          .deadlines(trigger, on)
          .map((row) => `${row.cite.pack} ${row.termText}`)
          .join(),
    );

  it('is every term, and no duty', () => {
    expect(known('2026-02-04')).toEqual([
      'kg.law-58 1 week',
      'kg.law-58 1 week',
      'kg.law-58 at once',
      'kg.law-58 2 weeks',
      'kg.law-58 2 weeks',
    ]);
    expect(new Set(known('2026-02-05'))).toEqual(new Set(['kg.digital-code none']));
    expect(book.deadlines('recipient.engaged', '2026-02-05')).toEqual([]);
  });

  it('leaves the default of the packs', () => {
    for (const id of ['kg.holder', 'kg.somo', 'kg.softskills']) {
      for (const on of ['2025-06-01', '2026-06-01']) {
        const rows = compile(packs, id).deadlines('dispute.opened', on);
        expect(rows.map((row) => [row.duty, row.termText, row.cite.clause, row.cite.mark])).toEqual([
          ['answer-dispute', '1 week', 'pack default', 'M'],
        ]);
      }
    }
  });

  it('leaves no deadline of an answer or destruction of Law 58 without one of the Code', () => {
    const duties = (id: string): string[] =>
      packs
        .filter((pack) => pack.kind === 'law' && pack.meta.id === id)
        .flatMap((pack) => (pack.kind === 'law' ? pack.deadlines.map((row) => `${row.trigger} ${row.duty}`) : []));
    const ended = duties('kg.law-58').filter((row) => row !== 'recipient.engaged register-change');
    expect(duties('kg.digital-code')).toEqual(ended);
  });
});
