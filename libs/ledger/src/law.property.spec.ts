/** What must hold of duties, reasons and decisions whatever happens (issue 7's properties). */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compile, type Pack } from '#packs';
import { type Act, CLIENT, life } from '../testdata/lifecycle.js';
import { MemoryLedger } from '../testdata/memory-ledger.js';
import { ORGANISATIONS, toldOf, wordOf } from '../testdata/organisations.js';
import { builtInPacks, rulebookOf } from '../testdata/packs.js';
import { type ClockRow, clocks } from './clock-view.js';
import { decide, type Question } from './decision.js';
import { type FindingRow, findings } from './finding.js';
import type { Person } from './identifier.js';
import { type ItemRow, lineage } from './lineage.js';
import type { PersonRecord } from './record.js';

const RUNS = { numRuns: 40 };
const iin: Person = { iin: CLIENT.iin };
const LAST = '2026-11-04';
const at = (asOf: string) => ({ asOf, asKnown: undefined });

describe.each(ORGANISATIONS)('for any life, by the rules of %s', (controller) => {
  const rulebook = rulebookOf(controller);
  const own = life.map((acts) => toldOf(controller, acts));

  function recordOf(acts: readonly Act[], book = rulebook): PersonRecord {
    const ledger = new MemoryLedger(book);
    for (const act of acts) ledger.record(act, '2026-11-04T00:00:00.000Z');
    return ledger.person(ledger.subject(iin));
  }
  const itemsOf = (acts: readonly Act[], asOf = LAST): readonly ItemRow[] =>
    lineage(recordOf(acts), rulebook, at(asOf)).items;

  function act(id: string, name: string, data: Readonly<Record<string, unknown>>, time?: string): Act {
    const base = { specversion: '1.0', source: 'urn:example:los', controller };
    const when = time === undefined ? {} : { time };
    return { ...base, id, ...when, type: `depter.action.${name}.v1`, data: { person: CLIENT, ...data } };
  }

  test('no clock ends before its trigger', () => {
    let dated = 0;
    fc.assert(
      fc.property(own, (acts) => {
        const rows = clocks(recordOf(acts), rulebook, at(LAST));
        const early = rows.filter(
          ({ on, due, metOn }) => (due !== null && due < on) || (metOn !== undefined && metOn < on),
        );
        dated += rows.filter(({ due }) => due !== null).length;
        expect(early).toEqual([]);
      }),
      RUNS,
    );
    expect(dated).toBeGreaterThan(0);
  });

  test('a withdrawal adds no purpose, no minimum and no hold', () => {
    const reasons = (rows: readonly ItemRow[]): readonly string[] =>
      rows.flatMap(({ item, purposes, until }) => [
        ...purposes.filter(({ state }) => state === 'active').map(({ purpose }) => `${item} purpose ${purpose}`),
        ...until.reasons
          .filter(({ kind }) => kind === 'legal-minimum' || kind === 'hold')
          .map(({ kind, id }) => `${item} ${kind} ${id}`),
      ]);
    fc.assert(
      fc.property(own, (acts) => {
        const before = new Set(reasons(itemsOf(acts)));
        const after = reasons(itemsOf([...acts, act('withdrawal', 'withdrew', { on: LAST, parts: 'all' })]));
        expect(after.filter((reason) => !before.has(reason))).toEqual([]);
      }),
      RUNS,
    );
  });

  test('one more holiday makes no due date earlier', () => {
    const off = ['2026-02-04', '2026-02-17', '2026-03-11', '2026-03-12', '2026-06-16', '2026-10-02'];
    const withHoliday = (pack: Pack, day: string): Pack =>
      pack.kind === 'calendar'
        ? {
            ...pack,
            years: pack.years.map((year) => (year.year === 2026 ? { ...year, off: [...year.off, day] } : year)),
          }
        : pack;
    const dues = (rows: readonly ClockRow[]): ReadonlyMap<string, string> => {
      const found = new Map<string, string>();
      for (const { trigger, duty, clause, recipient = '', items = [''], due } of rows) {
        if (due !== null) for (const item of items) found.set([trigger, duty, clause, recipient, item].join(' '), due);
      }
      return found;
    };
    const books = new Map(
      off.map(
        (day) =>
          [
            day,
            compile(
              builtInPacks().map((pack) => withHoliday(pack, day)),
              controller,
            ),
          ] as const,
      ),
    );
    fc.assert(
      fc.property(own, fc.constantFrom(...off), (acts, day) => {
        const record = recordOf(acts);
        const later = dues(clocks(record, books.get(day)!, at(LAST)));
        const earlier = [...dues(clocks(record, rulebook, at(LAST)))].filter(
          ([key, due]) => (later.get(key) ?? due) < due,
        );
        expect(earlier).toEqual([]);
      }),
      RUNS,
    );
  });

  test('an item kept has a reason, and each but a hold has its clause', () => {
    fc.assert(
      fc.property(own, (acts) => {
        for (const asOf of ['2026-02-16', '2026-06-15', LAST]) {
          for (const { state, until } of itemsOf(acts, asOf)) {
            if (state === 'kept') expect(until.reasons.length).toBeGreaterThan(0);
            const cited = until.reasons.filter(
              ({ kind }) => kind === 'legal-minimum' || kind === 'duty' || (state === 'kept' && kind !== 'hold'),
            );
            expect(cited.every(({ clause, pack }) => clause !== null && pack !== null)).toBe(true);
          }
        }
      }),
      RUNS,
    );
  });

  describe('an act that was permitted', () => {
    const NOON = '2026-11-05T12:00:00.000Z';
    const some = (ids: readonly string[]): fc.Arbitrary<readonly string[]> =>
      fc.subarray([...new Set(ids.map((id) => wordOf(controller, id)))], { minLength: 1, maxLength: 2 });
    const recipients = ['kz.bank', 'xx.sms', 'kz.bureau.state', 'kz.collector', 'some.unknown'];
    const question: fc.Arbitrary<Question> = fc.record({
      do: fc.constantFrom('transfer' as const, 'use' as const, 'collect' as const),
      items: some(['name', 'cookie', 'address', 'deprived-entry']),
      purposes: some(['loan', 'advertising', 'deprived-list', 'targeting']),
      recipient: fc.constantFrom(...recipients.map((id) => wordOf(controller, id))),
      medium: fc.constantFrom('electronic' as const, 'paper' as const),
      at: fc.constant(NOON),
    });
    const BASES = ['consent', 'law', 'need', 'default', 'contract', 'authority-demand'];

    const factsOf = ({ do: what, items, purposes, recipient, medium }: Question): readonly Act[] => {
      if (what === 'use') return [act('fact', 'used', { items, purposes }, NOON)];
      return BASES.map((basis) =>
        what === 'transfer'
          ? act('fact', 'transferred', { items, purposes, recipient, basis }, NOON)
          : act('fact', 'collected', { items, purposes, basis, medium, origin: { kind: 'subject' } }, NOON),
      );
    };
    /** What nobody can check is taken at its word, once it is done. */
    const isStated = ({ data }: Act): boolean =>
      ['law', 'authority-demand'].includes((data as { readonly basis?: string }).basis ?? '');
    const asked = ({ recipient, ...rest }: Question): Question =>
      rest.do === 'transfer' ? { ...rest, recipient } : rest;
    const bad = (rows: readonly FindingRow[]): readonly string[] =>
      rows
        .filter(({ code }) => code !== 'open-ended-without-reason' && code !== 'gap')
        .map((row) => JSON.stringify(row));

    /** Half of the lives have been told and asked of everything: else a law that wants much permits hardly anything. */
    const prepared = fc.tuple(own, fc.boolean()).map(([acts, isAsked]) => (isAsked ? [...acts, ...beforehand] : acts));
    const everything = ['loan', 'advertising', 'deprived-list', 'targeting'].map((id) => wordOf(controller, id));
    const beforehand: readonly Act[] = [
      act('told', 'noticed', {
        on: '2026-10-01',
        edition: wordOf(controller, 'undated'),
        items: ['name', 'cookie', 'address', 'deprived-entry'].map((id) => wordOf(controller, id)),
      }),
      act('agreed', 'consented', {
        on: '2026-10-01',
        consent: 'C-9',
        edition: wordOf(controller, 'undated'),
        act: 'click',
        parts: [
          ...everything.map((purpose) => ({ purpose })),
          ...recipients.map((id) => ({ recipient: wordOf(controller, id) })),
          { 'cross-border': true },
        ],
      }),
    ];

    test('leaves no finding but open ends and gaps, on the basis that carried it', () => {
      let permitted = 0;
      fc.assert(
        fc.property(prepared, fc.array(question, { minLength: 15, maxLength: 15 }), (acts, questions) => {
          const record = recordOf(acts);
          const before = new Set(bad(findings(record, rulebook, at(NOON))));
          for (const one of questions.map(asked)) {
            if (decide(record, rulebook, one).decision === 'deny') continue;
            permitted += 1;
            const left = factsOf(one).map((fact) =>
              bad(findings(recordOf([...acts, fact]), rulebook, at(NOON))).filter((row) => !before.has(row)),
            );
            expect(left.some((rows) => rows.length === 0) ? [] : left).toEqual([]);
          }
        }),
        { numRuns: 30 },
      );
      expect(permitted).toBeGreaterThan(5);
    });

    test('is what a denial was not: done all the same, it leaves a finding of the code denied', () => {
      fc.assert(
        fc.property(prepared, question, (acts, drawn) => {
          const one = asked(drawn);
          const { decision, reasons } = decide(recordOf(acts), rulebook, one);
          if (decision === 'permit') return;
          for (const fact of factsOf(one).filter((drawnFact) => !isStated(drawnFact))) {
            const codes = new Set(findings(recordOf([...acts, fact]), rulebook, at(NOON)).map(({ code }) => code));
            expect(reasons.some(({ code }) => code !== 'withdrawal-barred' && codes.has(code))).toBe(true);
          }
        }),
        { numRuns: 20 },
      );
    });
  });
});
