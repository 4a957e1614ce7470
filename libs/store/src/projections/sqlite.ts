/** The projections in a file of their own beside the ledger: it may be deleted, and is made again from the log. */
import { chmodSync, closeSync, openSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { asStoreFailure } from '../embedded/failure.js';
import { BoundedCache } from '../embedded/bounded-cache.js';
import { DatabaseBoards } from './boards.js';
import { createTables, PROJECTIONS_VERSION, type Tables } from './tables.js';

/** Texts of statements are few; those with a list of values are as many as there are lengths. */
const STATEMENTS_MAX = 200;
const CACHE_KIB = 8_192;

/** Told of every statement before it runs; for tests of how it is carried out. */
export type OnStatement = (text: string, values: readonly unknown[]) => void;

/** Opens the file, made where there is none, where it is damaged and where it is of another version. */
export async function openSqliteBoards(path: string, onStatement?: OnStatement): Promise<DatabaseBoards> {
  const known = openKnown(path);
  const file = new ReopenedFile(path, known ?? openNew(path));
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: file }),
    ...(onStatement !== undefined && { log: ({ query }) => onStatement(query.sql, query.parameters) }),
  });
  if (known === undefined) await makeTables(db);
  return new DatabaseBoards(db, async () => {
    file.beginAnew();
    await makeTables(db);
  });
}

/** The file where it is whole and of this version. */
function openKnown(path: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = opened(path);
    const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
    if (version === PROJECTIONS_VERSION) return database;
    database.close();
    return undefined;
  } catch (failure) {
    database?.close();
    if (asStoreFailure(failure).code !== 'corrupt') throw failure;
    return undefined;
  }
}

function openNew(path: string): DatabaseSync {
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
  return opened(path);
}

function opened(path: string): DatabaseSync {
  closeSync(openSync(path, 'a', 0o600));
  if (statSync(path).uid === process.getuid?.()) chmodSync(path, 0o600);
  const database = new DatabaseSync(path);
  // What a power cut takes of it is made again: the last commits need not be on the disk.
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -${CACHE_KIB}; PRAGMA journal_size_limit = 67108864`);
  return database;
}

/** The version comes last: tables that are not all there are of no version. */
async function makeTables(db: Kysely<Tables>): Promise<void> {
  await db.transaction().execute(async (making) => {
    await createTables(
      making,
      { text: 'TEXT', inKeyOrder: 'WITHOUT ROWID' },
      `PRAGMA user_version = ${PROJECTIONS_VERSION}`,
    );
  });
}

/** A database of `node:sqlite` as Kysely asks for one, which can be begun anew under its hands. */
class ReopenedFile implements SqliteDatabase {
  readonly #path: string;
  #database: DatabaseSync;
  #statements = new BoundedCache<SqliteStatement>(STATEMENTS_MAX);

  constructor(path: string, database: DatabaseSync) {
    this.#path = path;
    this.#database = database;
  }

  prepare(text: string): SqliteStatement {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const made = statementOf(this.#database.prepare(text));
    this.#statements.set(text, made);
    return made;
  }

  close(): void {
    this.#database.close();
  }

  beginAnew(): void {
    this.#database.close();
    this.#database = openNew(this.#path);
    this.#statements = new BoundedCache<SqliteStatement>(STATEMENTS_MAX);
  }
}

function statementOf(statement: StatementSync): SqliteStatement {
  const given = (values: readonly unknown[]): SQLInputValue[] => values as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (values) => statement.all(...given(values)),
    run: (values) => statement.run(...given(values)),
    iterate: (values) => statement.iterate(...given(values)),
  };
}
