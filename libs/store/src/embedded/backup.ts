/**
 * Copies of a data folder, while a server writes it. The ledger first and the keys after it, to places of their own: every
 * key that the ledger's copy needs is in the keys', and whoever holds one of the two can open nothing.
 */
import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'; // prettier-ignore
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { StoreFailure } from '../ports.js';

const BUSY_TIMEOUT_MS = 10_000;
/** In one step, so that no commit in between makes it begin again. */
const ALL_PAGES = 2 ** 31 - 1;

/** What a copy is called until it is whole, with SQLite's own files beside it. */
const PART = /^(?:ledger|keys)-.*\.db\.part(?:-journal|-wal|-shm)?$/;
/** Nobody writes a copy for so long, in milliseconds. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

export interface BackupOptions {
  readonly dir: string;
  /** Folders, made if need be. They must not be one. */
  readonly ledgerTo: string;
  readonly keysTo: string;
  /** Part of the files' names. */
  readonly name: string;
}

export interface Backup {
  readonly ledger: string;
  readonly keys: string;
  /** How far each log is in the copy. */
  readonly logs: readonly { readonly controller: string; readonly generation: number; readonly size: number }[];
}

/** Throws StoreFailure: `unavailable` where there is nothing to copy, or the copies would lie together. */
export async function backupFolder({ dir, ledgerTo, keysTo, name }: BackupOptions): Promise<Backup> {
  if (!existsSync(join(dir, 'ledger.db')))
    throw new StoreFailure('unavailable', 'there is no data in the folder', false);
  for (const place of [ledgerTo, keysTo]) mkdirSync(place, { recursive: true, mode: 0o700 });
  if (ledgerTo === keysTo) throw new StoreFailure('unavailable', 'ledger and keys go to two places', false);
  for (const place of [ledgerTo, keysTo]) removeAbandoned(place);
  const ledger = await copied(join(dir, 'ledger.db'), join(ledgerTo, `ledger-${name}.db`));
  const keys = await copied(join(dir, 'keys.db'), join(keysTo, `keys-${name}.db`));
  return { ledger, keys, logs: logsOf(ledger) };
}

/** Copies of which the process did not come to the end: half a ledger is of no use, half the keys are a danger. */
function removeAbandoned(place: string): void {
  for (const name of readdirSync(place)) {
    if (!PART.test(name)) continue;
    const path = join(place, name);
    if (Date.now() - statSync(path).mtimeMs > ABANDONED_MS) rmSync(path, { force: true });
  }
}

/** One moment of a database, whole and checked before it has its name. */
async function copied(from: string, to: string): Promise<string> {
  const part = `${to}.part`;
  rmSync(part, { force: true });
  closeSync(openSync(part, 'w', 0o600));
  const source = new DatabaseSync(from, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    await backup(source, part, { rate: ALL_PAGES });
  } finally {
    source.close();
  }
  check(part);
  chmodSync(part, 0o600);
  const file = openSync(part, 'r+');
  fsyncSync(file);
  closeSync(file);
  renameSync(part, to);
  return to;
}

function check(file: string): void {
  const db = new DatabaseSync(file);
  try {
    // At rest a copy is one file: nothing of it waits in a write-ahead log.
    db.exec('PRAGMA journal_mode = DELETE');
    if (db.prepare('PRAGMA quick_check(1)').get()!['quick_check'] !== 'ok')
      throw new StoreFailure('corrupt', 'a copy does not hold together', true);
  } finally {
    db.close();
  }
}

function logsOf(file: string): Backup['logs'] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db
      .prepare(
        `SELECT c.name, g.generation, g.size FROM controllers c JOIN generations g ON g.controller = c.no
           ORDER BY c.name, g.generation`,
      )
      .all()
      .map((row) => ({
        controller: row['name'] as string,
        generation: row['generation'] as number,
        size: row['size'] as number,
      }));
  } finally {
    db.close();
  }
}
