/** What is wrong with the controller's own matters (`rules.md` 4): its staff, its answers to authorities, its laws. */
import { describe, expect, test } from '@jest/globals';
import type { Rulebook } from '#packs';
import { F, type Row, Told } from '../testdata/acts.js';
import { auto, holder, short, somo } from '../testdata/findings.js';
import { controllerFindings } from './controller.js';

describe('of the controller', () => {
  const rows = (acts: readonly Row[], asOf: string, book: Rulebook = auto): string[] => {
    const { ledger } = new Told(book, acts);
    const { controller, listed } = ledger.person(ledger.subject(F));
    const found = controllerFindings({ controller, listed }, book, { asOf, asKnown: undefined });
    return found.map((row) => `${row.code} | ${short(row)}`);
  };
  const own = { person: undefined };
  const granted: Row = ['2025-05-13', 'granted', { ...own, staff: 'staff-1', scope: ['service'] }];

  test.each<readonly [string, readonly Row[], string, readonly string[]]>([
    [
      'access before the undertaking',
      [granted],
      '2025-05-14',
      ['access-without-undertaking | 2025-05-13 | Law 58 6 | open'],
    ],
    [
      'after it',
      [['2025-05-13', 'undertook', { ...own, staff: 'staff-1', what: ['confidentiality'] }], granted],
      '2025-05-14',
      [],
    ],
    [
      'after one that is over',
      [
        ['2025-01-09', 'undertook', { ...own, staff: 'staff-1', what: ['confidentiality'], until: '2025-05-12' }],
        granted,
      ],
      '2025-05-14',
      ['access-without-undertaking | 2025-05-13 | Law 58 6 | open'],
    ],
    [
      'undertaken later',
      [granted, ['2025-05-20', 'undertook', { ...own, staff: 'staff-1', what: ['confidentiality'] }]],
      '2025-05-20',
      ['access-without-undertaking | 2025-05-13 | Law 58 6 | 2025-05-20'],
    ],
    [
      'revoked',
      [granted, ['2025-05-21', 'revoked', { ...own, staff: 'staff-1', scope: ['service'] }]],
      '2025-05-21',
      ['access-without-undertaking | 2025-05-13 | Law 58 6 | 2025-05-21'],
    ],
    [
      'an authority answered late',
      [['2025-06-02', 'asked', { ...own, authority: 'kg.ombudsman', request: 'O-1' }]],
      '2025-06-10',
      ['answer-late | 2025-06-10 | Law 58 17(з) | open'],
    ],
  ])('%s', (_, acts, asOf, expected) => {
    expect(rows(acts, asOf, holder)).toEqual(expected);
  });

  test('a law that is replaced while the policy cites it', () => {
    expect(rows([], '2026-02-04', somo)).toEqual([]);
    expect(rows([], '2026-02-05', somo)).toEqual(['stale-law | 2026-02-05 | policy 3.1 | open']);
  });
});
