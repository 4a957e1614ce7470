/** Whom a breach touched, with what, and who else held it: found from the ledger (`rules.md` 3, `breach.found`). */
import { describe, expect, test } from '@jest/globals';
import { collected, F, type Row, Told } from '../testdata/acts.js';
import { rulebookOf } from '../testdata/packs.js';
import { controllerClocks } from './controller.js';
import type { Person } from './identifier.js';
import { lineage } from './lineage.js';

const auto = rulebookOf('kz.autosiyliq');
const G: Person = { iin: '900101300017' };
const K: Person = { phone: '+77010000002' };
const own = { person: undefined };
const FOUND = '2026-03-06';

const breached = (more: object = {}): Row => [FOUND, 'breached', { ...own, breach: 'I-1', found: FOUND, ...more }];
const passed = (recipient: string, items: readonly string[]): Row => [
  '2026-03-03',
  'transferred',
  { items, recipient, purposes: ['loan'], basis: 'consent' },
];
const held = [collected('2026-03-02', ['name', 'phone'], ['loan']), passed('kz.bank', ['name', 'phone'])];

/** `cause items recipients`, and the clocks to tell the person of it. */
function shown(rows: readonly Row[], person: Person = F, book = auto) {
  const told = new Told(book, rows);
  const record = told.ledger.person(told.ledger.subject(person));
  const { breaches = [] } = lineage(record, book, { asOf: '2026-03-31', asKnown: undefined });
  const clocks = told.clocks('2026-03-06', person).filter(({ duty }) => duty === 'tell-subject-breach');
  return [
    breaches.map(({ on, cause, items, recipients }) => [on, cause, items.join(), recipients.join()].join(' ').trim()),
    clocks.map(({ on, due }) => `${on} ${due}`),
  ];
}

// 6 March is a Friday, 9 March the day off for the 8th.
const CLOCK = ['2026-03-06 2026-03-10'];

describe('a breach that names nobody', () => {
  test.each<readonly [string, readonly Row[], readonly string[]]>([
    [
      'touches whoever held one of its items',
      [...held, breached({ items: ['name'] })],
      ['2026-03-06 controller name kz.bank'],
    ],
    ['of no items whoever held any', [...held, breached()], ['2026-03-06 controller name,phone kz.bank']],
    ['not who held others', [...held, breached({ items: ['email'] })], []],
    [
      'nor of whom it was destroyed before',
      [...held, ['2026-03-05', 'destroyed', { items: ['name'], method: 'erase' }], breached({ items: ['name'] })],
      [],
    ],
    [
      'nor of whom it was collected later',
      [...held, collected('2026-03-09', ['email'], ['loan']), breached({ items: ['email'] })],
      [],
    ],
    [
      'but of whom it was destroyed later',
      [...held, breached({ items: ['name'] }), ['2026-03-09', 'destroyed', { items: ['name'], method: 'erase' }]],
      ['2026-03-06 controller name kz.bank'],
    ],
  ])('%s', (_, rows, expected) => {
    expect(shown(rows)).toEqual([expected, expected.length === 0 ? [] : CLOCK]);
  });

  test('touches whom an item of somebody else is about, who is shown nothing more', () => {
    const describes = { 'relative-phone': K };
    const rows = [
      collected('2026-03-02', ['name', 'relative-phone'], ['loan'], { describes }),
      passed('kz.bank', ['name']),
      breached(),
    ];
    expect(shown(rows)[0]).toEqual(['2026-03-06 controller name,relative-phone kz.bank']);
    expect(shown(rows, K)[0]).toEqual(['2026-03-06 controller relative-phone']);
  });

  test('that was corrected touched nobody', () => {
    const told = new Told(auto, held);
    told.tell(breached(), 'wrong');
    told.tell([
      '2026-03-07',
      'corrected',
      { event: { source: 'urn:example:los', id: 'wrong' }, reason: 'a false alarm' },
    ]);
    const record = told.ledger.person(told.ledger.subject(F));
    expect(lineage(record, auto, { asOf: '2026-03-31', asKnown: undefined })).not.toHaveProperty('breaches');
  });
});

test('one that names people is theirs alone', () => {
  const rows = [...held, breached({ items: ['name'], people: [G] })];
  expect(shown(rows)).toEqual([[], []]);
  expect(shown(rows, G)).toEqual([['2026-03-06 controller'], CLOCK]);
});

describe('at a recipient', () => {
  const cause = { cause: 'recipient', recipients: ['kz.bank'] };

  test('names it to those whose items it got and has not destroyed', () => {
    const told = [...held, passed('xx.sms', ['phone']), breached(cause)];
    expect(shown(told)).toEqual([['2026-03-06 recipient name,phone kz.bank'], CLOCK]);
    const gone: Row = ['2026-03-05', 'confirmed', { recipient: 'kz.bank', order: 'destroy' }];
    expect(shown([...told, gone])[0]).toEqual(['2026-03-06 recipient name,phone']);
  });

  test('is shown where no law gives a term to tell of it, too', () => {
    const lerna = rulebookOf('kg.softskills');
    const rows = [
      collected('2026-03-02', ['name'], ['consult']),
      ['2026-03-03', 'transferred', { items: ['name'], recipient: 'kg.bank', purposes: ['consult'], basis: 'consent' }],
      breached({ cause: 'recipient', recipients: ['kg.bank'] }),
    ] as const;
    expect(shown(rows, F, lerna)).toEqual([['2026-03-06 recipient name kg.bank'], []]);
  });
});

test('what the user brought about is shown to them, and starts no clock until it is checked', () => {
  const duties = (cause: string): readonly string[] => {
    const told = new Told(auto, [...held, breached({ cause, people: [F] })]);
    const { controller, listed } = told.ledger.person(told.ledger.subject(F));
    return controllerClocks({ controller, listed }, auto, { asOf: FOUND, asKnown: undefined }).map(({ duty }) => duty);
  };
  expect(shown([...held, breached({ cause: 'user', people: [F] })])).toEqual([
    ['2026-03-06 user name,phone kz.bank'],
    [],
  ]);
  expect(duties('user')).toEqual([]);
  // To the authorised body by 94-V, to the regulator by the rules of microfinance.
  expect([...duties('controller')].sort()).toEqual(['measures-breach', 'report-breach', 'report-breach']);
});
