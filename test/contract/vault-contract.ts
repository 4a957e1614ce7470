/** What every vault keeps: texts come back to those who may open them, and to nobody once their key is shredded. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { isReference, type LogEntry, type Reference, type ReferenceKind, type SubjectRef } from '#ledger';
import type { Outcome } from '#store';
import { action, collected, iins } from './actions.js';
import { options, rules, siyliq, somo, type Engine, type MakePlace, type Place } from './engine.js';
import { recorded } from './ledger-contract.js';
import { textsBehind } from './texts-behind.js';

export function vaultContract(makePlace: MakePlace): void {
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

  const record = (...actions: Parameters<typeof store.ledger.record>[1]): Promise<Outcome[]> =>
    store.ledger.record(siyliq, actions);
  const find = async (kind: 'client' | 'iin' | 'phone', value: string): Promise<SubjectRef> => {
    const found = await store.ledger.find(siyliq, [{ kind, value }]);
    if (found === undefined) throw new Error('nobody is found');
    return found;
  };
  const opened = async (subject: SubjectRef | null): Promise<string[]> =>
    (await store.vault.texts(siyliq, subject)).map(
      ({ position, label, field, text }) =>
        `${position} ${label} ${field}: ${text.kind === 'value' ? text.value : text.kind}`,
    );

  describe('texts', () => {
    test('values, notes and documents come back with their event, label and field', async () => {
      await record(
        collected('1', 'A', { values: { name: 'Айгүл', phone: '+77010000001' }, note: 'a note', document: 'paper 7' }),
        collected('2', 'A', { values: { name: 'Aigul' } }),
      );
      expect(await opened(await find('client', 'A'))).toEqual([
        '0 #text document: paper 7',
        '0 #text note: a note',
        '0 name name: Айгүл',
        '0 phone phone: +77010000001',
        '1 name name: Aigul',
      ]);
    });

    test('the event has a commitment of each, salted: one value twice is two commitments', async () => {
      await record(
        collected('1', 'A', { values: { name: 'same' } }),
        collected('2', 'A', { values: { name: 'same' } }),
      );
      const [first, second] = await store.ledger.entries(siyliq, 0, 2);
      const commitments = [first, second].map(
        (entry) => (entry!.event.data as { values: { name: string } }).values.name,
      );
      expect(commitments[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(commitments[1]).not.toBe(commitments[0]);
      expect(commitments).not.toContain(createHash('sha256').update('same').digest('base64url'));
      expect(Buffer.from(first!.entry).includes('same')).toBe(false);
    });

    test('the controller’s own are apart', async () => {
      await record(
        action({ id: '1', type: 'asked', data: { authority: 'kz.court', request: 'R-1', note: 'by post' } }),
      );
      expect(await opened(null)).toEqual(['0 #text note: by post']);
      const references = await textsBehind(store.vault, siyliq, null);
      expect([...references.values()].map((text) => text.kind === 'value' && text.value).sort()).toEqual([
        'R-1',
        'kz.court',
      ]);
    });

    test('a described person’s value is sealed once, for that person', async () => {
      await record(
        collected('1', 'A', {
          describes: { phone: { phone: '+77010000001' } },
          values: { name: 'A.', phone: '+77010000001' },
        }),
      );
      expect(await opened(await find('client', 'A'))).toEqual(['0 name name: A.']);
      expect(await opened(await find('phone', '+77010000001'))).toEqual(['1 phone phone: +77010000001']);
    });

    test('a corrected event loses its values and keeps its notes, whichever came first', async () => {
      const right = collected('1', 'A', { values: { name: 'x' }, note: 'kept' });
      const wrong = action({
        id: '2',
        type: 'corrected',
        data: { person: { client: 'A' }, event: { source: 'urn:test', id: '1' }, reason: 'r' },
      });
      await record(right, wrong);
      expect(await opened(await find('client', 'A'))).toEqual(['0 #text note: kept', '1 #text reason: r']);
      const earlier = action({
        id: '4',
        type: 'corrected',
        data: { person: { client: 'B' }, event: { source: 'urn:test', id: '3' }, reason: 'r' },
      });
      await record(
        earlier,
        collected('3', 'B', { values: { name: 'x' }, note: 'kept', describes: { phone: { phone: '+77010000002' } } }),
      );
      expect(await opened(await find('client', 'B'))).toEqual(['2 #text reason: r', '3 #text note: kept']);
    });
  });

  describe('references', () => {
    test('those that are named, of the dossier that is asked', async () => {
      await record(collected('1', 'A', { consent: 'C-1', contract: 'K-1', by: 'clerk' }));
      const [{ event }] = (await store.ledger.entries(siyliq, 0, 1)) as [LogEntry];
      const { consent } = event.data as { consent: Reference };
      const subject = await find('client', 'A');
      const named = await textsBehind(store.vault, siyliq, subject, new Set([consent, event.by as Reference]));
      expect([...named]).toEqual([[consent, { kind: 'value', value: 'C-1' }]]);
      const staff = await textsBehind(store.vault, siyliq, null, new Set([consent, event.by as Reference]));
      expect([...staff]).toEqual([[event.by, { kind: 'value', value: 'clerk' }]]);
      expect((await textsBehind(store.vault, siyliq, subject, new Set())).size).toBe(0);
    });

    test('one for each controller, kind and text, its text sealed for everyone who has it', async () => {
      await record(collected('1', 'A', { consent: 'C-9' }), collected('2', 'B', { consent: 'C-9', contract: 'C-9' }));
      const [first, second] = (await store.ledger.entries(siyliq, 0, 2)).map(
        ({ event }) => event.data as Record<string, string>,
      );
      expect(isReference(first!['consent']!)).toBe(true);
      expect(second!['consent']).toBe(first!['consent']);
      expect(second!['contract']).not.toBe(first!['consent']);
      expect(await store.vault.referenceOf(siyliq, 'consent', 'C-9')).toBe(first!['consent']);
      for (const client of ['A', 'B']) {
        const texts = await textsBehind(store.vault, siyliq, await find('client', client));
        expect(texts.get(first!['consent'] as Reference)).toEqual({ kind: 'value', value: 'C-9' });
      }
      await store.ledger.record(somo, [
        action({ id: '1', type: 'contracted', controller: somo, data: { person: { client: 'A' }, contract: 'C-9' } }),
      ]);
      expect(await store.vault.referenceOf(somo, 'contract', 'C-9')).not.toBe(second!['contract']);
    });

    test('one text twice in an action, in actions at once, and in an action set aside, is one reference', async () => {
      await record(collected('0', 'Z'));
      const strange = (id: string, client: string) =>
        collected(id, client, { items: ['shoe-size'], values: { 'shoe-size': '38' }, purposes: ['shoe-size'] });
      const calls = Array.from({ length: 6 }, (_, i) => record(strange('0', `S${i}`), strange(`${i + 1}`, `P${i}`)));
      expect((await Promise.all(calls)).flat().filter(({ kind }) => kind === 'conflict')).toHaveLength(6);
      const reference = (await store.vault.referenceOf(siyliq, 'item', 'shoe-size'))!;
      for (const { event } of await store.ledger.entries(siyliq, 1, 10)) {
        expect(event.data).toMatchObject({ items: [reference], values: { [reference]: expect.any(String) } });
      }
      expect(await store.ledger.size(siyliq)).toBe(7);
    });

    test('an id that no pack has is a reference, one that a pack has is itself', async () => {
      await record(
        collected('1', 'A', {
          items: ['name', 'shoe-size'],
          purposes: ['loan', 'gossip'],
          values: { 'shoe-size': '38' },
        }),
      );
      const [entry] = await store.ledger.entries(siyliq, 0, 1);
      const { items, purposes, values } = entry!.event.data as {
        items: string[];
        purposes: string[];
        values: Record<string, string>;
      };
      expect([items[0], purposes[0]]).toEqual(['name', 'loan']);
      expect([items[1], purposes[1]].every((id) => isReference(id!))).toBe(true);
      expect(Object.keys(values)).toEqual([items[1]]);
      expect(await store.vault.referenceOf(siyliq, 'item', 'shoe-size')).toBe(items[1]);
      expect(await store.vault.referenceOf(siyliq, 'purpose', 'shoe-size')).toBeUndefined();
    });

    test('once a pack has the id, a person’s record says which reference is read as it', async () => {
      await record(collected('1', 'A', { items: ['name', 'shoe-size'] }));
      const reference = (await store.vault.referenceOf(siyliq, 'item' as ReferenceKind, 'shoe-size'))!;
      expect((await store.ledger.person(siyliq, await find('client', 'A')))!.listed).toEqual(new Map());
      await store.close();
      const later = rules({ item: ['shoe-size'] });
      store = await place.open(options({ rulebookFor: () => later }));
      expect((await store.ledger.person(siyliq, await find('client', 'A')))!.listed).toEqual(
        new Map([[reference, 'shoe-size']]),
      );
      await record(collected('2', 'A', { items: ['shoe-size'] }));
      expect((await store.ledger.entries(siyliq, 1, 1))[0]!.event.data).toMatchObject({ items: ['shoe-size'] });
    });
  });

  describe('identifiers', () => {
    test('lead to the dossier and come back from it', async () => {
      await record(collected('1', 'A', { person: { iin: iins[0], client: 'A', phone: '+77010000001' } }));
      expect(await store.vault.identifiers(siyliq, await find('iin', iins[0]))).toEqual([
        { kind: 'iin', value: iins[0] },
      ]);
      expect(await store.vault.identifiers(siyliq, await find('client', 'A'))).toEqual([
        { kind: 'client', value: 'A' },
      ]);
    });

    test('an event that was set aside leaves nothing behind', async () => {
      await record(collected('1', 'A'));
      await record(collected('1', 'A', { person: { client: 'B' }, consent: 'other' }));
      expect(await store.ledger.find(siyliq, [{ kind: 'client', value: 'B' }])).toBeUndefined();
      expect(await store.vault.referenceOf(siyliq, 'consent', 'other')).toBeUndefined();
      const [outcome] = await record(collected('2', 'B', { consent: 'other' }));
      expect(await find('client', 'B')).toBe(recorded(outcome).subject);
    });
  });

  test('everything opens again after opening again', async () => {
    await record(collected('1', 'A', { values: { name: 'x' }, note: 'n' }));
    const subject = await find('client', 'A');
    const before = { texts: await opened(subject), references: await textsBehind(store.vault, siyliq, subject) };
    await store.close();
    store = await place.open(options());
    expect(await find('client', 'A')).toBe(subject);
    expect({ texts: await opened(subject), references: await textsBehind(store.vault, siyliq, subject) }).toEqual(
      before,
    );
    expect(before.texts).toHaveLength(2);
  });
}
