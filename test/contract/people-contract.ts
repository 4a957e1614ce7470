/** What every ledger keeps of people: dossiers, links, ties, corrections and readings (the laws in `ports.ts`). */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Recorded, SubjectRef } from '#ledger';
import { LINKS_MAX, type Outcome } from '#store';
import { action, collected, iins } from './actions.js';
import { options, siyliq, type Engine, type MakePlace, type Place } from './engine.js';
import { recorded } from './ledger-contract.js';

export function peopleContract(makePlace: MakePlace): void {
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
  const all = (): Promise<readonly Recorded[]> => store.ledger.entries(siyliq, 0, 10_000);
  const subjectOf = async (client: string): Promise<SubjectRef> => {
    const found = await store.ledger.find(siyliq, [{ kind: 'client', value: client }]);
    if (found === undefined) throw new Error('nobody is found');
    return found;
  };

  describe('people', () => {
    test('an action belongs to the dossier of the highest identifier, and a further one is linked to it', async () => {
      const [outcome] = await record(
        collected('1', 'A', { person: { client: 'A', iin: iins[0], phone: '+77010000001' } }),
      );
      const { subject } = recorded(outcome);
      expect(
        await store.ledger.find(siyliq, [
          { kind: 'client', value: 'A' },
          { kind: 'iin', value: iins[0] },
        ]),
      ).toBe(subject);
      const client = await subjectOf('A');
      expect(client).not.toBe(subject);
      expect(await store.ledger.find(siyliq, [{ kind: 'phone', value: '+77010000001' }])).toBeUndefined();
      for (const ref of [subject!, client]) {
        const person = (await store.ledger.person(siyliq, ref))!;
        expect(new Map(person.dossiers.map((dossier) => [dossier.subject, dossier.kind]))).toEqual(
          new Map([[subject!, 'iin'], [client, 'client']]), // prettier-ignore
        );
        expect(person.dossiers.flatMap(({ events }) => events.map(({ event }) => event.type))).toEqual([
          'collected',
          'linked',
        ]);
      }
    });

    test('many chains of links lead to one person', async () => {
      await record(
        collected('1', 'A', { person: { client: 'A', iin: iins[0] } }),
        collected('2', 'B', { person: { client: 'B', iin: iins[0] } }),
        collected('3', 'B'),
        action({ id: '4', type: 'linked', data: { person: { client: 'B' }, other: { phone: '+77010000001' } } }),
      );
      const person = (await store.ledger.person(siyliq, await subjectOf('A')))!;
      expect(person.dossiers.map(({ kind }) => kind).sort()).toEqual(['client', 'client', 'iin', 'phone']);
      expect(person.dossiers.flatMap(({ events }) => events)).toHaveLength(6);
    });

    const sharing = (people: number): Promise<Outcome[]> =>
      record(
        ...Array.from({ length: people }, (_, i) =>
          action({
            id: `s${i}`,
            type: 'linked',
            data: { person: { client: `S${i}` }, other: { phone: '+77010000009' } },
          }),
        ),
      );
    const shared = async (): Promise<SubjectRef> =>
      (await store.ledger.find(siyliq, [{ kind: 'phone', value: '+77010000009' }]))!;

    test('of whoever shares an identifier all dossiers are read, the same from every end', async () => {
      await sharing(300);
      const subjects = (await all()).flatMap(({ event }) => event.subject ?? []);
      for (const ref of [await shared(), await subjectOf('S0'), await subjectOf('S299')]) {
        const { dossiers, crowded } = (await store.ledger.person(siyliq, ref))!;
        expect(new Set(dossiers.map(({ subject }) => subject))).toEqual(new Set([...subjects, await shared()]));
        expect(dossiers.flatMap(({ events }) => events)).toHaveLength(300);
        expect(crowded).toBeUndefined();
      }
    });

    test('an identifier of more people than that leads from none to another', async () => {
      await sharing(LINKS_MAX + 1);
      const phone = await shared();
      for (const ref of [phone, await subjectOf('S0'), await subjectOf('S999')]) {
        const { dossiers, crowded } = (await store.ledger.person(siyliq, ref))!;
        expect(dossiers.map(({ subject }) => subject)).toEqual([ref]);
        expect(crowded).toEqual(new Set([phone]));
      }
      await record(collected('own', 'S0', { person: { client: 'S0', iin: iins[0] } }));
      const { dossiers } = (await store.ledger.person(siyliq, await subjectOf('S0')))!;
      expect(dossiers.map(({ kind }) => kind)).toEqual(['client', 'iin']);
    });

    test('whoever described many people, or was described by many, has them all', async () => {
      const phones = Array.from({ length: 70 }, (_, i) => `+770100001${String(i).padStart(2, '0')}`);
      const describes = (id: string, client: string, phone: string) =>
        collected(id, client, { items: ['phone'], describes: { phone: { phone } }, values: { phone } });
      await record(
        ...phones.map((phone, i) => describes(`m${i}`, 'A', phone)),
        ...phones.map((_, i) => describes(`n${i}`, `C${i}`, phones[0]!)),
        action({
          id: 'w',
          type: 'requested',
          data: {
            person: { phone: phones[69] },
            request: 'Q-1',
            right: 'destroy',
            items: ['phone'],
            channel: 'email',
          },
        }),
      );
      const client = (await store.ledger.person(siyliq, await subjectOf('A')))!;
      expect(client.contacts.map(({ tie }) => tie)).toEqual(client.about);
      expect(client.contacts).toHaveLength(70);
      const last = (await store.ledger.find(siyliq, [{ kind: 'phone', value: phones[69]! }]))!;
      const asking = client.contacts.find(({ tie }) => tie.contact === last)!.record;
      expect(asking.dossiers.flatMap(({ events }) => events.map(({ event }) => event.type))).toContain('requested');
      expect(asking).toMatchObject({ clients: [], contacts: [] });
      const contact = (await store.ledger.find(siyliq, [{ kind: 'phone', value: phones[0]! }]))!;
      const described = (await store.ledger.person(siyliq, contact))!;
      expect(new Set(described.clients.map(({ tie }) => tie.client)).size).toBe(71);
    });

    test('who never was is not there', async () => {
      await record(collected('1', 'A'));
      expect(await store.ledger.person(siyliq, 'AAAAAAAAAAAAAAAAAAAAAA' as SubjectRef)).toBeUndefined();
      expect(await store.ledger.find(siyliq, [{ kind: 'client', value: 'B' }])).toBeUndefined();
      expect(await store.ledger.find(siyliq, [])).toBeUndefined();
    });

    test('a correction lies in another dossier, and may be corrected', async () => {
      await record(
        collected('1', 'A'),
        action({
          id: '2',
          type: 'corrected',
          data: { person: { client: 'B' }, event: { source: 'urn:test', id: '1' }, reason: 'wrong' },
        }),
        action({
          id: '3',
          type: 'corrected',
          data: { person: { client: 'C' }, event: { source: 'urn:test', id: '2' }, reason: 'right' },
        }),
      );
      const person = (await store.ledger.person(siyliq, await subjectOf('A')))!;
      expect(person.corrections.map(({ event, position }) => [event.type, position])).toEqual([
        ['corrected', 1],
        ['corrected', 2],
      ]);
    });

    test('who was read before is read with what corrects them since, however much came between', async () => {
      const correction = (id: string, of: string) =>
        action({
          id,
          type: 'corrected',
          data: { person: { client: 'B' }, event: { source: 'urn:test', id: of }, reason: 'wrong' },
        });
      const [first] = await record(
        collected('1', 'A', { describes: { phone: { phone: '+77010000001' } }, values: { phone: '+77010000001' } }),
      );
      const contact = (await store.ledger.find(siyliq, [{ kind: 'phone', value: '+77010000001' }]))!;
      const known = async () =>
        Promise.all(
          [recorded(first).subject!, contact].map(async (subject) =>
            (await store.ledger.person(siyliq, subject))!.corrections.map(({ event }) => event.id),
          ),
        );
      const corrects = async (id: string, of: string) => recorded((await record(correction(id, of)))[0]).event;
      expect(await known()).toEqual([[], []]);
      // Of a part it is the action's first event that is corrected.
      const one = await corrects('2', '1');
      expect(await known()).toEqual([[one], [one]]);
      const early = await corrects('3', '4');
      expect(await known()).toEqual([[one], [one]]);
      await record(collected('4', 'A'), ...Array.from({ length: 300 }, (_, i) => collected(`other ${i}`, 'C')));
      expect(await known()).toEqual([[one, early], [one]]);
      const two = await corrects('5', '1');
      await record(...Array.from({ length: 300 }, (_, i) => collected(`more ${i}`, 'C')));
      expect(await known()).toEqual([
        [one, early, two],
        [one, two],
      ]);
    });

    test('what corrects the controller’s own events is known of everybody, whenever it came', async () => {
      const undertaking = (id: string) => action({ id, type: 'undertook', data: { recipient: 'kz.bank', what: ['confidentiality'] } }); // prettier-ignore
      await record(collected('1', 'A'), undertaking('2'));
      const subject = await subjectOf('A');
      const known = async () =>
        (await store.ledger.person(siyliq, subject))!.corrections.map(({ position }) => position);
      expect(await known()).toEqual([]);
      await record(
        action({
          id: '3',
          type: 'corrected',
          data: { person: { client: 'B' }, event: { source: 'urn:test', id: '2' }, reason: 'of another' },
        }),
      );
      expect(await known()).toEqual([2]);
      expect((await store.ledger.matters(siyliq)).corrections?.map(({ position }) => position)).toEqual([2]);
    });

    test('a described person: ties both ways, the first event of a part, its corrections', async () => {
      await record(
        collected('1', 'A', { describes: { phone: { phone: '+77010000001' } }, values: { phone: '+77010000001' } }),
        action({
          id: '2',
          type: 'corrected',
          data: { person: { client: 'B' }, event: { source: 'urn:test', id: '1' }, reason: 'wrong' },
        }),
      );
      const client = await subjectOf('A');
      const contact = (await store.ledger.find(siyliq, [{ kind: 'phone', value: '+77010000001' }]))!;
      const ofContact = (await store.ledger.person(siyliq, contact))!;
      const ofClient = (await store.ledger.person(siyliq, client))!;
      const [own] = ofClient.dossiers[0]!.events;
      const [part] = ofContact.dossiers[0]!.events;
      expect(ofContact.firsts).toEqual(new Map([[part!.event.id, own!.event.id]]));
      expect(ofContact.corrections.map(({ position }) => position)).toEqual([2]);
      expect(ofClient.about).toEqual([{ client, contact, about: expect.any(String) }]);
      expect(ofContact.clients.map(({ tie, record }) => [tie, record.subject])).toEqual([[ofClient.about[0], client]]);
      expect(ofClient.contacts?.map(({ tie, record }) => [tie, record.subject])).toEqual([
        [ofClient.about[0], contact],
      ]);
      expect(own!.event.data).toMatchObject({ about: { phone: ofClient.about[0]!.about } });
      expect(JSON.stringify(own!.event)).not.toContain(contact);
      expect(JSON.stringify(part!.event)).not.toContain(client);
    });

    test('readings are apart from the dossier, and the controller’s own events from both', async () => {
      const [outcome] = await record(collected('1', 'A'));
      const subject = recorded(outcome).subject;
      const reading = {
        kind: 'own',
        name: 'accessed',
        subject,
        by: null,
        at: '2026-03-01T10:00:00.000Z',
        data: { role: 'officer', view: 'lineage' },
      } as const;
      const activated = {
        kind: 'own',
        name: 'activated',
        subject: null,
        by: null,
        at: '2026-03-01T10:00:00.000Z',
        data: { pack: 'kz.x', edition: 'one' },
      } as const;
      await record(reading, reading, activated);
      expect((await store.ledger.accesses(siyliq, subject!)).map(({ position }) => position)).toEqual([1, 2]);
      expect((await store.ledger.own(siyliq)).map(({ event }) => event.type)).toEqual(['activated']);
      const person = (await store.ledger.person(siyliq, subject!))!;
      expect(person.dossiers.flatMap(({ events }) => events.map(({ event }) => event.type))).toEqual(['collected']);
      expect(person.controller.map(({ event }) => event.type)).toEqual(['activated']);
    });
  });
}
