/** Who is to be told of what is done (`rules.md` 3, `notify-recipient`), and how a change of law moves what is open. */
import { describe, expect, test } from '@jest/globals';
import { compile, type LawPack, type Pack } from '#packs';
import { collected, consented, type Row, Told } from '../testdata/acts.js';
import { builtInPacks, rulebookOf } from '../testdata/packs.js';

const auto = rulebookOf('kz.autosiyliq');
const C = '2026-02-02';

const agreed = consented(C, ['loan', 'advertising'], {
  parts: [{ purpose: 'loan' }, { purpose: 'advertising' }, { recipient: 'kz.bank' }, { recipient: 'xx.sms' }],
});
const held = [agreed, collected(C, ['name', 'phone'], ['loan', 'advertising'])];
const passed = (recipient: string, items: readonly string[], purpose = 'loan', on = C): Row => [
  on,
  'transferred',
  { items, recipient, purposes: [purpose], basis: 'consent' },
];
const told = (on: string, of: string, recipient: string, items: readonly string[]): Row => [
  on,
  'notified',
  { of, recipient, items, channel: 'api' },
];

/** The policy with one recipient more. */
const withRecipient = (recipient: (Pack & { readonly kind: 'controller' })['recipients'][number]) =>
  compile(
    builtInPacks().map((pack) =>
      pack.kind === 'controller' && pack.controller.id === 'kz.autosiyliq'
        ? { ...pack, recipients: [...pack.recipients, recipient] }
        : pack,
    ),
    'kz.autosiyliq',
  );

/** The duties to tell recipients, as `recipient items state`. */
const owed = (rows: readonly Row[], asOf: string): readonly string[] =>
  new Told(auto, rows)
    .clocks(asOf)
    .filter(({ duty }) => duty === 'notify-recipient')
    .map(({ recipient, items, state, due }) => [recipient, items?.join(), state, due].join(' ').trim());

describe('everyone who got an item is told', () => {
  const shared = [...held, passed('kz.bank', ['name', 'phone']), passed('xx.sms', ['phone'])];
  test.each<readonly [string, readonly Row[], string, readonly string[]]>([
    [
      'that it is rectified',
      [...shared, ['2026-02-03', 'rectified', { items: ['phone'] }]],
      '2026-02-03',
      ['kz.bank phone running', 'xx.sms phone running'],
    ],
    [
      'blocked',
      [...shared, ['2026-02-03', 'blocked', { items: ['name'], cause: 'dispute' }]],
      '2026-02-03',
      ['kz.bank name running'],
    ],
    [
      'destroyed',
      [...shared, ['2026-02-03', 'destroyed', { items: ['name'], method: 'erase' }]],
      '2026-02-03',
      ['kz.bank name running'],
    ],
    [
      'and is met by the order, item by item',
      [
        ...shared,
        ['2026-02-03', 'destroyed', { items: ['name', 'phone'], method: 'erase' }],
        told('2026-02-04', 'destroy', 'kz.bank', ['name']),
      ],
      '2026-02-04',
      ['kz.bank phone running', 'kz.bank name met', 'xx.sms phone running'],
    ],
    [
      'not by another order',
      [...shared, ['2026-02-03', 'rectified', { items: ['phone'] }], told('2026-02-04', 'block', 'xx.sms', ['phone'])],
      '2026-02-04',
      ['kz.bank phone running', 'xx.sms phone running'],
    ],
    [
      'unless it confirmed that it holds nothing',
      [
        ...shared,
        ['2026-02-03', 'confirmed', { recipient: 'xx.sms', order: 'destroy' }],
        ['2026-02-04', 'rectified', { items: ['phone'] }],
      ],
      '2026-02-04',
      ['kz.bank phone running'],
    ],
    [
      'of a withdrawal, where a part that it stopped was passed on',
      [
        ...held,
        passed('kz.bank', ['name'], 'advertising'),
        passed('xx.sms', ['phone']),
        [C, 'contracted', { contract: 'L-1' }],
        ['2026-02-16', 'withdrew', { parts: 'all' }],
      ],
      '2026-02-16',
      ['kz.bank name running'],
    ],
    [
      'of the end of what a processor had it for',
      [...shared, [C, 'contracted', { contract: 'L-1' }], ['2026-02-16', 'performed', { contract: 'L-1' }]],
      '2026-02-16',
      ['xx.sms phone running'],
    ],
  ])('%s', (_, rows, asOf, expected) => {
    expect([...owed(rows, asOf)].sort()).toEqual([...expected].sort());
  });
});

describe('a place of the controller itself', () => {
  const archive = {
    id: 'kz.archive',
    labels: { ky: 'Кагаз архив', kk: 'Қағаз мұрағат', ru: 'Бумажный архив', en: 'Paper archive' },
    role: 'place' as const,
    country: 'KZ',
    category: 'own-place',
  };
  const book = withRecipient(archive);
  const rows = [...held, passed('kz.archive', ['name', 'phone']), passed('kz.bank', ['phone'])];
  const orders = (one: Told, asOf: string) =>
    one
      .item(asOf, 'phone')!
      .shared.flatMap(({ recipient, role, orders: list }) =>
        list.map(({ order, confirmed }) => [recipient, role, order, confirmed ?? 'outstanding'].join(' ')),
      );

  test.each<readonly [string, Row]>([
    ['rectify', ['2026-02-03', 'rectified', { items: ['phone'] }]],
    ['block', ['2026-02-03', 'blocked', { items: ['phone'], cause: 'dispute' }]],
    ['destroy', ['2026-02-03', 'destroyed', { items: ['phone'], method: 'erase' }]],
    ['stop', ['2026-02-03', 'withdrew', { parts: 'all' }]],
  ])('is owed the order to %s like any recipient', (_, act) => {
    const owing = new Told(book, [...rows, act])
      .clocks('2026-02-03')
      .filter(({ duty, state }) => duty === 'notify-recipient' && state === 'running');
    expect(owing.map(({ recipient }) => recipient).sort()).toEqual(['kz.archive', 'kz.bank']);
  });

  test('confirms by an act of its own, and is outstanding until then, whatever others confirm', () => {
    const ledger = new Told(book, [
      ...rows,
      ['2026-02-03', 'rectified', { items: ['phone'] }],
      told('2026-02-03', 'rectify', 'kz.archive', ['phone']),
      told('2026-02-03', 'rectify', 'kz.bank', ['phone']),
      ['2026-02-05', 'confirmed', { recipient: 'kz.bank', order: 'rectify', items: ['phone'] }],
    ]);
    const outstanding = () => ledger.findings('2026-02-06').filter(({ code, state }) => code === 'order-outstanding' && state === 'open'); // prettier-ignore
    expect([...orders(ledger, '2026-02-06')].sort()).toEqual([
      'kz.archive place rectify outstanding',
      'kz.bank independent rectify 2026-02-05',
    ]);
    expect(outstanding().map(({ recipient }) => recipient)).toEqual(['kz.archive']);
    const act = { recipient: 'kz.archive', order: 'rectify', items: ['phone'], medium: 'paper', document: 'ACT-7' };
    ledger.tell(['2026-02-06', 'confirmed', act]);
    expect(orders(ledger, '2026-02-06')).toContain('kz.archive place rectify 2026-02-06');
    expect(outstanding()).toEqual([]);
  });
});

test('who deletes themself in the cabinet is deleted at the partners too, each by an order of its own', () => {
  const lerna = rulebookOf('kg.softskills');
  const on = '2025-09-02';
  const parts = [{ purpose: 'consult' }, { recipient: 'kg.bank' }, { recipient: 'kg.partner-site' }];
  const given = (recipient: string, items: readonly string[]): Row => [
    on,
    'transferred',
    { items, recipient, purposes: ['consult'], basis: 'consent' },
  ];
  const one = new Told(lerna, [
    consented('2025-09-01', ['consult'], { parts }),
    collected('2025-09-01', ['name', 'phone'], ['consult']),
    given('kg.bank', ['name', 'phone']),
    given('kg.partner-site', ['phone']),
    ['2025-09-20', 'destroyed', { items: 'all', method: 'erase' }],
  ]);
  // Storage ends at once (policy 11.6.1): nothing waits for the 30 days of a demand.
  expect(one.items('2025-09-20').map(({ state, fate }) => `${state} ${fate?.on}`)).toEqual([
    'destroyed 2025-09-20',
    'destroyed 2025-09-20',
  ]);
  const clocks = one.clocks('2025-09-20');
  expect(clocks.filter(({ duty }) => duty === 'destroy')).toEqual([]);
  expect(
    clocks
      .filter(({ duty }) => duty === 'notify-recipient')
      .map(({ recipient, items, state }) => `${recipient} ${items?.join()} ${state}`)
      .sort(),
  ).toEqual(['kg.bank name,phone running', 'kg.partner-site phone running']);
});

describe('what was made public', () => {
  const site = {
    id: 'kz.open-list',
    labels: { ky: 'Ачык тизме', kk: 'Ашық тізім', ru: 'Открытый список', en: 'Open list' },
    role: 'public' as const,
    country: 'KZ',
    category: 'public-list',
  };
  const book = withRecipient(site);

  test('is taken away by the next working day after it was destroyed; others are told without a term', () => {
    const rows = new Told(book, [
      ...held,
      passed('kz.open-list', ['phone']),
      passed('xx.sms', ['phone']),
      ['2026-03-20', 'destroyed', { items: ['phone'], method: 'erase' }],
    ]).clocks('2026-03-20');
    // A Friday before Nauryz: Monday to Wednesday are off.
    expect(
      rows
        .filter(({ duty }) => duty === 'notify-recipient')
        .map(({ recipient, due, clause }) => `${recipient} ${due} ${clause}`)
        .sort(),
    ).toEqual(['kz.open-list 2026-03-26 94-V 6', 'xx.sms null pack default']);
  });
});

describe('a change of law', () => {
  const later = (appliesToOpen: boolean): Pack[] =>
    builtInPacks().flatMap((pack) => {
      if (pack.kind !== 'law' || pack.meta.id !== 'kz.94-v') return [pack];
      const next: LawPack & { readonly source: string } = {
        ...pack,
        meta: { ...pack.meta, edition: '2026-02-10', validFrom: '2026-02-10' },
        deadlines: pack.deadlines.map((row) =>
          row.duty === 'answer-withdrawal'
            ? { ...row, term: '5 working days', ...(appliesToOpen ? { appliesToOpen: true as const } : {}) }
            : row,
        ),
      };
      return [{ ...pack, meta: { ...pack.meta, validTo: '2026-02-09' } }, next];
    });
  const rows = [...held, ['2026-02-03', 'withdrew', { parts: 'all', request: 'W-1' }] as const];
  const dueOn = (asOf: string, appliesToOpen: boolean): unknown =>
    new Told(compile(later(appliesToOpen), 'kz.autosiyliq'), rows)
      .clocks(asOf)
      .filter(({ duty }) => duty === 'answer-withdrawal')
      .map(({ due, term }) => `${due} ${term}`);

  test('moves no open clock by itself', () => {
    expect(dueOn('2026-02-10', false)).toEqual(['2026-02-24 15 working days']);
  });

  test('moves it where the new rule says so: before and after are both shown', () => {
    expect(dueOn('2026-02-09', true)).toEqual(['2026-02-24 15 working days']);
    expect(dueOn('2026-02-10', true)).toEqual(['2026-02-10 5 working days']);
  });

  describe('of 2026-02-05, with a request open', () => {
    /** The Code's own figure is not known; this one is made up, to see it move what is open. */
    const withFigure = builtInPacks().map((pack) =>
      pack.kind === 'law' && pack.meta.id === 'kg.digital-code'
        ? {
            ...pack,
            deadlines: pack.deadlines.map((row) =>
              row.duty === 'answer-access' ? { ...row, term: '3 calendar days', appliesToOpen: true as const } : row,
            ),
          }
        : pack,
    );
    const person = { pin: '20101199012345' };
    const asked = (on: string, request: string): Row => [
      on,
      'requested',
      { person, request, right: 'access', channel: 'letter' },
    ];
    const answers = (packs: readonly Pack[], asOf: string): readonly string[] =>
      new Told(compile(packs, 'kg.somo'), [asked('2026-02-02', 'A-1'), asked('2026-02-05', 'A-2')])
        .clocks(asOf, person)
        .filter(({ duty }) => duty === 'answer-access')
        .map(({ on, due, term, pack, state }) => [on, due, term, pack, state].join(' | '));
    const before = '2026-02-02 | 2026-02-09 | 1 week | kg.law-58 | running';

    test('by the packs that come with Depter the old clock stands, and what is asked later has no term', () => {
      expect(answers(builtInPacks(), '2026-02-04')).toEqual([before]);
      expect(answers(builtInPacks(), '2026-02-05')).toEqual([
        before,
        '2026-02-05 |  | none | kg.digital-code | running',
      ]);
    });

    test('a figure of the Code that applies to open clocks moves it from that day, and the day before still shows the old', () => {
      expect(answers(withFigure, '2026-02-04')).toEqual([before]);
      expect(answers(withFigure, '2026-02-05')).toEqual([
        '2026-02-02 | 2026-02-05 | 3 calendar days | kg.digital-code | running',
        '2026-02-05 | 2026-02-08 | 3 calendar days | kg.digital-code | running',
      ]);
    });
  });
});
