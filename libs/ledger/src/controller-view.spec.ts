/** The editions by which a controller is judged on a day: of the policy, of each of its laws, of its calendar. */
import { expect, test } from '@jest/globals';
import { compile } from '#packs';
import { Told } from '../testdata/acts.js';
import { builtInPacks, rulebookOf } from '../testdata/packs.js';
import { packs, register } from './controller-view.js';

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
