/** What a destruction does on every engine: done as a whole, once, with its events, and nothing of what went can be read. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { EventId, SubjectRef } from '#ledger';
import type { DestructionAct, DestructionOrder, Outcome } from '#store';
import { action, collected, iins } from './actions.js';
import { options, siyliq, type Engine, type MakePlace, type Place } from './engine.js';
import { recorded } from './ledger-contract.js';
import { textsBehind } from './texts-behind.js';

const AT = '2026-03-01T10:00:00.000Z';

export function destructionsContract(makePlace: MakePlace): void {
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
  const destroyed = (subject: SubjectRef, items: readonly string[] | 'all', event?: EventId): DestructionAct => ({
    kind: 'own',
    name: 'destroyed',
    subject,
    by: null,
    at: AT,
    data: { items: items === 'all' ? items : [...items], method: 'erase' },
    ...(event === undefined ? {} : { event }),
  });
  const destroy = (order: DestructionOrder) => store.destructions.destroy(siyliq, order);
  const events = async (subject: SubjectRef) =>
    (await store.ledger.person(siyliq, subject))!.dossiers
      .find((dossier) => dossier.subject === subject)!
      .events.map(({ event }) => event);

  const readOf = async (subject: SubjectRef) =>
    new Map((await store.ledger.person(siyliq, subject))!.dossiers.map((one) => [one.subject, one.events.length]));

  const first = collected('1', 'A', { values: { name: 'Aigul', phone: '+77010000001' }, note: 'a note' });
  const plain = collected('2', 'A', { note: 'another' });

  describe('of a person', () => {
    let subject: SubjectRef;
    let linked: SubjectRef;
    let size: number;
    beforeEach(async () => {
      const both = { person: { iin: iins[0], client: 'A' } };
      const [outcome] = await record(first, plain, action({ id: '3', type: 'used', data: { ...both, items: ['name'], purposes: ['loan'] } })); // prettier-ignore
      linked = recorded(outcome).subject!;
      subject = (await store.ledger.find(siyliq, [{ kind: 'iin', value: iins[0] }]))!;
      size = await store.ledger.size(siyliq);
    });

    test('says that it begins and that it is done, with evidence, in the log alone', async () => {
      const done = await destroy({ act: destroyed(subject, 'all'), dossiers: [subject, linked] });
      expect(done).toMatchObject({ kind: 'recorded', subject });
      const [destroying, end] = (await events(subject)).slice(-2);
      expect(destroying).toMatchObject({ type: 'destroying', subject, at: AT, data: { items: 'all' } });
      expect(end).toMatchObject({
        type: 'destroyed',
        subject,
        data: {
          items: 'all',
          method: 'erase',
          evidence: {
            intent: destroying!.id, dossiers: 2, identifiers: 2, values: 2, texts: 3, shredded: AT, swept: AT, size: size + 1,
          },
        },
      }); // prettier-ignore
      expect((end!.data as { evidence: { keys: string[] } }).evidence.keys).toHaveLength(2);
      expect(await store.ledger.size(siyliq)).toBe(size + 2);
    });

    test('leaves nobody to be found, nothing to be read, and no link', async () => {
      await destroy({ act: destroyed(subject, 'all'), dossiers: [subject, linked] });
      for (const again of [false, true]) {
        if (again) await reopen();
        expect(await find('A')).toBeUndefined();
        expect(await store.ledger.find(siyliq, [{ kind: 'iin', value: iins[0] }])).toBeUndefined();
        for (const one of [subject, linked]) {
          expect(await store.vault.texts(siyliq, one)).toEqual([]);
          expect(await textsBehind(store.vault, siyliq, one)).toEqual(new Map());
          expect(await store.vault.identifiers(siyliq, one)).toEqual([]);
          expect((await store.ledger.person(siyliq, one))!.dossiers.map((dossier) => dossier.subject)).toEqual([one]);
        }
        expect(await record(first, plain)).toEqual([{ kind: 'gone' }, { kind: 'gone' }]);
      }
      const [fresh] = await record(collected('9', 'A'));
      expect([subject, linked]).not.toContain(recorded(fresh).subject);
    });

    test('is done once, whoever orders it again', async () => {
      const event = await store.destructions.commandId(siyliq, 'key-1');
      const order = { act: destroyed(subject, 'all', event), dossiers: [subject, linked] };
      const [one, other] = await Promise.all([destroy(order), destroy(order)]);
      expect(one).toMatchObject({ event, kind: 'recorded' });
      expect(other).toMatchObject({ event, position: (one as { position: number }).position });
      await reopen();
      expect(await destroy(order)).toMatchObject({ kind: 'repeated', event });
      expect(await destroy({ ...order, act: destroyed(subject, ['name'], event) })).toEqual({ kind: 'conflict' });
      expect(await store.ledger.size(siyliq)).toBe(size + 2);
    });

    test('is not done where a dossier has grown since it was decided', async () => {
      const counts = new Map([subject, linked].map((one) => [one, 0]));
      const grown = await destroy({ act: destroyed(subject, 'all'), dossiers: [subject, linked], expecting: counts });
      expect(grown).toEqual({ kind: 'changed' });
      expect(await store.ledger.size(siyliq)).toBe(size);
      expect(await find('A')).toBe(linked);
      for (const one of [subject, linked]) counts.set(one, (await events(one)).length);
      const order = { act: destroyed(subject, 'all'), dossiers: [subject, linked], expecting: counts };
      expect(await destroy(order)).toMatchObject({ kind: 'recorded' });
    });

    test('all receipts of before hold: the log is only longer', async () => {
      const before = await store.ledger.entries(siyliq, 0, size);
      await destroy({ act: destroyed(subject, 'all'), dossiers: [subject, linked] });
      const after = await store.ledger.entries(siyliq, 0, size);
      expect(after.map(({ entry }) => Buffer.from(entry).toString())).toEqual(
        before.map(({ entry }) => Buffer.from(entry).toString()),
      );
    });
  });

  describe('of an item', () => {
    let subject: SubjectRef;
    beforeEach(async () => {
      subject = recorded((await record(first, plain))[0]).subject!;
      await destroy({ act: destroyed(subject, ['name']), dossiers: [subject] });
    });

    test('takes its values and leaves the others', async () => {
      for (const again of [false, true]) {
        if (again) await reopen();
        expect(await values(subject)).toEqual(['note: a note', 'phone: +77010000001', 'note: another']);
        expect(await find('A')).toBe(subject);
      }
      const evidence = (await events(subject)).at(-1)!.data;
      expect(evidence).toMatchObject({ evidence: { dossiers: 0, identifiers: 0, values: 1, texts: 0 } });
    });

    test('a value of before that comes later is recorded without it, and is known by its id alone', async () => {
      const late = collected('4', 'A', { values: { name: 'Late', phone: '+77010000002' } });
      const [outcome] = await record(late);
      expect(recorded(outcome).kind).toBe('recorded');
      expect(await values(subject)).not.toContain('name: Late');
      expect(await values(subject)).toContain('phone: +77010000002');
      await reopen();
      await record(collected('5', 'A', { values: { name: 'Later still' } }));
      expect((await values(subject)).filter((text) => text.startsWith('name'))).toEqual([]);
      const guess = collected('4', 'A', { values: { name: 'Guess' } });
      expect((await record(late, guess)).map(({ kind }) => kind)).toEqual(['repeated', 'repeated']);
    });

    test('a value of after begins a new life', async () => {
      const at = (id: string, time: string) =>
        action({
          id,
          type: 'rectified',
          time,
          data: { person: { client: 'A' }, items: ['name'], values: { name: id } },
        });
      await record(at('before', '2026-03-01T09:59:59Z'), at('after', '2026-03-01T10:00:01Z'));
      const known = async () => (await values(subject)).filter((text) => text.startsWith('name'));
      expect(await known()).toEqual(['name: after']);
      await reopen();
      expect(await known()).toEqual(['name: after']);
    });
  });

  test('values that lie after it in time stay readable, whatever goes with the key', async () => {
    const [one, two] = (
      await record(
        collected('1', 'A', { values: { name: 'goes', phone: 'stays' } }),
        collected('2', 'A', { values: { name: 'stays', phone: 'stays too' } }),
      )
    ).map(recorded);
    const { subject } = one!;
    const others = [{ dossier: subject!, item: 'name', surviving: [two!.event] }];
    await destroy({ act: destroyed(subject!, ['address']), dossiers: [subject!], others });
    const left = ['phone: stays', 'name: stays', 'phone: stays too'];
    expect(await values(subject!)).toEqual(left);
    await destroy({ act: destroyed(subject!, ['address']), dossiers: [subject!] });
    await reopen();
    expect(await values(subject!)).toEqual(left);
    await destroy({ act: destroyed(subject!, ['name']), dossiers: [subject!] });
    expect(await values(subject!)).toEqual(['phone: stays', 'phone: stays too']);
  });

  test('of what lies with somebody else takes that alone', async () => {
    const subject = recorded((await record(first))[0]).subject!;
    const other = recorded(
      (await record(collected('2', 'B', { values: { name: 'Berik', phone: '+77010000003' } })))[0],
    );
    const others = [{ dossier: other.subject!, item: 'phone' }];
    await destroy({ act: destroyed(subject, ['phone']), dossiers: [subject], others });
    expect(await values(other.subject!)).toEqual(['name: Berik']);
    expect(await values(subject)).toEqual(['note: a note', 'name: Aigul']);
    // Whoever else told of them tells of their own.
    await record(collected('3', 'B', { values: { phone: '+77010000009' } }), collected('4', 'A', { values: { phone: '+77010000008' } })); // prettier-ignore
    expect(await values(other.subject!)).toEqual(['name: Berik', 'phone: +77010000009']);
    expect(await values(subject)).toEqual(['note: a note', 'name: Aigul']);
  });

  describe('that somebody reported', () => {
    const reported = (id: string, items: readonly string[] | 'all', client = 'A') =>
      action({ id, type: 'destroyed', data: { person: { client }, items, method: 'erase' } });
    const owed = async () => (await store.destructions.owed(siyliq, 0, 10)).map(({ event }) => event);

    test('is owed until it is followed, whatever the process; one of a command is not', async () => {
      const [one, fact] = (await record(first, reported('d', ['name']))).map(recorded);
      const subject = one!.subject!;
      await destroy({ act: destroyed(subject, ['phone']), dossiers: [subject] });
      expect(await owed()).toEqual([fact!.event]);
      await reopen();
      expect(await store.destructions.owed(siyliq, 0, 10)).toEqual([
        { event: fact!.event, subject, position: fact!.position },
      ]);
      expect(await store.destructions.owed(siyliq, fact!.position + 1, 10)).toEqual([]);
      const size = await store.ledger.size(siyliq);
      const erased = [{ dossier: subject, item: 'name', at: '2026-02-02' }];
      const expecting = await readOf(subject);
      const following = { person: subject, expecting, facts: [fact!.event], ended: [], erased };
      expect(await store.destructions.follow(siyliq, [following])).toEqual([]);
      expect(await owed()).toEqual([]);
      expect(await values(subject)).toEqual(['note: a note']);
      // The fact is in the log already.
      expect(await store.ledger.size(siyliq)).toBe(size);
      await record(collected('4', 'A', { values: { name: 'of before' } }));
      expect(await values(subject)).toEqual(['note: a note']);
    });

    test('is owed to a dossier that comes to be of the same person, and to no other', async () => {
      const link = (id: string, client: string, other: string) =>
        action({ id, type: 'linked', data: { person: { client }, other: { client: other } } });
      const people = ['A', 'B', 'C', 'D', 'E'].map((client) => collected(client, client, { values: { name: client } }));
      const subject = recorded((await record(...people))[0]).subject!;
      await record(link('l-1', 'B', 'C'));
      expect(await owed()).toEqual([]);
      await destroy({ act: destroyed(subject, ['name']), dossiers: [subject] });
      await record(link('l-2', 'D', 'E'));
      await record(link('l-3', 'C', 'D'));
      const [far] = (await record(link('l-4', 'A', 'B'))).map((one) => recorded(one).event);
      expect(await owed()).toEqual([far]);
      await reopen();
      expect(await owed()).toEqual([far]);
      const [further] = (await record(link('l-5', 'E', 'F'))).map((one) => recorded(one).event);
      expect(await owed()).toEqual([far, further]);
    });

    test('ends people, many at once', async () => {
      const group = ['A', 'B', 'C'].map((client) => collected(client, client, { values: { name: client } }));
      const people = (await record(...group)).map((outcome) => recorded(outcome).subject!);
      const facts = (await record(reported('a', 'all'), reported('b', 'all', 'B'))).map((one) => recorded(one).event);
      const all = await Promise.all(
        facts.map(async (fact, i) => {
          const person = people[i]!;
          return { person, expecting: await readOf(person), facts: [fact], ended: [person], erased: [] };
        }),
      );
      expect(await store.destructions.follow(siyliq, all)).toEqual([]);
      expect(await Promise.all(['A', 'B', 'C'].map(find))).toEqual([undefined, undefined, people[2]]);
      expect(await owed()).toEqual([]);
      expect((await record(group[0]!, group[2]!)).map(({ kind }) => kind)).toEqual(['gone', 'repeated']);
    });

    test('takes nothing of whoever has grown since it was decided, and all of the others', async () => {
      const group = ['A', 'B', 'C'].map((client) => collected(client, client, { values: { name: client } }));
      const people = (await record(...group)).map((outcome) => recorded(outcome).subject!);
      const told = [reported('a', 'all'), reported('b', 'all', 'B'), reported('c', ['name'], 'C')];
      const facts = (await record(...told)).map((one) => recorded(one).event);
      const decided = await Promise.all(
        people.map(async (person, i) => {
          const erased = [{ dossier: person, item: 'name', at: AT }];
          const what = i === 2 ? { ended: [], erased } : { ended: [person], erased: [] };
          return { person, expecting: await readOf(person), facts: [facts[i]!], ...what };
        }),
      );
      // Acknowledged after the decision, before the keys go.
      await record(collected('A2', 'A', { values: { phone: '+77010000004' } }));
      await record(collected('C2', 'C', { values: { name: 'C again' } }));
      expect(await store.destructions.follow(siyliq, decided)).toEqual([people[0], people[2]]);
      for (const again of [false, true]) {
        if (again) await reopen();
        expect(await Promise.all(['A', 'B', 'C'].map(find))).toEqual([people[0], undefined, people[2]]);
        expect(await values(people[0]!)).toEqual(['name: A', 'phone: +77010000004']);
        expect(await values(people[2]!)).toEqual(['name: C', 'name: C again']);
        expect(await owed()).toEqual([facts[0], facts[2]]);
      }
      // A value of before its time is no late one: nothing was destroyed.
      await record(collected('C3', 'C', { values: { name: 'C once more' } }));
      expect(await values(people[2]!)).toContain('name: C once more');
      const now = await Promise.all(
        [decided[0]!, decided[2]!].map(async (one) => ({ ...one, expecting: await readOf(one.person) })),
      );
      expect(await store.destructions.follow(siyliq, now)).toEqual([]);
      expect(await Promise.all(['A', 'C'].map(find))).toEqual([undefined, people[2]]);
      expect(await values(people[2]!)).toEqual([]);
      expect(await owed()).toEqual([]);
    });

    test('whoever shares a dossier with one who has grown is judged again, too', async () => {
      const group = ['A', 'B', 'C'].map((client) => collected(client, client, { values: { name: client } }));
      const [a, b, contact] = (await record(...group)).map((outcome) => recorded(outcome).subject!);
      const decided = await Promise.all(
        [a!, b!].map(async (person) => {
          const erased = [person, contact!].map((dossier) => ({ dossier, item: 'name', at: null }));
          return { person, expecting: await readOf(person), facts: [], ended: [], erased };
        }),
      );
      await record(collected('B2', 'B'));
      expect(new Set(await store.destructions.follow(siyliq, decided))).toEqual(new Set([a, b]));
      expect(await Promise.all([a!, b!, contact!].map(values))).toEqual([['name: A'], ['name: B'], ['name: C']]);
    });

    test('of one item twice takes what either takes, from the later of both times on', async () => {
      const three = ['1', '2', '3'].map((id) => collected(id, 'A', { values: { name: id } }));
      const made = (await record(...three)).map(recorded);
      const [person, events] = [made[0]!.subject!, made.map(({ event }) => event)];
      const erased = [
        { dossier: person, item: 'name', at: '2026-02-10', surviving: [events[1]!, events[2]!] },
        { dossier: person, item: 'name', at: '2026-02-04', surviving: [events[2]!, events[0]!] },
      ];
      const expecting = await readOf(person);
      await store.destructions.follow(siyliq, [{ person, expecting, facts: [], ended: [], erased }]);
      expect(await values(person)).toEqual(['name: 3']);
      await record(action({ id: '4', type: 'rectified', time: '2026-02-08T09:00:00Z', data: { person: { client: 'A' }, items: ['name'], values: { name: '4' } } })); // prettier-ignore
      expect(await values(person)).toEqual(['name: 3']);
    });
  });
  test('whoever is alone at it has the turn, again after a failure too', async () => {
    await record(first);
    const failing = store.destructions.alone(siyliq, () => Promise.reject(new Error('failed')));
    await expect(failing).rejects.toThrow('failed');
    expect(await store.destructions.alone(siyliq, async () => 'followed')).toBe('followed');
  });
}
