/**
 * The generator behind `simulate`: sfc32, whose integer steps give the same numbers on every platform and for ever. Not
 * for secrets.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** Streams of one seed are independent, so that one person's life does not depend on how many others there are. */
  constructor(seed: number, stream: number) {
    this.#a = seed | 0;
    this.#b = stream | 0;
    this.#c = 0x9e3779b9 | 0;
    // The first outputs of near seeds are alike; after a dozen steps they are not.
    for (let step = 0; step < 12; step += 1) this.next();
  }

  /** An unsigned integer of 32 bits. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** An integer from 0 up to, not including, `limit` (at most 2^20, so that the product is exact). */
  below(limit: number): number {
    return Math.floor((this.next() * limit) / 4_294_967_296);
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True in `parts` of a hundred cases. */
  chance(parts: number): boolean {
    return this.below(100) < parts;
  }
}

/** FNV-1a over UTF-16 units: a number of 32 bits for any text a user gives as a seed. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
