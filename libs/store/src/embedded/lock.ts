/** One process owns the data folder: it holds an exclusive transaction that the system ends with the process. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreFailure } from '../ports.js';
import { asStoreFailure, BusyFailure } from './failure.js';

export class FolderLock {
  readonly #db: DatabaseSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * Takes the folder. The owner's name lies in a file beside the lock, since nobody can read inside it.
   * Throws StoreFailure: `locked`, naming the owner; `full` or `unavailable` where the folder cannot be written to.
   */
  static take(dir: string, role: string): FolderLock {
    const db = new DatabaseSync(join(dir, 'lock.db'), { timeout: 0 });
    try {
      db.exec('BEGIN EXCLUSIVE');
      writeFileSync(join(dir, 'owner.json'), JSON.stringify({ pid: process.pid, role }), { mode: 0o600 });
    } catch (failure) {
      if (db.isTransaction) db.exec('ROLLBACK');
      db.close();
      const told = asStoreFailure(failure);
      if (!(told instanceof BusyFailure)) throw told;
      throw new StoreFailure('locked', `the data folder is held by ${ownerOf(dir)}`, false);
    }
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
