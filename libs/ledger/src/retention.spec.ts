/** Until when, and why: the sentences of `rules.md` 2, one by one, on the rules of AUTO SIYLIQ FINANCE. */
import { describe, expect, test } from '@jest/globals';
import { collected, consented, type Row, Told } from '../testdata/acts.js';
import { rulebookOf } from '../testdata/packs.js';

const rulebook = rulebookOf('kz.autosiyliq');
const finbox = rulebookOf('kz.finbox');

const C = '2026-02-02';
const opened: Row = [C, 'contracted', { contract: 'L-1' }];
const performed = (on: string, contract = 'L-1'): Row => [on, 'performed', { contract }];
const hold = (more: object = {}): Row => [C, 'held', { authority: 'kz.authority', ...more }];

/** What is asked of item `name` (or another), as `kind: what that is; reasons`. */
function untilOf(rows: readonly Row[], asOf: string, item = 'name', book = rulebook): string {
  const row = new Told(book, rows).item(asOf, item);
  if (row === undefined) return 'no item';
  const { until, state } = row;
  const what =
    until.kind === 'date' ? until.date : until.kind === 'event' ? [until.event, until.then].join(' ').trim() : '';
  return [state, until.kind, what, until.reasons.map((reason) => reason.id).join(',')]
    .filter((part) => part !== '')
    .join(' ');
}

const loan = [consented(C, ['loan', 'advertising']), collected(C, ['name', 'email'], ['loan', 'advertising'])];

describe('what lasts longest stands first and binds', () => {
  test.each<readonly [string, readonly Row[], string, string]>([
    [
      'an event with a term, then of two events the contract',
      [...loan, opened],
      C,
      'active event contract-performed P5Y dossier,loan,advertising',
    ],
    ['without a contract the minimum does not run', loan, C, 'active event contract-performed loan,advertising'],
    [
      'a silent one before all',
      [...loan, opened, [C, 'derived', { items: ['name'], purposes: ['deprived-list'] }]],
      C,
      'active silent deprived-list,dossier,loan,advertising',
    ],
    [
      'a hold without end after a purpose',
      [...loan, hold()],
      C,
      'active event contract-performed loan,advertising,kz.authority',
    ],
    [
      'an event before every date',
      [...loan, hold({ until: '2099-01-01' })],
      C,
      'active event contract-performed loan,advertising,kz.authority',
    ],
    [
      'the latest date',
      [...loan, opened, performed('2026-03-02'), hold({ until: '2040-01-01' })],
      '2026-03-02',
      'kept date 2040-01-01 kz.authority,dossier',
    ],
    [
      'a minimum first among those that end together',
      [...loan, opened, performed('2026-03-02'), hold({ until: '2031-03-02' })],
      '2026-03-02',
      'kept date 2031-03-02 dossier,kz.authority',
    ],
  ])('%s', (_, rows, asOf, expected) => {
    expect(untilOf(rows, asOf)).toBe(expected);
  });
});

describe('a minimum', () => {
  const rows = [...loan, opened];
  test.each<readonly [string, readonly Row[], string, string]>([
    ['waits from the contract', rows, C, 'active event contract-performed P5Y dossier,loan,advertising'],
    ['runs through its last day', [...rows, performed('2026-03-02')], '2031-03-02', 'kept date 2031-03-02 dossier'],
    [
      'keeps no longer on the day after',
      [...rows, performed('2026-03-02')],
      '2031-03-03',
      'stopped date 2031-03-03 destroy',
    ],
    ['clips at the month end', [...rows, performed('2028-02-29')], '2028-02-29', 'kept date 2033-02-28 dossier'],
    [
      'waits again for a later contract',
      [...rows, performed('2026-03-02'), ['2026-04-01', 'contracted', { contract: 'L-2' }]],
      '2026-04-01',
      'kept event contract-performed P5Y dossier',
    ],
    [
      'counts from the last performed',
      [
        ...rows,
        ['2026-02-03', 'contracted', { contract: 'L-2' }],
        performed('2026-03-02', 'L-2'),
        performed('2026-05-04'),
      ],
      '2026-05-04',
      'kept date 2031-05-04 dossier',
    ],
    [
      'of the contracts that the collection names, where it names one',
      [
        collected(C, ['name'], ['loan'], { contract: 'L-1' }),
        opened,
        [C, 'contracted', { contract: 'L-2' }],
        performed('2026-03-02'),
        performed('2026-05-04', 'L-2'),
      ],
      '2026-05-04',
      'kept date 2031-03-02 dossier',
    ],
  ])('%s', (_, told, asOf, expected) => {
    expect(untilOf(told, asOf)).toBe(expected);
  });

  test('counts from the collection, or the last transfer of any item for a purpose', () => {
    const told: readonly Row[] = [
      collected('2026-04-06', ['bureau-consents', 'iin'], ['microcredit']),
      ['2026-04-06', 'contracted', { contract: 'L-1' }],
    ];
    const supplied = (on: string): Row => [
      on,
      'transferred',
      { items: ['iin'], recipient: 'kz.bureau.private', purposes: ['bureau-supply'], basis: 'law' },
    ];
    const over = performed('2026-05-06');
    const until = (rows: readonly Row[]): string => untilOf(rows, '2026-06-01', 'bureau-consents', finbox);
    expect(until([...told, over])).toBe('kept date 2036-04-06 report-consent');
    expect(until([...told, supplied('2026-04-08'), over])).toBe('kept date 2036-04-08 supply-consent,report-consent');
    expect(until([...told, supplied('2026-04-06'), over])).toBe('kept date 2036-04-06 supply-consent,report-consent');
  });
});

describe('a consent with a last day', () => {
  const dated = [consented(C, ['advertising'], { until: '2026-05-01' }), collected(C, ['email'], ['advertising'])];
  const second = consented(C, ['advertising'], { consent: 'C-2', until: '2026-06-01' });
  test.each<readonly [string, readonly Row[], string, string]>([
    ['carries its purpose until then', dated, C, 'active date 2026-05-01 advertising'],
    ['of two, until the later', [...dated, second], C, 'active date 2026-06-01 advertising'],
    [
      'beside one without, until the purpose is reached',
      [...dated, consented(C, ['advertising'], { consent: 'C-3' })],
      C,
      'active event purpose-reached advertising',
    ],
    ['keeps through that day', dated, '2026-05-01', 'active date 2026-05-01 advertising'],
    // 1 May is a holiday of Kazakhstan, a Friday: one working day after it is Monday the 4th.
    ['the day after, what it carried is to be destroyed', dated, '2026-05-02', 'stopped date 2026-05-04 destroy'],
    [
      'collected again, it lives again',
      [...dated, collected('2026-05-10', ['email'], ['advertising'])],
      '2026-05-10',
      'active event purpose-reached advertising',
    ],
    [
      'a later consent that carries it brings it back',
      [...dated, consented('2026-05-10', ['advertising'], { consent: 'C-4' })],
      '2026-05-10',
      'active event purpose-reached advertising',
    ],
  ])('%s', (_, rows, asOf, expected) => {
    expect(untilOf(rows, asOf, 'email')).toBe(expected);
  });

  test('expires on the day after its last, by a clock that has that day as its trigger', () => {
    const told = new Told(rulebook, dated);
    expect(told.item('2026-05-01', 'email')?.purposes).toEqual([
      { purpose: 'advertising', basis: 'consent', state: 'active' },
    ]);
    expect(told.item('2026-05-02', 'email')?.purposes).toMatchObject([{ state: 'ended', since: '2026-05-02' }]);
    expect(told.clocks('2026-05-01')).toMatchObject([
      {
        duty: 'destroy',
        items: ['email'],
        trigger: 'consent-expired',
        on: '2026-05-01',
        due: '2026-05-04',
        state: 'running',
      },
    ]);
    expect(told.clocks('2026-04-30')).toEqual([]);
  });

  test('has no effect while its purpose is barred and the contract is open', () => {
    const barred = [consented(C, ['loan'], { until: '2026-05-01' }), collected(C, ['email'], ['loan']), opened];
    expect(untilOf(barred, '2026-05-02', 'email')).toBe('active event contract-performed loan');
    expect(untilOf([...barred, performed('2026-06-01')], '2026-06-01', 'email')).toBe(
      'stopped date 2026-06-02 destroy',
    );
  });
});

test('a hold pauses destruction, and on its release the term counts anew where that is later', () => {
  const rows: readonly Row[] = [
    consented(C, ['advertising']),
    collected(C, ['email'], ['advertising']),
    ['2026-02-16', 'withdrew', { parts: 'all' }],
    ['2026-02-17', 'held', { authority: 'kz.authority' }],
  ];
  const held = new Told(rulebook, rows);
  expect(held.item('2026-04-01', 'email')).toMatchObject({
    state: 'kept',
    until: { kind: 'event', event: 'released' },
  });
  expect(held.clocks('2026-04-01')).toMatchObject([
    { duty: 'answer-withdrawal' },
    { duty: 'destroy', state: 'paused', due: '2026-03-10' },
  ]);
  const free = new Told(rulebook, [...rows, ['2026-04-01', 'released']]);
  expect(free.item('2026-04-01', 'email')).toMatchObject({ state: 'stopped', until: { date: '2026-04-22' } });
  expect(free.clocks('2026-04-22').find((clock) => clock.duty === 'destroy')).toMatchObject({ state: 'running' });
  expect(free.clocks('2026-04-23').find((clock) => clock.duty === 'destroy')).toMatchObject({ state: 'late' });
  const soon = new Told(rulebook, [
    ...rows.slice(0, 3),
    ['2026-02-16', 'held', { authority: 'kz.authority' }],
    ['2026-02-16', 'released'],
  ]);
  expect(soon.item('2026-02-16', 'email')).toMatchObject({ until: { date: '2026-03-10' } });
});
