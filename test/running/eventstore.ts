/**
 * EventStoreDB, where there is one. `DEPTER_TEST_EVENTSTORE` is the address of a running node; a test that kills one needs
 * its own, which `DEPTER_TEST_SERVICES` (a folder with `eventstore/run`, a program that takes `EVENTSTORE_PORT` and
 * `EVENTSTORE_DATA`) starts. Where they are not set, the tests that need them are skipped and say so.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe } from '@jest/globals';
import { freePort } from './postgres.js';

export const eventStoreAddress = process.env['DEPTER_TEST_EVENTSTORE'];
const services = process.env['DEPTER_TEST_SERVICES'];

/** A suite on the running node; without one it is skipped, under a name that says how to get one. */
export const onEventStore = (name: string, suite: () => void): void =>
  suiteIf(
    eventStoreAddress !== undefined,
    `${name} (to run it: docker run -p 2113:2113 eventstore/eventstore:24.6.0 --insecure --mem-db, DEPTER_TEST_EVENTSTORE=esdb://127.0.0.1:2113?tls=false)`,
    name,
    suite,
  );

/** A suite that starts and kills nodes of its own. */
export const onOwnEventStore = (name: string, suite: () => void): void =>
  suiteIf(
    eventStoreAddress !== undefined && services !== undefined,
    `${name} (to run it: EventStoreDB as above, and DEPTER_TEST_SERVICES, a folder whose eventstore/run starts a node on EVENTSTORE_PORT over EVENTSTORE_DATA)`,
    name,
    suite,
  );

function suiteIf(there: boolean, skipped: string, name: string, suite: () => void): void {
  const describing = there ? describe : describe.skip;
  describing(there ? name : skipped, suite);
}

const START_MS = 60_000;

export class EventStoreServer {
  readonly address: string;
  readonly #dir: string;
  readonly #port: number;
  #process: ChildProcess | undefined;

  private constructor(dir: string, port: number) {
    this.#dir = dir;
    this.#port = port;
    this.address = `esdb://127.0.0.1:${port}?tls=false`;
  }

  static async start(): Promise<EventStoreServer> {
    const server = new EventStoreServer(await mkdtemp(join(tmpdir(), 'depter-eventstore-')), await freePort());
    await server.restart();
    return server;
  }

  async kill(): Promise<void> {
    const child = this.#process!;
    const ended = once(child, 'exit');
    // Its own process group: whatever the program is a wrapper of dies with it.
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
  }

  async restart(): Promise<void> {
    const child = spawn(join(services!, 'eventstore', 'run'), {
      env: { ...process.env, EVENTSTORE_PORT: String(this.#port), EVENTSTORE_DATA: this.#dir },
      stdio: 'ignore',
      detached: true,
    });
    this.#process = child;
    const end = Date.now() + START_MS;
    while (!(await this.#alive())) {
      if (child.exitCode !== null || Date.now() > end) throw new Error('EventStoreDB did not start');
      await sleep(200);
    }
  }

  async stop(): Promise<void> {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) await this.kill();
    await rm(this.#dir, { recursive: true, force: true });
  }

  async #alive(): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${this.#port}/health/live`)).ok;
    } catch {
      return false;
    }
  }
}
