/**
 * A restore of a database that is killed at each of its steps: until it was given again and came to its end no server opens
 * what it left, and then nothing is there twice, nothing is contradicted, and nobody is back.
 */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomInt } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { controllerId, type ControllerId, type SubjectRef } from '#ledger';
import { logPolicy, parseVerifierKey, verifyReceipt } from '#proof';
import { EventStoreLog, FileRootKey, openCluster, RESTORE_STEPS, restoreCluster, sha256, StoreFailure, verifyEd25519, type ClusterStore, type RestoreStep } from '#store'; // prettier-ignore
import { action, collected } from '../contract/actions.js';
import { options, rules } from '../contract/engine.js';
import { recorded } from '../contract/ledger-contract.js';
import { onEventStore } from '../running/eventstore.js';
import { PostgresServer } from '../running/postgres.js';
import { killedAt } from './killed-at.js';

const RULES = rules();
const OPTIONS = options({ rulebookFor: () => RULES });
const LOCK_GONE_MS = 10_000;

describe('a restore that is killed', () => {
  suite(() => undefined, RESTORE_STEPS);
});
onEventStore('a restore that is killed, with the log in EventStoreDB', (address) =>
  suite(address, ['made', 'keyed', 'logged', 'continued', 'replayed']),
);

function suite(eventstore: () => string | undefined, steps: readonly RestoreStep[]): void {
  let server: PostgresServer;
  let dir: string;
  let store: ClusterStore;
  /** Of names of their own, since one EventStoreDB serves all. `later` came after the copy. */
  let first: ControllerId;
  let later: ControllerId;
  let copy: { readonly postgres: string; readonly keysPostgres: string };
  let part: SubjectRef;
  let published: { readonly size: number; readonly checkpoints: readonly string[] };

  beforeAll(async () => {
    server = await PostgresServer.start();
  }, 60_000);
  afterAll(() => server.stop());
  afterEach(async () => {
    await store.close();
    await rm(dir, { recursive: true });
  });

  const path = (name: string): string => join(dir, name);
  const log = () => (eventstore() === undefined ? {} : { eventstore: eventstore()! });
  const open = (place: { readonly postgres: string; readonly keysPostgres: string }, more = {}) =>
    openCluster({ ...place, ...log(), rootKey: FileRootKey.open(dir), origin: 'depter.example', ...OPTIONS, ...more });
  const person = (id: string, client: string) =>
    collected(id, client, { values: { name: `name ${client}`, phone: '+77010000001' } });
  const record = (...actions: Parameters<ClusterStore['ledger']['record']>[1]) => store.ledger.record(first, actions);
  const find = (client: string) => store.ledger.find(first, [{ kind: 'client', value: client }]);
  const destroy = async (client: string, items: 'all' | string[]) => {
    const subject = (await find(client))!;
    const at = new Date(OPTIONS.clock.now()).toISOString();
    const act = { kind: 'own', name: 'destroyed', subject, by: null, at, data: { items, method: 'erase' } } as const;
    await store.destructions.destroy(first, { act, dossiers: [subject] });
    return subject;
  };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'depter-restore-steps-'));
    FileRootKey.create(dir);
    const suffix = randomInt(10 ** 9);
    [first, later] = [controllerId(`kz.a${suffix}`)!, controllerId(`kz.b${suffix}`)!];
    const there = { postgres: await server.database(), keysPostgres: await server.database() };
    store = await open(there, { journal: path('journal') });
    await record(...['gone', 'quiet', 'part', 'stays'].map((client) => person(client, client)));
    await store.close();
    const postgres = await server.copyOf(there.postgres);
    store = await open(there);
    // What the copy has not: an event, a controller, three destructions, of the last of which the journal was lost.
    await record(person('lost', 'stays'));
    const asked = { id: 's', type: 'asked', controller: later, data: { authority: 'kz.court', request: 'R-1' } };
    await store.ledger.record(later, [action(asked)]);
    await destroy('gone', 'all');
    part = await destroy('part', ['name']);
    await copyFile(path('journal'), path('known'));
    await destroy('quiet', 'all');
    const checkpoints = await Promise.all([first, later].map(async (name) => (await store.log.checkpoint(name, 1))!));
    published = { size: await store.ledger.size(first), checkpoints };
    await store.close();
    copy = { postgres, keysPostgres: await server.copyOf(there.keysPostgres) };
  }, 60_000);

  /** The same command, given once or again. */
  const command = () => ({ ...copy, ...log(), journal: path('known'), checkpoints: published.checkpoints, newGeneration: true }); // prettier-ignore

  /** The server lets go of what a dead process held as soon as it notices. */
  async function restored(): Promise<void> {
    const end = Date.now() + LOCK_GONE_MS;
    for (;;) {
      try {
        await restoreCluster({ ...command(), rootKey: FileRootKey.open(dir), clock: OPTIONS.clock });
        return;
      } catch (failure) {
        if (!(failure instanceof StoreFailure) || failure.code !== 'locked' || Date.now() > end) throw failure;
        await sleep(50);
      }
    }
  }

  test.each(steps.map((step) => [step] as const))(
    'at the step %s is finished when it is given again, and serves nobody before',
    async (step) => {
      await killedAt('cluster-restore-victim.ts', step, { ...command(), dir, now: OPTIONS.clock.now() });
      for (const more of [{}, { sequences: false }])
        await expect(open(copy, more)).rejects.toMatchObject({
          code: 'corrupt',
          message: expect.stringMatching(/not finished. Run depter restore again$/),
        });
      await restored();

      store = await open(copy);
      expect([await find('gone'), await find('quiet')]).toEqual([undefined, undefined]);
      const texts = async (subject: SubjectRef) =>
        (await store.vault.texts(first, subject)).map(({ field, text }) => `${field} ${text.kind}`);
      expect(await texts(part)).toEqual(['phone value']);
      expect(await texts((await find('stays'))!)).toEqual(['name value', 'phone value']);
      expect((await record(person('gone', 'gone'), person('quiet', 'quiet'))).map(({ kind }) => kind)).toEqual(['gone', 'gone']); // prettier-ignore

      const [next] = await store.ledger.record(first, [person('next', 'stays')], { receipts: true });
      const { position, receipt, entry } = recorded(next);
      expect(position).toBe(published.size + 5);
      const entries = await store.ledger.entries(first, published.size, 10);
      expect(entries.map(({ event }) => event.type)).toEqual([
        'continued', 'destroying', 'destroyed', 'destroying', 'destroyed', 'collected',
      ]); // prettier-ignore
      expect(entries[0]!.event.data).toMatchObject({ size: published.size });
      const all = await store.ledger.entries(first, 0, 100);
      expect(new Set(all.map(({ event }) => event.id)).size).toBe(all.length);
      const key = parseVerifierKey(sha256, (await store.log.verifierKey(first, 2))!);
      if (!key.ok) throw new Error(key.code);
      expect(verifyReceipt({ sha256, verify: verifyEd25519 }, logPolicy(key.value), receipt!, entry!).ok).toBe(true);
      expect((await store.ledger.entries(later, 0, 10)).map(({ event }) => event.type)).toEqual(['continued']);
      if (eventstore() !== undefined) {
        const events = new EventStoreLog({ address: eventstore()! });
        const sizes = [1, 2].map((generation) => events.size({ controller: first, generation }));
        expect(await Promise.all(sizes)).toEqual([published.size, 6]);
        await events.close();
      }
    },
    60_000,
  );
}
