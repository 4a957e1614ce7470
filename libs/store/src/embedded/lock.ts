/** One process owns the data folder: it holds an exclusive transaction that the system ends with the process. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreFailure } from '../ports.js';

const SQLITE_BUSY = 5;

export class FolderLock {
  readonly #db: DatabaseSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * Takes the folder. The owner's name lies in a file beside the lock, since nobody can read inside it.
   * Throws StoreFailure `locked`, naming the owner.
   */
  static take(dir: string, role: string): FolderLock {
    const db = new DatabaseSync(join(dir, 'lock.db'), { timeout: 0 });
    try {
      db.exec('BEGIN EXCLUSIVE');
    } catch (failure) {
      db.close();
      if ((failure as { errcode?: number }).errcode !== SQLITE_BUSY) throw failure;
      throw new StoreFailure('locked', `the data folder is held by ${ownerOf(dir)}`, false);
    }
    writeFileSync(join(dir, 'owner.json'), JSON.stringify({ pid: process.pid, role }));
    return new FolderLock(db);
  }

  release(): void {
    this.#db.exec('ROLLBACK');
    this.#db.close();
  }
}

function ownerOf(dir: string): string {
  try {
    const owner = JSON.parse(readFileSync(join(dir, 'owner.json'), 'utf8')) as { pid?: unknown; role?: unknown };
    return `${String(owner.role)} (process ${String(owner.pid)})`;
  } catch {
    return 'another process';
  }
}
