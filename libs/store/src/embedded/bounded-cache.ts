/**
 * A cache of bounded size in two generations: what is asked for moves to the young one, and when that is half full the
 * old one is forgotten. Cheaper than a list of recent use, and as good for names that come again and again.
 *
 * A name is one of its space: a text put together of both would have to be built and hashed each time, and kept.
 * Values that are `pinned` outlive their generation: what is on its way to the disk must not be made a second time.
 */
export class BoundedCache<V> {
  readonly #half: number;
  readonly #pinned: (value: V) => boolean;
  #young: Generation<V> = new Map();
  #old: Generation<V> = new Map();
  /** Values of the young one. */
  #size = 0;

  constructor(capacity: number, pinned: (value: V) => boolean = () => false) {
    this.#half = Math.max(1, Math.floor(capacity / 2));
    this.#pinned = pinned;
  }

  get(name: string, space = ''): V | undefined {
    const young = this.#young.get(space)?.get(name);
    if (young !== undefined) return young;
    const old = this.#old.get(space)?.get(name);
    if (old !== undefined) this.set(name, old, space);
    return old;
  }

  set(name: string, value: V, space = ''): void {
    this.#put(name, value, space);
    if (this.#size > this.#half) this.#turn();
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
    this.#size = 0;
  }

  #put(name: string, value: V, space: string): void {
    let names = this.#young.get(space);
    if (names === undefined) this.#young.set(space, (names = new Map()));
    this.#size -= names.size;
    names.set(name, value);
    this.#size += names.size;
  }

  #turn(): void {
    const forgotten = this.#old;
    this.#old = this.#young;
    this.#young = new Map();
    this.#size = 0;
    for (const [space, names] of forgotten) {
      for (const [name, value] of names) {
        if (this.#pinned(value) && this.#old.get(space)?.has(name) !== true) this.#put(name, value, space);
      }
    }
  }
}

type Generation<V> = Map<string, Map<string, V>>;
