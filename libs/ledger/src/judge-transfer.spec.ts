/** What is wrong with passing on, as the table of `rules.md` 4 says: what opens it, what closes it, by which clause. */
import { compile, type Rulebook } from '#packs';
import { consented } from '../testdata/acts.js';
import {
  allUndertakings,
  auto,
  C,
  confirmed,
  held,
  holder,
  PASSING_ON,
  somo,
  transferred,
  tryCases,
  undertook,
} from '../testdata/findings.js';
import { builtInPacks } from '../testdata/packs.js';

/** Under a Law 94-V that says of one state more that it protects. */
function withAdequate(country: string): Rulebook {
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
function withNewcomer(from: string): Rulebook {
  const packs = builtInPacks().flatMap((pack) => {
    if (pack.kind !== 'controller' || pack.controller.id !== 'kz.autosiyliq') return [pack];
    const newcomer = { ...pack.recipients[0]!, id: 'kz.newcomer' };
    const later = { ...pack.edition, id: 'edition-2', from, fictitious: true as const };
    return [pack, { ...pack, edition: later, recipients: [...pack.recipients, newcomer] }];
  });
  return compile(packs, 'kz.autosiyliq');
}

tryCases(PASSING_ON, {
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
    ['given before', [undertook('2025-08-25', 'kg.bank', allUndertakings), ...held, transferred(C, 'kg.bank')], C, []],
    ['given with the transfer', [...held, transferred(C, 'kg.bank', { undertakings: allUndertakings })], C, []],
    [
      'given, and over the day before',
      [
        undertook('2025-08-25', 'kg.bank', allUndertakings, { until: '2025-08-31' }),
        ...held,
        transferred(C, 'kg.bank'),
      ],
      C,
      [`${C} | name | kg.bank | policy 12 | open`],
    ],
    [
      'given through that day',
      [undertook('2025-08-25', 'kg.bank', allUndertakings, { until: C }), ...held, transferred(C, 'kg.bank')],
      C,
      [],
    ],
    [
      'given twice, of which the later end counts',
      [
        undertook('2025-08-20', 'kg.bank', allUndertakings),
        undertook('2025-08-25', 'kg.bank', allUndertakings, { until: '2025-08-31' }),
        ...held,
        transferred(C, 'kg.bank'),
      ],
      C,
      [],
    ],
    [
      'given later, but for days that are over',
      [
        ...held,
        transferred(C, 'kg.bank'),
        undertook('2025-09-05', 'kg.bank', allUndertakings, { until: '2025-09-04' }),
      ],
      '2025-09-06',
      [`${C} | name | kg.bank | policy 12 | open`],
    ],
    [
      'given later, and whole',
      [
        ...held,
        transferred(C, 'kg.bank'),
        undertook('2025-09-02', 'kg.bank', ['confidentiality']),
        undertook('2025-09-05', 'kg.bank', allUndertakings),
      ],
      '2025-09-06',
      [`${C} | name | kg.bank | policy 12 | 2025-09-05`],
    ],
  ],
  'onward-transfer': [
    [
      'by one who undertook not to',
      [
        undertook('2025-08-25', 'kg.bank', allUndertakings),
        ...held,
        transferred('2025-09-05', 'kg.partner-site', { via: 'kg.bank' }),
      ],
      '2025-09-05',
      ['2025-09-05 | name | kg.partner-site | policy 12.3 | open'],
    ],
    [
      'by one who is bound no longer',
      [
        undertook('2025-08-25', 'kg.bank', allUndertakings, { until: '2025-09-04' }),
        ...held,
        transferred('2025-09-05', 'kg.partner-site', { via: 'kg.bank' }),
      ],
      '2025-09-05',
      [],
    ],
  ],
});
