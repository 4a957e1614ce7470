/** The editions by which a controller is judged on a day: of the policy, of each of its laws, of its calendar. */
import { expect, test } from '@jest/globals';
import { compile } from '#packs';
import { builtInPacks, rulebookOf } from '../testdata/packs.js';
import { packs } from './controller-view.js';

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
