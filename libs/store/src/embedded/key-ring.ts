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
      const place = placeOf(id, label);
      if (label !== '' && !wrapped.has(place)) wrapped = this.#wrapped(controller, dossier);
      const key = wrapped.get(place);
      return key && this.#root.unwrap(key, keyContext(controller, dossier, id, label));
    });
  }

  #wrapped(controller: string, dossier: Uint8Array | null): ReadonlyMap<string, Uint8Array> {
    const rows = asking(() => this.#all.all(dossier ?? NOBODY, controller));
    return new Map(
      rows.map((row) => [placeOf(row['id'] as Uint8Array, row['label'] as string), row['wrapped'] as Uint8Array]),
    );
  }
}

function placeOf(id: Uint8Array, label: string): string {
  return `${Buffer.from(id).toString('latin1')}${label}`;
}

const NOBODY = new Uint8Array(0);
