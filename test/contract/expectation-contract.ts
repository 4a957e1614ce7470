/** What every ledger keeps of what an action was decided on (`expecting` in `ports.ts`). */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Action, OwnAction, SubjectRef } from '#ledger';
import type { Expectation, Outcome } from '#store';
import { action, collected, iins } from './actions.js';
import { options, siyliq, type Engine, type MakePlace, type Place } from './engine.js';
import { recorded } from './ledger-contract.js';

export function expectationContract(makePlace: MakePlace): void {
  let place: Place;
  let store: Engine;

  beforeEach(async () => {
    place = await makePlace();
    store = await place.open(options());
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });

  const record = (...actions: readonly Action[]): Promise<Outcome[]> => store.ledger.record(siyliq, actions);
  const decided = (expecting: Expectation, one: Action | OwnAction): Promise<Outcome[]> =>
    store.ledger.record(siyliq, [one], { expecting });
  const blocked = (id: string, client = 'A', cause = 'dispute'): Action =>
    action({ id, type: 'blocked', data: { person: { client }, items: ['name'], cause } });

  /** What is read of a person now. */
  async function seen(subject: SubjectRef): Promise<Expectation> {
    const person = await store.ledger.person(siyliq, subject);
    return new Map(person!.dossiers.map((dossier) => [dossier.subject, dossier.events.length]));
  }
  async function knownAs(client: string, id: string): Promise<SubjectRef> {
    return recorded((await record(collected(id, client)))[0]).subject!;
  }
  const changed = { name: 'StoreFailure', code: 'changed', retryable: false };

  describe('an action that was decided on a state', () => {
    test('is recorded where nothing has grown; with it the dossier has', async () => {
      const subject = await knownAs('A', '1');
      const expecting = await seen(subject);
      expect(recorded((await decided(expecting, blocked('2')))[0]).position).toBe(1);
      await expect(decided(expecting, blocked('3'))).rejects.toMatchObject(changed);
      expect(await store.ledger.size(siyliq)).toBe(2);
      expect(recorded((await decided(await seen(subject), blocked('3')))[0]).position).toBe(2);
    });

    test('does not mind readings, and other people', async () => {
      const subject = await knownAs('A', '1');
      const expecting = await seen(subject);
      await knownAs('B', '2');
      const accessed = { kind: 'own', name: 'accessed', subject, by: null, at: '2026-03-01T10:00:00.000Z' } as const;
      await store.ledger.record(siyliq, [{ ...accessed, data: { role: 'officer', view: 'lineage' } }]);
      expect((await decided(expecting, blocked('3')))[0]!.kind).toBe('recorded');
    });

    test('minds every dossier of the person, and one that is linked since', async () => {
      const subject = await knownAs('A', '1');
      const other = recorded((await record(collected('2', '', { person: { iin: iins[0] } })))[0]).subject!;
      const before = await seen(subject);
      expect([...before.keys()]).toEqual([subject]);
      // The link stands in the other dossier alone.
      await record(collected('3', '', { person: { iin: iins[0], client: 'A' } }));
      await expect(decided(before, blocked('4'))).rejects.toMatchObject(changed);
      const both = await seen(subject);
      expect(new Set(both.keys())).toEqual(new Set([subject, other]));
      await record(collected('5', '', { person: { iin: iins[0] } }));
      await expect(decided(both, blocked('4'))).rejects.toMatchObject(changed);
      expect((await decided(await seen(subject), blocked('4')))[0]!.kind).toBe('recorded');
    });

    test('is judged as any repeat where it is known, though all has grown', async () => {
      const subject = await knownAs('A', '1');
      const expecting = await seen(subject);
      const [first] = await decided(expecting, blocked('2'));
      const [again] = await decided(expecting, blocked('2'));
      const { event, position } = recorded(first);
      expect(again).toEqual({ kind: 'repeated', event, position, subject });
      expect(await decided(expecting, blocked('2', 'A', 'other'))).toEqual([{ kind: 'conflict' }]);
      await store.keys.shredDossier(siyliq, subject);
      expect(await decided(expecting, blocked('2'))).toEqual([{ kind: 'gone' }]);
    });

    test('leaves nothing behind where it is refused: neither references nor dossiers', async () => {
      const subject = await knownAs('A', '1');
      const expecting = new Map([[subject, 7]]);
      const told = { person: { client: 'A' }, request: 'R-77', right: 'access', channel: 'office' };
      const asked = action({ id: '2', type: 'requested', data: told });
      await expect(decided(expecting, asked)).rejects.toMatchObject(changed);
      await expect(decided(new Map([[subject, 0]]), collected('3', 'C'))).rejects.toMatchObject(changed);
      expect(await store.vault.referenceOf(siyliq, 'request', 'R-77')).toBeUndefined();
      expect(await store.ledger.find(siyliq, [{ kind: 'client', value: 'C' }])).toBeUndefined();
      expect((await decided(await seen(subject), asked))[0]!.kind).toBe('recorded');
      expect(await store.vault.referenceOf(siyliq, 'request', 'R-77')).toBeDefined();
    });

    test('is one of many at once that are decided on the same, among facts', async () => {
      const subject = await knownAs('A', '1');
      const expecting = await seen(subject);
      const calls = Array.from({ length: 12 }, (_, i) => decided(expecting, blocked(`d${i}`)));
      const facts = Array.from({ length: 12 }, (_, i) => record(collected(`f${i}`, `P${i}`)));
      const outcomes = await Promise.allSettled(calls);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const one of outcomes) if (one.status === 'rejected') expect(one.reason).toMatchObject(changed);
      expect((await Promise.all(facts)).flat().map(({ kind }) => kind)).toEqual(facts.map(() => 'recorded'));
      expect(await store.ledger.size(siyliq)).toBe(14);
    });

    test('is recorded by itself, and may be Depter’s own', async () => {
      const subject = await knownAs('A', '1');
      const expecting = await seen(subject);
      const two = [blocked('2'), blocked('3')];
      await expect(store.ledger.record(siyliq, two, { expecting })).rejects.toBeInstanceOf(RangeError);
      const own = { kind: 'own', name: 'destroying', subject, by: null, at: '2026-03-01T10:00:00.000Z' } as const;
      const destroying: OwnAction = { ...own, data: { items: ['name'] } };
      expect((await decided(expecting, destroying))[0]!.kind).toBe('recorded');
      await expect(decided(expecting, destroying)).rejects.toMatchObject(changed);
    });
  });
}
