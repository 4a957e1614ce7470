/** What goes wrong around a real broker, under load: nothing is lost, nothing doubled, and nobody has to help. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { controllerId, type Recorded } from '#ledger';
import { Clock, FileRootKey, openEmbedded, Postgres, PostgresEventLog, PostgresSequencing, type StoreHealth } from '#store'; // prettier-ignore
import { StoreHandle } from '../../apps/worker/src/parts.js';
import { work } from '../../apps/worker/src/worker.js';
import { collected, InProcess } from '../integration/in-process.js';
import { KafkaBroker } from '../running/kafka-broker.js';
import { PostgresServer } from '../running/postgres.js';
import { Worker } from '../running/worker.js';
import { KafkaTopics, until } from '../running/kafka-topics.js';
import { onReal } from './real.js';

const CONTROLLER = controllerId('kz.autosiyliq')!;
const NOW = '2026-03-10T12:00:00+05:00';

class Standing extends Clock {
  override now(): number {
    return Date.parse(NOW);
  }
}

/** All entries of a folder that no process holds any more. */
async function entriesIn(dir: string): Promise<readonly Recorded[]> {
  const rules = { has: () => true, all: () => [] };
  const store = await openEmbedded({ dir, clock: new Standing(), rulebookFor: () => rules });
  try {
    const found: Recorded[] = [];
    for (;;) {
      const page = await store.ledger.entries(CONTROLLER, found.length, 1_000);
      if (page.length === 0) return found;
      found.push(...page);
    }
  } finally {
    await store.close();
  }
}

/** A store that another closes. */
class OthersStore extends StoreHandle {
  override health(): StoreHealth {
    return { ready: true, queued: 0, logs: [] };
  }
  override async close(): Promise<void> {}
}

let people = 0;

/** Sends many actions, each about another person, in pieces; resolves when the brokers have all of them. */
async function load(topics: KafkaTopics, count: number, piece = 100): Promise<void> {
  for (let sent = 0; sent < count; sent += piece) {
    const events = Array.from({ length: piece }, () => collected({}, { person: { client: `K-${(people += 1)}` } }));
    await topics.send(...events.map((event) => ({ value: JSON.stringify(event) })));
  }
}

const allTaken = (topics: KafkaTopics, withinMs = 120_000): Promise<unknown> =>
  until(
    'all offsets committed',
    async () => {
      const { committed, end } = await topics.progress();
      return committed === end;
    },
    withinMs,
  );

await onReal('a broker or worker that dies', ['DEPTER_TEST_SERVICES'], ([services = '']) => {
  let broker: KafkaBroker;
  let topics: KafkaTopics;

  beforeAll(async () => {
    broker = await KafkaBroker.inNewFolder(services);
    await broker.start();
    topics = new KafkaTopics(broker.address, CONTROLLER);
  }, 240_000);
  afterAll(async () => {
    await topics.close();
    await broker.dispose();
  }, 60_000);

  const flags = (...roles: string[]): string[] => [
    '--kafka',
    broker.address,
    '--kafka-controllers',
    CONTROLLER,
    '--now',
    NOW,
    ...(roles.length > 0 ? ['--roles', roles.join(',')] : []),
  ];

  it('a worker killed -9 in a batch: nothing lost, nothing doubled', async () => {
    await topics.make();
    const worker = await Worker.inNewFolder();
    try {
      const loading = load(topics, 6_000);
      for (let kills = 0; kills < 3; kills += 1) {
        await worker.start(...flags('kafka-intake'));
        const before = (await topics.progress()).committed;
        await until('some offsets committed', async () => (await topics.progress()).committed > before);
        expect(await worker.stop('SIGKILL')).toBeNull();
      }
      await loading;
      await worker.start(...flags('kafka-intake'));
      await allTaken(topics);
      expect(await worker.stop()).toBe(0);
      const entries = await entriesIn(worker.dir);
      expect(entries).toHaveLength(6_000);
      expect(new Set(entries.map(({ event }) => event.id)).size).toBe(6_000);
    } finally {
      await worker.dispose();
    }
  }, 300_000);

  it('a worker killed -9 in a batch, another beside it on one PostgreSQL, which is killed -9 itself: all is placed once', async () => {
    await topics.make();
    const server = await PostgresServer.start();
    const workers = [await Worker.inNewFolder(), await Worker.inNewFolder()];
    const url = await server.database();
    const postgres = new Postgres({ url, connectionsMax: 1 });
    const countOf = async (what: string) =>
      (await postgres.rows(`SELECT count(*) AS n FROM depter.${what}`))[0]!['n'] as number;
    const place = ['--postgres', url, '--root-key', join(workers[0]!.dir, 'root.key')];
    try {
      FileRootKey.create(workers[0]!.dir);
      for (const worker of workers) await worker.start(...flags('kafka-intake', 'sequencer'), ...place);
      const loading = load(topics, 3_000);
      await until('a first part', async () => (await countOf('placed')) > 300);
      expect(await workers[0]!.stop('SIGKILL')).toBeNull();
      await until('the other to go on', async () => (await countOf('placed')) > 900);
      await server.kill();
      await server.restart();
      await loading;
      await allTaken(topics);
      await until('all to be placed', async () => (await countOf('pending')) === 0);
      expect([await countOf('events'), await countOf('placed')]).toEqual([3_000, 3_000]);
      const log = { controller: CONTROLLER, generation: 1 };
      expect(await new PostgresEventLog(postgres).size(log)).toBe(3_000);
      expect((await new PostgresSequencing(postgres).stored(log)).size).toBe(3_000);
    } finally {
      await postgres.close();
      for (const worker of workers) await worker.dispose();
      await server.stop();
    }
  }, 300_000);

  it('a broker killed -9 and started again: it waits, says so, HTTP goes on, and it resumes by itself', async () => {
    await topics.make();
    const server = await InProcess.start(...flags().slice(0, 4));
    const health = async () => {
      const answer = await server.get('/health/ready');
      return { http: answer.status, ...answer.json<{ status: string; parts: Record<string, { state: string }> }>() };
    };
    const stateIs = (state: string) =>
      until(`the state ${state}`, async () => {
        const found = await health();
        return found.parts[`kafka-intake ${CONTROLLER}`]?.state === state && found;
      });
    try {
      await stateIs('consuming');
      const loading = load(topics, 4_000);
      await until('a first part', async () => (await server.parts.ledger.size(CONTROLLER)) > 500);
      await broker.kill();
      expect(await stateIs('broker-gone')).toMatchObject({ http: 200, status: 'degraded' });
      expect((await server.send(collected({}, { person: { client: 'H-1' } }))).status).toBe(201);
      await broker.start();
      await loading;
      await allTaken(topics);
      expect(await stateIs('consuming')).toMatchObject({ http: 200, status: 'ready' });
      // A producer that was cut off sends again what it had no answer for: the actions' ids tell.
      expect(await server.parts.ledger.size(CONTROLLER)).toBe(4_001);
      const told = await topics.collect(topics.refused);
      expect(told).toEqual([]);
    } finally {
      await server.dispose();
    }
  }, 300_000);

  it('a second worker joins in the middle and leaves again: each takes its part, nothing lost, nothing doubled', async () => {
    await topics.make(undefined, 4);
    const server = await InProcess.start(...flags().slice(0, 4));
    try {
      const loading = load(topics, 6_000);
      await until('a first part', async () => (await server.parts.ledger.size(CONTROLLER)) > 500);
      // On the same store: two members of one group, as two processes are on a store of servers.
      const second = await work({ ...server.parts, close: new OthersStore() }, { write: () => undefined });
      const members = await until('both to share the partitions', async () => {
        const { groups } = await topics.withAdmin((admin) => admin.describeGroups([`depter.intake.v1.${CONTROLLER}`]));
        const [group] = groups;
        return group?.state === 'Stable' && group.members.length === 2 && group.members;
      });
      expect(members.map(({ memberAssignment }) => memberAssignment.length > 0)).toEqual([true, true]);
      await loading;
      await load(topics, 2_000);
      await second.app.close();
      await load(topics, 1_000);
      await allTaken(topics);
      expect(await server.parts.ledger.size(CONTROLLER)).toBe(9_000);
    } finally {
      await server.dispose();
    }
  }, 300_000);
});
