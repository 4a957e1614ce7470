/** The packs that come with Depter: their form, what they say of scenario 4.4, and the text that the edition's hash is of. */

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { checkPacks, compile, due, normaliseEditionText, parsePack, type Pack, type Trigger } from './index.js';

const DATA = join(import.meta.dirname, '..', 'data');

function load(): Pack[] {
  return readdirSync(DATA)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => {
      const parsed = parsePack(parse(readFileSync(join(DATA, file), 'utf8')), file);
      if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems, null, 2));
      return parsed.pack;
    });
}

const packs = load();
const book = compile(packs, 'kz.autosiyliq');

describe('the packs of kz.autosiyliq', () => {
  it('fit together', () => {
    expect(checkPacks(packs)).toEqual([]);
  });

  it('have the ids of scenario 4.4, purposes in its order', () => {
    expect(packs.flatMap((pack) => (pack.kind === 'controller' ? pack.purposes.map((one) => one.id) : []))).toEqual(
      'loan bureau-report bureau-supply collect-debt advertising targeting deprived-list'.split(' '),
    );
    for (const item of 'name iin id-document phone email address bank-account employer salary marital-status cookie ip pension-contributions credit-report offer deprived-entry'.split(
      ' ',
    )) {
      expect(book.lists('item', item, '2026-02-02')).toBe(true);
    }
    for (const id of 'kz.pension-centre kz.bureau.private kz.bureau.state kz.bank xx.sms kz.collector kz.trade kz.authority'.split(
      ' ',
    )) {
      expect(book.lists('organisation', id, '2026-02-02')).toBe(true);
    }
    expect(book.has('term', 'assignment-notice')).toBe(true);
    expect(book.has('ground', '94-v.8.2.law')).toBe(true);
    expect(book.has('channel', 'cabinet')).toBe(true);
    expect(book.has('item', 'shoe-size')).toBe(false);
  });

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

describe('the due dates of scenario 4.4', () => {
  it.each<[Trigger, string, string, string | null, string, string, string, boolean]>([
    ['consent.withdrawn', 'answer-withdrawal', '2026-02-16', '2026-03-10', '15 working days', '94-V 8(7)', 'V', false],
    ['consent.withdrawn', 'destroy', '2026-02-16', '2026-03-10', '15 working days', '94-V 8(7)', 'V', false],
    ['contract.defaulted', 'notify-arrears', '2026-03-06', '2026-03-16', '10 calendar days', '56-V 9-2', 'V', false],
    ['dispute.opened', 'block', '2026-03-16', '2026-03-17', '1 working day', '94-V 25(2)', 'V', false],
    ['dispute.rejected', 'unblock', '2026-03-20', '2026-03-26', '1 working day', '94-V 25(2)', 'V', false],
    ['purpose.reached', 'destroy', '2026-06-15', '2026-06-16', '1 working day', '94-V 25(2)', 'V', false],
    ['transfer.made', 'notify-transfer', '2026-06-15', '2026-06-29', '10 working days', '94-V 19', 'V', false],
    ['contract.ceded', 'notify-cession', '2026-06-15', '2026-07-15', '30 calendar days', '56-V 9-1(8)', 'V', false],
    ['rectification.requested', 'rectify', '2026-07-02', '2026-07-03', '1 working day', '94-V 25(2)', 'V', false],
    ['breach.found', 'report-breach', '2026-08-14', '2026-08-17', '1 working day', '94-V 25(2)', 'V', false],
    ['consent.withdrawn', 'answer-withdrawal', '2026-10-02', '2026-10-23', '15 working days', '94-V 8(7)', 'V', false],
    ['listed', 'review', '2026-10-01', null, 'none', 'policy 1.1', 'P', false],
    ['minimum.reached', 'destroy', '2031-10-01', '2031-10-02', '1 working day', '94-V 25(2)', 'V', true],
  ])('%s, %s from %s is due on %s', (trigger, duty, on, day, text, clause, mark, provisional) => {
    const rows = book.deadlines(trigger, on).filter((row) => row.duty === duty);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ termText: text, cite: { clause, mark } });
    expect(due(book.calendar(), on, rows[0]?.term)).toEqual({ due: day, provisional });
  });

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

describe('the Kazakh calendar as known', () => {
  const term = { unit: 'working-days', count: 1 } as const;

  it('had 31 August 2026 off until the new Constitution was announced', () => {
    expect(due(book.calendar('2026-02-01T00:00:00.000Z'), '2026-08-28', term).due).toBe('2026-09-01');
    expect(due(book.calendar('2026-03-17T18:59:59.999Z'), '2026-08-28', term).due).toBe('2026-09-01');
    expect(due(book.calendar('2026-03-17T19:00:00.000Z'), '2026-08-28', term).due).toBe('2026-08-31');
    expect(due(book.calendar(), '2026-08-28', term).due).toBe('2026-08-31');
  });

  it('knew nothing of 2026 before the year was published', () => {
    const calendar = book.calendar('2025-12-31T00:00:00.000Z');
    expect(calendar.knows('2026-03-09')).toBe(false);
    expect(calendar.works('2026-03-09')).toBe(true);
    expect(calendar.works('2026-12-16')).toBe(false);
    expect(due(calendar, '2026-03-06', term)).toEqual({ due: '2026-03-09', provisional: true });
  });

  it.each([
    ['2025-03-07', '2025-03-11'],
    ['2025-03-20', '2025-03-26'],
    ['2025-08-29', '2025-09-02'],
    ['2026-05-06', '2026-05-08'],
    ['2026-05-26', '2026-05-28'],
    ['2031-05-06', '2031-05-08'],
  ])('the working day after %s is %s', (day, next) => {
    expect(due(book.calendar(), day, term).due).toBe(next);
  });
});
