/** Each code of `rules.md` 4 as its table says: what opens it, what closes it, by which clause. */
import { describe, expect, test } from '@jest/globals';
import { compile } from '#packs';
import { collected, consented, F, type Row, Told } from '../testdata/acts.js';
import { builtInPacks, rulebookOf } from '../testdata/packs.js';
import { controllerFindings } from './controller.js';
import { decide } from './decision.js';
import { FINDING_CODES, type FindingCode, type FindingRow } from './finding.js';
import type { Person } from './identifier.js';
import type { Recorded } from './record.js';

const auto = rulebookOf('kz.autosiyliq');
const finbox = rulebookOf('kz.finbox');
const lerna = rulebookOf('kg.softskills');
const somo = rulebookOf('kg.somo');
const holder = rulebookOf('kg.holder');
type Book = typeof auto;

/** Under a Law 94-V that says of one state more that it protects. */
function withAdequate(country: string): Book {
  const packs = builtInPacks().map((pack) =>
    pack.kind === 'law' && pack.meta.id === 'kz.94-v'
      ? {
          ...pack,
          crossBorder: pack.crossBorder.map((rule) =>
            rule.kind === 'adequacy-or-consent' ? { ...rule, adequate: [country] } : rule,
          ),
        }
      : pack,
  );
  return compile(packs, 'kz.autosiyliq');
}

/** With an edition of the policy that lists one recipient more from a day on. */
function withNewcomer(from: string): Book {
  const packs = builtInPacks().flatMap((pack) => {
    if (pack.kind !== 'controller' || pack.controller.id !== 'kz.autosiyliq') return [pack];
    const newcomer = { ...pack.recipients[0]!, id: 'kz.newcomer' };
    const later = { ...pack.edition, id: 'edition-2', from, fictitious: true as const };
    return [pack, { ...pack, edition: later, recipients: [...pack.recipients, newcomer] }];
  });
  return compile(packs, 'kz.autosiyliq');
}

const C = '2025-09-01';
const K: Person = { phone: '+996700000205' };

const told = (rows: readonly Row[], book: Book, code: FindingCode, asOf: string, person: Person = F): string[] =>
  new Told(book, rows)
    .findings(asOf, person)
    .filter((row) => row.code === code)
    .map(short);

/** `on items recipient clause state`, what is absent left out. */
function short({ on, items, recipient, clause, state, closedOn }: FindingRow): string {
  return [on, items.join(','), recipient, clause, closedOn ?? state]
    .filter((part) => part !== undefined && part !== null && part !== '')
    .join(' | ');
}

const noticed = (items: readonly string[], more: object = {}, on = C): Row => [
  on,
  'noticed',
  { edition: 'undated', items, purposes: [], ...more },
];
const destroyed = (on: string, items: readonly string[] | 'all', more: object = {}): Row => [
  on,
  'destroyed',
  { items, method: 'erase', ...more },
];
const used = (on: string, items: readonly string[], purposes: readonly string[], more: object = {}): Row => [
  on,
  'used',
  { items, purposes, ...more },
];
const transferred = (on: string, recipient: string, more: object = {}): Row => [
  on,
  'transferred',
  { items: ['name'], recipient, purposes: ['consult'], basis: 'consent', ...more },
];
const confirmed = (on: string, recipient: string, items?: readonly string[]): Row => [
  on,
  'confirmed',
  { recipient, order: 'destroy', ...(items === undefined ? {} : { items }) },
];
const undertook = (on: string, recipient: string, what: readonly string[], more: object = {}): Row => [
  on,
  'undertook',
  { person: undefined, recipient, what, ...more },
];
const all = ['confidentiality', 'security', 'no-onward'];
const agreed = consented(C, ['consult', 'register'], {
  parts: [{ purpose: 'consult' }, { purpose: 'register' }, { recipient: 'kg.bank' }],
});
const held = [noticed(['name', 'phone']), agreed, collected(C, ['name', 'phone'], ['consult'])];

type Case = readonly [
  title: string,
  rows: readonly Row[],
  asOf: string,
  expected: readonly string[],
  book?: Book,
  person?: Person,
];

const CASES: Partial<Record<FindingCode, readonly Case[]>> = {
  'collected-without-notice': [
    ['a notice before names it', held, C, []],
    ['none does', held.slice(1), C, [`${C} | name,phone | Law 58 (Agency FAQ, before collection) | open`]],
    [
      'one that names another item',
      [noticed(['name']), ...held.slice(1)],
      C,
      [`${C} | phone | Law 58 (Agency FAQ, before collection) | open`],
    ],
    [
      'a later notice closes it',
      [...held.slice(1), noticed(['name', 'phone'], {}, '2025-09-03')],
      '2025-09-04',
      [`${C} | name,phone | Law 58 (Agency FAQ, before collection) | 2025-09-03`],
    ],
    [
      'only once all are named',
      [...held.slice(1), noticed(['name'], {}, '2025-09-03')],
      '2025-09-04',
      [`${C} | name,phone | Law 58 (Agency FAQ, before collection) | open`],
    ],
    [
      'so does destruction',
      [...held.slice(1), destroyed('2025-09-05', 'all')],
      '2025-09-05',
      [`${C} | name,phone | Law 58 (Agency FAQ, before collection) | 2025-09-05`],
    ],
    ['no law of Kazakhstan demands one', [collected(C, ['name'], ['loan'])], C, [], auto],
  ],
  'collected-without-basis': [
    ['consents cover it together', held, C, []],
    ['no consent', [collected(C, ['name'], ['consult'])], C, [`${C} | name | policy 6 | open`]],
    [
      'a consent for another purpose',
      [agreed, collected(C, ['name'], ['inform'])],
      C,
      [`${C} | name | policy 6 | open`],
    ],
    [
      'a consent of other items',
      [consented(C, ['consult'], { items: ['phone'] }), collected(C, ['name', 'phone'], ['consult'])],
      C,
      [`${C} | name | policy 6 | open`],
    ],
    [
      'a consent that is over',
      [consented('2025-08-01', ['consult'], { until: '2025-08-31' }), collected(C, ['name'], ['consult'])],
      C,
      [`${C} | name | policy 6 | open`],
    ],
    [
      'refused, whatever consent covers all',
      [
        [C, 'refused-consent', { parts: [{ purpose: 'consult' }], items: ['phone'] }],
        agreed,
        collected(C, ['name', 'phone'], ['consult']),
      ],
      C,
      [`${C} | phone | policy 6 | open`],
    ],
    [
      'refused, and agreed to by name later',
      [
        ['2025-08-01', 'refused-consent', { parts: [{ purpose: 'consult' }], items: ['phone'] }],
        consented('2025-08-20', ['consult'], { items: ['name', 'phone'] }),
        collected(C, ['name', 'phone'], ['consult']),
      ],
      C,
      [],
    ],
    [
      'a purpose refused, and agreed to later',
      [
        ['2025-08-01', 'refused-consent', { parts: [{ purpose: 'consult' }, { purpose: 'inform' }] }],
        consented('2025-08-20', ['consult']),
        collected(C, ['name'], ['consult']),
      ],
      C,
      [],
    ],
    [
      'a purpose refused that a consent for another does not take back',
      [
        consented('2025-07-20', ['consult']),
        ['2025-08-01', 'refused-consent', { parts: [{ purpose: 'consult' }] }],
        consented('2025-08-20', ['inform']),
        collected(C, ['name'], ['consult']),
      ],
      C,
      [`${C} | name | policy 6 | open`],
    ],
    [
      'need without a contract',
      [collected(C, ['name'], ['identify'], { basis: 'need' })],
      C,
      [`${C} | name | policy 2.3(2) | open`],
      somo,
    ],
    [
      'need with an open one',
      [[C, 'contracted', { contract: 'P-1' }], collected(C, ['name'], ['identify'], { basis: 'need' })],
      C,
      [],
      somo,
    ],
    [
      'an unlawful basis that nobody knows',
      [collected(C, ['name'], ['loan'], { basis: 'whim' })],
      C,
      [`${C} | name | open`],
      auto,
    ],
    [
      'of someone else, it is theirs',
      [
        noticed(['neighbour-phone']),
        consented(C, ['contact']),
        collected(C, ['neighbour-phone'], ['contact'], { describes: { 'neighbour-phone': K } }),
      ],
      C,
      [],
      holder,
    ],
    [
      'and closes when they consent',
      [
        consented(C, ['contact']),
        collected(C, ['neighbour-phone'], ['contact'], { describes: { 'neighbour-phone': K } }),
        consented('2025-09-10', ['contact'], { person: K }),
      ],
      '2025-09-10',
      [`${C} | neighbour-phone | Law 58 | 2025-09-10`],
      holder,
      K,
    ],
    [
      'none where they had consented before',
      [
        consented('2025-08-10', ['contact'], { person: K }),
        collected(C, ['neighbour-phone'], ['contact'], { describes: { 'neighbour-phone': K } }),
      ],
      C,
      [],
      holder,
      K,
    ],
  ],
  'collected-excessive': [
    [
      'an item that the policy has for another purpose',
      [collected('2026-02-02', ['cookie', 'name'], ['loan'])],
      '2026-02-02',
      ['2026-02-02 | cookie | 94-V 7(9) | open'],
      auto,
    ],
    [
      'closed when it is gone',
      [collected('2026-02-02', ['cookie'], ['loan']), destroyed('2026-02-04', ['cookie'])],
      '2026-02-04',
      ['2026-02-02 | cookie | 94-V 7(9) | 2026-02-04'],
      auto,
    ],
  ],
  'collected-banned-form': [
    [
      'one for each ban',
      [collected('2026-04-06', ['id-document'], ['microcredit'], { medium: 'paper' })],
      '2026-04-06',
      ['2026-04-06 | id-document | 94-V 7(10) | open', '2026-04-06 | id-document | policy 3.1 | open'],
      finbox,
    ],
  ],
  'source-outside-policy': [
    [
      'bought',
      [collected(C, ['name'], ['consult'], { origin: { kind: 'bought', name: 'kg.list-seller' } })],
      C,
      [`${C} | name | policy 3 | open`],
    ],
    [
      'a bureau that the policy does not name',
      [collected('2026-02-02', ['name'], ['loan'], { origin: { kind: 'bureau', name: 'kz.bank' } })],
      '2026-02-02',
      ['2026-02-02 | name | policy intro | open'],
      auto,
    ],
    [
      'where the policy takes data from anywhere, none is',
      [collected('2026-04-06', ['iin'], ['microcredit'], { origin: { kind: 'bought' } })],
      '2026-04-06',
      [],
      finbox,
    ],
  ],
  'transfer-without-basis': [
    ['one consent has recipient, purposes and items', [...held, transferred(C, 'kg.bank')], C, []],
    [
      'no consent has the recipient',
      [...held, transferred(C, 'kg.partner-site')],
      C,
      [`${C} | name | kg.partner-site | policy 11.3 | open`],
    ],
    [
      'the recipient confirms',
      [...held, transferred(C, 'kg.partner-site'), confirmed('2025-09-09', 'kg.partner-site', ['name'])],
      '2025-09-09',
      [`${C} | name | kg.partner-site | policy 11.3 | 2025-09-09`],
    ],
    [
      'those items for which no rule holds',
      [
        consented(C, ['consult'], { parts: [{ purpose: 'consult' }, { recipient: 'kg.bank' }], items: ['name'] }),
        transferred(C, 'kg.bank', { items: ['name', 'phone'] }),
      ],
      C,
      [`${C} | phone | kg.bank | policy 11.3 | open`],
    ],
    [
      'two consents are not one',
      [
        consented(C, ['consult'], { parts: [{ purpose: 'consult' }, { recipient: 'kg.bank' }], items: ['name'] }),
        consented(C, ['consult'], {
          consent: 'C-9',
          parts: [{ purpose: 'consult' }, { recipient: 'kg.bank' }],
          items: ['phone'],
        }),
        transferred(C, 'kg.bank', { items: ['name', 'phone'] }),
      ],
      C,
      [`${C} | name,phone | kg.bank | policy 11.3 | open`],
    ],
    [
      'a part withdrawn carries nothing',
      [...held, ['2025-09-02', 'withdrew', { parts: 'all' }], transferred('2025-09-03', 'kg.bank')],
      '2025-09-03',
      ['2025-09-03 | name | kg.bank | policy 11.3 | open'],
    ],
    [
      'nor where the recipient alone was withdrawn',
      [
        ...held,
        ['2025-09-02', 'withdrew', { parts: [{ recipient: 'kg.bank' }] }],
        transferred('2025-09-03', 'kg.bank'),
      ],
      '2025-09-03',
      ['2025-09-03 | name | kg.bank | policy 11.3 | open'],
    ],
    [
      'default without one',
      [
        [C, 'contracted', { contract: 'P-1' }],
        transferred(C, 'kg.collector', { purposes: ['recover'], basis: 'default' }),
      ],
      C,
      [`${C} | name | kg.collector | policy 2.3(3) | open`],
      somo,
    ],
    [
      'default in default',
      [
        [C, 'contracted', { contract: 'P-1' }],
        ['2025-10-01', 'defaulted', { contract: 'P-1' }],
        transferred('2025-10-01', 'kg.collector', { purposes: ['recover'], basis: 'default' }),
      ],
      '2025-10-01',
      [],
      somo,
    ],
    [
      'a law that lists another category',
      [transferred('2026-02-02', 'kz.bank', { purposes: ['loan'], basis: 'law' })],
      '2026-02-02',
      ['2026-02-02 | name | kz.bank | 94-V 7(6) | open'],
      auto,
    ],
    [
      'what is barred goes on being covered',
      [
        consented(C, ['identify'], { parts: [{ purpose: 'identify' }, { recipient: 'kg.registry' }] }),
        [C, 'contracted', { contract: 'P-1' }],
        ['2025-09-05', 'withdrew', { parts: 'all' }],
        transferred('2025-09-06', 'kg.registry', { purposes: ['identify'] }),
      ],
      '2025-09-06',
      [],
      somo,
    ],
  ],
  'transfer-unknown-recipient': [
    ['no pack lists it', [transferred(C, 'some.broker')], C, [`${C} | name | unlisted | open`]],
    [
      'a later edition lists it',
      [transferred('2026-06-01', 'kz.newcomer', { purposes: ['loan'] })],
      '2026-07-01',
      ['2026-06-01 | name | kz.newcomer | 2026-07-01'],
      withNewcomer('2026-07-01'),
    ],
    [
      'and none does before it',
      [transferred('2026-06-01', 'kz.newcomer', { purposes: ['loan'] })],
      '2026-06-30',
      ['2026-06-01 | name | kz.newcomer | open'],
      withNewcomer('2026-07-01'),
    ],
  ],
  'transfer-forbidden': [
    [
      'each ban by its clause',
      [
        ['2026-02-02', 'contracted', { contract: 'L-1' }],
        ['2026-03-06', 'defaulted', { contract: 'L-1' }],
        [
          '2026-04-20',
          'ceded',
          { contract: 'L-1', to: 'kz.collector', items: ['name'], purposes: ['collect-debt'], basis: 'contract' },
        ],
      ],
      '2026-04-20',
      [
        '2026-04-20 | name | kz.collector | 56-V 9-1(5-2) | open',
        '2026-04-20 | name | kz.collector | 56-V 9-2(5) | open',
      ],
      auto,
    ],
    [
      'to whom the act calls an assignee, whatever the pack says they are else',
      [
        ['2026-02-02', 'contracted', { contract: 'L-1' }],
        ['2026-03-06', 'defaulted', { contract: 'L-1' }],
        transferred('2026-04-20', 'kz.bank', { purposes: ['collect-debt'], basis: 'contract', role: 'assignee' }),
      ],
      '2026-04-20',
      ['2026-04-20 | name | kz.bank | 56-V 9-2(5) | open'],
      auto,
    ],
    [
      'after 90 days',
      [
        ['2026-02-02', 'contracted', { contract: 'L-1' }],
        ['2026-03-06', 'defaulted', { contract: 'L-1' }],
        [
          '2026-06-05',
          'ceded',
          { contract: 'L-1', to: 'kz.collector', items: ['name'], purposes: ['collect-debt'], basis: 'contract' },
        ],
      ],
      '2026-06-05',
      [],
      auto,
    ],
    [
      'to a company that is none of the five',
      [
        ['2026-02-02', 'contracted', { contract: 'L-1' }],
        ['2026-03-06', 'defaulted', { contract: 'L-1' }],
        [
          '2026-06-05',
          'ceded',
          { contract: 'L-1', to: 'kz.trade', items: ['name'], purposes: ['collect-debt'], basis: 'contract' },
        ],
        confirmed('2026-07-01', 'kz.trade'),
      ],
      '2026-07-01',
      ['2026-06-05 | name | kz.trade | 56-V 9-1(5) | 2026-07-01'],
      auto,
    ],
  ],
  'transfer-cross-border': [
    [
      'the register first',
      [
        consented('2025-07-14', ['service'], {
          parts: [{ purpose: 'service' }, { recipient: 'xx.host' }, { 'cross-border': true }],
        }),
        transferred('2025-07-15', 'xx.host', { purposes: ['service'] }),
      ],
      '2025-07-15',
      ['2025-07-15 | name | xx.host | Law 58 30 | open'],
      holder,
    ],
    [
      'the consent has no such part',
      [
        consented('2026-02-02', ['loan'], { parts: [{ purpose: 'loan' }, { recipient: 'xx.sms' }] }),
        transferred('2026-02-10', 'xx.sms', { items: ['phone'], purposes: ['loan'] }),
      ],
      '2026-02-10',
      ['2026-02-10 | phone | xx.sms | 94-V 16 | open'],
      auto,
    ],
    [
      'nor where that part was withdrawn',
      [
        consented('2026-02-02', ['loan'], {
          parts: [{ purpose: 'loan' }, { recipient: 'xx.sms' }, { 'cross-border': true }],
        }),
        ['2026-02-09', 'withdrew', { parts: [{ 'cross-border': true }] }],
        transferred('2026-02-10', 'xx.sms', { items: ['phone'], purposes: ['loan'] }),
      ],
      '2026-02-10',
      ['2026-02-10 | phone | xx.sms | 94-V 16 | open'],
      auto,
    ],
    [
      'with it, none',
      [
        consented('2026-02-02', ['loan'], {
          parts: [{ purpose: 'loan' }, { recipient: 'xx.sms' }, { 'cross-border': true }],
        }),
        transferred('2026-02-10', 'xx.sms', { items: ['phone'], purposes: ['loan'] }),
      ],
      '2026-02-10',
      [],
      auto,
    ],
    [
      'to a state that the law says protects',
      [
        consented('2026-02-02', ['loan'], { parts: [{ purpose: 'loan' }, { recipient: 'xx.sms' }] }),
        transferred('2026-02-10', 'xx.sms', { items: ['phone'], purposes: ['loan'] }),
      ],
      '2026-02-10',
      [],
      withAdequate('XX'),
    ],
    [
      'where the act says where it went, the pack is not asked',
      [
        consented('2026-02-02', ['loan'], { parts: [{ purpose: 'loan' }, { recipient: 'kz.bank' }] }),
        transferred('2026-02-10', 'kz.bank', { items: ['phone'], purposes: ['loan'], country: 'DE' }),
      ],
      '2026-02-10',
      ['2026-02-10 | phone | kz.bank | 94-V 16 | open'],
      auto,
    ],
  ],
  'transfer-without-undertaking': [
    ['missing', [...held, transferred(C, 'kg.bank')], C, [`${C} | name | kg.bank | policy 12 | open`]],
    ['given before', [undertook('2025-08-25', 'kg.bank', all), ...held, transferred(C, 'kg.bank')], C, []],
    ['given with the transfer', [...held, transferred(C, 'kg.bank', { undertakings: all })], C, []],
    [
      'given, and over the day before',
      [undertook('2025-08-25', 'kg.bank', all, { until: '2025-08-31' }), ...held, transferred(C, 'kg.bank')],
      C,
      [`${C} | name | kg.bank | policy 12 | open`],
    ],
    [
      'given through that day',
      [undertook('2025-08-25', 'kg.bank', all, { until: C }), ...held, transferred(C, 'kg.bank')],
      C,
      [],
    ],
    [
      'given twice, of which the later end counts',
      [
        undertook('2025-08-20', 'kg.bank', all),
        undertook('2025-08-25', 'kg.bank', all, { until: '2025-08-31' }),
        ...held,
        transferred(C, 'kg.bank'),
      ],
      C,
      [],
    ],
    [
      'given later, but for days that are over',
      [...held, transferred(C, 'kg.bank'), undertook('2025-09-05', 'kg.bank', all, { until: '2025-09-04' })],
      '2025-09-06',
      [`${C} | name | kg.bank | policy 12 | open`],
    ],
    [
      'given later, and whole',
      [
        ...held,
        transferred(C, 'kg.bank'),
        undertook('2025-09-02', 'kg.bank', ['confidentiality']),
        undertook('2025-09-05', 'kg.bank', all),
      ],
      '2025-09-06',
      [`${C} | name | kg.bank | policy 12 | 2025-09-05`],
    ],
  ],
  'onward-transfer': [
    [
      'by one who undertook not to',
      [
        undertook('2025-08-25', 'kg.bank', all),
        ...held,
        transferred('2025-09-05', 'kg.partner-site', { via: 'kg.bank' }),
      ],
      '2025-09-05',
      ['2025-09-05 | name | kg.partner-site | policy 12.3 | open'],
    ],
    [
      'by one who is bound no longer',
      [
        undertook('2025-08-25', 'kg.bank', all, { until: '2025-09-04' }),
        ...held,
        transferred('2025-09-05', 'kg.partner-site', { via: 'kg.bank' }),
      ],
      '2025-09-05',
      [],
    ],
  ],
  'use-off-purpose': [
    [
      'a purpose that the item never had',
      [...held, used('2025-09-02', ['name'], ['inform'])],
      '2025-09-02',
      ['2025-09-02 | name | Law 58 4 | open'],
    ],
  ],
  'use-after-stop': [
    [
      'stopped',
      [...held, ['2025-09-02', 'withdrew', { parts: 'all' }], used('2025-09-03', ['name'], ['consult'])],
      '2025-09-03',
      ['2025-09-03 | name | policy 17 | open'],
    ],
    [
      'ended',
      [...held, ['2025-09-02', 'reached', { purposes: ['consult'] }], used('2025-09-03', ['name'], ['consult'])],
      '2025-09-03',
      ['2025-09-03 | name | policy 8.2 | open'],
    ],
    [
      'before it on the same day, by rank',
      [...held, ['2025-09-02', 'withdrew', { parts: 'all' }], used('2025-09-02', ['name'], ['consult'])],
      '2025-09-02',
      [],
    ],
  ],
  'use-while-blocked': [
    [
      'blocked',
      [
        ...held,
        ['2025-09-02', 'blocked', { items: ['name'], cause: 'dispute' }],
        used('2025-09-03', ['name', 'phone'], ['consult']),
      ],
      '2025-09-03',
      ['2025-09-03 | name | Law 58 (Agency FAQ, blocking) | open'],
    ],
    [
      'a block that is over',
      [
        ...held,
        ['2025-09-02', 'blocked', { items: ['name'], cause: 'dispute', until: '2025-09-02' }],
        used('2025-09-03', ['name'], ['consult']),
      ],
      '2025-09-03',
      [],
    ],
  ],
  'use-after-destruction': [
    [
      'gone, then that code alone',
      [...held, destroyed('2025-09-02', ['name']), used('2025-09-03', ['name'], ['inform'])],
      '2025-09-03',
      ['2025-09-03 | name | open'],
    ],
    [
      'depersonalised, for what such data are kept for and for nothing else',
      [
        ...held,
        ['2025-09-02', 'depersonalised', { items: ['name', 'phone'] }],
        used('2025-09-03', ['name'], ['analytics']),
        used('2025-09-03', ['phone'], ['analytics', 'inform']),
      ],
      '2025-09-03',
      ['2025-09-03 | phone | open'],
    ],
  ],
  'not-depersonalised': [
    [
      'used',
      [...held, used('2025-09-03', ['name'], ['analytics'])],
      '2025-09-03',
      ['2025-09-03 | name | policy 8.7 | open'],
    ],
    [
      'on what is depersonalised',
      [...held, ['2025-09-02', 'depersonalised', { items: ['name'] }], used('2025-09-03', ['name'], ['analytics'])],
      '2025-09-03',
      [],
    ],
  ],
  'open-ended-without-reason': [
    [
      'an item of an open end',
      [collected('2026-04-06', ['other-data'], ['microcredit'])],
      '2026-04-06',
      ['2026-04-06 | other-data | policy second 2.2 | open'],
      finbox,
    ],
    [
      'a source that only the open end of the policy allows',
      [collected('2026-04-06', ['iin'], ['microcredit'], { origin: { kind: 'bought' } })],
      '2026-04-06',
      ['2026-04-06 | iin | policy first 2.2 | open'],
      finbox,
    ],
    [
      'and with a reason',
      [
        collected('2026-04-06', ['iin'], ['microcredit'], {
          origin: { kind: 'bought' },
          note: 'a register of debtors',
        }),
      ],
      '2026-04-06',
      [],
      finbox,
    ],
    [
      'any third party',
      [transferred('2026-04-06', 'some.broker', { items: ['iin'], purposes: ['microcredit'] })],
      '2026-04-06',
      ['2026-04-06 | iin | unlisted | policy first 2.2 | open'],
      finbox,
    ],
    [
      'for a reason',
      [transferred('2026-04-06', 'some.broker', { items: ['iin'], purposes: ['microcredit'], note: 'sold debt' })],
      '2026-04-06',
      [],
      finbox,
    ],
    [
      'a purpose of an open end, in a use',
      [collected('2026-02-02', ['name'], ['other'], { note: 'law' }), used('2026-02-03', ['name'], ['other'])],
      '2026-02-03',
      ['2026-02-03 | name | policy 1.1 | open'],
      auto,
    ],
    [
      'in a derivation',
      [['2026-04-06', 'derived', { items: ['score'], purposes: ['microcredit'] }]],
      '2026-04-06',
      ['2026-04-06 | score | policy second 2.2 | open'],
      finbox,
    ],
    [
      'with a reason',
      [collected('2026-04-06', ['other-data'], ['microcredit'], { note: 'asked for by the court' })],
      '2026-04-06',
      [],
      finbox,
    ],
  ],
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
};

describe.each(Object.entries(CASES))('%s', (code, cases) => {
  test.each(cases)('%s', (_, rows, asOf, expected, book = lerna, person = F) => {
    expect(told(rows, book, code as FindingCode, asOf, person)).toEqual(expected);
  });
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
  one.tell(undertook('2025-09-04', 'kg.bank', all), 'wrong-paper');
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

describe('of the controller', () => {
  const rows = (acts: readonly Row[], asOf: string, book: Book = auto): string[] => {
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

test('every code that the wire has is tried here, or beside its own matter', () => {
  const elsewhere: readonly FindingCode[] = [
    'unlisted',
    'identity-conflict',
    'stale-law',
    'access-without-undertaking',
  ];
  expect([...Object.keys(CASES), ...elsewhere].sort()).toEqual([...FINDING_CODES].sort());
});
