/** Commands: what is accepted as which act, and what is refused by which clause (`rules.md` 5). */
import { describe, expect, test } from '@jest/globals';
import { compile } from '#packs';
import { collected, consented, F, type Row, Told } from '../testdata/acts.js';
import { builtInPacks, rulebookOf } from '../testdata/packs.js';
import { type Command, decideCommand, type Outcome } from './command.js';
import { answer, requests } from './request-view.js';

const auto = rulebookOf('kz.autosiyliq');
const lerna = rulebookOf('kg.softskills');
const holder = rulebookOf('kg.holder');
const C = '2026-02-02';

const asked = (request: string, right: string, more: object = {}): Row => [
  C,
  'requested',
  { request, right, channel: 'email', ...more },
];
const opened: Row = [C, 'contracted', { contract: 'L-1' }];
const held = [consented(C, ['loan']), collected(C, ['name', 'email'], ['loan'])];

/** A command that names its request as the emitter does. */
type Asked = { readonly name: Command['name']; readonly request?: string; readonly [field: string]: unknown };

function outcome(rows: readonly Row[], command: Asked, book = auto, asOf = C): Outcome {
  const told = new Told(book, rows);
  const record = told.ledger.person(told.ledger.subject(F));
  const texts = (reference: string): string | undefined => told.ledger.texts.get(reference)?.text;
  const { request } = command;
  const row = requests(record, book, { asOf, asKnown: undefined }, { texts }).find((one) => one.request === request);
  const named = request === undefined ? {} : { request: row?.id ?? request };
  return decideCommand(record, book, { ...command, ...named } as Command, asOf);
}

const short = (one: Outcome): string =>
  one.kind === 'refused'
    ? [one.code, one.clause ?? 'no clause', one.items.join()].filter((part) => part !== '').join(' | ')
    : one.kind === 'accepted'
      ? one.drafts.map(({ name }) => name).join()
      : one.kind;

describe('a refusal', () => {
  const refuse = (ground: string | null, items?: readonly string[]) =>
    ({ name: 'refuse', request: 'R-1', ground, ...(items === undefined ? {} : { items }) }) as const;
  const demand = asked('R-1', 'destroy');
  test.each<readonly [string, readonly Row[], Asked, string]>([
    ['without a ground', [...held, demand], refuse(null), 'ground-required | 94-V 8(7)'],
    ['with one that no pack lists', [...held, demand], refuse('because'), 'ground-required | 94-V 8(7)'],
    ['of no such request', held, refuse('94-v.8.2.law'), 'unknown-request'],
    ['an obligation that is open', [...held, opened, demand], refuse('94-v.8.2.obligation'), 'refused'],
    ['one that is not', [...held, demand], refuse('94-v.8.2.obligation'), 'ground-not-met | 94-V 8(2)'],
    ['a minimum keeps what is named', [...held, opened, demand], refuse('94-v.8.2.law', ['name']), 'refused'],
    [
      'not all that is named',
      [...held, opened, demand],
      refuse('94-v.8.2.law', ['name', 'email']),
      'ground-not-met | 94-V 8(2) | email',
    ],
    [
      'a hold keeps it',
      [...held, demand, [C, 'held', { authority: 'kz.authority' }]],
      refuse('94-v.8.2.law', ['email']),
      'refused',
    ],
  ])('%s', (_, rows, command, expected) => {
    expect(short(outcome(rows, command))).toBe(expected);
  });

  test('where only listed grounds may be used, cites that clause', () => {
    const rows: readonly Row[] = [['2025-05-19', 'requested', { request: 'R-1', right: 'access', channel: 'letter' }]];
    expect(short(outcome(rows, refuse(null), holder, '2025-05-20'))).toBe('ground-required | Law 58 15');
    expect(short(outcome(rows, refuse('law-58.15.others-rights'), holder, '2025-05-20'))).toBe(
      'ground-not-met | Law 58 15',
    );
  });
});

describe('destroying', () => {
  test('is refused as a whole for what a minimum or hold keeps, which it names', () => {
    const destroy = { name: 'destroy', items: ['name', 'email'], method: 'erase' } as const;
    expect(short(outcome(held, destroy))).toBe('destroyed');
    expect(short(outcome([...held, opened], destroy))).toBe(
      'kept-by-law | MFO rules, keeping of messages and documents | name',
    );
    const hold: Row = [C, 'held', { authority: 'kz.authority' }];
    expect(short(outcome([...held, hold], { ...destroy, items: 'all' }))).toBe('kept-by-law | no clause | email,name');
  });

  test('becomes the act with its own fields', () => {
    expect(outcome(held, { name: 'destroy', items: 'all', method: 'erase' })).toEqual({
      kind: 'accepted',
      drafts: [{ name: 'destroyed', data: { items: 'all', method: 'erase' } }],
    });
  });
});

test('anonymised keeping is not allowed after a withdrawal or a demand, of what they are about', () => {
  const on = '2025-09-01';
  const rows = [consented(on, ['consult']), collected(on, ['name', 'phone'], ['consult'])];
  const command = { name: 'depersonalise', items: ['name'] } as const;
  const at = '2025-09-10';
  const told = (more: Row): string => short(outcome([...rows, more], command, lerna, at));
  expect(short(outcome(rows, command, lerna, at))).toBe('depersonalised');
  expect(told(['2025-09-02', 'withdrew', { parts: 'all' }])).toBe('not-allowed | policy 11.7 | name');
  const demand = (items: readonly string[]): Row => [
    '2025-09-02',
    'requested',
    { request: 'X-1', right: 'destroy', items, channel: 'email' },
  ];
  expect(told(demand(['name']))).toBe('not-allowed | policy 11.7 | name');
  expect(told(demand(['phone']))).toBe('depersonalised');
});

describe('an extension', () => {
  const rows = [asked('R-1', 'access')];
  const extend = (until: string) => ({ name: 'extend', request: 'R-1', until, reason: 'archive abroad' }) as const;
  const known = compile(
    builtInPacks().map((pack) =>
      pack.kind === 'law' && pack.meta.id === 'kz.94-v'
        ? {
            ...pack,
            extensions: [
              { duty: 'answer-access' as const, term: '10 calendar days', clause: '94-V 25', mark: 'M' as const },
            ],
          }
        : pack,
    ),
    'kz.autosiyliq',
  );

  test('that no law knows is not allowed', () => {
    expect(short(outcome(rows, extend('2026-02-10')))).toBe('not-allowed | 94-V 25(2)');
  });

  test('that a law knows lasts as long as it says, and moves the clock', () => {
    expect(short(outcome(rows, extend('2026-02-15'), known))).toBe('extended');
    expect(short(outcome(rows, extend('2026-02-16'), known))).toBe('not-allowed | 94-V 25');
    const told = new Told(known, [
      ...rows,
      ['2026-02-04', 'extended', { request: 'R-1', until: '2026-02-15', reason: 'archive' }],
    ]);
    expect(told.clocks('2026-02-15')).toMatchObject([{ due: '2026-02-15', state: 'extended' }]);
    expect(told.clocks('2026-02-16')).toMatchObject([{ due: '2026-02-15', state: 'late' }]);
    expect(told.findings('2026-02-16')).toMatchObject([{ code: 'answer-late', on: '2026-02-16' }]);
    const tooLate: Row = ['2026-02-06', 'extended', { request: 'R-1', until: '2026-02-15', reason: 'archive' }];
    expect(new Told(known, [...rows, tooLate]).clocks('2026-02-06')).toMatchObject([
      { due: '2026-02-05', state: 'late' },
    ]);
  });
});

test('a request is shown with its state and last day, a withdrawal without a number under one of Depter', () => {
  const told = new Told(auto, [
    ...held,
    asked('R-1', 'access', { medium: 'paper' }),
    ['2026-02-03', 'withdrew', { parts: 'all' }],
    ['2026-02-04', 'answered', { request: 'R-1' }],
  ]);
  const record = told.ledger.person(told.ledger.subject(F));
  const texts = (reference: string): string | undefined => told.ledger.texts.get(reference)?.text;
  const at = { asOf: '2026-02-04', asKnown: undefined };
  const rows = requests(record, auto, at, { texts });
  expect(rows).toMatchObject([
    { request: 'R-1', right: 'access', on: C, state: 'answered', due: '2026-02-05' },
    { right: 'withdraw', on: '2026-02-03', state: 'open', due: '2026-02-24' },
  ]);
  expect(rows[1]!.id).not.toBe(rows[1]!.request);
  // No law of Kazakhstan lets a medium be charged for.
  expect(answer(record, auto, rows[0]!.id, at)).toMatchObject({ fee: 'none', outcome: 'answered' });
  expect(answer(record, auto, 'none', at)).toBeUndefined();
});
