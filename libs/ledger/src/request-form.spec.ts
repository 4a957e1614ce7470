/** The form of requests: what is missing by which clause, and what no policy can close. */
import { expect, test } from '@jest/globals';
import { rulebookOf } from '../testdata/packs.js';
import { defectsOf } from './request-form.js';

const [auto, lerna, holder] = ['kz.autosiyliq', 'kg.softskills', 'kg.holder'].map((name) => rulebookOf(name));
const form = (right: string, channel?: string, hasDocument = false) => ({ right, channel, hasDocument });
const short = (list: ReturnType<typeof defectsOf>) => list.map(({ defect, clause }) => `${defect} | ${clause}`);

test.each([
  [lerna, form('withdraw', 'phone'), '2026-03-02', ['channel | policy 7']],
  [lerna, form('withdraw', 'email'), '2026-03-02', []],
  // The law opens what the policy does not name.
  [auto, form('access', 'email'), '2026-03-02', []],
  [auto, form('access', 'messenger'), '2026-03-02', ['channel | 94-V 10(2)', 'channel | policy 7.1']],
  [holder, form('rectify', 'letter'), '2025-05-19', ['documents | Law 58 28']],
  [holder, form('rectify', 'letter', true), '2025-05-19', []],
  [holder, form('rectify', 'email'), '2025-05-19', ['channel | Law 58 28', 'documents | Law 58 28']],
  // Nobody said how it came, or no rule is about it.
  [lerna, form('withdraw'), '2026-03-02', []],
  [auto, form('destroy', 'sms'), '2026-03-02', []],
] as const)('%#', (book, asked, on, expected) => {
  expect(short(defectsOf(asked, book!, on))).toEqual(expected);
});
