/** Where events stand, by their ids and by their dossiers: in a folder of now and in one of version 1. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openEmbedded, type EmbeddedStore, type Outcome } from '#store';
import { action, collected } from './actions.js';
import { embeddedPlace } from './embedded-place.js';
import { options, siyliq } from './engine.js';

const PEOPLE = 23;
/** As many as make every part of the keys go over, and some stay. */
const ACTIONS = 40_000;

let place: Awaited<ReturnType<typeof embeddedPlace>>;
const open = (): Promise<EmbeddedStore> => openEmbedded({ dir: place.dir, ...options() });
const actions = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => collected(`${from + i}`, `P${(from + i) % PEOPLE}`));

beforeEach(async () => {
  place = await embeddedPlace();
});
afterEach(() => place.remove());

function ask(sql: string): unknown[] {
  const db = new DatabaseSync(join(place.dir, 'ledger.db'));
  const rows = db.prepare(sql).all().map((row) => Object.values(row)[0]); // prettier-ignore
  db.close();
  return rows;
}

/** Each event stands in the index once by its id, and once by its dossier where it is none of who looked. */
function expectWhole(): void {
  const wrong = (index: string, key: string, of: string) =>
    ask(`SELECT count(*) FROM (SELECT ${key}, at FROM ${index} EXCEPT SELECT ${key}, at FROM events WHERE ${of})
      UNION ALL SELECT count(*) FROM (SELECT ${key}, at FROM events WHERE ${of} EXCEPT SELECT ${key}, at FROM ${index})
      UNION ALL SELECT count(*) - count(DISTINCT at) FROM ${index}`);
  expect(wrong('events_by_id', 'id', 'true')).toEqual([0, 0, 0]);
  expect(wrong('events_by_dossier', 'subject', 'accessed = 0')).toEqual([0, 0, 0]);
}

/** What is told of people and of their events, old and new. */
async function told(store: EmbeddedStore, outcomes: readonly Outcome[]): Promise<unknown> {
  const people = await Promise.all(
    Array.from({ length: PEOPLE }, async (_, i) => {
      const subject = await store.ledger.find(siyliq, [{ kind: 'client', value: `P${i}` }]);
      return (await store.ledger.person(siyliq, subject!))!.dossiers.map(({ events }) => events.map((one) => one.position)); // prettier-ignore
    }),
  );
  const some = outcomes.filter((_, i) => i % 97 === 0) as Extract<Outcome, { kind: 'recorded' }>[];
  const events = await Promise.all(some.map(async ({ event }) => (await store.ledger.event(siyliq, event))?.position));
  expect(events).toEqual(some.map(({ position }) => position));
  return people;
}

async function record(store: EmbeddedStore, from: number, to: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let at = from; at < to; at += 5000)
    outcomes.push(...(await store.ledger.record(siyliq, actions(at, Math.min(to, at + 5000)), { wait: true })));
  return outcomes;
}

test('holds each event once, wherever it stands, and knows it when it comes again', async () => {
  const store = await open();
  const outcomes = await record(store, 0, ACTIONS);
  const before = await told(store, outcomes);
  // Who looked is in no index of the dossier; what is the controller's own has an empty name in it.
  const [{ subject }] = outcomes as [Extract<Outcome, { kind: 'recorded' }>];
  const own = { kind: 'own', name: 'accessed', subject: subject!, by: null, at: '2026-03-01T10:00:00.000Z' } as const;
  await store.ledger.record(siyliq, [
    { ...own, data: { role: 'officer', view: 'lineage' } },
    action({ id: 'own', type: 'backed-up', data: { place: 'kz.bureau', until: '2026-06-30' } }),
  ]);
  const repeats = await store.ledger.record(siyliq, [...actions(0, 300), ...actions(ACTIONS - 300, ACTIONS)]);
  expect(repeats.every(({ kind }) => kind === 'repeated')).toBe(true);
  expect(await told(store, outcomes)).toEqual(before);
  await store.close();
  expectWhole();
  const [settled, fresh] = ['event_ids', 'new_event_ids'].map((table) => ask(`SELECT count(*) FROM ${table}`)[0]);
  expect(settled).toBeGreaterThan(ACTIONS / 4);
  expect(fresh).toBeGreaterThan(0);
}, 120_000);

test('is whole after many short lives of a process, and parts go over in them, too', async () => {
  for (let life = 0; life < 8; life++) {
    const store = await open();
    await record(store, life * 250, (life + 1) * 250);
    await store.close();
  }
  expectWhole();
  expect(ask('SELECT count(*) FROM events')).toEqual([2000]);
  expect(ask('SELECT count(*) FROM event_ids')[0]).toBeGreaterThan(0);
}, 60_000);

test('is made of the indexes that a folder of version 1 has', async () => {
  const first = await open();
  const outcomes = await record(first, 0, 1500);
  const before = await told(first, outcomes);
  await first.close();
  const db = new DatabaseSync(join(place.dir, 'ledger.db'));
  db.exec(`DROP TRIGGER known_event; DROP TRIGGER new_event; DROP VIEW events_by_id; DROP VIEW events_by_dossier;
    DROP TABLE event_ids; DROP TABLE new_event_ids; DROP TABLE dossier_events; DROP TABLE new_dossier_events;
    CREATE UNIQUE INDEX events_id ON events (id); CREATE INDEX events_dossier ON events (subject) WHERE accessed = 0;
    PRAGMA user_version = 1`);
  db.close();
  const store = await open();
  expect(await told(store, outcomes)).toEqual(before);
  const more = await store.ledger.record(siyliq, actions(1400, 1600));
  expect(more.filter(({ kind }) => kind === 'repeated')).toHaveLength(100);
  await store.close();
  expectWhole();
  expect(ask('SELECT count(*) FROM events')).toEqual([1600]);
  expect(ask(`SELECT name FROM sqlite_schema WHERE name IN ('events_id', 'events_dossier')`)).toEqual([]);
});

test.each(['ledger', 'keys'])('a folder of which %s.db is of a later version is refused', async (name) => {
  await (await open()).close();
  const db = new DatabaseSync(join(place.dir, `${name}.db`));
  db.exec('PRAGMA user_version = 3');
  db.close();
  await expect(open()).rejects.toMatchObject({
    name: 'StoreFailure',
    code: 'corrupt',
    message: expect.stringContaining(`${name}.db is of another version`),
  });
});
