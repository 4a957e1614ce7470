/** A dossier's key and those of its labels, and how what they sealed is opened again. */
import type { Opened } from '../ports.js';
import { keptRoom } from './mint.js';
import { boundTo, DIGEST_LABEL, labelKey, openBox, sealedFor, TEXT_LABEL } from './seal.js';

const ID_BYTES = 16;
const KEY_BYTES = 32;
/** Labels whose keys nearly every dossier needs again and again. */
const COMMON = [TEXT_LABEL, DIGEST_LABEL];

/** A whole key with those of the common labels. One block of bytes: intake keeps them by the ten thousand. */
export class WholeKey {
  /** Id ‖ whole key ‖ key of each common label. */
  readonly #bytes = keptRoom(placeOf(COMMON.length));

  constructor(id: Uint8Array, key: Uint8Array) {
    this.#bytes.set(id);
    this.#bytes.set(key, ID_BYTES);
    for (const [i, label] of COMMON.entries()) this.#bytes.set(labelKey(key, label), placeOf(i));
  }

  get id(): Buffer {
    return this.#bytes.subarray(0, ID_BYTES);
  }

  label(label: string): Buffer {
    const i = COMMON.indexOf(label);
    if (i === -1) return labelKey(this.#bytes.subarray(ID_BYTES, placeOf(0)), label);
    return this.#bytes.subarray(placeOf(i), placeOf(i + 1));
  }
}

/** Where the key of the i-th common label begins. */
function placeOf(i: number): number {
  return ID_BYTES + (1 + i) * KEY_BYTES;
}

/** The key that stands under an id and a label (empty: the whole key), unwrapped; undefined where there is none. */
export type Unwrapped = (id: Uint8Array, label: string) => Uint8Array | undefined;

/** Opens what one dossier (null: the controller) sealed; each key is unwrapped once for all that it opens. */
export class Opener {
  readonly #controller: string;
  readonly #dossier: Uint8Array | null;
  readonly #unwrapped: Unwrapped;
  /** By id and label. */
  readonly #keys = new Map<string, Uint8Array | undefined>();

  constructor(controller: string, dossier: Uint8Array | null, unwrapped: Unwrapped) {
    this.#controller = controller;
    this.#dossier = dossier;
    this.#unwrapped = unwrapped;
  }

  /** The key of a label under a key id: from the whole key, else the label's own row; undefined where it was shredded. */
  key(id: Uint8Array, label: string): Uint8Array | undefined {
    const place = `${Buffer.from(id).toString('latin1')}${label}`;
    let key = this.#keys.get(place);
    if (key === undefined && !this.#keys.has(place)) {
      const whole = label === '' ? undefined : this.key(id, '');
      key = whole === undefined ? this.#unwrapped(id, label) : labelKey(whole, label);
      this.#keys.set(place, key);
    }
    return key;
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
