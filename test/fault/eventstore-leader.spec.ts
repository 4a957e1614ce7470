/**
 * EventStoreDB on three nodes, the leader killed -9 under load, and its successor after it: nothing accepted is lost,
 * nothing is placed twice, there is one tree, and whoever follows the log misses nothing.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreLog, Postgres, type LoggedEntry } from '#store';
import { Place, work, type Working } from '../contract/accepting.js';
import { plain, all } from '../contract/event-log-contract.js';
import { EventStoreCluster } from '../running/eventstore-cluster.js';
import { hasEventStored } from '../running/eventstore.js';
import { PostgresServer } from '../running/postgres.js';
import { suiteIf } from '../running/suite-if.js';

const KILLS = 2;

suiteIf(hasEventStored, 'the leader of three nodes killed under load', '`eventstored` 24.6 on the path', () => {
  let server: PostgresServer;
  let cluster: EventStoreCluster;
  let postgres: Postgres;
  const logs: EventStoreLog[] = [];
  const working: Working[] = [];

  beforeAll(async () => {
    [server, cluster] = await Promise.all([PostgresServer.start(), EventStoreCluster.start()]);
    postgres = new Postgres({ url: await server.database() });
  }, 240_000);
  afterAll(async () => {
    await Promise.all(working.map((one) => one.stop()));
    await Promise.all(logs.map((log) => log.close()));
    await postgres.close();
    await Promise.all([server.stop(), cluster.stop()]);
  }, 60_000);

  const open = (): EventStoreLog => {
    const log = new EventStoreLog({ address: cluster.address });
    logs.push(log);
    return log;
  };

  test('0 lost, 0 doubled, one tree, and it goes on by itself', async () => {
    const place = await Place.make(postgres, `kg.l${Date.now().toString(36)}.${process.pid.toString(36)}`);
    // Of two processes one sequences; both stay connected, each on its own.
    working.push(work(place, open()), work(place, open()));
    const followed: LoggedEntry[] = [];
    const stop = new AbortController();
    const following = (async () => {
      for await (const batch of open().follow(place.log, 0, stop.signal)) followed.push(...batch);
    })();
    let loading = true;
    const load = (async () => {
      for (let n = 0; loading; n++) {
        await place.accept(1 + ((n * 13) % 60));
        await sleep(15);
      }
    })();
    await sleep(1000);
    const leaders: number[] = [];
    for (let n = 0; n < KILLS; n++) {
      leaders.push(await cluster.leader());
      const before = place.accepted.length;
      const killed = await cluster.killLeader();
      // The two that are left go on, before the third is back.
      const successor = await cluster.leader();
      expect(successor).not.toBe(leaders.at(-1));
      const head = await place.head();
      while ((await place.head()).size <= Math.max(head.size, before)) await sleep(50);
      await killed.restart();
    }
    loading = false;
    await load;
    await place.placed(60_000);
    const log = open();
    expect(await place.faults(log)).toEqual([]);
    expect(working.map(({ sequencer }) => sequencer.state.kind)).not.toContain('ended');
    while (followed.length < place.accepted.length) await sleep(50);
    stop.abort();
    await following;
    expect(plain(followed)).toEqual(plain(await all(log, place.log)));
  }, 240_000);
});
