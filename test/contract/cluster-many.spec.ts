/** Several servers on one database: whatever they are sent, at once and more than once, is there once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { SubjectRef } from '#ledger';
import { Postgres, type Outcome, type Store } from '#store';
import { ACCEPT_LOCK } from '../../libs/store/src/cluster/accept.js';
import { action, collected, iins } from './actions.js';
import { clusterPlaces } from './cluster-place.js';
import { options, siyliq } from './engine.js';

describe('two servers on one database', () => {
  const makePlace = clusterPlaces();

  test('lose nothing and double nothing, and know the same people', async () => {
    const place = await makePlace();
    const servers = [await place.open(options()), await place.open(options())];
    const actions = Array.from({ length: 400 }, (_, i) =>
      collected(`${i}`, `P${i % 23}`, { values: { name: `n${i}` } }),
    );
    // Each server gets every action, the second backwards, in calls of different lengths, all at once.
    const outcomes = await Promise.all(
      servers.flatMap(({ ledger }, server) => {
        const order = server === 0 ? actions : [...actions].reverse();
        return Array.from({ length: 20 }, (_, call) => ledger.record(siyliq, order.slice(call * 20, call * 20 + 20)));
      }),
    );
    const placed = outcomes.flat().map(placeOf);
    const recorded = placed.filter(({ kind }) => kind === 'recorded');
    expect(recorded).toHaveLength(400);
    expect(recorded.map(({ position }) => position).sort((a, b) => a - b)).toEqual(actions.map((_, i) => i));
    // Both servers name the same event and place for each.
    expect(new Set(placed.map(({ event, position }) => `${event} ${position}`)).size).toBe(400);
    for (const { ledger } of servers) {
      const entries = await ledger.entries(siyliq, 0, 1000);
      expect(new Set(entries.map(({ event }) => event.id)).size).toBe(400);
      expect(new Set(entries.map(({ event }) => event.subject)).size).toBe(23);
    }
    expect(await servers[0]!.log.checkpoint(siyliq, 1)).toBe(await servers[1]!.log.checkpoint(siyliq, 1));
    await Promise.all(servers.map((server) => server.close()));
    await place.remove();
  }, 60_000);

  test('what one accepts the other places; where none does, the action is accepted and placed later', async () => {
    const place = await makePlace();
    const limits = { queuedActions: 1000, acceptedAfterMs: 200, placedWithinMs: 400 };
    const edge = await place.open(options(), { sequences: false, limits });
    const [outcome] = await edge.ledger.record(siyliq, [collected('1', 'A')], { pending: true, receipts: true });
    expect(outcome).toMatchObject({ kind: 'accepted', subject: expect.any(String), entry: expect.anything() });
    await expect(edge.ledger.record(siyliq, [collected('2', 'A')])).rejects.toMatchObject({ code: 'unavailable' });
    expect(await edge.ledger.size(siyliq)).toBe(0);
    const sequencing = await place.open(options());
    const again = await sequencing.ledger.record(siyliq, [
      collected('1', 'A'),
      collected('2', 'A'),
      collected('3', 'A'),
    ]);
    expect(again.map(placeOf).map(({ kind, position }) => [kind, position])).toEqual([
      ['repeated', 0],
      ['repeated', 1],
      ['recorded', 2],
    ]);
    expect(await edge.ledger.size(siyliq)).toBe(3);
    await Promise.all([edge.close(), sequencing.close()]);
    await place.remove();
  }, 60_000);

  test('what one shreds the other, which had used it a moment ago, uses no more', async () => {
    const place = await makePlace();
    const [mine, others] = [await place.open(options()), await place.open(options())];
    const named = (id: string, name: string) => collected(id, 'A', { values: { name } });
    const [first] = (await mine.ledger.record(siyliq, [named('1', 'before')])).map(placeOf);
    await mine.ledger.record(siyliq, [named('2', 'known by now')]);
    // An item: what comes is sealed under the fresh key, which opens.
    await others.keys.shredItem(siyliq, first!.subject!, 'name');
    const [second] = (await mine.ledger.record(siyliq, [named('3', 'after')])).map(placeOf);
    expect(second!.subject).toBe(first!.subject);
    expect(await valuesIn(mine, first!.subject!)).toEqual(['after']);
    // The person: whoever comes by that identifier is somebody new.
    await others.keys.shredDossier(siyliq, first!.subject!);
    const [third] = (await mine.ledger.record(siyliq, [named('4', 'new')])).map(placeOf);
    expect(third!.subject).not.toBe(first!.subject);
    expect(await valuesIn(others, third!.subject!)).toEqual(['new']);
    expect(await valuesIn(others, first!.subject!)).toEqual([]);
    await Promise.all([mine.close(), others.close()]);
    await place.remove();
  }, 60_000);

  test('what was told of shreddings goes when much came after it, and whoever had not heard of it yet uses nothing old', async () => {
    const place = await makePlace();
    const [mine, others] = [await place.open(options()), await place.open(options())];
    const database = new Postgres({ url: place.postgres });
    const told = async () => (await database.rows('SELECT count(*) AS n FROM depter.shreds_told'))[0]!['n'] as number;
    const record = async (id: string, number: string, name: string) =>
      (await mine.ledger.record(siyliq, [collected(id, number, { values: { name } })])).map(placeOf)[0]!;
    // Something was shredded before, so that both have heard of something.
    const { subject: early } = await record('1', 'E', 'early');
    await others.keys.shredDossier(siyliq, early!);
    const { subject: gone } = await record('2', 'A', 'before');
    const { subject: late } = await record('3', 'B', 'late');
    await others.keys.shredDossier(siyliq, gone!);
    // As after many destructions of which the first process did not hear.
    await database.run(
      `INSERT INTO depter.shreds_told (controller, dossier)
        SELECT t.controller, decode(md5(i::text), 'hex') FROM generate_series(1, 15000) AS i,
          (SELECT controller FROM depter.shreds_told LIMIT 1) AS t`,
    );
    await others.keys.shredDossier(siyliq, late!);
    expect(await told()).toBe(10_000);
    const { subject: again } = await record('4', 'A', 'after');
    expect(again).not.toBe(gone);
    expect(await valuesIn(others, again!)).toEqual(['after']);
    await database.close();
    await Promise.all([mine.close(), others.close()]);
    await place.remove();
  }, 60_000);

  test('follow what is owed one at a time, and the next where one has ended, however', async () => {
    const place = await makePlace();
    const [mine, others] = [await place.open(options()), await place.open(options())];
    await mine.ledger.record(siyliq, [collected('1', 'A')]);
    const { promise: end, reject } = Promise.withResolvers<never>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const first = mine.destructions.alone(siyliq, () => {
      begin();
      return end;
    });
    // Met below.
    first.catch(() => undefined);
    await begun;
    expect(await others.destructions.alone(siyliq, async () => 'followed')).toBeUndefined();
    reject(new Error('ended'));
    await expect(first).rejects.toThrow('ended');
    expect(await others.destructions.alone(siyliq, async () => 'followed')).toBe('followed');
    await Promise.all([mine.close(), others.close()]);
    await place.remove();
  }, 60_000);

  // Of a link that is there already nothing is owed, unless it was corrected: whichever of the two comes last has to see the other.
  test.each([['the correction'], ['the link']] as const)(
    'a link that one corrects while the other makes it again is owed to what was destroyed, %s last',
    async (last) => {
      const place = await makePlace();
      const [mine, others] = [await place.open(options()), await place.open(options())];
      const both = (id: string) => collected(id, 'A', { person: { iin: iins[0], client: 'A' } });
      const [, joined] = await mine.ledger.record(siyliq, [collected('1', 'A', { values: { name: 'A' } }), both('2')]);
      const subject = placeOf(joined!).subject!;
      const act = { kind: 'own', name: 'destroyed', subject, by: null, at: '2026-02-03T00:00:00.000Z' } as const;
      await mine.destructions.destroy(siyliq, { act: { ...act, data: { items: ['name'], method: 'erase' } }, dossiers: [subject] }); // prettier-ignore
      // Both servers have met the link.
      await others.ledger.record(siyliq, [both('3')]);
      expect(await mine.destructions.owed(siyliq, 0, 10)).toEqual([]);
      const size = await mine.ledger.size(siyliq);

      const correction = action({ id: '4', type: 'corrected', data: { person: { iin: iins[0] }, event: { source: 'urn:test', id: '2' }, reason: 'x' } }); // prettier-ignore
      const acts = [() => mine.ledger.record(siyliq, [correction]), () => others.ledger.record(siyliq, [both('5')])];
      if (last === 'the correction') acts.reverse();
      const database = new Postgres({ url: place.postgres });
      const done: Promise<readonly Outcome[]>[] = [];
      // Both are under way at once, and come to it in this order when the lock that they wait for is free.
      await database.transaction(async (queries) => {
        await queries.rows('SELECT pg_advisory_xact_lock($1, no) FROM depter.controllers WHERE name = $2', [
          ACCEPT_LOCK, siyliq,
        ]); // prettier-ignore
        for (const [i, one] of acts.entries()) {
          done.push(one());
          const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = ${ACCEPT_LOCK} AND NOT granted`;
          while ((await queries.rows(waiting)).length <= i) await sleep(10);
        }
      });
      for (const outcomes of await Promise.all(done)) outcomes.map(placeOf);

      const entries = await mine.ledger.entries(siyliq, size, 10);
      const expected = entries.find(({ event }) => event.type === (last === 'the link' ? 'linked' : 'corrected'))!;
      const owed = await mine.destructions.owed(siyliq, 0, 10);
      expect(owed.map(({ event }) => event)).toContain(expected.event.id);
      await database.close();
      await Promise.all([mine.close(), others.close()]);
      await place.remove();
    },
    60_000,
  );

  test('whoever needs no place is answered when the action is durable, though nobody places it', async () => {
    const place = await makePlace();
    const edge = await place.open(options(), { sequences: false });
    const actions = Array.from({ length: 2500 }, (_, i) => collected(`${i}`, `P${i % 7}`));
    const outcomes = await edge.ledger.record(siyliq, [...actions, actions[0]!], { pending: 'at once', wait: true });
    expect(outcomes).toHaveLength(2501);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
    const sequencing = await place.open(options());
    const again = await sequencing.ledger.record(siyliq, actions);
    // A call keeps its order, over all its batches.
    expect(again.map(placeOf).map(({ position }) => position)).toEqual(actions.map((_, i) => i));
    expect(await sequencing.ledger.size(siyliq)).toBe(2500);
    await Promise.all([edge.close(), sequencing.close()]);
    await place.remove();
  }, 60_000);
});

function placeOf(outcome: Outcome) {
  if (outcome.kind !== 'recorded' && outcome.kind !== 'repeated') throw new Error(`an action was ${outcome.kind}`);
  return outcome;
}

async function valuesIn(store: Store, subject: SubjectRef): Promise<string[]> {
  const texts = await store.vault.texts(siyliq, subject);
  return texts.flatMap(({ label, text }) => (label === 'name' && text.kind === 'value' ? [text.value] : []));
}
