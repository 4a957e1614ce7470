/** Brings the tables of a database to the newest form, each step once, whoever starts first. */
import { StoreFailure } from '../ports.js';
import type { Postgres } from './postgres.js';
import { LOG } from './schema/0001-log.js';
import { VAULT } from './schema/0002-vault.js';
import { FOLLOWERS } from './schema/0003-followers.js';
import { COSIGNED } from './schema/0004-cosigned.js';
import { DESTRUCTIONS } from './schema/0005-destructions.js';
import { SHREDS } from './schema/0006-shreds.js';
import { LOG_KEYS } from './schema/0007-log-keys.js';
import { CORRECTED_LINKS } from './schema/0008-corrected-links.js';
import { KEYS } from './schema/keys-0001.js';

/** A step is never changed once it was released, and never taken away. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

export const MIGRATIONS: readonly Migration[] = [
  { name: '0001-log', sql: LOG },
  { name: '0002-vault', sql: VAULT },
  { name: '0003-followers', sql: FOLLOWERS },
  { name: '0004-cosigned', sql: COSIGNED },
  { name: '0005-destructions', sql: DESTRUCTIONS },
  { name: '0006-shreds', sql: SHREDS },
  { name: '0007-log-keys', sql: LOG_KEYS },
  { name: '0008-corrected-links', sql: CORRECTED_LINKS },
];

/** Those of the keys, which may lie in another database. */
export const KEY_MIGRATIONS: readonly Migration[] = [{ name: 'keys-0001', sql: KEYS }];

/** Key of the advisory lock that lets one process migrate at a time. */
const LOCK = 0x6465_7074;

/**
 * Applies the steps that the database has not had yet, in one transaction; `list` is the name of the table of those that
 * it had. Throws StoreFailure `corrupt` where it had a step that this program does not know: it belongs to a newer one.
 */
export async function migrate(
  postgres: Postgres,
  migrations: readonly Migration[] = MIGRATIONS,
  list = 'public.depter_migrations',
): Promise<void> {
  await postgres.transaction(async (queries) => {
    await queries.rows('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await queries.run(
      `CREATE TABLE IF NOT EXISTS ${list} (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())`,
    );
    const had = new Set((await queries.rows(`SELECT name FROM ${list}`)).map(({ name }) => name as string));
    for (const name of had) {
      if (!migrations.some((migration) => migration.name === name)) {
        throw new StoreFailure('corrupt', `the database was migrated by a newer version: ${name}`, false);
      }
    }
    for (const { name, sql } of migrations) {
      if (had.has(name)) continue;
      await queries.run(sql);
      await queries.run(`INSERT INTO ${list} (name) VALUES ($1)`, [name]);
    }
  });
}
