/** What is wrong with using, as the table of `rules.md` 4 says: what opens it, by which clause. */
import { collected } from '../testdata/acts.js';
import { auto, destroyed, finbox, held, transferred, tryCases, used, USING } from '../testdata/findings.js';

tryCases(USING, {
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
});
