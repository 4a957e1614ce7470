/** The keys of dossiers as readers and intake get at them: unwrapped when needed, and never after they were shredded. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { asStoreFailure } from './failure.js';
import { keyContext } from '../sealing/key-context.js';
import type { RootKey } from '../sealing/root-key.js';
import { Opener, WholeKey } from '../sealing/whole-key.js';

export class KeyRing {
  readonly #root: RootKey;
  readonly #current: StatementSync;
  readonly #byId: StatementSync;

  constructor(keys: DatabaseSync, root: RootKey) {
    this.#root = root;
    this.#current = keys.prepare(`SELECT id, wrapped FROM keys WHERE dossier = ? AND controller = ? AND label = ''`);
    this.#byId = keys.prepare('SELECT wrapped FROM keys WHERE id = ? AND label = ?');
  }

  /** The key under which a dossier (null: the controller) seals now; undefined once it was shredded. */
  current(controller: string, dossier: Uint8Array | null): WholeKey | undefined {
    const row = first(this.#current, dossier ?? NOBODY, controller);
    if (row === undefined) return undefined;
    const id = row['id'] as Uint8Array;
    return new WholeKey(id, this.#root.unwrap(row['wrapped'] as Uint8Array, keyContext(controller, dossier, id, '')));
  }

  /** Whether the dossier has a key at all. */
  alive(controller: string, dossier: Uint8Array | null): boolean {
    return first(this.#current, dossier ?? NOBODY, controller) !== undefined;
  }

  /** Opens what one dossier sealed; each key is unwrapped once for all that it opens. */
  opener(controller: string, dossier: Uint8Array | null): Opener {
    return new Opener(controller, dossier, (id, label) => {
      const row = first(this.#byId, id, label);
      return row && this.#root.unwrap(row['wrapped'] as Uint8Array, keyContext(controller, dossier, id, label));
    });
  }
}

const NOBODY = new Uint8Array(0);

/** A row, or a StoreFailure that may be tried again: a reader of `keys.db` waits for a commit, but not for ever. */
function first(statement: StatementSync, ...values: SQLInputValue[]): ReturnType<StatementSync['get']> {
  try {
    return statement.get(...values);
  } catch (failure) {
    throw asStoreFailure(failure);
  }
}
