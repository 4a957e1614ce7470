/** What shredding does on every engine: what was sealed under the key is gone, and everything else stays as it was. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SubjectRef } from '#ledger';
import type { Outcome } from '#store';
import { action, collected } from './actions.js';
import { options, rules, siyliq, somo, type Engine, type MakePlace, type Place } from './engine.js';
import { recorded } from './ledger-contract.js';
import { textsBehind } from './texts-behind.js';

export function keysContract(makePlace: MakePlace): void {
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
  const find = (client: string): Promise<SubjectRef | undefined> =>
    store.ledger.find(siyliq, [{ kind: 'client', value: client }]);
  const values = async (subject: SubjectRef): Promise<string[]> =>
    (await store.vault.texts(siyliq, subject)).flatMap(({ field, text }) =>
      text.kind === 'value' ? [`${field}: ${text.value}`] : [],
    );
  const reopen = async (): Promise<void> => {
    await store.close();
    store = await place.open(options());
  };

  const first = collected('1', 'A', { values: { name: 'Aigul', phone: '+77010000001' }, note: 'a note' });
  const plain = collected('2', 'A', { note: 'another' });

  describe('a dossier', () => {
    let subject: SubjectRef;
    beforeEach(async () => {
      const [outcome] = await record(first, plain, collected('3', 'B', { values: { name: 'Berik' }, consent: 'C-A' }));
      subject = recorded(outcome).subject!;
      await store.keys.shredDossier(siyliq, subject);
    });

    test('its texts, references and identifiers are gone, at once and after opening again', async () => {
      for (const again of [false, true]) {
        if (again) await reopen();
        expect(await values(subject)).toEqual([]);
        expect(await textsBehind(store.vault, siyliq, subject)).toEqual(new Map());
        expect(await store.vault.identifiers(siyliq, subject)).toEqual([]);
        expect(await find('A')).toBeUndefined();
      }
    });

    test('the log is as it was', async () => {
      const entries = await store.ledger.entries(siyliq, 0, 10);
      expect(entries.map(({ event }) => event.subject)).toEqual([subject, subject, (await find('B'))!]);
      expect((await store.ledger.person(siyliq, subject))!.dossiers[0]!.events).toHaveLength(2);
    });

    test('its actions are gone when they come again, the same or not, now and later', async () => {
      const gone = [{ kind: 'gone' }, { kind: 'gone' }, { kind: 'gone' }];
      const again = [first, plain, collected('2', 'A', { note: 'changed' })];
      expect(await record(...again)).toEqual(gone);
      await reopen();
      expect(await record(...again)).toEqual(gone);
    });

    test('others are untouched, also where they share a reference', async () => {
      const other = (await find('B'))!;
      expect(await values(other)).toEqual(['name: Berik']);
      const texts = [...(await textsBehind(store.vault, siyliq, other)).values()];
      expect(texts).toEqual([{ kind: 'value', value: 'C-A' }]);
      expect(await store.vault.referenceOf(siyliq, 'consent', 'C-A')).toBeDefined();
      await store.keys.shredDossier(siyliq, other);
      expect(await store.vault.referenceOf(siyliq, 'consent', 'C-A')).toBeUndefined();
    });

    test('a new action of the same person opens a new dossier', async () => {
      const [outcome] = await record(collected('4', 'A', { values: { name: 'New' } }));
      const fresh = recorded(outcome).subject!;
      expect(fresh).not.toBe(subject);
      expect(await find('A')).toBe(fresh);
      expect(await values(fresh)).toEqual(['name: New']);
    });

    test('twice, of nobody, or at another controller it does nothing', async () => {
      const other = (await find('B'))!;
      await store.keys.shredDossier(siyliq, subject);
      await store.keys.shredDossier(somo, other);
      await store.keys.shredDossier(siyliq, 'AAAAAAAAAAAAAAAAAAAAAA' as SubjectRef);
      expect(await values(other)).toEqual(['name: Berik']);
    });
  });

  test('what was found before a dossier was shredded is erased or as it was, and never an exception', async () => {
    await record(first, plain);
    const subject = (await find('A'))!;
    const references = await store.vault.references(siyliq, subject);
    expect(references.size).toBe(1);
    await store.keys.shredDossier(siyliq, subject);
    for (const { text } of references.values())
      expect([{ kind: 'erased' }, { kind: 'value', value: 'C-A' }]).toContainEqual(text);
  });

  describe('an item', () => {
    let subject: SubjectRef;
    beforeEach(async () => {
      const [outcome] = await record(first, plain);
      subject = recorded(outcome).subject!;
      await store.keys.shredItem(siyliq, subject, 'name');
    });

    test('its values are gone and those of the others stay, at once, after opening again, and after another', async () => {
      const survivors = ['note: a note', 'phone: +77010000001', 'note: another'];
      expect(await values(subject)).toEqual(survivors);
      await reopen();
      expect(await values(subject)).toEqual(survivors);
      await store.keys.shredItem(siyliq, subject, 'address');
      expect(await values(subject)).toEqual(survivors);
      await store.keys.shredItem(siyliq, subject, 'phone');
      expect(await values(subject)).toEqual(['note: a note', 'note: another']);
      expect(await find('A')).toBe(subject);
      expect(await store.vault.identifiers(siyliq, subject)).toEqual([{ kind: 'client', value: 'A' }]);
      expect((await textsBehind(store.vault, siyliq, subject)).size).toBe(1);
    });

    test('a survivor that was found before is opened after', async () => {
      await record(collected('4', 'A', { values: { name: 'Later', phone: '+77010000009' } }));
      const found = await store.vault.texts(siyliq, subject);
      await store.keys.shredItem(siyliq, subject, 'name');
      const phones = found.filter(({ label }) => label === 'phone').map(({ text }) => text);
      expect(phones).toEqual(['+77010000001', '+77010000009'].map((value) => ({ kind: 'value', value })));
    });

    test('what comes is sealed under a fresh key, and goes with the next shredding', async () => {
      await record(collected('4', 'A', { values: { name: 'Later', phone: '+77010000009' } }));
      expect(await values(subject)).toContain('name: Later');
      await store.keys.shredItem(siyliq, subject, 'name');
      expect(await values(subject)).toEqual([
        'note: a note',
        'phone: +77010000001',
        'note: another',
        'phone: +77010000009',
      ]);
    });

    test('an action that brought a value of it is known by its id alone, the others by their content', async () => {
      const outcomes = await record(
        first,
        collected('1', 'A', { note: 'changed' }),
        plain,
        collected('2', 'A', { note: 'changed' }),
      );
      expect(outcomes.map(({ kind }) => kind)).toEqual(['repeated', 'repeated', 'repeated', 'conflict']);
    });

    test('also where it came before a pack listed it', async () => {
      const sizes = { items: ['shoe-size'], values: { 'shoe-size': '38' } };
      await record(collected('4', 'A', sizes));
      expect(await values(subject)).toContainEqual(expect.stringMatching(/: 38$/));
      await store.close();
      const later = rules({ item: ['shoe-size'] });
      store = await place.open(options({ rulebookFor: () => later }));
      await record(collected('5', 'A', { items: ['shoe-size'], values: { 'shoe-size': '39' } }));
      await store.keys.shredItem(siyliq, subject, 'shoe-size');
      expect((await values(subject)).filter((text) => /: 3[89]$/.test(text))).toEqual([]);
      expect(await values(subject)).toContain('note: another');
      expect(await record(collected('4', 'A', { ...sizes, note: 'changed' }))).toMatchObject([{ kind: 'repeated' }]);
    });

    test('then the whole person: nothing is left', async () => {
      await store.keys.shredDossier(siyliq, subject);
      expect(await values(subject)).toEqual([]);
      expect((await record(first, plain)).map(({ kind }) => kind)).toEqual(['gone', 'gone']);
    });
  });

  test('an action that was corrected is known by its id alone, whichever came first: nothing tells what its values were', async () => {
    const correction = (id: string, target: string) =>
      action({
        id,
        type: 'corrected',
        data: { person: { client: 'A' }, event: { source: 'urn:test', id: target }, reason: 'wrong' },
      });
    await record(first, correction('c1', '1'), correction('c2', '2'), plain);
    const guesses = [collected('1', 'A', { values: { name: 'Guess' } }), collected('2', 'A', { note: 'guess' })];
    expect((await record(first, plain, ...guesses)).map(({ kind }) => kind)).toEqual(Array(4).fill('repeated'));
  });

  test('what is recorded beside a shredding is sealed under the fresh key or in a new dossier, never lost', async () => {
    await record(first);
    const subject = (await find('A'))!;
    const writes = Array.from({ length: 30 }, (_, i) => record(collected(`w${i}`, 'A', { values: { name: `n${i}` } })));
    const shredding = store.keys.shredDossier(siyliq, subject);
    const after = Array.from({ length: 30 }, (_, i) => record(collected(`x${i}`, 'A', { values: { name: `m${i}` } })));
    await shredding;
    const outcomes = (await Promise.all([...writes, ...after])).flat().map(recorded);
    const later = outcomes.filter((outcome) => outcome.subject !== subject);
    expect(await values(subject)).toEqual([]);
    const fresh = await find('A');
    const sealed = fresh === undefined ? [] : await values(fresh);
    expect(sealed.filter((text) => text.startsWith('name'))).toHaveLength(later.length);
    for (const outcome of later) expect(outcome.subject).toBe(fresh);
  });
}
