/** A dossier's key and those of its labels, and how what they sealed is opened again. */
import type { Opened } from '../ports.js';
import { kept } from './mint.js';
import { boundTo, labelKey, openBox, sealedFor } from './seal.js';

/** A whole key with those of its labels that were asked for. */
export class WholeKey {
  readonly id: Uint8Array;
  readonly #key: Uint8Array;
  /** Few, and of most keys one: a map of each would take more than the keys. */
  #labels: readonly { readonly label: string; readonly key: Buffer }[] = NONE;

  constructor(id: Uint8Array, key: Uint8Array) {
    this.id = id;
    this.#key = key;
  }

  label(label: string): Buffer {
    for (const known of this.#labels) if (known.label === label) return known.key;
    const key = kept(labelKey(this.#key, label));
    this.#labels = [...this.#labels, { label, key }];
    return key;
  }
}

const NONE: readonly [] = [];

/** The key that stands under an id and a label (empty: the whole key), unwrapped; undefined where there is none. */
export type Unwrapped = (id: Uint8Array, label: string) => Uint8Array | undefined;

/** Opens what one dossier (null: the controller) sealed; each key is unwrapped once for all that it opens. */
export class Opener {
  readonly #controller: string;
  readonly #dossier: Uint8Array | null;
  readonly #unwrapped: Unwrapped;
  readonly #whole = new Map<string, WholeKey | undefined>();
  readonly #labels = new Map<string, Uint8Array | undefined>();

  constructor(controller: string, dossier: Uint8Array | null, unwrapped: Unwrapped) {
    this.#controller = controller;
    this.#dossier = dossier;
    this.#unwrapped = unwrapped;
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
}
