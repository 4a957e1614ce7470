/** What must hold whatever happens and however it arrives (`rules.md` 1). */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Act, CLIENT, life, PHONE, shuffled } from '../testdata/lifecycle.js';
import { MemoryLedger } from '../testdata/memory-ledger.js';
import { ORGANISATIONS, toldOf } from '../testdata/organisations.js';
import { rulebookOf } from '../testdata/packs.js';
import { clocks } from './clock-view.js';
import { findings } from './finding.js';
import type { Person } from './identifier.js';
import { lineage } from './lineage.js';

const rulebook = rulebookOf('kz.autosiyliq');
const RUNS = { numRuns: 60 };
const DAYS = ['2026-02-02', '2026-02-16', '2026-03-01', '2026-03-02', '2026-06-15', '2026-10-02', '2031-10-02'];

function fed(acts: readonly Act[], book = rulebook): MemoryLedger {
  const ledger = new MemoryLedger(book);
  acts.forEach((act, at) => ledger.record(act, `2026-11-01T00:00:${String(at % 60).padStart(2, '0')}.000Z`));
  return ledger;
}

/** Everything a person is answered, but for what says how the events arrived. */
function answers(ledger: MemoryLedger, person: Person, asKnown?: number): readonly unknown[] {
  const { rulebook: book } = ledger;
  const record = ledger.person(ledger.subject(person));
  const values = (event: string, item: string): string | undefined => ledger.values.get(`${event} ${item}`);
  return DAYS.map((asOf) => {
    const at = { asOf, asKnown };
    const { items } = lineage(record, book, at, { values });
    return [items, clocks(record, book, at), findings(record, book, at)];
  });
}

const iin: Person = { iin: CLIENT.iin };

describe('for any life', () => {
  test.each(ORGANISATIONS)('the order of arrival and repeats change nothing, by the rules of %s', (controller) => {
    const book = rulebookOf(controller);
    const lives = life
      .map((acts) => toldOf(controller, acts))
      .chain((acts) => fc.tuple(fc.constant(acts), shuffled(acts)));
    fc.assert(
      fc.property(lives, ([acts, again]) => {
        expect(answers(fed(again, book), iin)).toEqual(answers(fed(acts, book), iin));
      }),
      { numRuns: 40 },
    );
  });

  test('the same person is answered, whichever of their linked dossiers is asked for', () => {
    fc.assert(
      fc.property(life, (acts) => {
        const ledger = fed(acts);
        expect(answers(ledger, { client: CLIENT.client })).toEqual(answers(ledger, iin));
      }),
      RUNS,
    );
  });

  test('what was known at a position is what a log that ends there answers', () => {
    fc.assert(
      fc.property(life, fc.nat(40), (acts, upTo) => {
        const ledger = fed(acts);
        const cut = Math.min(upTo, ledger.log.length - 1);
        const before = fed(acts);
        before.log.length = cut + 1;
        expect(answers(ledger, iin, cut)).toEqual(answers(before, iin));
      }),
      RUNS,
    );
  });

  test('references decide nothing: with other random ones the answer is the same', () => {
    fc.assert(
      fc.property(life, (acts) => {
        const other = new MemoryLedger(rulebook, undefined, 'salted');
        for (const act of acts) other.record(act, '2026-11-01T00:00:00.000Z');
        const own = (ledger: MemoryLedger): unknown =>
          DAYS.map((asOf) => lineage(ledger.person(ledger.subject(iin)), rulebook, { asOf, asKnown: undefined }).items);
        expect(own(other)).toEqual(own(fed(acts)));
      }),
      RUNS,
    );
  });

  test('every answer is of the form that the wire states', () => {
    fc.assert(
      fc.property(life, (acts) => {
        const ledger = fed(acts);
        for (const asOf of DAYS) {
          const { items } = lineage(ledger.person(ledger.subject(iin)), rulebook, { asOf, asKnown: undefined });
          const rows = items.filter((row) => row.until.reasons.length > 0);
          expect(rows.every((row) => row.until.reasons.filter((reason) => reason.binds).length === 1)).toBe(true);
          expect(items.every((row) => (row.until.kind === 'gone') === (row.fate !== null))).toBe(true);
          expect(
            items.every((row) => row.state !== 'active' || row.purposes.some((one) => one.state === 'active')),
          ).toBe(true);
          expect(items.map((row) => row.item)).toEqual(items.map((row) => row.item).sort());
        }
      }),
      RUNS,
    );
  });
});

test('a phone alone is another person until it is linked, and then it is the same', () => {
  const base = { specversion: '1.0', source: 'urn:example:los', controller: 'kz.autosiyliq' };
  const collected = (id: string, person: object, item: string): Act => ({
    ...base,
    id,
    type: 'depter.action.collected.v1',
    data: {
      on: '2026-02-02',
      person,
      items: [item],
      origin: { kind: 'subject' },
      purposes: ['loan'],
      basis: 'consent',
    },
  });
  const link: Act = {
    ...base,
    id: '3',
    type: 'depter.action.linked.v1',
    data: { on: '2026-02-03', person: iin, other: PHONE },
  };
  const acts = [collected('1', PHONE, 'phone'), collected('2', CLIENT, 'name')];
  const shown = (told: readonly Act[]): readonly string[] => {
    const ledger = fed(told);
    const at = { asOf: '2026-02-02', asKnown: undefined };
    return lineage(ledger.person(ledger.subject(iin)), rulebook, at).items.map((row) => row.item);
  };
  expect(shown(acts)).toEqual(['name']);
  // A link has no day: it counts as of the day before it was made, too.
  expect(shown([...acts, link])).toEqual(['name', 'phone']);
});
