/** What a failure of SQLite is to the callers of the store. Messages hold codes and places, never what was stored. */
import { StoreFailure } from '../ports.js';

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

/** Another connection holds the database: it is over in a moment. */
export class BusyFailure extends StoreFailure {}

function errcodeOf(failure: unknown): number | undefined {
  const errcode = (failure as { errcode?: unknown } | null)?.errcode;
  return typeof errcode === 'number' ? errcode : undefined;
}

/** A failure of the file system; undefined where it is none. */
function ofFolder(failure: unknown): StoreFailure | undefined {
  const { code, syscall } = (failure ?? {}) as { code?: unknown; syscall?: unknown };
  if (typeof code !== 'string' || typeof syscall !== 'string') return undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StoreFailure('full', 'there is no room left in the data folder', true);
  return new StoreFailure('unavailable', `the data folder failed (${syscall}: ${code})`, true);
}

/** Throws what is no failure of a database or the folder: a bug is not to be retried. */
export function asStoreFailure(failure: unknown): StoreFailure {
  if (failure instanceof StoreFailure) return failure;
  const folder = ofFolder(failure);
  if (folder !== undefined) return folder;
  const errcode = errcodeOf(failure);
  if (errcode === undefined) throw failure;
  // The low byte is the primary code, the rest says where it happened.
  switch (errcode & 0xff) {
    case SQLITE_FULL:
      return new StoreFailure('full', 'there is no room left in the data folder', true);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new StoreFailure('corrupt', `a database of the data folder is damaged (SQLite ${errcode})`, false);
    case SQLITE_BUSY:
      return new BusyFailure('unavailable', 'a database of the data folder is being written', true);
    default:
      return new StoreFailure('unavailable', `a database of the data folder failed (SQLite ${errcode})`, true);
  }
}

/** What a statement gives, or a StoreFailure; one that waits for a commit, as a reader of `keys.db` does, may be tried again. */
export function asking<T>(ask: () => T): T {
  try {
    return ask();
  } catch (failure) {
    throw asStoreFailure(failure);
  }
}
