/** What the trail says of a consent that a representative gave: by what it is proved, and through which day it lasts. */
import { describe, expect, test } from '@jest/globals';
import { collected, consented, F, Told } from '../testdata/acts.js';
import { rulebookOf } from '../testdata/packs.js';
import { trail } from './trail.js';

const lerna = rulebookOf('kg.softskills');
const byOther = { 'by-representative': true, until: '2025-12-31' };

describe('a consent by a representative', () => {
  const record = (more: object, book = lerna) => {
    const { ledger } = new Told(book, [consented('2025-09-01', ['consult'], more)]);
    const rows = trail(ledger.person(ledger.subject(F)), book, { asOf: '2025-09-02', asKnown: undefined });
    return rows[0]!.record;
  };

  test('says whether a paper proves who gave it, by the clause that lets them, and how long it lasts', () => {
    expect(record({ ...byOther, document: 'guardianship order 7' })).toMatchObject({
      term: '2025-12-31',
      representative: { proof: true, clause: 'policy 9.1' },
    });
    expect(record(byOther)?.representative).toEqual({ proof: false, clause: 'policy 9.1' });
    expect(record(byOther, rulebookOf('kz.autosiyliq'))?.representative).toEqual({ proof: false, clause: null });
    expect(record({})).not.toHaveProperty('representative');
  });

  test('carries nothing after its last day, by a clock of its own', () => {
    const told = new Told(lerna, [
      consented('2025-09-01', ['consult'], byOther),
      collected('2025-12-31', ['name'], ['consult']),
      collected('2026-01-01', ['phone'], ['consult']),
    ]);
    const without = told.findings('2026-01-02').filter(({ code }) => code === 'collected-without-basis');
    expect(without.map(({ on, items }) => [on, items])).toEqual([['2026-01-01', ['phone']]]);
    const expired = told.clocks('2026-01-02').filter(({ trigger }) => trigger === 'consent-expired');
    expect(expired.map(({ duty, on, due, items }) => [duty, on, due, items])).toEqual([
      ['destroy', '2025-12-31', '2026-01-30', ['name']],
    ]);
  });
});
