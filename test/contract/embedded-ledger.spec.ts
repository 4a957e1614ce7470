import { describe, expect, test } from '@jest/globals';
import { action, collected } from './actions.js';
import { embeddedPlace } from './embedded-place.js';
import { options, rules, siyliq } from './engine.js';
import { ledgerContract } from './ledger-contract.js';
import { peopleContract } from './people-contract.js';

describe('the embedded ledger', () => {
  ledgerContract(embeddedPlace);
  peopleContract(embeddedPlace);

  test('a person of whom nothing came is the same record, so that it is folded once', async () => {
    const place = await embeddedPlace();
    const store = await place.open(options());
    const { ledger } = store;
    try {
      await ledger.record(siyliq, [collected('1', 'A')]);
      const subject = (await ledger.find(siyliq, [{ kind: 'client', value: 'A' }]))!;
      const first = (await ledger.person(siyliq, subject))!;
      await ledger.record(siyliq, [collected('2', 'B')]);
      expect(await ledger.person(siyliq, subject)).toBe(first);
      await ledger.record(siyliq, [collected('3', 'A')]);
      const second = (await ledger.person(siyliq, subject))!;
      expect(second.dossiers[0]!.events).toHaveLength(2);
      expect(await ledger.person(siyliq, subject)).toBe(second);
    } finally {
      await store.close();
      await place.remove();
    }
  });

  test('a person of whom anything came is another record, wherever it lies', async () => {
    const place = await embeddedPlace();
    const packs = new Map([[siyliq, rules()]]);
    const store = await place.open(options({ rulebookFor: (controller) => packs.get(controller) }));
    const subjectOf = async (client: string) => (await store.ledger.find(siyliq, [{ kind: 'client', value: client }]))!;
    try {
      await store.ledger.record(siyliq, [
        collected('1', 'A', { items: ['name', 'hobby'] }),
        collected('2', 'B'),
        action({ id: 'backup', type: 'backed-up', data: { place: 'kz.bureau', until: '2026-06-30' } }),
      ]);
      const subject = await subjectOf('A');
      const read = async () => (await store.ledger.person(siyliq, subject))!;
      const corrected = (id: string, of: string, client: string) =>
        action({
          id,
          type: 'corrected',
          data: { person: { client }, event: { source: 'urn:test', id: of }, reason: 'wrong' },
        });
      let before = await read();
      expect(await read()).toBe(before);
      const after = async (...actions: Parameters<typeof store.ledger.record>[1]) => {
        await store.ledger.record(siyliq, actions);
        const now = await read();
        expect(now).not.toBe(before);
        expect(await read()).toBe(now);
        before = now;
        return now;
      };

      // Another client's act corrects what this one did, then that act itself is corrected.
      const wrong = await after(corrected('3', '1', 'B'));
      expect(wrong.corrections.map(({ position }) => position)).toEqual([3]);
      const right = await after(corrected('4', '3', 'C'));
      expect(right.corrections.map(({ position }) => position)).toEqual([3, 4]);

      const own = await after(action({ id: '5', type: 'measured', data: { breach: 'B-1' } }));
      expect(own.controller.map(({ event }) => event.type)).toEqual(['backed-up', 'measured']);
      const ownCorrected = await after(corrected('6', 'backup', 'B'));
      expect(ownCorrected.corrections.map(({ position }) => position)).toEqual([3, 4, 6]);

      const linked = await after(
        action({ id: '7', type: 'linked', data: { person: { client: 'C' }, other: { client: 'A' } } }),
      );
      expect(new Set(linked.dossiers.map((one) => one.subject))).toEqual(new Set([subject, await subjectOf('C')]));
      const more = await after(collected('8', 'C'));
      expect(more.dossiers.flatMap(({ events }) => events)).toHaveLength(4);

      // Read by way of another of their dossiers, they are named by it.
      const other = (await store.ledger.person(siyliq, await subjectOf('C')))!;
      expect(other.subject).not.toBe(subject);
      before = await read();
      expect(before.subject).toBe(subject);

      expect([...before.listed.values()]).not.toContain('hobby');
      packs.set(siyliq, rules({ item: ['hobby'] }));
      const relisted = await after();
      expect([...relisted.listed.values()]).toContain('hobby');

      // What somebody does whom an item is about lies in none of the dossiers.
      const phone = '+77010000001';
      await store.ledger.record(siyliq, [collected('9', 'A', { describes: { phone: { phone } }, values: { phone } })]);
      const theirs = async () => {
        const { contacts } = await read();
        return contacts[0]!.record.dossiers.flatMap(({ events }) => events.map(({ event }) => event.type));
      };
      expect(await theirs()).toEqual(['collected']);
      await store.ledger.record(siyliq, [
        action({ id: '10', type: 'complained', data: { person: { phone }, to: 'kz.bureau' } }),
      ]);
      expect(await theirs()).toEqual(['collected', 'complained']);
    } finally {
      await store.close();
      await place.remove();
    }
  });
});
