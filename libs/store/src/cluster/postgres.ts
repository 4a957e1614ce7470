/**
 * PostgreSQL as the cluster engine uses it: a pool whose every call has a deadline and fails with a StoreFailure, sessions
 * of their own for advisory locks, and notices. 64-bit integers come as numbers: all that are stored here are safe.
 */
import pg from 'pg';
import { StoreFailure } from '../ports.js';
import { arrayParameter } from './array-parameter.js';
import { pause } from './back-off.js';
import { PostgresNotices } from './postgres-notices.js';
import { postgresFailure } from './postgres-failure.js';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with `sslmode` and the like as `pg` reads them. */
  readonly url: string;
  /** Connections of the pool; sessions and the one for notices come on top. */
  readonly connectionsMax?: number;
  /** Bound of one statement, and of waiting for a connection. */
  readonly deadlineMs?: number;
  /** How the server lists the connections. */
  readonly name?: string;
}

export type Row = Readonly<Record<string, unknown>>;
/** What a statement may be given. Arrays are of one kind, and cast in the statement. */
export type SqlValue = null | boolean | number | string | Uint8Array | readonly SqlValue[];

/** A statement that is prepared once on each connection. Its name says what it does. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Where statements run: the pool, a session, or a transaction. */
export interface Queries {
  /** Rows of a statement. A text is sent as it is, a `Statement` is prepared. Throws StoreFailure or StatementRefused. */
  rows(statement: Statement | string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** How many rows it changed. */
  run(statement: Statement | string, values?: readonly SqlValue[]): Promise<number>;
}

const CONNECTIONS_MAX = 10;
const DEADLINE_MS = 10_000;
const FAREWELL_MS = 2000;
/** The server gives up on a statement before this side does, so that what is told is what happened. */
const SERVER_FIRST = 0.9;

const INT8 = 20;
const parserOf = (oid: number, format?: 'text' | 'binary') =>
  oid === INT8 && format !== 'binary'
    ? safeInteger
    : (pg.types.getTypeParser(oid, format) as (text: string) => unknown);

export class Postgres implements Queries {
  readonly deadlineMs: number;
  readonly notices: PostgresNotices;
  readonly #pool: pg.Pool;
  readonly #config: pg.ClientConfig;
  readonly #sessions = new Set<PostgresSession>();

  constructor({ url, connectionsMax = CONNECTIONS_MAX, deadlineMs = DEADLINE_MS, name = 'depter' }: PostgresOptions) {
    this.deadlineMs = deadlineMs;
    this.#config = {
      connectionString: url,
      application_name: name,
      connectionTimeoutMillis: deadlineMs,
      query_timeout: deadlineMs,
      statement_timeout: Math.ceil(deadlineMs * SERVER_FIRST),
      idle_in_transaction_session_timeout: deadlineMs,
      keepAlive: true,
      types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
    };
    this.#pool = new pg.Pool({ ...this.#config, max: connectionsMax });
    // A connection that dies while nobody uses it is replaced when the next is asked for.
    this.#pool.on('error', () => undefined);
    this.notices = new PostgresNotices(() => this.session());
  }

  rows(statement: Statement | string, values: readonly SqlValue[] = []): Promise<readonly Row[]> {
    return asking(this.#pool, statement, values).then(({ rows }) => rows);
  }

  run(statement: Statement | string, values: readonly SqlValue[] = []): Promise<number> {
    return asking(this.#pool, statement, values).then(({ rowCount }) => rowCount ?? 0);
  }

  /**
   * Runs `work` in one transaction, which is rolled back where it throws. A commit whose answer did not come is a
   * StoreFailure `unavailable`: it may nevertheless have happened.
   */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#within('BEGIN', work);
  }

  /** Runs reading `work` on one moment of the database. */
  reading<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#within('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', work);
  }

  async #within<T>(begin: string, work: (queries: Queries) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch((failure: unknown) => {
      throw postgresFailure(failure, 'connect');
    });
    // A client that is out of the pool reports its death to its holder, whose next statement then fails.
    const onError = () => undefined;
    client.on('error', onError);
    let spoilt = true;
    try {
      const result = await within(clientQueries(client), begin, work);
      spoilt = false;
      return result;
    } catch (failure) {
      // A connection that failed is thrown away, and the transaction with it; any other fault leaves it usable.
      spoilt = failure instanceof StoreFailure || !(await rolledBack(client));
      throw failure;
    } finally {
      client.off('error', onError);
      client.release(spoilt);
    }
  }

  /** A connection of one's own, outside the pool: for advisory locks and notices, which belong to a connection. */
  async session(): Promise<PostgresSession> {
    const client = new pg.Client(this.#config);
    const session = new PostgresSession(client, () => this.#sessions.delete(session));
    await client.connect().catch((failure: unknown) => {
      throw postgresFailure(failure, 'connect');
    });
    this.#sessions.add(session);
    return session;
  }

  async close(): Promise<void> {
    await this.notices.close();
    await Promise.all([...this.#sessions].map((session) => session.close()));
    await farewell(this.#pool.end());
  }
}

/** One connection, until it is closed or lost; `lost` aborts in both cases. */
export class PostgresSession implements Queries {
  readonly lost: AbortSignal;
  readonly #client: pg.Client;

  constructor(client: pg.Client, gone: () => void) {
    const ended = new AbortController();
    this.lost = ended.signal;
    this.#client = client;
    const end = () => {
      ended.abort();
      gone();
    };
    client.on('error', end);
    client.on('end', end);
  }

  rows(statement: Statement | string, values: readonly SqlValue[] = []): Promise<readonly Row[]> {
    return asking(this.#client, statement, values).then(({ rows }) => rows);
  }

  run(statement: Statement | string, values: readonly SqlValue[] = []): Promise<number> {
    return asking(this.#client, statement, values).then(({ rowCount }) => rowCount ?? 0);
  }

  onNotice(hear: (channel: string, payload: string) => void): void {
    this.#client.on('notification', ({ channel, payload }) => hear(channel, payload ?? ''));
  }

  async close(): Promise<void> {
    await farewell(this.#client.end());
  }
}

/** A server that no longer answers is not waited for. */
async function farewell(end: Promise<void>): Promise<void> {
  const signal = new AbortController();
  await Promise.race([end.catch(() => undefined), pause(FAREWELL_MS, signal.signal)]);
  signal.abort();
}

function clientQueries(client: pg.ClientBase): Queries {
  return {
    rows: (statement, values = []) => asking(client, statement, values).then(({ rows }) => rows),
    run: (statement, values = []) => asking(client, statement, values).then(({ rowCount }) => rowCount ?? 0),
  };
}

async function within<T>(queries: Queries, begin: string, work: (queries: Queries) => Promise<T>): Promise<T> {
  await queries.run(begin);
  const result = await work(queries);
  await queries.run('COMMIT');
  return result;
}

async function rolledBack(client: pg.ClientBase): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

async function asking(
  on: pg.Pool | pg.ClientBase,
  statement: Statement | string,
  values: readonly SqlValue[],
): Promise<pg.QueryResult<Row>> {
  try {
    const query = typeof statement === 'string' ? { text: statement } : statement;
    return await on.query<Row, unknown[]>({ ...query, values: values.map(sendable) });
  } catch (failure) {
    throw postgresFailure(failure, typeof statement === 'string' ? statement : statement.name);
  }
}

function sendable(value: SqlValue): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length);
  return Array.isArray(value) ? arrayParameter(value as readonly SqlValue[]) : value;
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new StoreFailure('corrupt', 'PostgreSQL gave an integer beyond 2^53', false);
  return value;
}
