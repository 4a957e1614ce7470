/** The event log in PostgreSQL, for those who want no third server. */
import { StoreFailure } from '../ports.js';
import { BackOff } from './back-off.js';
import {
  afterWrongSize, EventLog, groupEntriesMax, requireGroup, requireIndex, requireReading, type Appended, type LoggedEntry, type LogName, type NewEntry,
} from './event-log.js'; // prettier-ignore
import type { Postgres, Row } from './postgres.js';

const CHANNEL = 'depter_log';
/** A follower that hears nothing looks for itself this often: a notice may be lost with its connection. */
const LOOK_MS = 1000;

const SQL = {
  /**
   * One statement, so one transaction: the row of the head is locked and moved only from the expected size, and the
   * entries follow it. Of two that wait for the row the second finds another size, and does nothing.
   */
  append: {
    name: 'log-append',
    text: `WITH head AS (
        UPDATE depter.log_heads SET size = $3::bigint + cardinality($4::bytea[])
        WHERE controller = $1 AND generation = $2 AND size = $3 RETURNING size
      ), entries AS (
        INSERT INTO depter.log_entries (controller, generation, idx, id, entry)
        SELECT $1, $2, $3::bigint + e.n - 1, e.id, e.entry
        FROM head, unnest($4::bytea[], $5::bytea[]) WITH ORDINALITY AS e (id, entry, n)
      )
      SELECT size, pg_notify('${CHANNEL}', $1 || '-' || $2) FROM head`,
  },
  begin: {
    name: 'log-begin',
    text: 'INSERT INTO depter.log_heads (controller, generation, size) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING',
  },
  size: { name: 'log-size', text: 'SELECT size FROM depter.log_heads WHERE controller = $1 AND generation = $2' },
  read: {
    name: 'log-read',
    text: `SELECT idx, id, entry FROM depter.log_entries
      WHERE controller = $1 AND generation = $2 AND idx >= $3 ORDER BY idx LIMIT $4`,
  },
};

export class PostgresEventLog extends EventLog {
  readonly #postgres: Postgres;
  readonly #closed = new AbortController();

  /** The database is the caller's, who has migrated it and closes it. */
  constructor(postgres: Postgres) {
    super();
    this.#postgres = postgres;
  }

  override async append(log: LogName, expectedSize: number, group: readonly NewEntry[]): Promise<Appended> {
    requireGroup(expectedSize, group);
    const values = [...placeOf(log), expectedSize, group.map(({ id }) => id), group.map(({ entry }) => entry)];
    let [head] = await this.#postgres.rows(SQL.append, values);
    if (head === undefined && expectedSize === 0) {
      // A log has no row before its first group; another may be making it at the same time.
      await this.#postgres.run(SQL.begin, placeOf(log));
      [head] = await this.#postgres.rows(SQL.append, values);
    }
    if (head !== undefined) return { kind: 'appended', size: head['size'] as number };
    return afterWrongSize(this, log, expectedSize, group);
  }

  override async read(log: LogName, from: number, limit: number): Promise<readonly LoggedEntry[]> {
    requireReading(from, limit);
    const rows = await this.#postgres.rows(SQL.read, [...placeOf(log), from, limit]);
    return rows.map(loggedOf);
  }

  override async *follow(log: LogName, from: number, signal: AbortSignal): AsyncIterable<readonly LoggedEntry[]> {
    requireIndex(from);
    const until = AbortSignal.any([signal, this.#closed.signal]);
    const ear = this.#postgres.notices.listen(CHANNEL, placeOf(log).join('-'));
    const backOff = new BackOff();
    let next = from;
    try {
      while (!until.aborted) {
        const batch = await this.#readIfThere(log, next);
        if (batch === undefined) {
          await backOff.pause(until);
          continue;
        }
        backOff.reset();
        if (until.aborted) return;
        next += batch.length;
        if (batch.length > 0) yield batch;
        if (batch.length < groupEntriesMax) await ear.wait(LOOK_MS, until);
      }
    } finally {
      ear.close();
    }
  }

  override async size(log: LogName): Promise<number> {
    const [head] = await this.#postgres.rows(SQL.size, placeOf(log));
    return head === undefined ? 0 : (head['size'] as number);
  }

  override async close(): Promise<void> {
    this.#closed.abort();
  }

  /** Undefined where another try may pass. */
  async #readIfThere(log: LogName, from: number): Promise<readonly LoggedEntry[] | undefined> {
    try {
      return await this.read(log, from, groupEntriesMax);
    } catch (failure) {
      if (failure instanceof StoreFailure && failure.retryable) return undefined;
      throw failure;
    }
  }
}

function placeOf({ controller, generation }: LogName): [string, number] {
  return [controller, generation];
}

function loggedOf(row: Row): LoggedEntry {
  return { index: row['idx'] as number, id: row['id'] as Uint8Array, entry: row['entry'] as Uint8Array };
}
