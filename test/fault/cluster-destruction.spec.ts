/**
 * A destruction in PostgreSQL that is cut at each of its steps, by kill -9 or for want of room on the disk: either nothing is
 * done, or the next start carries it out. Each step is cut before the transaction that makes it is committed, so that what
 * the one before left is what the next start finds.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { EventId, SubjectRef } from '#ledger';
import { FileRootKey, openCluster, Postgres, type ClusterStore } from '#store';
import { collected } from '../contract/actions.js';
import { clusterPlaces, type ClusterPlace } from '../contract/cluster-place.js';
import { options, siyliq } from '../contract/engine.js';
import { recorded } from '../contract/ledger-contract.js';
import { storedLog, WatchedLog } from './watched-log.js';

const AT = '2026-03-01T09:00:00.000Z';
const state = (name: string) => `WHEN (NEW.run::json->>'state' = '${name}')`;
/** What is written first of each step, in the order in which they come. */
const STEPS = {
  'the order is kept': 'INSERT ON depter.destructions FOR EACH ROW',
  'the intent is accepted': `INSERT ON depter.events FOR EACH ROW WHEN (NEW.type = 'destroying')`,
  'the intent has its place': 'INSERT ON depter.placed FOR EACH ROW',
  'the keys are gone': 'DELETE ON depter_keys.keys FOR EACH ROW',
  'it is told that they are gone': `UPDATE ON depter.destructions FOR EACH ROW ${state('shredded')}`,
  'what they sealed is gone': 'DELETE ON depter.sealed FOR EACH ROW',
  'it is told that it is gone': `UPDATE ON depter.destructions FOR EACH ROW ${state('swept')}`,
  'the act is accepted': `INSERT ON depter.events FOR EACH ROW WHEN (NEW.type = 'destroyed')`,
  'the order is forgotten': 'DELETE ON depter.destructions FOR EACH ROW',
} as const;
type Step = keyof typeof STEPS;
const EACH = (Object.keys(STEPS) as Step[]).map((step) => [step] as const);
/** Whoever comes to the step waits for this lock, which the test holds. */
const LOCK = 4_242;

describe('a destruction in PostgreSQL', () => {
  const makePlace = clusterPlaces();
  let place: ClusterPlace;
  let db: Postgres;
  let subject: SubjectRef;
  let event: EventId;
  let size: number;
  const children: ChildProcess[] = [];

  // The victim is of the database alone: what EventStoreDB has of an append that was cut is the sequencer's suites' matter.
  const open = (): Promise<ClusterStore> =>
    openCluster({
      postgres: place.postgres,
      rootKey: FileRootKey.open(place.dir),
      origin: 'depter.example',
      ...options(),
    });
  const ofVictim = (n: number) =>
    collected(`v-${n}`, 'victim', { values: { name: `name ${n}`, phone: '+77010000001' }, note: 'a note' });

  beforeEach(async () => {
    place = await makePlace();
    db = new Postgres({ url: place.postgres });
    const store = await open();
    const group = [ofVictim(1), ofVictim(2), collected('o-1', 'other', { values: { name: 'stays' } })];
    subject = recorded((await store.ledger.record(siyliq, group))[0]).subject!;
    event = await store.destructions.commandId(siyliq, 'cut');
    size = await store.ledger.size(siyliq);
    await store.close();
  }, 60_000);
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await db.close();
    await place.remove();
  });

  async function cutAt(step: Step, how: string): Promise<void> {
    await db.run(`CREATE OR REPLACE FUNCTION public.cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      ${how};
      RETURN coalesce(NEW, OLD);
    END $$`);
    await db.run(`CREATE TRIGGER cut BEFORE ${STEPS[step]} EXECUTE FUNCTION public.cut()`);
  }

  async function uncut(): Promise<void> {
    await db.run('DROP FUNCTION public.cut() CASCADE');
  }

  /** Kills it there, and has the server notice at once. */
  async function killedAt(step: Step, items: string): Promise<void> {
    await cutAt(step, `PERFORM pg_advisory_xact_lock(${LOCK})`);
    const program = resolve('test/fault/cluster-destruction-victim.ts');
    const child = spawn(process.execPath, [program, place.postgres, place.dir, subject, event, items, AT], {
      stdio: 'inherit',
    });
    children.push(child);
    const exit = once(child, 'exit');
    await db.transaction(async (queries) => {
      await queries.rows(`SELECT pg_advisory_xact_lock(${LOCK})`);
      const waiting = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = ${LOCK} AND NOT granted`;
      while ((await queries.rows(waiting)).length === 0) {
        expect(child.exitCode).toBeNull();
        await sleep(20);
      }
      child.kill('SIGKILL');
      await exit;
      await queries.rows(
        'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
    });
    await uncut();
  }

  async function withoutRoomAt(step: Step): Promise<void> {
    const store = await open();
    await cutAt(step, `RAISE EXCEPTION 'no room' USING ERRCODE = '53100'`);
    const act = { kind: 'own', name: 'destroyed', event, subject, by: null, at: AT, data: { items: 'all', method: 'erase' } } as const; // prettier-ignore
    const done = store.destructions.destroy(siyliq, { act, dossiers: [subject] });
    await expect(done).rejects.toMatchObject({ code: 'full' });
    await store.close();
    await uncut();
  }

  async function expectWhole(store: ClusterStore): Promise<void> {
    expect(await store.ledger.find(siyliq, [{ kind: 'client', value: 'victim' }])).toBe(subject);
    expect(await store.ledger.size(siyliq)).toBe(size);
    const texts = await store.vault.texts(siyliq, subject);
    expect(texts.map(({ text }) => text.kind)).toEqual(Array.from({ length: 6 }, () => 'value'));
  }

  async function expectGone(store: ClusterStore): Promise<void> {
    expect(await store.ledger.find(siyliq, [{ kind: 'client', value: 'victim' }])).toBeUndefined();
    expect(await store.vault.texts(siyliq, subject)).toEqual([]);
    expect((await new WatchedLog().look(storedLog(store.log, siyliq))).size).toBe(size + 2);
    const added = (await store.ledger.entries(siyliq, size, 10)).map(({ event: one }) => one);
    expect(added.map(({ type }) => type)).toEqual(['destroying', 'destroyed']);
    expect(added[1]).toMatchObject({
      id: event,
      data: { evidence: { intent: added[0]!.id, dossiers: 1, identifiers: 1, values: 4, texts: 3 } },
    });
    expect(await store.ledger.record(siyliq, [ofVictim(1)])).toEqual([{ kind: 'gone' }]);
    const name = Buffer.from(subject, 'base64url');
    const left = 'SELECT FROM depter_keys.keys WHERE dossier = $1 UNION ALL SELECT FROM depter.sealed s JOIN depter.events e USING (seq) WHERE e.subject = $1 UNION ALL SELECT FROM depter.destructions'; // prettier-ignore
    expect(await db.rows(left, [name])).toEqual([]);
  }

  async function expectNameGone(store: ClusterStore): Promise<void> {
    expect(await store.ledger.find(siyliq, [{ kind: 'client', value: 'victim' }])).toBe(subject);
    const texts = (await store.vault.texts(siyliq, subject)).map(({ field, text }) => `${field} ${text.kind}`);
    expect(texts.sort()).toEqual(['note value', 'note value', 'phone value', 'phone value']);
    const added = (await store.ledger.entries(siyliq, size, 10)).map(({ event: one }) => one);
    expect(added.map(({ type }) => type)).toEqual(['destroying', 'destroyed']);
    expect(added[1]!.data).toMatchObject({ evidence: { dossiers: 0, values: 2 } });
    // What happened before and comes now brings no name any more; the rest of it is sealed under the fresh key.
    await store.ledger.record(siyliq, [ofVictim(3)]);
    expect(await store.vault.texts(siyliq, subject)).toHaveLength(6);
  }

  async function expectReopened(check: (store: ClusterStore) => Promise<void>): Promise<void> {
    const store = await open();
    try {
      await check(store);
    } finally {
      await store.close();
    }
  }

  test.each(EACH)(
    'of a person, killed before %s',
    async (step) => {
      await killedAt(step, 'all');
      await expectReopened(step === 'the order is kept' ? expectWhole : expectGone);
    },
    60_000,
  );

  test.each([['the keys are gone'], ['it is told that they are gone'], ['what they sealed is gone']] as const)(
    'of an item, killed before %s',
    async (step) => {
      await killedAt(step, 'name');
      await expectReopened(expectNameGone);
    },
    60_000,
  );

  // A place is not failed for want of room: whoever waits for it waits until there is some.
  test.each(EACH.filter(([step]) => step !== 'the intent has its place'))(
    'of a person, without room before %s',
    async (step) => {
      await withoutRoomAt(step);
      await expectReopened(step === 'the order is kept' ? expectWhole : expectGone);
    },
    60_000,
  );
});
