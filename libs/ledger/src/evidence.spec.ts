/** The evidence on one complaint: what bears on it, and no more of the person than that (`domain.md` 4.3). */
import { expect, test } from '@jest/globals';
import { type Row, Told } from '../testdata/acts.js';
import { rulebookOf } from '../testdata/packs.js';
import { evidence, evidenceOn } from './evidence.js';

const holder = rulebookOf('kg.holder');
const E = { pin: '12202198500020' };
const of = (on: string, name: string, data: object): Row => [on, name, { person: E, ...data }];
const AT = { asOf: '2025-08-31', asKnown: undefined };
const collected = (items: readonly string[]) => ({
  items,
  origin: { kind: 'subject' },
  purposes: ['contract'],
  basis: 'consent',
});

const told = new Told(holder, []);
const say = (on: string, name: string, data: object, id?: string): string => told.tell(of(on, name, data), id);
const ids = {
  both: say('2025-05-12', 'collected', collected(['address', 'phone'])),
  consent: say('2025-05-12', 'consented', { consent: 'C-1', edition: 'undated', act: 'click', parts: [{ purpose: 'contract' }] }), // prettier-ignore
  other: say('2025-05-13', 'collected', collected(['phone'])),
  wrong: say('2025-05-14', 'collected', collected(['email']), 'wrong'),
  corrected: say('2025-05-15', 'corrected', { event: { source: 'urn:example:los', id: 'wrong' }, reason: 'x' }),
  dispute: say('2025-06-16', 'disputed', { items: ['address'], request: 'D-1', alleges: 'untrue', document: 'deed' }),
  block: say('2025-06-16', 'blocked', { items: ['address'], cause: 'disputed', request: 'D-1' }),
  elsewhere: say('2025-06-17', 'disputed', { items: ['phone'] }),
  access: say('2025-06-18', 'requested', { request: 'R-2', right: 'access', channel: 'office' }),
  answer: say('2025-06-19', 'answered', { request: 'R-2' }),
  complaint: say('2025-06-27', 'complained', { to: 'kg.agency', request: 'D-1' }),
  used: say('2025-07-01', 'used', { items: ['address'], purposes: ['contract'] }),
};
const record = told.ledger.person(told.ledger.subject(E));
const named = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
const namesOf = (rows: readonly { readonly event: string }[]) => rows.map(({ event }) => named.get(event));
const whole = evidence(record, holder, AT);
const reference = whole.requests.find(({ complaints }) => complaints !== undefined)!.id;

test('of the person it is all that was done, asked and found', () => {
  expect(namesOf(whole.entries)).toEqual(Object.keys(ids));
  expect(whole.requests).toHaveLength(3);
});

test('of one complaint it is what bears on it: nothing of other items alone, nor of other requests', () => {
  const shown = evidenceOn(reference, record, holder, AT)!;
  expect(namesOf(shown.entries)).toEqual(['both', 'consent', 'dispute', 'block', 'complaint', 'used']);
  expect(shown.requests).toEqual([expect.objectContaining({ id: reference, complaints: [{ on: '2025-06-27', to: expect.any(String) }] })]); // prettier-ignore
  expect(shown.findings).toContainEqual(expect.objectContaining({ code: 'use-while-blocked', items: ['address'] }));
  for (const { items } of shown.findings) expect(items.length === 0 || items.includes('address')).toBe(true);
  expect(shown.duties).toContain('answer-dispute');
  for (const { trigger } of shown.clocks) expect(namesOf(shown.entries)).toContain(named.get(trigger));
  expect(whole.clocks.length).toBeGreaterThan(shown.clocks.length);
});

test('of a request that names no item it is all but what is of other requests alone', () => {
  const access = whole.requests.find(({ right }) => right === 'access')!.id;
  const shown = evidenceOn(access, record, holder, AT)!;
  expect(namesOf(shown.entries)).toEqual(Object.keys(ids).filter((name) => name !== 'complaint'));
});

test('of a request of somebody else there is none', () => {
  expect(evidenceOn('A'.repeat(22), record, holder, AT)).toBeUndefined();
});
