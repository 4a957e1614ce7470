/** What the packs say of AUTO SIYLIQ FINANCE beside its ids and due dates, and how a policy's text is hashed. */

import { describe, expect, it } from '@jest/globals';
import { DATA, loadPacks } from '../testdata/load.js';
import { compile, due, normaliseEditionText } from './index.js';

const book = compile(loadPacks(DATA), 'kz.autosiyliq');

describe('the packs of kz.autosiyliq', () => {
  it('cite the clause of each basis', () => {
    const clause = (id: string): string | undefined => book.basis(id, '2026-02-02')?.cite.clause;
    expect([clause('consent'), clause('law'), clause('contract')]).toEqual(['94-V 7(6)', '573-II 26(1)', 'policy 2.3']);
  });

  it('keep the dossier five years after performance, by a secondary source', () => {
    const [minimum] = book.minimums('2026-07-20');
    expect(minimum).toMatchObject({
      id: 'dossier',
      after: { kind: 'contract-performed' },
      term: { unit: 'years', count: 5 },
      cite: { pack: 'kz.mfo-rules', edition: 'undated', mark: 'S' },
    });
    expect(minimum?.items).toHaveLength(12);
    expect(minimum?.items).not.toContain('email');
  });

  it('name the edition by the hash of its text, the same day in and day out', () => {
    expect(book.edition('2026-02-02')?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(book.edition('2026-02-02')).toEqual(book.editionById('undated'));
  });

  it('bring a text into one form before it is hashed, however it was copied', () => {
    const one = normaliseEditionText('\ufeff1. M\u0259n\u00a0  \u0456c\r\n\r\n  2. Z \n');
    expect(one).toBe('1. M\u04d9n \u0456c\n2. Z\n');
    expect(normaliseEditionText(one)).toBe(one);
  });
});

describe('the deadlines of kz.autosiyliq', () => {
  it('gives the breach duties of the secondary rule set', () => {
    const rows = book.deadlines('breach.found', '2026-08-14').filter((row) => row.cite.pack === 'kz.mfo-rules');
    expect(rows.map((row) => [row.duty, due(book.calendar(), '2026-08-14', row.term).due, row.cite.mark])).toEqual([
      ['tell-subject-breach', '2026-08-17', 'S'],
      ['measures-breach', '2026-08-18', 'S'],
    ]);
  });

  it('owes a notice of transfer only where the contract agrees it and an assignee gets the data', () => {
    expect(book.deadlines('transfer.made', '2026-06-15')[0]?.condition).toEqual({
      contractTerm: 'assignment-notice',
      role: 'assignee',
    });
  });
});
