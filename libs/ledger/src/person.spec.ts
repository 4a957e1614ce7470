/** Purposes, orders, links, corrections: the sentences of `rules.md` 1 and 2, on the rules of AUTO SIYLIQ FINANCE. */
import { describe, expect, test } from '@jest/globals';
import { collected, consented, F, type Row, Told } from '../testdata/acts.js';
import { MemoryLedger } from '../testdata/memory-ledger.js';
import { rulebookOf } from '../testdata/packs.js';
import { identityOf } from './fold.js';
import type { Person } from './identifier.js';

const rulebook = rulebookOf('kz.autosiyliq');
const C = '2026-02-02';
const opened: Row = [C, 'contracted', { contract: 'L-1' }];

/** Purposes of an item as `purpose: state since`. */
function purposes(rows: readonly Row[], asOf: string, item = 'email'): readonly string[] {
  const row = new Told(rulebook, rows).item(asOf, item);
  return (row?.purposes ?? []).map(({ purpose, state, since }) => [purpose, state, since].filter(Boolean).join(' '));
}

describe('a withdrawal', () => {
  const given = [consented(C, ['loan', 'advertising']), collected(C, ['email'], ['loan', 'advertising'])];
  const all: Row = ['2026-02-16', 'withdrew', { parts: 'all' }];
  test.each<readonly [string, readonly Row[], readonly string[]]>([
    ['stops all that it covers', [...given, all], ['advertising stopped 2026-02-16', 'loan stopped 2026-02-16']],
    [
      'not what is barred while a contract is open',
      [...given, opened, all],
      ['loan active', 'advertising stopped 2026-02-16'],
    ],
    [
      'takes no effect later on what the contract ends',
      [...given, opened, all, ['2026-03-02', 'performed', { contract: 'L-1' }]],
      ['advertising stopped 2026-02-16', 'loan ended 2026-03-02'],
    ],
    [
      'of one part stops that purpose alone',
      [...given, ['2026-02-16', 'withdrew', { parts: [{ purpose: 'advertising' }] }]],
      ['loan active', 'advertising stopped 2026-02-16'],
    ],
    [
      'that names a consent leaves what another carries',
      [
        ...given,
        consented('2026-02-03', ['advertising'], { consent: 'C-2' }),
        ['2026-02-16', 'withdrew', { parts: 'all', consent: 'C-1' }],
      ],
      ['advertising active', 'loan stopped 2026-02-16'],
    ],
    [
      'leaves what stands on the law',
      [consented(C, ['loan']), collected(C, ['email'], ['loan'], { basis: 'law' }), all],
      ['loan active'],
    ],
    [
      'leaves what no part covers',
      [consented(C, ['loan']), collected(C, ['email'], ['advertising']), all],
      ['advertising active'],
    ],
    [
      'is taken back by a later consent',
      [...given, all, consented('2026-03-02', ['advertising'], { consent: 'C-2' })],
      ['advertising active', 'loan stopped 2026-02-16'],
    ],
  ])('%s', (_, rows, expected) => {
    expect(purposes(rows, '2026-04-01')).toEqual(expected);
  });
});

describe('the end of a contract', () => {
  const given = [collected(C, ['email'], ['loan', 'advertising', 'deprived-list']), opened];
  test.each<readonly [string, readonly Row[], readonly string[]]>([
    [
      'ends all but what ends with nothing',
      [['2026-03-02', 'performed', { contract: 'L-1' }]],
      ['deprived-list active', 'advertising ended 2026-03-02', 'loan ended 2026-03-02'],
    ],
    [
      'ends what ends with nothing, too, where the last consent that carried it was given until then',
      [
        consented(C, ['deprived-list'], { until: 'contract-performed' }),
        ['2026-03-02', 'performed', { contract: 'L-1' }],
      ],
      ['advertising ended 2026-03-02', 'deprived-list ended 2026-03-02', 'loan ended 2026-03-02'],
    ],
    [
      'not where another carries it on',
      [
        consented(C, ['deprived-list'], { until: 'contract-performed' }),
        consented(C, ['deprived-list'], { consent: 'C-2' }),
        ['2026-03-02', 'performed', { contract: 'L-1' }],
      ],
      ['deprived-list active', 'advertising ended 2026-03-02', 'loan ended 2026-03-02'],
    ],
    [
      'is a cession: only what ends with the contract',
      [['2026-03-02', 'ceded', { contract: 'L-1', to: 'kz.collector', items: ['email'] }]],
      ['advertising active', 'deprived-list active', 'loan ended 2026-03-02'],
    ],
    [
      'ends nothing while another is open',
      [
        ['2026-02-03', 'contracted', { contract: 'L-2' }],
        ['2026-03-02', 'performed', { contract: 'L-1' }],
      ],
      ['advertising active', 'deprived-list active', 'loan active'],
    ],
  ])('%s', (_, rows, expected) => {
    expect(purposes([...given, ...rows], '2026-04-01')).toEqual(expected);
  });

  test('counts for what was collected under it; of an item collected under two the last one does', () => {
    const under = (contract: string, items: readonly string[]): Row => collected(C, items, ['loan'], { contract });
    const rows: readonly Row[] = [
      [C, 'contracted', { contract: 'L-1' }],
      [C, 'contracted', { contract: 'L-2' }],
      under('L-1', ['email', 'phone']),
      under('L-2', ['email', 'name']),
      ['2026-03-02', 'performed', { contract: 'L-2' }],
    ];
    const loans = (more: readonly Row[]) =>
      ['email', 'phone', 'name'].map((item) => purposes([...rows, ...more], '2026-04-01', item).join());
    expect(loans([])).toEqual(['loan active', 'loan active', 'loan ended 2026-03-02']);
    expect(loans([['2026-03-20', 'performed', { contract: 'L-1' }]])).toEqual([
      'loan ended 2026-03-20',
      'loan ended 2026-03-20',
      'loan ended 2026-03-02',
    ]);
  });
});

describe('order', () => {
  const withdrawal = (on: string): Row => [on, 'withdrew', { parts: 'all' }];
  test('on a day with a coarse date rank decides, so that it accuses nobody', () => {
    const coarse = [
      withdrawal('2026-02-02T09:00:00+05:00'),
      collected('2026-02-02T12:00:00+05:00', ['email'], ['advertising']),
      consented(C, ['advertising']),
    ];
    expect(purposes(coarse, C)).toEqual(['advertising stopped 2026-02-02']);
  });
  test('on other days time decides', () => {
    const fine = [
      withdrawal('2026-02-02T09:00:00+05:00'),
      collected('2026-02-02T12:00:00+05:00', ['email'], ['advertising']),
      consented('2026-02-02T08:00:00+05:00', ['advertising']),
    ];
    expect(purposes(fine, C)).toEqual(['advertising active']);
  });
  test('an instant within the day asks for what had happened by then; what is known by its day counts from its start', () => {
    const told = new Told(rulebook, [
      collected('2026-02-02T12:00:00+05:00', ['email'], ['advertising']),
      collected('2026-02-03', ['name'], ['loan']),
    ]);
    expect(told.items('2026-02-02T06:59:59Z')).toEqual([]);
    expect(told.items('2026-02-02T07:00:00Z').map((row) => row.item)).toEqual(['email']);
    expect(told.items('2026-02-02T19:00:00Z').map((row) => row.item)).toEqual(['email', 'name']);
  });
});

describe('an item', () => {
  const gone: readonly Row[] = [
    collected(C, ['email'], ['advertising']),
    ['2026-03-02', 'destroyed', { items: ['email'], method: 'erase' }],
  ];
  test('collected again after its destruction lives again, its history kept', () => {
    expect(new Told(rulebook, gone).item('2026-03-02', 'email')?.fate).toEqual({
      kind: 'destroyed',
      on: '2026-03-02',
      method: 'erase',
    });
    const again = new Told(rulebook, [...gone, collected('2026-04-01', ['email'], ['loan'])]);
    expect(again.item('2026-04-01', 'email')).toMatchObject({
      state: 'active',
      fate: null,
      from: [{ on: C }, { on: '2026-04-01' }],
      purposes: [
        { purpose: 'loan', state: 'active' },
        { purpose: 'advertising', state: 'ended' },
      ],
    });
  });
  test('never collected is made by what is done to it, and by nothing else', () => {
    const told = new Told(rulebook, [
      [C, 'blocked', { items: ['phone'], cause: 'dispute', until: '2026-02-10' }],
      [C, 'requested', { request: 'R-1', right: 'destroy', items: ['address'], channel: 'email' }],
    ]);
    expect(told.items('2026-02-10')).toMatchObject([{ item: 'phone', state: 'blocked', from: [] }]);
    expect(told.items('2026-02-11')).toMatchObject([{ item: 'phone', state: 'stopped' }]);
  });
  test('outlived by a backup says until when', () => {
    const backup = (on: string, until: string): Row => [
      on,
      'backed-up',
      { place: 'kz.bank', until, person: undefined },
    ];
    const told = new Told(rulebook, [
      backup('2026-01-05', '2026-12-31'),
      ...gone,
      backup('2026-02-10', '2026-03-31'),
      backup('2026-02-12', '2026-02-28'),
      backup('2026-03-03', '2026-09-30'),
    ]);
    expect(told.item('2026-04-01', 'email')?.fate).toMatchObject({ backupsUntil: '2026-03-31' });
    // One that is over by the day of the destruction holds nothing of it any more.
    const { fate } = new Told(rulebook, [...gone, backup('2026-02-10', gone.at(-1)![0])]).item('2026-04-01', 'email')!;
    expect(fate).toMatchObject({ kind: 'destroyed' });
    expect(fate).not.toHaveProperty('backupsUntil');
  });
});

test('an order is confirmed when all its items are, and stands in the latest disclosure before it', () => {
  const shared = (on: string): Row => [
    on,
    'transferred',
    { items: ['name', 'email'], recipient: 'kz.bank', purposes: ['loan'], basis: 'law' },
  ];
  const confirmed = (on: string, items?: readonly string[]): Row => [
    on,
    'confirmed',
    { recipient: 'kz.bank', order: 'destroy', ...(items === undefined ? {} : { items }) },
  ];
  const told: readonly Row[] = [
    shared(C),
    shared('2026-02-10'),
    ['2026-03-02', 'notified', { of: 'destroy', recipient: 'kz.bank', items: ['name', 'email'], channel: 'api' }],
    shared('2026-03-10'),
  ];
  const orders = (rows: readonly Row[]): readonly unknown[] =>
    new Told(rulebook, rows).item('2026-06-01', 'name')!.shared.map((row) => row.orders);
  const order = { order: 'destroy', on: '2026-03-02' };
  expect(orders(told)).toEqual([[], [{ ...order, confirmed: null }], []]);
  expect(orders([...told, confirmed('2026-03-05', ['name'])])).toEqual([[], [{ ...order, confirmed: null }], []]);
  expect(orders([...told, confirmed('2026-03-05', ['name']), confirmed('2026-03-06', ['email'])])[1]).toEqual([
    { ...order, confirmed: '2026-03-06' },
  ]);
  expect(orders([...told, confirmed('2026-03-07')])[1]).toEqual([{ ...order, confirmed: '2026-03-07' }]);
  expect(orders([...told, confirmed('2026-03-01')])[1]).toEqual([{ ...order, confirmed: null }]);
});

describe('a correction', () => {
  const first = collected(C, ['email'], ['advertising']);
  const corrects = (id: string): Row => [
    '2026-05-01',
    'corrected',
    { event: { source: 'urn:example:los', id }, reason: 'wrong', person: { client: 'elsewhere' } },
  ];
  test.each<readonly [string, readonly Row[], readonly string[]]>([
    // Ids count from 1: the collection is t-1 in the first, t-2 in the second.
    ['leaves its event out, whatever person it names, for every day', [first, corrects('t-1')], []],
    ['does so before the event comes', [corrects('t-2'), first], []],
    ['corrects nothing when it is corrected itself', [first, corrects('t-1'), corrects('t-2')], ['email']],
    ['of a correction of a correction counts again', [first, corrects('t-1'), corrects('t-2'), corrects('t-3')], []],
  ])('%s', (_, rows, expected) => {
    expect(new Told(rulebook, rows).items('2026-03-01').map((row) => row.item)).toEqual(expected);
  });

  test('is unknown before it is recorded', () => {
    const told = new Told(rulebook, [first, corrects('t-1')]);
    expect(told.items('2026-03-01', F, 0).map((row) => row.item)).toEqual(['email']);
  });
});

describe('links', () => {
  const client: Person = { client: 'A-100' };
  const other: Person = { iin: '910308300014' };
  const phone: Person = { phone: '+77000000104' };
  const of = (person: Person, item: string, on = C): Row => collected(on, [item], ['loan'], { person });
  const link = (person: Person, to: Person, on: string): Row => [on, 'linked', { person, other: to }];
  const cut = (person: Person, from: Person, on: string): Row => [on, 'unlinked', { person, other: from }];
  const names = (rows: readonly Row[], person: Person = F): readonly string[] =>
    new Told(rulebook, rows).items('2026-01-01T00:00:00Z', person).map((row) => row.item);
  const held = (rows: readonly Row[], person: Person = F): readonly string[] =>
    new Told(rulebook, rows).items('2026-12-01', person).map((row) => row.item);

  test('two numbers in one action are one person, a phone is not', () => {
    const rows = [of({ ...F, ...client }, 'name'), of(client, 'address'), of(phone, 'phone')];
    expect(held(rows)).toEqual(['address', 'name']);
    expect(held(rows, client)).toEqual(['address', 'name']);
    const { ledger } = new Told(rulebook, rows);
    const asked = ledger.person(ledger.subject(client));
    expect(identityOf(asked, rulebook, { asOf: C, asKnown: undefined })).toEqual({
      subject: ledger.subject(F),
      linked: [ledger.subject(F), ledger.subject(client)].sort(),
    });
    expect(held(rows, phone)).toEqual(['phone']);
    expect(names(rows)).toEqual([]);
  });

  test('two IIN are never one person: the later link does not count, and is found', () => {
    const rows = [
      of({ ...F, ...client }, 'name'),
      of({ ...other, ...client }, 'address', '2026-02-03'),
      of(client, 'phone'),
    ];
    expect(held(rows)).toEqual(['name', 'phone']);
    expect(held(rows, other)).toEqual(['address']);
    const told = new Told(rulebook, rows);
    const conflict = {
      code: 'identity-conflict',
      on: '2026-02-03',
      items: [],
      clause: null,
      pack: null,
      state: 'open',
    };
    const conflicts = (asOf: string, person?: Person) =>
      told.findings(asOf, person).filter((row) => row.code === 'identity-conflict');
    expect(conflicts('2026-12-01', other)).toEqual([conflict]);
    expect(conflicts('2026-12-01')).toEqual([]);
    expect(conflicts('2026-02-02', other)).toEqual([]);
    told.tell(['2026-03-02', 'unlinked', { person: other, other: client }]);
    expect(conflicts('2026-03-01', other)).toEqual([conflict]);
    expect(conflicts('2026-12-01', other)).toEqual([{ ...conflict, state: 'closed', closedOn: '2026-03-02' }]);
  });

  test('which of two links is the wrong one, their days decide, not their arrival', () => {
    const rows = [
      of({ ...other, ...client }, 'address', '2026-02-03'),
      of({ ...F, ...client }, 'name'),
      of(client, 'phone'),
    ];
    expect(held(rows)).toEqual(['name', 'phone']);
  });

  test('of two links of one place nothing decides: neither counts', () => {
    const rows = [of({ ...F, ...client }, 'name'), of({ ...other, ...client }, 'address'), of(client, 'phone')];
    expect([held(rows), held(rows, other), held(rows, client)]).toEqual([['name'], ['address'], ['phone']]);
    const found = new Told(rulebook, rows).findings('2026-12-01', other);
    expect(found.filter((row) => row.code === 'identity-conflict')).toHaveLength(1);
  });

  test('an unlinked beats every automatic link and every earlier one that was sent, for every day', () => {
    const rows = [of(F, 'name'), of(phone, 'phone'), link(F, phone, '2026-02-03')];
    expect(held(rows)).toEqual(['name', 'phone']);
    expect(held([...rows, cut(phone, F, '2026-02-10')])).toEqual(['name']);
    expect(held([...rows, cut(phone, F, '2026-02-10'), link(F, phone, '2026-02-11')])).toEqual(['name', 'phone']);
    const automatic = [
      of({ ...F, ...client }, 'name'),
      cut(F, client, '2026-02-10'),
      of({ ...F, ...client }, 'phone', '2026-02-12'),
      of(client, 'address'),
    ];
    expect(held(automatic)).toEqual(['name', 'phone']);
  });
});

describe('what no pack lists', () => {
  const rows = [
    collected(C, ['blood-type', 'name'], ['loan', 'resale']),
    [C, 'transferred', { items: ['name'], recipient: 'some.broker', purposes: ['loan'], basis: 'law' }] as const,
  ];
  const found = { code: 'unlisted', on: C, clause: null, pack: null, state: 'open' };
  test('is found: an item and a recipient by name, a purpose without items', () => {
    const rowsFound = new Told(rulebook, rows).findings(C).filter((row) => row.code === 'unlisted');
    expect(rowsFound).toEqual([
      { ...found, items: [] },
      { ...found, items: ['unlisted'] },
      { ...found, items: [], recipient: 'unlisted' },
    ]);
  });
  test('is one item, one purpose, one recipient, which ends with the contract but by no law', () => {
    const told = new Told(rulebook, [...rows, opened]);
    expect(told.item(C, 'unlisted')).toMatchObject({ purposes: [{ purpose: 'loan' }, { purpose: 'unlisted' }] });
    expect(told.item(C, 'unlisted')?.until).toMatchObject({
      kind: 'silent',
      reasons: [{ id: 'unlisted', clause: null }, { id: 'loan' }],
    });
    expect(told.item(C, 'name')?.shared).toMatchObject([{ recipient: 'unlisted', country: null, role: null }]);
  });
  test('is read as the id that a pack lists by now', () => {
    const late = new MemoryLedger(rulebook, (kind, id) => rulebook.has(kind, id) && id !== 'name' && id !== 'loan');
    const told = new Told(rulebook, [consented(C, ['loan']), collected(C, ['name'], ['loan'])], late);
    expect(JSON.stringify(late.log.map(({ event }) => event.data))).not.toContain('"name"');
    expect(told.items(C)).toMatchObject([{ item: 'name', purposes: [{ purpose: 'loan', state: 'active' }] }]);
    expect(told.findings(C)).toEqual([]);
  });
});
