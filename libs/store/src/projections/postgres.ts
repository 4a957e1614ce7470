/** The projections in a schema of their own in the database of the cluster. */
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { postgresFailure } from '../cluster/postgres-failure.js';
import { DatabaseBoards } from './boards.js';
import { failingAs } from './failing-as.js';
import type { Projections } from './port.js';
import { createTables, PROJECTIONS_VERSION, type Tables, type TableWords } from './tables.js';

const SCHEMA = 'depter_boards';
const CONNECTIONS_MAX = 4;
const DEADLINE_MS = 30_000;
const WORDS: TableWords = { text: 'text COLLATE "C"', inKeyOrder: '' };
/** Key of the advisory lock that lets one process make the tables. */
const LOCK = 0x6465_7062;

/** Opens the schema, made where there is none and where it is of another version. Throws StoreFailure. */
export async function openPostgresBoards(url: string): Promise<Projections> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'depter-boards',
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: DEADLINE_MS,
    query_timeout: DEADLINE_MS,
    statement_timeout: DEADLINE_MS,
    keepAlive: true,
    // The tables are named alone, as in the other dialect.
    options: `-c search_path=${SCHEMA}`,
  });
  // A connection that dies while nobody uses it is replaced; one that dies in use fails its holder's statement.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await makeTables(db, 'where of another version');
  } catch (failure) {
    await db.destroy();
    throw postgresFailure(failure, 'boards');
  }
  const boards = new DatabaseBoards(db, () => makeTables(db, 'always'));
  return failingAs(boards, (failure) => postgresFailure(failure, 'boards'));
}

async function makeTables(db: Kysely<Tables>, when: 'always' | 'where of another version'): Promise<void> {
  await db.transaction().execute(async (making) => {
    await sql`SELECT pg_advisory_xact_lock(${LOCK})`.execute(making);
    if (when !== 'always' && (await versionOf(making)) === PROJECTIONS_VERSION) return;
    // A schema that an administrator made stays theirs.
    if (!(await isThere(making))) await sql.raw(`CREATE SCHEMA ${SCHEMA}`).execute(making);
    await sql`DROP TABLE IF EXISTS progress, dossiers, clocks, findings, orders`.execute(making);
    await createTables(making, WORDS, `COMMENT ON SCHEMA ${SCHEMA} IS '${PROJECTIONS_VERSION}'`);
  });
}

async function isThere(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql`SELECT FROM pg_namespace WHERE nspname = ${SCHEMA}`.execute(db);
  return rows.length > 0;
}

async function versionOf(db: Kysely<Tables>): Promise<number | undefined> {
  const { rows } = await sql<{ version: string | null }>`
    SELECT obj_description(oid, 'pg_namespace') AS version FROM pg_namespace WHERE nspname = ${SCHEMA}`.execute(db);
  const [row] = rows;
  return row === undefined || row.version === null ? undefined : Number(row.version);
}
