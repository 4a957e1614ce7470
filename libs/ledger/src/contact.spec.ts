/** The person whom an item is about: their row, their demands, and nothing of the client. */
import { describe, expect, test } from '@jest/globals';
import { collected, F, type Row, Told } from '../testdata/acts.js';
import { rulebookOf } from '../testdata/packs.js';
import type { Person } from './identifier.js';
import { lineage } from './lineage.js';

const finbox = rulebookOf('kz.finbox');
const somo = rulebookOf('kg.somo');

const K: Person = { phone: '+77000000205' };
const C = '2026-04-06';
const opened: Row = [C, 'contracted', { contract: 'L-1' }];
const told = (on = C, more: object = {}): Row =>
  collected(on, ['contact-phone'], ['contact'], {
    describes: { 'contact-phone': K },
    values: { 'contact-phone': '+77000000205' },
    contract: 'L-1',
    ...more,
  });
const demands = (on: string): Row => [
  on,
  'requested',
  { person: K, request: 'Q-1', right: 'destroy', items: ['contact-phone'], channel: 'email' },
];

describe('an item about someone else', () => {
  test('has a row with both, theirs without a trace of the client', () => {
    const both = new Told(finbox, [told(), opened]);
    const [clients] = both.items(C);
    const [theirs] = both.items(C, K);
    expect(clients).toMatchObject({ state: 'active', from: [{ kind: 'subject', on: C }], about: expect.any(String) });
    expect(theirs).toMatchObject({
      state: 'active',
      from: [{ kind: 'another-subject', on: C }],
      until: { kind: 'event', event: 'relation-ended', reasons: [{ id: 'contact' }] },
    });
    expect(theirs).not.toHaveProperty('about');
    expect(JSON.stringify(theirs)).not.toContain('contract-performed');
  });

  test('shows its value to them, never to the client', () => {
    const { ledger } = new Told(finbox, [told(), opened]);
    const values = (event: string, item: string): string | undefined => ledger.values.get(`${event} ${item}`);
    const valueOf = (person: Person): string | undefined =>
      lineage(ledger.person(ledger.subject(person)), finbox, { asOf: C, asKnown: undefined }, { values }).items[0]
        ?.value;
    expect([valueOf(K), valueOf(F)]).toEqual(['+77000000205', undefined]);
  });

  test('is one for each person described', () => {
    const other = told(C, { describes: { 'contact-phone': { phone: '+77000000206' } } });
    const both = new Told(finbox, [told(), other, opened]);
    expect(both.items(C).map((row) => row.item)).toEqual(['contact-phone', 'contact-phone']);
    expect(both.items(C, K)).toHaveLength(1);
  });

  test('is one where the client was known by two identifiers', () => {
    const byNumber = told('2026-04-07', { person: { client: 'X-700' } });
    const rows = [told(), byNumber, ['2026-04-07', 'linked', { other: { client: 'X-700' } }] as const];
    const both = new Told(finbox, rows);
    expect(both.items('2026-04-07')).toMatchObject([{ from: [{ on: C }, { on: '2026-04-07' }] }]);
    expect(both.items('2026-04-07', K)).toMatchObject([{ from: [{ on: C }, { on: '2026-04-07' }] }]);
  });
});

describe('what they demand', () => {
  test('takes the item whatever purposes live on it, in both dossiers; the client does not see by whom', () => {
    const both = new Told(finbox, [told(), opened, demands('2026-04-10')]);
    const due = { duty: 'destroy', items: ['contact-phone'], on: '2026-04-10', due: '2026-04-13', state: 'running' };
    expect(both.clocks('2026-04-10', K)).toMatchObject([{ duty: 'answer-destroy' }, due]);
    expect(both.clocks('2026-04-10')).toEqual([]);
    // Nor is it told to the client that an answer to somebody is late: that is theirs.
    const late = (person?: Person) => both.findings('2026-04-16', person).filter((row) => row.code === 'answer-late');
    expect([late(K), late()]).toMatchObject([[{ on: '2026-04-16', state: 'open' }], []]);
    // Its purpose is barred while the contract is open, so it lives on until it is destroyed.
    expect(both.item('2026-04-10', 'contact-phone')).toMatchObject({ state: 'active' });
    const done: Row = [
      '2026-04-13',
      'destroyed',
      { items: ['contact-phone'], describes: { 'contact-phone': K }, method: 'erase' },
    ];
    const gone = new Told(finbox, [told(), opened, demands('2026-04-10'), done]);
    const fate = { kind: 'destroyed', on: '2026-04-13', due: '2026-04-13' };
    expect(gone.item('2026-04-13', 'contact-phone')).toMatchObject({ fate });
    expect(gone.items('2026-04-13', K)).toMatchObject([{ fate, purposes: [{ state: 'ended', since: '2026-04-13' }] }]);
    expect(gone.clocks('2026-04-13', K)).toMatchObject([
      { duty: 'answer-destroy', state: 'running' },
      { duty: 'destroy', state: 'met', metOn: '2026-04-13' },
    ]);
  });

  test('stops nothing where the pack gives the demand no term', () => {
    const both = new Told(somo, [
      collected('2025-03-03', ['relative-phone'], ['contact'], { describes: { 'relative-phone': K } }),
      ['2025-05-12', 'requested', { person: K, request: 'Q-2', right: 'destroy', channel: 'letter' }],
    ]);
    expect(both.items('2025-05-12', K)).toMatchObject([{ state: 'active' }]);
    expect(both.clocks('2025-05-12', K)).toEqual([]);
  });

  test('stops the purposes of the item about them when it is a withdrawal', () => {
    const withdrawn: Row = ['2026-04-10', 'withdrew', { person: K, parts: 'all' }];
    const both = new Told(finbox, [told(), opened, withdrawn]);
    const stopped = { state: 'stopped', purposes: [{ purpose: 'contact', state: 'stopped', since: '2026-04-10' }] };
    expect(both.items('2026-04-10')).toMatchObject([stopped]);
    expect(both.items('2026-04-10', K)).toMatchObject([stopped]);
  });

  test('sees the clocks of the item by the end of a relation', () => {
    const performed: Row = ['2026-05-06', 'performed', { contract: 'L-1' }];
    const both = new Told(finbox, [told(), opened, performed]);
    expect(both.clocks('2026-05-06', K)).toMatchObject([
      { duty: 'destroy', trigger: 'relation-ended', due: '2026-05-08' },
    ]);
    expect(both.clocks('2026-05-06')).toMatchObject([{ duty: 'destroy', items: ['contact-phone'] }]);
    expect(both.clocks('2026-05-06')[0]?.trigger).not.toBe('relation-ended');
  });
});
