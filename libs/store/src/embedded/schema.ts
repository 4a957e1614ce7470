/**
 * The two databases of a data folder, and how they are opened. What stands here is a stored format.
 *
 * `ledger.db` holds the log and the vault's sealed texts, `keys.db` the wrapped keys alone: a backup of one opens nothing
 * without the other, and a shredded row leaves no copy in a write-ahead log.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreFailure } from '../ports.js';
import { RESTORING } from '../unfinished-restore.js';

/** Of the ledger: 1 had indexes of the events table where 2 has `EVENT_INDEX`. */
const LEDGER_VERSION = 2;
const KEYS_VERSION = 1;

/** `at` = number of the controller × 2^40 + position: one index serves every log, in order. */
export const POSITIONS = 2 ** 40;

/** A controller's number must leave `at` a safe integer. */
export const CONTROLLERS_MAX = 2 ** 12;

export const firstGeneration = 1;

const LEDGER = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE controllers (no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE generations (
  controller INTEGER NOT NULL, generation INTEGER NOT NULL, base INTEGER NOT NULL, size INTEGER NOT NULL,
  origin TEXT NOT NULL, verifier_key TEXT NOT NULL, edge BLOB NOT NULL,
  PRIMARY KEY (controller, generation)
) STRICT, WITHOUT ROWID;
CREATE TABLE events (
  at INTEGER PRIMARY KEY, id BLOB NOT NULL, subject BLOB NOT NULL, accessed INTEGER NOT NULL,
  recorded INTEGER NOT NULL, entry BLOB NOT NULL
) STRICT;
CREATE INDEX events_accesses ON events (subject) WHERE accessed = 1;
CREATE TABLE splits (at INTEGER PRIMARY KEY, first INTEGER NOT NULL) STRICT;
CREATE TABLE corrections (target BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (target, at)) STRICT, WITHOUT ROWID;
CREATE TABLE tiles (
  controller INTEGER NOT NULL, generation INTEGER NOT NULL, level INTEGER NOT NULL, n INTEGER NOT NULL,
  hashes BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX tiles_place ON tiles (controller, generation, level, n);
CREATE TABLE heads (
  controller INTEGER NOT NULL, generation INTEGER NOT NULL, day INTEGER NOT NULL, size INTEGER NOT NULL,
  note TEXT NOT NULL, PRIMARY KEY (controller, generation, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE dossiers (
  subject BLOB PRIMARY KEY, controller INTEGER NOT NULL, kind INTEGER NOT NULL,
  hmac BLOB, key BLOB, box BLOB
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX dossiers_identity ON dossiers (controller, hmac) WHERE hmac IS NOT NULL;
CREATE TABLE refs (
  controller INTEGER NOT NULL, hmac BLOB NOT NULL, ref BLOB NOT NULL, uses INTEGER NOT NULL,
  PRIMARY KEY (controller, hmac)
) STRICT, WITHOUT ROWID;
CREATE TABLE ref_texts (
  controller INTEGER NOT NULL, owner BLOB NOT NULL, ref BLOB NOT NULL, hmac BLOB NOT NULL, key BLOB NOT NULL,
  box BLOB NOT NULL, PRIMARY KEY (controller, owner, ref)
) STRICT, WITHOUT ROWID;
CREATE TABLE sealed (
  at INTEGER NOT NULL, label TEXT NOT NULL, key BLOB NOT NULL, box BLOB NOT NULL, PRIMARY KEY (at, label)
) STRICT, WITHOUT ROWID;
CREATE TABLE digests (
  at INTEGER PRIMARY KEY, key BLOB, digest BLOB, sender INTEGER, CHECK ((key IS NULL) = (digest IS NULL))
) STRICT;
CREATE TABLE links (subject BLOB NOT NULL, other BLOB NOT NULL, PRIMARY KEY (subject, other)) STRICT, WITHOUT ROWID;
CREATE TABLE ties (
  client BLOB NOT NULL, contact BLOB NOT NULL, about BLOB NOT NULL, PRIMARY KEY (client, contact)
) STRICT, WITHOUT ROWID;
CREATE INDEX ties_contact ON ties (contact);
CREATE TABLE shreds (
  controller INTEGER NOT NULL, subject BLOB NOT NULL, item TEXT NOT NULL, PRIMARY KEY (controller, subject, item)
) STRICT, WITHOUT ROWID;
CREATE TABLE access_keys (
  hash BLOB PRIMARY KEY, no INTEGER NOT NULL UNIQUE, id BLOB NOT NULL UNIQUE, controller TEXT NOT NULL, role TEXT NOT NULL, subject BLOB, created INTEGER NOT NULL,
  ended INTEGER
) STRICT, WITHOUT ROWID;
`;

/**
 * The place of every event by its id, and by its dossier where it is no `accessed`: what is new apart, as `EventIndex` says.
 * An event whose id is taken is not inserted.
 */
const EVENT_INDEX = `
CREATE TABLE event_ids (id BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE new_event_ids (id BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE dossier_events (subject BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (subject, at)) STRICT, WITHOUT ROWID;
CREATE TABLE new_dossier_events (subject BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (subject, at)) STRICT, WITHOUT ROWID;
CREATE VIEW events_by_id AS SELECT id, at FROM new_event_ids UNION ALL SELECT id, at FROM event_ids;
CREATE VIEW events_by_dossier AS SELECT subject, at FROM dossier_events UNION ALL SELECT subject, at FROM new_dossier_events;
CREATE TRIGGER known_event BEFORE INSERT ON events WHEN EXISTS (SELECT 1 FROM events_by_id WHERE id = NEW.id)
  BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER new_event AFTER INSERT ON events BEGIN
  INSERT INTO new_event_ids VALUES (NEW.id, NEW.at);
  INSERT INTO new_dossier_events SELECT NEW.subject, NEW.at WHERE NEW.accessed = 0;
END;
`;

/** SQL: which event has an id. */
export const WITH_ID = 'at = (SELECT at FROM events_by_id WHERE id = ?)';

/**
 * SQL, after the column of a place: those of a dossier's events but `accessed`, from one place to before another. The three
 * are the first parameters of whatever statement it stands in.
 */
export const OF_DOSSIER = 'IN (SELECT at FROM events_by_dossier WHERE subject = ?1 AND at >= ?2 AND at < ?3)';

/** What came after the first folders were made: nothing of theirs is changed by it. */
const LEDGER_SINCE = `
CREATE TABLE IF NOT EXISTS log_keys (
  controller INTEGER NOT NULL, generation INTEGER NOT NULL, no INTEGER NOT NULL, verifier_key TEXT NOT NULL,
  since INTEGER, until INTEGER, introduction TEXT, PRIMARY KEY (controller, generation, no)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cosigned (
  controller INTEGER NOT NULL, generation INTEGER NOT NULL, size INTEGER NOT NULL, cosigned INTEGER NOT NULL,
  note TEXT NOT NULL, PRIMARY KEY (controller, generation, size)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS destructions (
  controller INTEGER NOT NULL, id BLOB NOT NULL, run TEXT NOT NULL, PRIMARY KEY (controller, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS owed_destructions (
  controller INTEGER NOT NULL, at INTEGER NOT NULL, event BLOB NOT NULL, subject BLOB NOT NULL,
  PRIMARY KEY (controller, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS destroyed_items (
  dossier BLOB NOT NULL, label TEXT NOT NULL, day TEXT NOT NULL, instant TEXT, zone TEXT NOT NULL,
  PRIMARY KEY (dossier, label)
) STRICT, WITHOUT ROWID;
`;

/** Dossiers of which an event that linked or cut them was corrected: what is linked again there is news. */
const CORRECTED_LINKS = `
CREATE TABLE corrected_links (controller INTEGER NOT NULL, subject BLOB NOT NULL, PRIMARY KEY (controller, subject))
  STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO corrected_links
  SELECT e.at / ${POSITIONS}, e.subject FROM corrections c JOIN events f ON f.id = c.target
  JOIN (SELECT at, first FROM splits UNION ALL SELECT at, at FROM events WHERE id IN (SELECT target FROM corrections)) p ON p.first = f.at
  JOIN events e ON e.at = p.at
  WHERE CAST(substr(e.entry, 1, 24) AS TEXT) GLOB '{"v":1,"type":"*linked"*';
INSERT OR IGNORE INTO corrected_links
  SELECT m.controller, l.other FROM corrected_links m JOIN links l ON l.subject = m.subject;
`;

const KEYS = `
CREATE TABLE keys (
  id BLOB NOT NULL, label TEXT NOT NULL, controller TEXT NOT NULL, dossier BLOB NOT NULL,
  wrapped_by BLOB NOT NULL, wrapped BLOB NOT NULL, PRIMARY KEY (id, label)
) STRICT, WITHOUT ROWID;
CREATE INDEX keys_dossier ON keys (dossier, controller, label);
CREATE TABLE controller_keys (
  controller TEXT NOT NULL, kind TEXT NOT NULL, wrapped_by BLOB NOT NULL, wrapped BLOB NOT NULL,
  PRIMARY KEY (controller, kind)
) STRICT, WITHOUT ROWID;
`;

export const KEYS_OF_LOGS = `SELECT controller, kind FROM controller_keys WHERE kind LIKE 'log-signing %'`;

/** Readers wait this long for a commit of `keys.db`, which takes a few milliseconds. */
export const BUSY_TIMEOUT_MS = 5000;
/** Intake, which has the thread that everyone waits for, no longer than this: it asks again after the commit. */
const INTAKE_BUSY_TIMEOUT_MS = 10;

const CACHE_KIB = { writer: 16_384, reader: 8_192, keys: 2_048, writerKeys: 8_192 } as const;

export interface Databases {
  readonly ledger: DatabaseSync;
  readonly keys: DatabaseSync;
}

/** The writer's connections. Every commit of either is on the disk when it returns. */
export function openForWriting(dir: string): Databases {
  const ledger = new DatabaseSync(join(dir, 'ledger.db'), { timeout: BUSY_TIMEOUT_MS });
  ledger.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA mmap_size = 0;
    PRAGMA cache_size = -${CACHE_KIB.writer}; PRAGMA wal_autocheckpoint = 10000; PRAGMA journal_size_limit = 67108864;
    PRAGMA temp_store = MEMORY`);
  const keys = new DatabaseSync(join(dir, 'keys.db'), { timeout: BUSY_TIMEOUT_MS });
  // Full would let a lost supply bring the journal back, and with it keys that are gone, or take a key that is in use.
  keys.exec(`PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON; PRAGMA mmap_size = 0;
    PRAGMA cache_size = -${CACHE_KIB.writerKeys}; PRAGMA temp_store = MEMORY`);
  return { ledger, keys };
}

export interface Readers extends Databases {
  /** For intake, which does not wait for a commit of the keys. */
  readonly intakeKeys: DatabaseSync;
}

/** Connections that can only read. `mmap` is off, so that what was erased is not mapped anywhere. */
export function openForReading(dir: string): Readers {
  const ledger = new DatabaseSync(join(dir, 'ledger.db'), { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  ledger.exec(`PRAGMA mmap_size = 0; PRAGMA cache_size = -${CACHE_KIB.reader}; PRAGMA temp_store = MEMORY`);
  const keysWithin = (timeout: number): DatabaseSync => {
    const keys = new DatabaseSync(join(dir, 'keys.db'), { readOnly: true, timeout });
    keys.exec(`PRAGMA mmap_size = 0; PRAGMA cache_size = -${CACHE_KIB.keys}`);
    return keys;
  };
  return { ledger, keys: keysWithin(BUSY_TIMEOUT_MS), intakeKeys: keysWithin(INTAKE_BUSY_TIMEOUT_MS) };
}

/**
 * Makes the tables where there are none, each database in one transaction, the ledger's with its origin. Throws
 * StoreFailure `corrupt` where there are keys of logs and no ledger: a new log under the same keys would be a fork.
 */
export function createTables({ ledger, keys }: Databases, origin: string): void {
  if (isEmpty(keys)) keys.exec(`BEGIN IMMEDIATE; ${KEYS} PRAGMA user_version = ${KEYS_VERSION}; COMMIT`);
  if (!isEmpty(ledger)) {
    ledger.exec(LEDGER_SINCE);
    if (ledger.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'corrected_links'`).get() === undefined)
      ledger.exec(`BEGIN IMMEDIATE; ${CORRECTED_LINKS} COMMIT`);
    if (versionOf(ledger) === 1) renewIndexes(ledger);
    return;
  }
  if (keys.prepare('SELECT 1 FROM controller_keys LIMIT 1').get() !== undefined)
    throw new StoreFailure('corrupt', 'ledger.db is gone, and the keys of its logs are there: keys.db', false);
  ledger.exec('BEGIN IMMEDIATE');
  try {
    ledger.exec(`${LEDGER} ${EVENT_INDEX} ${LEDGER_SINCE} ${CORRECTED_LINKS} PRAGMA user_version = ${LEDGER_VERSION}`);
    ledger.prepare(`INSERT INTO meta VALUES ('origin', ?)`).run(origin === '' ? 'localhost' : origin);
    ledger.exec('COMMIT');
  } catch (failure) {
    if (ledger.isTransaction) ledger.exec('ROLLBACK');
    throw failure;
  }
}

/** Of a folder of version 1: once, and all of it or nothing. */
function renewIndexes(ledger: DatabaseSync): void {
  ledger.exec('BEGIN IMMEDIATE');
  try {
    ledger.exec(`${EVENT_INDEX}
      INSERT INTO event_ids SELECT id, at FROM events ORDER BY id;
      INSERT INTO dossier_events SELECT subject, at FROM events WHERE accessed = 0 ORDER BY subject, at;
      DROP INDEX events_id; DROP INDEX events_dossier; PRAGMA user_version = ${LEDGER_VERSION}; COMMIT`);
  } catch (failure) {
    if (ledger.isTransaction) ledger.exec('ROLLBACK');
    throw failure;
  }
}

/** Throws StoreFailure `corrupt` where a database is of a version that this program does not know. */
export function requireVersions({ ledger, keys }: Databases): void {
  const databases = [['ledger', ledger, LEDGER_VERSION], ['keys', keys, KEYS_VERSION]] as const; // prettier-ignore
  for (const [name, db, version] of databases) {
    if (versionOf(db) !== version) throw new StoreFailure('corrupt', `${name}.db is of another version`, false);
  }
}

function isEmpty(db: DatabaseSync): boolean {
  return db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}

/** Marks a folder whose log goes on in a database: nothing may be appended to it here any more. */
export const CARRIED = `INSERT INTO meta VALUES ('carried', 'postgres') ON CONFLICT DO NOTHING`;

export function isCarried(dir: string): boolean {
  return isMarked(dir, 'carried');
}

export function wasCarried(ledger: DatabaseSync): boolean {
  return hasMark(ledger, 'carried');
}

/** The copy of a ledger that a restore has begun with, until it is marked. */
export const RESTORING_FILE = 'ledger.restoring';

/** Whether a restore has begun in a folder and not come to its end. */
export function isHalfRestored(dir: string): boolean {
  return existsSync(join(dir, RESTORING_FILE)) || (existsSync(join(dir, 'ledger.db')) && isMarked(dir, RESTORING));
}

function isMarked(dir: string, mark: string): boolean {
  const ledger = new DatabaseSync(join(dir, 'ledger.db'), { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    return hasMark(ledger, mark);
  } finally {
    ledger.close();
  }
}

function hasMark(ledger: DatabaseSync, mark: string): boolean {
  const made = ledger.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'meta'`).get();
  return made !== undefined && ledger.prepare('SELECT 1 FROM meta WHERE name = ?').get(mark) !== undefined;
}

function versionOf(db: DatabaseSync): number {
  return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}
