/** Which contracts count for an item: those that its collections named, else all of the person. */

export type Counting = Named | 'all';

/**
 * Contracts that were named one after another. Each is asked for its standing, so that the same ones in the same order are
 * one object. Whoever has had a thousand contracts has had a thousand of these: one that grows shares what it holds with
 * what it grew from.
 */
export class Named {
  /** What this grew to first, and otherwise. */
  #next: Named | undefined;
  #others: Map<string, Named> | undefined;

  /** `places`: the contracts in order, each with its place; those from `size` on came later than the newest of these. */
  private constructor(
    private readonly places: Map<string, number>,
    private readonly size: number,
    private readonly newest: string,
  ) {}

  static of(reference: string): Named {
    return new Named(new Map([[reference, 0]]), 1, reference);
  }

  has(reference: string): boolean {
    const place = this.places.get(reference);
    return place !== undefined && place < this.size;
  }

  /** These and one more. */
  with(reference: string): Named {
    if (reference === this.newest) return this;
    const place = this.places.get(reference);
    if (place !== undefined && place < this.size) return this;
    if (place === this.size && this.#next !== undefined) return this.#next;
    if (this.places.size === this.size) {
      this.places.set(reference, this.size);
      return (this.#next = new Named(this.places, this.size + 1, reference));
    }
    let other = this.#others?.get(reference);
    if (other === undefined) {
      const places = new Map([...this.places].slice(0, this.size)).set(reference, this.size);
      other = new Named(places, this.size + 1, reference);
      (this.#others ??= new Map<string, Named>()).set(reference, other);
    }
    return other;
  }
}
