/**
 * What a restore has begun in a database, so that the next one goes on with it. The names of logs that it made empty lie in
 * the ledger, those of logs that it gave the key of a new generation lie with the keys: either may be brought back again by
 * itself, and what it then knows is true of it.
 */
import type { ControllerId } from '#ledger';
import { RESTORING, unfinishedRestore } from '../unfinished-restore.js';
import type { Postgres, Queries } from './postgres.js';

type Table = 'depter.meta' | 'depter_keys.meta';

export class RestoreMark {
  readonly #postgres: Postgres;
  readonly #table: Table;
  readonly #names: Set<ControllerId>;

  private constructor(postgres: Postgres, table: Table, names: Iterable<ControllerId>) {
    this.#postgres = postgres;
    this.#table = table;
    this.#names = new Set(names);
  }

  /** The mark that is there; it is not set where there is none. */
  static async read(postgres: Postgres, table: Table): Promise<RestoreMark> {
    const [row] = await postgres.rows(`SELECT value FROM ${table} WHERE name = $1`, [RESTORING]);
    return new RestoreMark(postgres, table, row === undefined ? [] : (JSON.parse(row['value'] as string) as ControllerId[])); // prettier-ignore
  }

  has(name: ControllerId): boolean {
    return this.#names.has(name);
  }

  /** Durable before what it is about is begun. */
  async set(...names: readonly ControllerId[]): Promise<void> {
    for (const name of names) this.#names.add(name);
    await this.#postgres.run(
      `INSERT INTO ${this.#table} (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      [RESTORING, JSON.stringify([...this.#names])],
    );
  }

  async remove(): Promise<void> {
    await this.#postgres.run(`DELETE FROM ${this.#table} WHERE name = $1`, [RESTORING]);
  }
}

/** Throws StoreFailure `corrupt` where a restore has not come to its end. */
export async function requireRestored(queries: Queries): Promise<void> {
  const [mark] = await queries.rows('SELECT 1 FROM depter.meta WHERE name = $1', [RESTORING]);
  if (mark !== undefined) throw unfinishedRestore();
}
