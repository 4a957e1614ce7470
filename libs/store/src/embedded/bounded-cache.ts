/**
 * A cache of bounded size in two generations: what is asked for moves to the young one, and when that is half full the
 * old one is forgotten. Cheaper than a list of recent use, and as good for names that come again and again.
 *
 * Values that are `pinned` outlive their generation: what is on its way to the disk must not be made a second time.
 */
export class BoundedCache<V> {
  readonly #half: number;
  readonly #pinned: (value: V) => boolean;
  #young = new Map<string, V>();
  #old = new Map<string, V>();

  constructor(capacity: number, pinned: (value: V) => boolean = () => false) {
    this.#half = Math.max(1, Math.floor(capacity / 2));
    this.#pinned = pinned;
  }

  get(key: string): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) {
      this.#old.delete(key);
      this.set(key, old);
    }
    return old;
  }

  set(key: string, value: V): void {
    this.#young.set(key, value);
    if (this.#young.size > this.#half) this.#turn();
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }

  #turn(): void {
    const forgotten = this.#old;
    this.#old = this.#young;
    this.#young = new Map();
    for (const [key, value] of forgotten) {
      if (this.#pinned(value) && !this.#old.has(key)) this.#young.set(key, value);
    }
  }
}
