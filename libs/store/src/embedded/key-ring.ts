/** The keys of dossiers as readers and intake get at them: unwrapped when needed, and never after they were shredded. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { keyContext } from './controller-keys.js';
import { boundTo, labelKey, openBox, sealedFor } from './seal.js';
import type { RootKey } from './root-key.js';
import type { Opened } from '../ports.js';

/** A whole key with those of its labels that were asked for. */
export class WholeKey {
  readonly id: Uint8Array;
  readonly #key: Uint8Array;
  readonly #labels = new Map<string, Buffer>();

  constructor(id: Uint8Array, key: Uint8Array) {
    this.id = id;
    this.#key = key;
  }

  label(label: string): Buffer {
    let key = this.#labels.get(label);
    if (key === undefined) {
      // A copy: what the hash gives has memory of its own, which costs more than the key.
      key = Buffer.from(labelKey(this.#key, label));
      this.#labels.set(label, key);
    }
    return key;
  }
}

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
    return new Opener(controller, dossier, this.#root, this.#byId);
  }
}

export class Opener {
  readonly #controller: string;
  readonly #dossier: Uint8Array | null;
  readonly #root: RootKey;
  readonly #byId: StatementSync;
  readonly #whole = new Map<string, WholeKey | undefined>();
  readonly #labels = new Map<string, Uint8Array | undefined>();

  constructor(controller: string, dossier: Uint8Array | null, root: RootKey, byId: StatementSync) {
    this.#controller = controller;
    this.#dossier = dossier;
    this.#root = root;
    this.#byId = byId;
  }

  /** The key of a label under a key id: from the whole key, else the label's own row; undefined where it was shredded. */
  key(id: Uint8Array, label: string): Uint8Array | undefined {
    const hex = Buffer.from(id).toString('latin1');
    if (!this.#whole.has(hex)) {
      const whole = this.#unwrapped(id, '');
      this.#whole.set(hex, whole && new WholeKey(id, whole));
    }
    const whole = this.#whole.get(hex);
    if (whole !== undefined) return whole.label(label);
    const place = `${hex}${label}`;
    if (!this.#labels.has(place)) this.#labels.set(place, this.#unwrapped(id, label));
    return this.#labels.get(place);
  }

  /** The plaintext of a box, or that it is erased. */
  open(id: Uint8Array, place: Uint8Array, label: string, box: Uint8Array): Opened<Buffer> {
    const key = this.key(id, label);
    if (key === undefined) return { kind: 'erased' };
    return {
      kind: 'value',
      value: openBox(key, boundTo(sealedFor(this.#controller, this.#dossier), place, label), box),
    };
  }

  #unwrapped(id: Uint8Array, label: string): Buffer | undefined {
    const row = this.#byId.get(id, label);
    if (row === undefined) return undefined;
    return this.#root.unwrap(row['wrapped'] as Uint8Array, keyContext(this.#controller, this.#dossier, id, label));
  }
}
