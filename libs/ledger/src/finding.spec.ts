/** What time brings and what is destroyed too early, as the table of `rules.md` 4 says; what holds of all findings. */
import { expect, test } from '@jest/globals';
import { collected, F, Told } from '../testdata/acts.js';
import {
  allUndertakings,
  auto,
  C,
  COLLECTING,
  confirmed,
  destroyed,
  held,
  K,
  KEEPING,
  lerna,
  PASSING_ON,
  told,
  transferred,
  tryCases,
  undertook,
  used,
  USING,
} from '../testdata/findings.js';
import { decide } from './decision.js';
import { FINDING_CODES, type FindingCode } from './finding.js';
import type { Recorded } from './record.js';

tryCases(KEEPING, {
  'kept-past-term': [
    ['from the day after', [...held, ['2025-09-02', 'withdrew', { parts: 'all' }]], '2025-10-02', []],
    [
      'open',
      [...held, ['2025-09-02', 'withdrew', { parts: 'all' }]],
      '2025-10-03',
      ['2025-10-03 | name,phone | policy 17 | open'],
    ],
    [
      'items as they stood then',
      [
        ...held,
        ['2025-09-02', 'withdrew', { parts: 'all' }],
        destroyed('2025-09-20', ['name']),
        destroyed('2025-10-05', ['phone']),
      ],
      '2025-10-05',
      ['2025-10-03 | phone | policy 17 | 2025-10-05'],
    ],
    [
      'a paused clock opens none',
      [...held, ['2025-09-02', 'withdrew', { parts: 'all' }], ['2025-09-20', 'held', { authority: 'kg.court' }]],
      '2025-12-01',
      [],
    ],
  ],
  'answer-late': [
    [
      'late',
      [['2025-09-01', 'requested', { request: 'A-1', right: 'access', channel: 'letter' }]],
      '2025-09-09',
      ['2025-09-09 | Law 58 17(д) | open'],
    ],
    [
      'not on its last day',
      [['2025-09-01', 'requested', { request: 'A-1', right: 'access', channel: 'letter' }]],
      '2025-09-08',
      [],
    ],
    [
      'met',
      [
        ['2025-09-01', 'requested', { request: 'A-1', right: 'access', channel: 'letter' }],
        ['2025-09-11', 'answered', { request: 'A-1' }],
      ],
      '2025-09-11',
      ['2025-09-09 | Law 58 17(д) | 2025-09-11'],
    ],
  ],
  'order-outstanding': [
    [
      'not on its day',
      [
        ...held,
        transferred(C, 'kg.bank'),
        ['2025-09-02', 'notified', { of: 'destroy', recipient: 'kg.bank', items: ['name'], channel: 'email' }],
      ],
      '2025-09-02',
      [],
    ],
    [
      'from the next',
      [
        ...held,
        transferred(C, 'kg.bank'),
        ['2025-09-02', 'notified', { of: 'destroy', recipient: 'kg.bank', items: ['name'], channel: 'email' }],
      ],
      '2025-09-03',
      ['2025-09-03 | name | kg.bank | open'],
    ],
    [
      'until confirmed',
      [
        ...held,
        transferred(C, 'kg.bank'),
        ['2025-09-02', 'notified', { of: 'destroy', recipient: 'kg.bank', items: ['name'], channel: 'email' }],
        confirmed('2025-09-05', 'kg.bank'),
      ],
      '2025-09-05',
      ['2025-09-03 | name | kg.bank | 2025-09-05'],
    ],
  ],
  gap: [
    [
      'a purpose that nothing ends',
      [['2026-10-01', 'derived', { items: ['deprived-entry'], purposes: ['deprived-list'] }]],
      '2026-10-01',
      ['2026-10-01 | deprived-entry | policy 1.1 | open'],
      auto,
    ],
    [
      'closed when it is gone',
      [
        ['2026-10-01', 'derived', { items: ['deprived-entry'], purposes: ['deprived-list'] }],
        destroyed('2026-11-01', ['deprived-entry']),
      ],
      '2026-11-01',
      ['2026-10-01 | deprived-entry | policy 1.1 | 2026-11-01'],
      auto,
    ],
    [
      'closed when something keeps it again',
      [
        ['2026-10-01', 'stopped', { purposes: 'all' }],
        collected('2026-10-01', ['name'], ['loan']),
        ['2026-10-01', 'stopped', { purposes: 'all' }],
        collected('2026-10-05', ['name'], ['loan']),
      ],
      '2026-10-05',
      ['2026-10-01 | name | 2026-10-05'],
      auto,
    ],
  ],
  'destroyed-while-kept': [
    [
      'a minimum keeps it',
      [
        collected('2026-02-02', ['name'], ['loan']),
        ['2026-02-02', 'contracted', { contract: 'L-1' }],
        destroyed('2026-03-02', ['name']),
      ],
      '2026-03-02',
      ['2026-03-02 | name | MFO rules, keeping of messages and documents | open'],
      auto,
    ],
    [
      'a hold keeps it',
      [...held, ['2025-09-02', 'held', { authority: 'kg.court' }], destroyed('2025-09-03', ['name'])],
      '2025-09-03',
      ['2025-09-03 | name | open'],
    ],
    ['nothing does', [...held, destroyed('2025-09-03', ['name'])], '2025-09-03', []],
  ],
});

test('a corrected act leaves no finding', () => {
  const one = new Told(lerna, held);
  const id = 'wrong-use';
  one.tell(used('2025-09-02', ['name'], ['inform']), id);
  const codes = (): string[] => one.findings('2025-09-03').map((row) => row.code);
  expect(codes()).toEqual(['use-off-purpose']);
  one.tell(['2025-09-03', 'corrected', { event: { source: 'urn:example:los', id }, reason: 'it was not' }]);
  expect(codes()).toEqual([]);
});

test('an undertaking that was corrected was never given, to whomever it is asked of', () => {
  const one = new Told(lerna, [...held, transferred('2025-09-05', 'kg.bank')]);
  const codes = (): string[] => one.findings('2025-09-08').map((row) => row.code);
  const { listed } = one.ledger.person(one.ledger.subject(F));
  const given = () => one.ledger.person(one.ledger.subject(F)).controller;
  const unknown = (corrections: readonly Recorded[]) =>
    decide(
      undefined,
      lerna,
      { do: 'transfer', items: ['name'], purposes: ['consult'], recipient: 'kg.bank', at: '2025-09-08' },
      { controller: given(), corrections, listed },
    ).reasons.map(({ code }) => code);
  one.tell(undertook('2025-09-04', 'kg.bank', allUndertakings), 'wrong-paper');
  expect(codes()).toEqual([]);
  expect(unknown([])).not.toContain('transfer-without-undertaking');
  const event = { source: 'urn:example:los', id: 'wrong-paper' };
  one.tell(['2025-09-07', 'corrected', { person: K, event, reason: 'of another bank' }]);
  expect(codes()).toEqual(['transfer-without-undertaking']);
  expect(unknown(one.ledger.person(one.ledger.subject(F)).corrections)).toContain('transfer-without-undertaking');
});

test('what closed stays closed: an item that lives again is judged anew', () => {
  const rows = [
    collected(C, ['name'], ['consult']),
    destroyed('2025-09-02', ['name']),
    collected('2025-09-03', ['name'], ['consult']),
  ];
  expect(told(rows, lerna, 'collected-without-basis', '2025-09-03')).toEqual([
    `${C} | name | policy 6 | 2025-09-02`,
    '2025-09-03 | name | policy 6 | open',
  ]);
});

test('every code that the wire has is tried here, or beside its own matter', () => {
  const elsewhere: readonly FindingCode[] = [
    'unlisted',
    'identity-conflict',
    'stale-law',
    'access-without-undertaking',
  ];
  const tried = [...COLLECTING, ...PASSING_ON, ...USING, ...KEEPING];
  expect([...tried, ...elsewhere].sort()).toEqual([...FINDING_CODES].sort());
});
