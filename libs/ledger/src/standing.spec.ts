/** A person's standing stays until the day it names: whoever looks again on that day alone misses nothing. */
import { describe, expect, test } from '@jest/globals';
import { addDays } from '#packs';
import fc from 'fast-check';
import { type Act, CLIENT, life } from '../testdata/lifecycle.js';
import { MemoryLedger } from '../testdata/memory-ledger.js';
import { rulebookOf, scenarioRulebookOf } from '../testdata/packs.js';
import { clocks } from './clock-view.js';
import { findings } from './finding.js';
import { masked, type Standing, standing } from './standing.js';

const rulebook = rulebookOf('kz.autosiyliq');

function fed(acts: readonly Act[]): MemoryLedger {
  const ledger = new MemoryLedger(rulebook);
  acts.forEach((act, at) => ledger.record(act, `2026-11-01T00:00:${String(at % 60).padStart(2, '0')}.000Z`));
  return ledger;
}

/** As a board shows it: a clock whose day has passed is late. */
function shownOn(day: string, { subject, linked, clocks: rows, findings: found, outstanding }: Standing): unknown {
  const isOver = (row: (typeof rows)[number]): boolean =>
    (row.state === 'running' || row.state === 'extended') && row.due !== null && row.due < day;
  const late = rows.map((row) => (isOver(row) ? { ...row, state: 'late' } : row));
  return { subject, linked, found, outstanding, clocks: late.map((row) => JSON.stringify(row)).sort() };
}

describe('a standing', () => {
  test('is the same on every day before the one on which it may change', () => {
    fc.assert(
      fc.property(life, fc.constantFrom('2026-02-02', '2026-02-16', '2026-06-15'), (acts, first) => {
        const ledger = fed(acts);
        const record = ledger.person(ledger.subject({ iin: CLIENT.iin }));
        let known = standing(record, rulebook, first);
        for (let day = addDays(first, 1); day < '2026-11-15'; day = addDays(day, 1)) {
          const now = standing(record, rulebook, day);
          // Only what may change by itself is looked at again, as a board does.
          if (known.changesOn !== null && known.changesOn <= day) known = now;
          else expect(shownOn(day, known)).toEqual(shownOn(day, now));
        }
      }),
      { numRuns: 12 },
    );
  });

  test('has what the views of the person have', () => {
    fc.assert(
      fc.property(life, (acts) => {
        const ledger = fed(acts);
        const record = ledger.person(ledger.subject({ iin: CLIENT.iin }));
        const at = { asOf: '2026-10-02', asKnown: undefined };
        const now = standing(record, rulebook, at.asOf);
        expect(now.findings.map(masked)).toHaveLength(findings(record, rulebook, at).length);
        expect(now.clocks.map((row) => JSON.stringify(masked(row))).sort()).toEqual(
          clocks(record, rulebook, at)
            .map((row) => JSON.stringify(row))
            .sort(),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('is looked at again when the law changes', () => {
    const somo = scenarioRulebookOf('kg.somo');
    const ledger = new MemoryLedger(somo);
    ledger.record(
      {
        specversion: '1.0',
        id: '1',
        source: 'urn:example',
        type: 'depter.action.noticed.v1',
        controller: 'kg.somo',
        data: { on: '2025-10-01', person: { client: 'A-1' }, edition: 'undated', items: ['name'], purposes: ['loan'] },
      },
      '2025-10-01T00:00:00.000Z',
    );
    const record = ledger.person(ledger.subject({ client: 'A-1' }));
    expect(standing(record, somo, '2025-12-01').changesOn).toBe('2026-02-05');
  });
});
