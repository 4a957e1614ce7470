/** The keys of dossiers as readers and intake get at them: unwrapped when needed, and never after they were shredded. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { asking } from './failure.js';
import { keyContext } from '../sealing/key-context.js';
import type { RootKey } from '../sealing/root-key.js';
import { Opener, WholeKey } from '../sealing/whole-key.js';

export class KeyRing {
  readonly #root: RootKey;
  readonly #current: StatementSync;
  readonly #all: StatementSync;

  constructor(keys: DatabaseSync, root: RootKey) {
    this.#root = root;
    this.#current = keys.prepare(`SELECT id, wrapped FROM keys WHERE dossier = ? AND controller = ? AND label = ''`);
    this.#all = keys.prepare('SELECT id, label, wrapped FROM keys WHERE dossier = ? AND controller = ?');
    this.#all.setReturnArrays(true);
  }

  /** The key under which a dossier (null: the controller) seals now; undefined once it was shredded. */
  current(controller: string, dossier: Uint8Array | null): WholeKey | undefined {
    const row = asking(() => this.#current.get(dossier ?? NOBODY, controller));
    if (row === undefined) return undefined;
    const id = row['id'] as Uint8Array;
    return new WholeKey(id, this.#root.unwrap(row['wrapped'] as Uint8Array, keyContext(controller, dossier, id, '')));
  }

  /** Whether the dossier has a key at all. */
  alive(controller: string, dossier: Uint8Array | null): boolean {
    return asking(() => this.#current.get(dossier ?? NOBODY, controller)) !== undefined;
  }

  /**
   * Opens what one dossier sealed, with the keys that it has now, read together: where an item was destroyed, it has one of
   * each other label. A label without any was erased, or saved since under a key of its own: they are read once more then.
   * Each is unwrapped once for all that it opens.
   */
  opener(controller: string, dossier: Uint8Array | null): Opener {
    let wrapped = this.#wrapped(controller, dossier);
    return new Opener(controller, dossier, (id, label) => {
      let key = keyUnder(wrapped, id, label);
      if (key === undefined && label !== '') {
        wrapped = this.#wrapped(controller, dossier);
        key = keyUnder(wrapped, id, label);
      }
      return key && this.#root.unwrap(key, keyContext(controller, dossier, id, label));
    });
  }

  #wrapped(controller: string, dossier: Uint8Array | null): readonly WrappedKey[] {
    return asking(() => this.#all.all(dossier ?? NOBODY, controller)) as unknown as readonly WrappedKey[];
  }
}

/** A row: the id, the label, the wrapped key. */
type WrappedKey = readonly [Uint8Array, string, Uint8Array];

/** One of a few, of which each is asked for once: they are gone through. */
function keyUnder(keys: readonly WrappedKey[], id: Uint8Array, label: string): Uint8Array | undefined {
  for (const [of, labelled, wrapped] of keys) if (labelled === label && Buffer.compare(of, id) === 0) return wrapped;
  return undefined;
}

const NOBODY = new Uint8Array(0);
