/** What every ledger that keeps senders tells of them (`senderOf` in `ports.ts`). */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Action, EventId, Reference } from '#ledger';
import { collected } from './actions.js';
import { options, siyliq, somo, type Engine, type MakePlace, type Place } from './engine.js';
import { recorded } from './ledger-contract.js';

export function senderContract(makePlace: MakePlace): void {
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

  const key = async (): Promise<Reference> =>
    (await store.accessKeys.add({ controller: siyliq, role: 'emitter' })).key.id;
  const send = async (sender: Reference | undefined, ...actions: Action[]) =>
    store.ledger.record(siyliq, actions, sender === undefined ? {} : { sender });

  describe('the key that sent an action', () => {
    test('is told for each of its events, now and after opening again', async () => {
      const [one, other] = [await key(), await key()];
      const described = { describes: { phone: { phone: '+77010000001' } } };
      const [first] = await send(one, collected('1', 'A', described));
      const [second] = await send(other, collected('2', 'B'));
      const parts = await store.ledger.entries(siyliq, 0, 10);
      expect(parts).toHaveLength(3);
      await store.close();
      store = await place.open(options());
      const senders = await Promise.all(parts.map(({ event }) => store.ledger.senderOf(siyliq, event.id as EventId)));
      expect(senders).toEqual([one, one, other]);
      expect(await store.ledger.senderOf(siyliq, recorded(first).event)).toBe(one);
      expect(await store.ledger.senderOf(somo, recorded(second).event)).toBeUndefined();
    });

    test('stays the first, whoever repeats the action', async () => {
      const [one, other] = [await key(), await key()];
      const [first] = await send(one, collected('1', 'A'));
      expect((await send(other, collected('1', 'A')))[0]!.kind).toBe('repeated');
      expect(await store.ledger.senderOf(siyliq, recorded(first).event)).toBe(one);
      const [unsaid] = await send(undefined, collected('2', 'A'));
      expect((await send(other, collected('2', 'A')))[0]!.kind).toBe('repeated');
      expect(await store.ledger.senderOf(siyliq, recorded(unsaid).event)).toBeUndefined();
    });

    test('is known after an item was shredded, and not after its person was', async () => {
      const one = await key();
      const sent = collected('1', 'A', { values: { name: 'Fictitious Person' } });
      const { event, subject } = recorded((await send(one, sent))[0]);
      await store.keys.shredItem(siyliq, subject!, 'name');
      expect(await store.ledger.senderOf(siyliq, event)).toBe(one);
      expect((await send(one, sent))[0]!.kind).toBe('repeated');
      await store.keys.shredDossier(siyliq, subject!);
      expect(await store.ledger.senderOf(siyliq, event)).toBeUndefined();
      expect((await send(one, sent))[0]!.kind).toBe('gone');
    });

    test('is nobody’s for Depter’s own events and unknown ones', async () => {
      const one = await key();
      const { subject } = recorded((await send(one, collected('1', 'A')))[0]);
      const own = { kind: 'own', name: 'accessed', subject, by: null, at: '2026-03-01T10:00:00.000Z' } as const;
      const [read] = await store.ledger.record(siyliq, [{ ...own, data: { role: 'officer', view: 'lineage' } }]);
      expect(await store.ledger.senderOf(siyliq, recorded(read).event)).toBeUndefined();
      expect(await store.ledger.senderOf(siyliq, 'AAAAAAAAAAAAAAAAAAAAAA' as EventId)).toBeUndefined();
    });
  });
}
