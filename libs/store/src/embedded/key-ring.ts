/** The keys of dossiers as readers and intake get at them: unwrapped when needed, and never after they were shredded. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
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
    const row = this.#current.get(dossier ?? new Uint8Array(0), controller);
    if (row === undefined) return undefined;
    const id = row['id'] as Uint8Array;
    return new WholeKey(id, this.#root.unwrap(row['wrapped'] as Uint8Array, keyContext(controller, dossier, id, '')));
  }

  /** Whether the dossier has a key at all. */
  alive(controller: string, dossier: Uint8Array | null): boolean {
    return this.#current.get(dossier ?? new Uint8Array(0), controller) !== undefined;
  }

  /** Opens what one dossier sealed; each key is unwrapped once for all that it opens. */
  opener(controller: string, dossier: Uint8Array | null): Opener {
    return new Opener(controller, dossier, (id, label) => {
      const row = this.#byId.get(id, label);
      return row && this.#root.unwrap(row['wrapped'] as Uint8Array, keyContext(controller, dossier, id, label));
    });
  }
}
