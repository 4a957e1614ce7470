/** The editions by which a controller is judged on a day: of the policy, of each of its laws, of its calendar. */
import { describe, expect, test } from '@jest/globals';
import { compile } from '#packs';
import { type Row, Told } from '../testdata/acts.js';
import { builtInPacks, rulebookOf } from '../testdata/packs.js';
import { packs, recipients, register, staff } from './controller-view.js';

const shown = (controller: string, day: string): readonly string[] =>
  packs(rulebookOf(controller), day).map(({ pack, edition, from, to, cited }) =>
    [pack, edition, from ?? 'always', to ?? '', cited ?? ''].join(' | '),
  );

test('before and after the law is replaced, with the clause that still cites the old one', () => {
  const before = [
    'kg.somo | edition-1 | always |  | ',
    'kg.law-58 | 2021-11 | always | 2026-02-04 | policy 3.1',
    'kg.aml | undated | always |  | ',
    'kg.calendar | 2026-03 | always |  | ',
  ];
  expect(shown('kg.somo', '2026-02-04')).toEqual(before);
  const [policy, old, ...rest] = before;
  expect([...shown('kg.somo', '2026-02-05')].sort()).toEqual(
    [policy, old, 'kg.digital-code | 2025-07 | 2026-02-05 |  | ', ...rest].sort(),
  );
});

test('with what each pack says, hashed where whoever loaded it did', () => {
  const sha256 = 'a'.repeat(64);
  const hashed = builtInPacks().map((pack) => (pack.kind === 'law' ? { ...pack, sha256 } : pack));
  const rows = packs(compile(hashed, 'kz.autosiyliq'), '2026-07-20');
  expect(rows.filter(({ hash }) => hash === sha256).map(({ pack }) => pack)).toEqual([
    'kz.94-v',
    'kz.56-v',
    'kz.573-ii',
    'kz.mfo-rules',
    'kz.aml',
  ]);
  expect(rows.find(({ pack }) => pack === 'kz.calendar')?.hash).toBeNull();
  expect(rows[0]).toMatchObject({ pack: 'kz.autosiyliq', edition: 'undated', from: null });
});

test('an entry of the register is shown with what the law of its day wants besides, and only its reader can say', () => {
  const book = rulebookOf('kg.holder');
  const { ledger } = new Told(book, []);
  const fields =
    'array holder purposes storage data subjects sources informing security responsible recipients cross-border';
  const entry = Object.fromEntries(fields.split(' ').map((field) => [field, `what stands there of ${field}`]));
  for (const [id, on] of [
    ['r-1', '2025-04-30'],
    ['r-2', '2026-03-02'],
  ] as const) {
    const action = { specversion: '1.0', id, source: 'urn:example:los', type: 'depter.action.registered.v1' };
    ledger.record({ ...action, controller: 'kg.holder', data: { on, entry } }, `${on}T10:00:00.000Z`);
  }
  const { controller, listed } = ledger.person(ledger.subject({ phone: '+996000000000' }));
  const rows = register({ controller, listed }, book, { asOf: '2026-03-03', asKnown: undefined });
  expect(rows.map(({ version, on, toCheck }) => [version, on, toCheck])).toEqual([
    [
      1,
      '2025-04-30',
      [
        { want: 'agreed-list', clause: 'Law 58 (Agency FAQ, functions)', pack: 'kg.law-58' },
        { want: 'security-level', clause: 'Decree 760', pack: 'kg.law-58' },
      ],
    ],
    // The duty to file ended with Law 58.
    [2, '2026-03-02', undefined],
  ]);
});

test('of a policy is shown how it may be changed: whom it must tell, and what needs no new consent', () => {
  const change = (controller: string) => packs(rulebookOf(controller), '2026-07-20')[0]?.change;
  expect(change('kg.somo')).toEqual({ notice: 'must', channel: 'email', consentFree: 'any', clause: 'policy 9.2' });
  expect(change('kz.autosiyliq')).toMatchObject({ notice: 'may', channel: 'email', clause: 'policy 9.2' });
  expect(change('kz.finbox')).toMatchObject({ notice: 'none', consentFree: 'better-protection', clause: 'policy 6.3' });
  expect(change('kg.holder')).toBeUndefined();
});

describe('an undertaking with a last day', () => {
  const own = { person: undefined };
  const controllerOf = (controller: string, acts: readonly Row[]) => {
    const book = rulebookOf(controller);
    const { ledger } = new Told(book, acts);
    const { controller: matters, listed } = ledger.person(ledger.subject({ phone: '+996000000000' }));
    return { book, record: { controller: matters, listed } };
  };

  test('is shown with its recipient, which stands without it from the day after', () => {
    const { book, record } = controllerOf('kg.softskills', [
      ['2025-08-25', 'undertook', { ...own, recipient: 'kg.bank', what: ['confidentiality', 'no-onward'] }],
      ['2025-08-25', 'undertook', { ...own, recipient: 'kg.bank', what: ['security'], until: '2025-12-31' }],
      ['2025-08-25', 'undertook', { ...own, recipient: 'kg.partner-site', what: ['security'] }],
    ]);
    const shownOn = (asOf: string, of: string) => {
      const row = recipients(record, book, { asOf, asKnown: undefined }).find(({ recipient }) => recipient === of)!;
      return [row.undertakings, row.validUntil];
    };
    expect(shownOn('2025-12-31', 'kg.bank')).toEqual([['confidentiality', 'no-onward', 'security'], '2025-12-31']);
    expect(shownOn('2026-01-01', 'kg.bank')).toEqual([['confidentiality', 'no-onward'], '2025-12-31']);
    expect(shownOn('2026-01-01', 'kg.partner-site')).toEqual([['security'], undefined]);
  });

  test('of staff lasts as the law says, where it says how long, and else through that day', () => {
    const acts: readonly Row[] = [
      ['2026-03-01', 'undertook', { ...own, staff: 's-1', what: ['confidentiality'], until: '2027-03-01' }],
      ['2026-03-02', 'granted', { ...own, staff: 's-1', scope: ['loan'] }],
      ['2026-06-01', 'revoked', { ...own, staff: 's-1', scope: ['loan'] }],
    ];
    const untilOf = (controller: string): string | undefined => {
      const { book, record } = controllerOf(controller, acts);
      return staff(record, book, { asOf: '2026-07-01', asKnown: undefined })[0]!.until;
    };
    expect(untilOf('kg.holder')).toBe('regime-ends');
    // The policy wants it for ever; Finbox and its laws want none.
    expect(untilOf('kz.autosiyliq')).toBeUndefined();
    expect(untilOf('kz.finbox')).toBe('2027-03-01');
  });
});
