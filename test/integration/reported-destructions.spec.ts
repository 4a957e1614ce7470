/** What an emitter reports as destroyed is gone from Depter too: at once, or when nothing keeps it any more. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Eraser } from '#roles';
import type { SubjectRef } from '#ledger';
import { STORES, type StartedStore } from '../running/stores.js';
import { anIin, collected, CONTROLLER, InProcess } from './in-process.js';

describe.each(STORES)('a destruction that is reported, on $name', ({ start }) => {
  let store: StartedStore;
  let depter: InProcess;
  beforeAll(async () => {
    store = await start();
    depter = await InProcess.start(...store.flags);
  }, 60_000);
  afterAll(async () => {
    await depter.dispose();
    await store.stop();
  });

  let number = 0;
  async function say(
    name: string,
    iin: string,
    data: Readonly<Record<string, unknown>>,
    time = '2026-03-10T11:00:00+05:00',
  ) {
    number += 1;
    const type = `depter.action.${name}.v1`;
    const sent = await depter.send({ specversion: '1.0', id: `rd-${number}`, source: 'urn:example:los', type, time, data: { person: { iin }, ...data } }); // prettier-ignore
    expect([sent.status, sent.text]).toEqual([201, expect.any(String)]);
  }
  const sendCollected = async (
    iin: string,
    values: Readonly<Record<string, string>>,
    time = '2026-03-10T10:00:00+05:00',
    more = {},
  ) => {
    const action = collected({ time }, { person: { iin }, items: Object.keys(values), values, ...more });
    expect((await depter.send(action)).status).toBe(201);
    return action;
  };
  const values = async (subject: SubjectRef): Promise<string[]> =>
    (await depter.parts.vault.texts(CONTROLLER, subject)).flatMap(({ field, text }) =>
      text.kind === 'value' ? [`${field}: ${text.value}`] : [],
    );
  const owed = async () => (await depter.parts.destructions.owed(CONTROLLER, 0, 100)).length;
  const find = (person: object) =>
    depter.ask('POST', `/v1/${CONTROLLER}/subjects/find`, depter.keys.officer, JSON.stringify({ person }), {
      'content-type': 'application/json',
    });

  test('takes the values of its items, and leaves the others', async () => {
    const iin = anIin();
    await sendCollected(iin, { photo: 'a photo', address: 'an address' });
    const subject = await depter.find({ iin });
    await say('destroyed', iin, { items: ['photo'], method: 'erase' });
    expect(await values(subject)).toEqual(['address: an address']);
    expect(await owed()).toBe(0);
    // Of before, it comes later and without its value; of after, it lives.
    await sendCollected(iin, { photo: 'late' }, '2026-03-09T10:00:00+05:00');
    expect(await values(subject)).toEqual(['address: an address']);
    await sendCollected(iin, { photo: 'again' }, '2026-03-10T11:30:00+05:00');
    expect(await values(subject)).toEqual(['address: an address', 'photo: again']);
    const lineage = await depter.get(
      `/v1/${CONTROLLER}/subjects/${subject}/lineage?asOf=2026-03-09`,
      depter.keys.officer,
    );
    expect(lineage.text).not.toContain('late');
  });

  test('told late, leaves what came to be after it', async () => {
    const iin = anIin();
    await sendCollected(iin, { photo: 'before' }, '2026-03-01T10:00:00+05:00');
    await sendCollected(iin, { photo: 'after' }, '2026-03-05T10:00:00+05:00');
    const subject = await depter.find({ iin });
    await say('destroyed', iin, { items: ['photo'], method: 'erase' }, '2026-03-03T10:00:00+05:00');
    expect(await values(subject)).toEqual(['photo: after']);
  });

  test('of all ends the person: nobody is found, repeats are gone, a new action opens a new dossier', async () => {
    const iin = anIin();
    const first = await sendCollected(iin, { photo: 'a photo' });
    const subject = await depter.find({ iin });
    await say('depersonalised', iin, { items: 'all' });
    expect((await find({ iin })).status).toBe(404);
    expect(await values(subject)).toEqual([]);
    expect((await depter.send(first)).status).toBe(410);
    await sendCollected(iin, { photo: 'new' }, '2026-03-10T11:59:00+05:00');
    expect(await depter.find({ iin })).not.toBe(subject);
  });

  test('of an item that a hold keeps waits until the hold is released', async () => {
    const iin = anIin();
    await sendCollected(iin, { photo: 'held' });
    const subject = await depter.find({ iin });
    await say('held', iin, { authority: 'kz.court' }, '2026-03-10T10:30:00+05:00');
    await say('destroyed', iin, { items: ['photo'], method: 'erase' });
    expect(await values(subject)).toEqual(['photo: held']);
    expect(await owed()).toBe(1);
    await say('released', iin, {}, '2026-03-10T11:30:00+05:00');
    expect(await values(subject)).toEqual([]);
    expect(await owed()).toBe(0);
  });

  /** What an officer commands. */
  const command = async (subject: SubjectRef, name: string, body: object) => {
    const route = `/v1/${CONTROLLER}/subjects/${subject}/${name}`;
    const answer = await depter.ask('POST', route, depter.keys.officer, JSON.stringify(body), {
      'content-type': 'application/json',
    });
    return { status: answer.status, ...answer.json<{ code?: string }>() };
  };

  test.each(['destroyed', 'depersonalised'])(
    'of all that was %s under a hold takes everything when it is released, which no command could before',
    async (name) => {
      const [iin, client, other] = [anIin(), `C-${anIin()}`, anIin()];
      await sendCollected(iin, { photo: 'held', address: 'held too' }, undefined, { person: { iin, client } });
      await sendCollected(iin, { email: 'by its number' }, undefined, { person: { client } });
      await sendCollected(iin, { 'relative-phone': '+77010000002' }, undefined, {
        describes: { 'relative-phone': { iin: other } },
      });
      const [subject, contact] = [await depter.find({ iin }), await depter.find({ iin: other })];
      const linked = (await depter.parts.ledger.find(CONTROLLER, [{ kind: 'client', value: client }]))!;
      const all = async () => (await Promise.all([subject, linked, contact].map(values))).flat();
      await say('held', iin, { authority: 'kz.court' }, '2026-03-10T10:30:00+05:00');
      const method = name === 'destroyed' ? { method: 'erase' } : {};
      const commanded = name === 'destroyed' ? 'destroy' : 'depersonalise';
      const refused = { status: 422, code: 'kept-by-law' };
      expect(await command(subject, commanded, { items: 'all', ...method })).toMatchObject(refused);
      await say(name, iin, { items: ['photo'], ...method });
      // As of a person who ends their account in the cabinet.
      await say(name, iin, { items: 'all', ...method }, '2026-03-10T11:00:01+05:00');
      expect(await all()).toHaveLength(4);
      expect(await owed()).toBe(2);
      expect((await command(subject, 'release', {})).status).toBe(201);
      expect(await all()).toEqual([]);
      expect(await owed()).toBe(0);
      for (const person of [{ iin }, { client }]) expect((await find(person)).status).toBe(404);
    },
  );

  test('is followed when a command releases what kept it', async () => {
    const iin = anIin();
    await sendCollected(iin, { photo: 'held' });
    const subject = await depter.find({ iin });
    await say('held', iin, { authority: 'kz.court' }, '2026-03-10T10:30:00+05:00');
    await say('destroyed', iin, { items: ['photo'], method: 'erase' });
    expect((await command(subject, 'release', {})).status).toBe(201);
    expect(await values(subject)).toEqual([]);
    expect(await owed()).toBe(0);
  });

  test.each(['reported', 'commanded'])('that was %s reaches a dossier that is linked only later', async (how) => {
    const [iin, client] = [anIin(), `C-${anIin()}`];
    await sendCollected(iin, { photo: 'goes', address: 'stays' });
    const before = { person: { client } };
    await sendCollected(iin, { photo: 'goes too', email: 'stays' }, '2026-03-01T10:00:00+05:00', before);
    const after = how === 'reported' ? '2026-03-10T11:30:00+05:00' : '2026-03-10T12:03:00+05:00';
    await sendCollected(iin, { photo: 'of after' }, after, before);
    const subject = await depter.find({ iin });
    const linked = await depter.find({ client });
    if (how === 'reported') await say('destroyed', iin, { items: ['photo'], method: 'erase' });
    else expect((await command(subject, 'destroy', { items: ['photo'], method: 'erase' })).status).toBe(201);
    expect(await values(linked)).toContain('photo: goes too');
    await say('linked', iin, { other: { client } });
    expect(await owed()).toBe(0);
    expect(await values(subject)).toEqual(['address: stays']);
    expect((await values(linked)).sort()).toEqual(['email: stays', 'photo: of after']);
    await sendCollected(iin, { photo: 'late' }, '2026-03-02T10:00:00+05:00', before);
    expect((await values(linked)).sort()).toEqual(['email: stays', 'photo: of after']);
  });

  test('reaches a dossier that one action joins, when nothing keeps the item any more', async () => {
    const [iin, client] = [anIin(), `C-${anIin()}`];
    await sendCollected(iin, { photo: 'goes' });
    await sendCollected(iin, { photo: 'goes too' }, '2026-03-01T10:00:00+05:00', { person: { client } });
    await say('destroyed', iin, { items: ['photo'], method: 'erase' });
    const linked = await depter.find({ client });
    expect((await command(await depter.find({ iin }), 'hold', { authority: 'kz.court' })).status).toBe(201);
    await sendCollected(iin, { address: 'joins' }, undefined, { person: { iin, client } });
    await depter.provider(Eraser).settle(CONTROLLER);
    expect(await values(linked)).toEqual(['photo: goes too']);
    expect(await owed()).toBe(1);
    expect((await command(linked, 'release', {})).status).toBe(201);
    expect(await values(linked)).toEqual([]);
    expect(await owed()).toBe(0);
  });

  test.each([
    ['by one action, and the correction comes after it', 'automatic', 'after'],
    ['by one action, and the correction comes before it', 'automatic', 'before'],
    ['by a link that was sent', 'sent', 'after'],
  ])('reaches a dossier that an action joins again: the first time was corrected, %s', async (_, how, when) => {
    const [iin, client] = [anIin(), `C-${anIin()}`];
    const both = { person: { iin, client } };
    await sendCollected(iin, { photo: 'goes' });
    await sendCollected(iin, { photo: 'goes too', email: 'stays' }, '2026-03-01T10:00:00+05:00', {
      person: { client },
    });
    const [subject, other] = [await depter.find({ iin }), await depter.find({ client })];
    const [source, id] = ['urn:example:los', `joins-${iin}`];
    const join = async () => {
      const data =
        how === 'sent'
          ? { person: { iin }, other: { client } }
          : { ...both, items: ['address'], values: { address: 'joins' } };
      const action = how === 'sent' ? { ...collected({ type: 'depter.action.linked.v1' }), data } : collected({}, data);
      expect((await depter.send({ ...action, source, id })).status).toBe(201);
    };
    const correct = () => say('corrected', iin, { event: { source, id }, reason: 'wrong person' });
    if (when === 'before') await correct();
    await join();
    if (when === 'after') await correct();
    expect(await values(other)).toContain('photo: goes too');
    await say('destroyed', iin, { items: ['photo'], method: 'erase' });
    expect((await values(other)).sort()).toEqual(['email: stays', 'photo: goes too']);
    expect((await depter.get(`/v1/${CONTROLLER}/subjects/${subject}`, depter.keys.officer)).json()).toMatchObject({ linked: [] }); // prettier-ignore

    await sendCollected(iin, { address: 'joins again' }, undefined, both);
    await depter.provider(Eraser).settle(CONTROLLER);
    expect(await values(other)).toEqual(['email: stays']);
    expect(await owed()).toBe(0);
  });

  test('reaches a dossier whose link counts only when another is cut', async () => {
    const [iin, other, client] = [anIin(), anIin(), `C-${anIin()}`];
    await say('linked', other, { other: { client } }, '2026-03-01T09:00:00+05:00');
    await say('linked', iin, { other: { client } }, '2026-03-01T09:30:00+05:00');
    await sendCollected(iin, { photo: 'goes' });
    await sendCollected(iin, { photo: 'of whom?' }, '2026-03-01T10:00:00+05:00', { person: { client } });
    await say('destroyed', iin, { items: ['photo'], method: 'erase' });
    const linked = (await depter.parts.ledger.find(CONTROLLER, [{ kind: 'client', value: client }]))!;
    expect(await values(linked)).toEqual(['photo: of whom?']);
    await say('unlinked', other, { other: { client } });
    expect(await values(linked)).toEqual([]);
    expect(await owed()).toBe(0);
  });

  test('of somebody whom an item describes takes the value that lies with them', async () => {
    const [iin, other] = [anIin(), anIin()];
    await sendCollected(iin, { 'relative-phone': '+77010000001' }, undefined, {
      describes: { 'relative-phone': { iin: other } },
    });
    await sendCollected(other, { photo: 'their own' });
    const contact = await depter.find({ iin: other });
    expect(await values(contact)).toEqual(['relative-phone: +77010000001', 'photo: their own']);
    await say('destroyed', iin, {
      items: ['relative-phone'],
      describes: { 'relative-phone': { iin: other } },
      method: 'erase',
    });
    expect(await values(contact)).toEqual(['photo: their own']);
    expect(await owed()).toBe(0);
  });

  test('that was corrected takes nothing', async () => {
    const iin = anIin();
    await sendCollected(iin, { photo: 'stays' });
    const subject = await depter.find({ iin });
    await say('corrected', iin, {
      event: { source: 'urn:example:los', id: `rd-${number + 2}` },
      reason: 'wrong person',
    });
    await say('destroyed', iin, { items: ['photo'], method: 'erase' });
    expect(await values(subject)).toContain('photo: stays');
    expect(await owed()).toBe(0);
  });

  test('what waits is followed on the day after the last that keeps it, and after a start', async () => {
    const iin = anIin();
    await sendCollected(iin, { photo: 'held' });
    const subject = await depter.find({ iin });
    await say('held', iin, { authority: 'kz.court', until: '2026-03-11' }, '2026-03-10T10:30:00+05:00');
    await say('destroyed', iin, { items: ['photo'], method: 'erase' });
    await depter.again(...store.flags);
    await depter.provider(Eraser).finish();
    expect(await owed()).toBe(1);
    for (const [now, left] of [
      ['2026-03-11T12:00:00+05:00', 1],
      ['2026-03-12T00:00:01+05:00', 0],
    ] as const) {
      await depter.ask('PUT', '/clock', depter.operator, JSON.stringify({ now }), {
        'content-type': 'application/json',
      });
      await depter.provider(Eraser).settle(CONTROLLER);
      expect(await owed()).toBe(left);
    }
    expect(await values(subject)).toEqual([]);
  });
});
