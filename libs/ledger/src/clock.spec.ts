/**
 * Sentences of `rules.md` 3 that no figure of the five organisations shows: what a pack may say besides, told by packs that
 * say it.
 */
import { describe, expect, test } from '@jest/globals';
import { compile, endOfDay, type LawPack, type Pack, type Rulebook } from '#packs';
import { collected, consented, F, type Row, Told } from '../testdata/acts.js';
import { builtInPacks, rulebookOf } from '../testdata/packs.js';
import { clocks } from './clock-view.js';

type Deadlines = LawPack['deadlines'];

/** The rules of a controller, with the deadlines of one law or policy made others. */
function bookWith(controller: string, id: string, change: (rows: Deadlines) => Deadlines): Rulebook {
  const isIt = (pack: Pack): boolean => (pack.kind === 'controller' ? pack.controller.id : pack.meta.id) === id;
  const packs = builtInPacks().map((pack) =>
    pack.kind !== 'calendar' && isIt(pack) ? { ...pack, deadlines: change(pack.deadlines) } : pack,
  );
  return compile(packs, controller);
}

const C = '2026-02-02';
const shown = (told: Told, duty: string, asOf: string): readonly string[] =>
  told
    .clocks(asOf)
    .filter((row) => row.duty === duty)
    .map(({ on, due, clause, binds, state, items = [] }) =>
      [on, due, clause, ...(binds ? ['binds'] : []), state, items.join(',')].filter((one) => one !== '').join(' | '),
    );

describe('a review', () => {
  const yearly = bookWith('kz.autosiyliq', 'kz.autosiyliq', (rows) =>
    rows.map((row) => (row.duty === 'review' ? { ...row, term: '1 year' } : row)),
  );
  const listed: Row = [C, 'derived', { items: ['deprived-entry'], purposes: ['deprived-list'] }];
  const verified = (on: string): Row => [
    on,
    'verified',
    { items: ['deprived-entry'], with: 'kz.bank', result: 'match' },
  ];
  const reviews = (rows: readonly Row[], asOf: string) => shown(new Told(yearly, rows), 'review', asOf);

  test('counts its term anew from each verification of the item', () => {
    expect(reviews([listed], '2027-02-02')).toEqual([
      `${C} | 2027-02-02 | policy 1.1 | binds | running | deprived-entry`,
    ]);
    expect(reviews([listed], '2027-02-03')).toEqual([`${C} | 2027-02-02 | policy 1.1 | binds | late | deprived-entry`]);
    expect(reviews([listed, verified('2026-08-10')], '2027-02-03')).toEqual([
      `${C} | 2027-08-10 | policy 1.1 | binds | running | deprived-entry`,
    ]);
  });

  test('is met by destruction alone', () => {
    const destroyed: Row = ['2026-05-04', 'destroyed', { items: ['deprived-entry'], method: 'erase' }];
    expect(reviews([listed, destroyed], '2026-05-04')).toEqual([
      `${C} | 2027-02-02 | policy 1.1 | binds | met | deprived-entry`,
    ]);
  });
});

describe('where destruction is impossible', () => {
  const anchored = (anchor: 'trigger' | 'due'): Rulebook =>
    bookWith('kg.softskills', 'kg.softskills', (rows) =>
      rows.map((row) => (row.duty === 'destroy-blocked' ? { ...row, anchor } : row)),
    );
  const held: readonly Row[] = [
    consented('2025-09-01', ['consult']),
    collected('2025-09-01', ['name'], ['consult']),
    ['2025-09-02', 'withdrew', { parts: 'all' }],
    ['2025-09-20', 'not-destroyed', { items: ['name'], reason: 'bound in a book', medium: 'paper' }],
  ];

  test('the term counts from the first trigger, or from the day that was due, as the pack says', () => {
    const until = (anchor: 'trigger' | 'due') =>
      shown(new Told(anchored(anchor), held), 'destroy-blocked', '2025-09-20');
    expect(until('trigger')).toEqual(['2025-09-02 | 2026-03-02 | policy 17 | binds | running | name']);
    expect(until('due')).toEqual(['2025-09-02 | 2026-04-02 | policy 17 | binds | running | name']);
  });

  test('what is kept past that term is found, until it is gone', () => {
    const late = (rows: readonly Row[], asOf: string) =>
      new Told(rulebookOf('kg.softskills'), rows)
        .findings(asOf)
        .filter(({ code }) => code === 'kept-past-term')
        .map(({ on, items, clause, state }) => [on, ...items, clause, state].join(' | '));
    expect(late(held, '2026-03-02')).toEqual([]);
    expect(late(held, '2026-03-03')).toEqual(['2026-03-03 | name | policy 17 | open']);
    const destroyed: Row = ['2026-03-09', 'destroyed', { items: ['name'], method: 'shred' }];
    expect(late([...held, destroyed], '2026-03-09')).toEqual(['2026-03-03 | name | policy 17 | closed']);
  });
});

describe('a policy that yields to the term of a law', () => {
  const held: readonly Row[] = [
    consented('2025-09-01', ['consult']),
    collected('2025-09-01', ['name'], ['consult']),
    ['2025-09-02', 'reached', { purposes: ['consult'] }],
  ];
  const lawTerm = (term: string): Rulebook =>
    bookWith('kg.softskills', 'kg.law-58', (rows) =>
      rows.map((row) => (row.trigger === 'purpose.reached' ? { ...row, term } : row)),
    );
  const destroys = (book: Rulebook) => shown(new Told(book, held), 'destroy', '2025-09-02');

  test('does not bind beside one that is later: that one does', () => {
    expect(destroys(lawTerm('60 calendar days'))).toEqual([
      '2025-09-02 | 2025-10-02 | policy 17 | running | name',
      '2025-09-02 | 2025-11-01 | Law 58 26 | binds | running | name',
    ]);
  });

  test('binds where the law gives none', () => {
    const none = bookWith('kg.softskills', 'kg.law-58', (rows) => rows.filter(({ duty }) => duty !== 'destroy'));
    expect(destroys(none)).toEqual(['2025-09-02 | 2025-10-02 | policy 17 | binds | running | name']);
  });
});

describe('a duty of some causes of a breach', () => {
  const told = (cause: string): readonly string[] => {
    const book = bookWith('kz.autosiyliq', 'kz.mfo-rules', (rows) =>
      rows.map((row) => (row.duty === 'tell-subject-breach' ? { ...row, condition: { causes: ['controller'] } } : row)),
    );
    const breached = { person: undefined, breach: 'B-1', found: '2026-03-02', cause };
    return shown(
      new Told(book, [collected(C, ['name'], ['loan']), ['2026-03-02', 'breached', breached]]),
      'tell-subject-breach',
      '2026-03-02',
    );
  };

  test('is owed after these alone', () => {
    expect(told('controller')).toEqual(['2026-03-02 | 2026-03-03 | MFO rules, breach of secrecy | binds | running']);
    expect(told('recipient')).toEqual([]);
  });
});

describe('a dispute', () => {
  const lerna = rulebookOf('kg.softskills');
  const opened = (more: object): Row => ['2025-09-02', 'disputed', { items: ['name'], request: 'D-1', ...more }];
  const destroys = (rows: readonly Row[], book = lerna) =>
    shown(new Told(book, [collected('2025-09-01', ['name'], ['consult']), ...rows]), 'destroy', '2025-09-30');

  test('with a document starts a destruction of what it is about, unless it only says that data are untrue', () => {
    expect(destroys([opened({ document: 'a list' })])).toEqual([
      '2025-09-02 | 2025-09-11 | policy 16 | binds | late | name',
      '2025-09-02 | 2025-10-02 | policy 17 | running | name',
    ]);
    expect(destroys([opened({ document: 'a list', alleges: 'untrue' })])).toEqual([]);
    expect(destroys([opened({})])).toEqual([]);
  });

  test('that is upheld destroys what was unlawful; of two with one number the graver counts', () => {
    const upheld: Row = ['2025-09-10', 'resolved', { request: 'D-1', upheld: true }];
    const stopped: Row = ['2025-09-03', 'stopped', { purposes: 'all' }];
    expect(destroys([opened({ alleges: 'untrue' }), stopped, upheld])).toEqual([]);
    const graver = ['2025-09-10 | 2025-10-10 | policy 17 | binds | running | name'];
    expect(
      destroys([opened({ alleges: 'untrue' }), opened({ alleges: 'unlawful', note: 'x' }), stopped, upheld]),
    ).toEqual(graver);
    expect(
      destroys([opened({ alleges: 'unlawful' }), opened({ alleges: 'untrue', note: 'x' }), stopped, upheld]),
    ).toEqual(graver);
  });
});

describe('what is asked and not done', () => {
  const auto = rulebookOf('kz.autosiyliq');
  const held = [consented(C, ['loan']), collected(C, ['name', 'phone'], ['loan'])];
  const of = (duty: string, rows: readonly Row[]) => shown(new Told(auto, [...held, ...rows]), duty, '2026-02-20');
  const disputed: Row = ['2026-02-10', 'disputed', { items: ['name'], request: 'D-1' }];
  const asked = (right: string): Row => [
    '2026-02-10',
    'requested',
    { items: ['name', 'phone'], request: 'R-1', right, channel: 'email' },
  ];
  const refused = (request: string, items?: readonly string[]): Row => [
    '2026-02-11',
    'refused',
    { request, ground: '94-v.8.2.law', ...(items === undefined ? {} : { items }) },
  ];
  const late = (items: string) => `2026-02-10 | 2026-02-11 | 94-V 25(2) | binds | late | ${items}`;
  const over = (items: string) => `2026-02-10 | 2026-02-11 | 94-V 25(2) | binds | superseded | ${items}`;

  test('a block is given up when the dispute is decided, or the demand refused', () => {
    const resolved: Row = ['2026-02-11', 'resolved', { request: 'D-1', upheld: false }];
    expect(of('block', [disputed])).toEqual([late('name')]);
    expect(of('block', [disputed, resolved])).toEqual([over('name')]);
    expect(of('block', [asked('block'), refused('R-1')])).toEqual([over('name,phone')]);
    expect(of('block', [disputed, refused('R-1')])).toEqual([late('name')]);
  });

  test('a rectification when it is refused, as far as it is', () => {
    expect(of('rectify', [asked('rectify')])).toEqual([late('name,phone')]);
    expect(of('rectify', [asked('rectify'), refused('R-1')])).toEqual([over('name,phone')]);
    expect([...of('rectify', [asked('rectify'), refused('R-1', ['phone'])])].sort()).toEqual([
      late('name'),
      over('phone'),
    ]);
  });
});

test('a demand to destroy stops purposes where a pack gives it a term, and nowhere else', () => {
  const stateAt = (controller: string): string | undefined =>
    new Told(rulebookOf(controller), [
      collected('2025-09-01', ['phone'], ['advertising']),
      ['2025-09-02', 'requested', { request: 'X-1', right: 'destroy', channel: 'email' }],
    ]).item('2025-09-03', 'phone')?.purposes[0]?.state;
  expect(stateAt('kg.softskills')).toBe('stopped');
  expect(stateAt('kg.somo')).toBe('active');
});

test('a withdrawal that is refused has its stop met with the refusal', () => {
  const told = new Told(rulebookOf('kg.softskills'), [
    consented('2025-09-01', ['consult']),
    collected('2025-09-01', ['name'], ['consult']),
    ['2025-09-02', 'withdrew', { parts: 'all', request: 'W-1' }],
    ['2025-09-04', 'refused', { request: 'W-1', ground: 'law-58.15.state-secret' }],
  ]);
  expect(shown(told, 'stop', '2025-09-03')).toEqual(['2025-09-02 | 2025-09-02 | policy 17 | binds | late']);
  expect(shown(told, 'stop', '2025-09-04')).toEqual(['2025-09-02 | 2025-09-02 | policy 17 | binds | met']);
});

test('days off are read as known: an open clock counts by the newest edition of the calendar that was out by then', () => {
  const book = rulebookOf('kz.autosiyliq');
  const told = new Told(book, []);
  const base = { specversion: '1.0', id: 'a-1', source: 'urn:example:los', controller: 'kz.autosiyliq' };
  const data = { on: '2026-08-28', person: F, request: 'R-1', right: 'access', channel: 'email' };
  // Recorded before the day that it is about, so that it is known under both editions of the year.
  told.ledger.record({ ...base, type: 'depter.action.requested.v1', data }, '2026-02-01T10:00:00.000Z');
  const record = told.ledger.person(told.ledger.subject(F));
  const due = (knownOn: string) =>
    clocks(record, book, { asOf: '2026-08-28', asKnown: endOfDay(knownOn, book.zone) })[0]!.due;
  // 31 August was a day off until the new Constitution took it away.
  expect(due('2026-03-17')).toBe('2026-09-03');
  expect(due('2026-03-18')).toBe('2026-09-02');
});
