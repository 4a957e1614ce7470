/** What is wrong with collecting, as the table of `rules.md` 4 says: what opens it, what closes it, by which clause. */
import { collected, consented } from '../testdata/acts.js';
import {
  agreed,
  auto,
  C,
  COLLECTING,
  destroyed,
  finbox,
  held,
  holder,
  K,
  noticed,
  somo,
  tryCases,
} from '../testdata/findings.js';

tryCases(COLLECTING, {
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
});
