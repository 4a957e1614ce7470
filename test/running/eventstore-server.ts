/** A node of EventStoreDB, started by the `eventstored` on the path over a folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './postgres.js';

export const START_MS = 90_000;

/** For clients, and for the other nodes of its cluster. */
export type Ports = readonly [port: number, replicationPort: number];

/** A node of a test's own; what it has stored survives its death, and it comes back at the same address. */
export interface EventStoreNode {
  readonly address: string;
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export class EventStoreServer implements EventStoreNode {
  readonly address: string;
  readonly #dir: string;
  readonly #ports: Ports;
  readonly #flags: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(dir: string, ports: Ports, flags: readonly string[]) {
    this.#dir = dir;
    this.#ports = ports;
    this.#flags = flags;
    this.address = `esdb://127.0.0.1:${ports[0]}?tls=false`;
  }

  /** With `flags` beside those of a single node. */
  static async start(ports?: Ports, flags: readonly string[] = []): Promise<EventStoreServer> {
    const dir = await mkdtemp(join(tmpdir(), 'depter-eventstore-'));
    const server = new EventStoreServer(dir, ports ?? [await freePort(), await freePort()], flags);
    await server.restart();
    return server;
  }

  async kill(): Promise<void> {
    const child = this.#process!;
    const ended = once(child, 'exit');
    // Its own process group: whatever the command is a wrapper of dies with it.
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
  }

  async restart(): Promise<void> {
    const [port, replicationPort] = this.#ports;
    const child = spawn(
      'eventstored',
      [
        '--insecure', '--db', join(this.#dir, 'db'), '--log', join(this.#dir, 'log'),
        '--node-ip', '127.0.0.1', '--node-port', String(port),
        '--replication-ip', '127.0.0.1', '--replication-port', String(replicationPort), ...this.#flags,
      ], // prettier-ignore
      { env: environmentOfServer(), stdio: 'ignore', detached: true },
    );
    this.#process = child;
    await living('127.0.0.1', port, () => child.exitCode !== null);
  }

  async stop(): Promise<void> {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) await this.kill();
    await rm(this.#dir, { recursive: true, force: true });
  }
}

/** The server reads every such variable as a setting and refuses those that it does not know. */
function environmentOfServer(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('EVENTSTORE_')));
}

/** Until the node at this address answers. */
export async function living(host: string, port: number, isOver: () => boolean): Promise<void> {
  const end = Date.now() + START_MS;
  for (;;) {
    const answer = await fetch(`http://${host}:${port}/health/live`).catch(() => undefined);
    if (answer?.ok === true) return;
    if (isOver() || Date.now() > end) throw new Error('EventStoreDB did not start');
    await sleep(200);
  }
}
