/**
 * Sequencers in processes of their own, killed, stopped and doubled under load, and the servers killed under them:
 * nothing accepted is lost, nothing is placed twice, and it goes on without hands.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { EventStoreLog, Postgres, PostgresEventLog, type EventLog } from '#store';
import { Place } from '../contract/accepting.js';
import { onOwnEventStore } from '../running/eventstore.js';
import { PostgresServer } from '../running/postgres.js';

const KILLS = 4;
let places = 0;
let server: PostgresServer;
let url: string;
beforeAll(async () => {
  server = await PostgresServer.start();
  url = await server.database();
}, 60_000);
afterAll(() => server.stop());

/** A sequencer's process. */
class Victim {
  readonly #child: ChildProcess;
  /** Resolves when it first leads. */
  readonly leading: Promise<unknown>;
  said = '';

  constructor(controller: string, eventStore: string) {
    this.#child = spawn(process.execPath, ['test/fault/sequencer-victim.ts', url, controller, eventStore], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.leading = once(this.#child.stdout!, 'data');
    this.#child.stderr!.on('data', (bytes: Buffer) => (this.said += bytes.toString()));
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

function faults(open: (postgres: Postgres) => Promise<EventLog>, address: () => string, killLog: () => Promise<void>) {
  let postgres: Postgres;
  let eventLog: EventLog;
  let place: Place;
  let victims: Victim[];
  let load: { stop(): Promise<void> };

  beforeEach(async () => {
    postgres = new Postgres({ url, deadlineMs: 3000 });
    eventLog = await open(postgres);
    place = await Place.make(postgres, `kg.f${Date.now().toString(36)}.${process.pid.toString(36)}.${++places}`);
    victims = [];
    load = accepting();
  });
  afterEach(async () => {
    await load.stop();
    await Promise.all(victims.map((victim) => victim.kill()));
    await eventLog.close();
    await postgres.close();
  });

  const start = (): Victim => {
    const victim = new Victim(place.log.controller, address());
    victims.push(victim);
    return victim;
  };

  /** Accepts small groups all the time, as long as it can. */
  const accepting = () => {
    let on = true;
    const running = (async () => {
      for (let n = 0; on; n++) {
        await place.accept(1 + ((n * 13) % 60)).catch(() => sleep(100));
        await sleep(15);
      }
    })();
    return {
      stop: async () => {
        on = false;
        await running;
      },
    };
  };

  const sound = async () => {
    await load.stop();
    await place.settle();
    await place.placed(30_000);
    return place.faults(eventLog);
  };

  test(`killed -9 ${KILLS} times under load, another taking over each time`, async () => {
    let leader = start();
    await leader.leading;
    for (let n = 0; n < KILLS; n++) {
      const heir = start();
      await sleep(300 + n * 53);
      await leader.kill();
      await heir.leading;
      leader = heir;
    }
    expect(await sound()).toEqual([]);
  }, 120_000);

  test('stopped with the lead, it loses it to another; continued, it does no harm and takes over in its turn', async () => {
    const first = start();
    await first.leading;
    await sleep(300);
    first.signal('SIGSTOP');
    const second = start();
    const begin = Date.now();
    await second.leading;
    expect(Date.now() - begin).toBeLessThan(20_000);
    first.signal('SIGCONT');
    await sleep(500);
    await second.kill();
    expect(await sound()).toEqual([]);
    expect([first.said, second.said].join('')).not.toMatch(/Error|Failure/);
  }, 120_000);

  test('the server of the log killed -9 under load', async () => {
    await Promise.race([start().leading, start().leading]);
    await sleep(500);
    await killLog();
    await sleep(1000);
    expect(await sound()).toEqual([]);
    expect(victims.map(({ said }) => said).join('')).not.toMatch(/Error|Failure/);
  }, 180_000);
}

describe('sequencers under fault, on PostgreSQL alone', () => {
  faults(
    async (postgres) => new PostgresEventLog(postgres),
    () => '',
    async () => {
      await server.kill();
      await server.restart();
    },
  );
});

onOwnEventStore('sequencers under fault, on PostgreSQL and EventStoreDB', (node) => {
  faults(
    async () => new EventStoreLog({ address: node().address }),
    () => node().address,
    async () => {
      await node().kill();
      await node().restart();
    },
  );
});
