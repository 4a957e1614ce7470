/** Legal minimums: what each is counted from, and through which day it keeps an item (`rules.md` 2, Until). */
import { type Day, lastDay, type Minimum, type Rulebook } from '#packs';
import type { Item } from './item.js';
import type { Person } from './person.js';

/** A minimum that keeps an item: through a day; null as long as the contract's performance is waited for. */
export interface Keeping {
  readonly minimum: Minimum;
  readonly through: Day | null;
}

/** The minimums of one item, by what they are counted from. */
interface OfItem {
  readonly performed: Minimum[];
  readonly collected: Minimum[];
  /** By purpose of the transfer. */
  readonly transferred: Map<string, Minimum[]>;
}

type Visit = (minimum: Minimum, through: Day | null) => boolean;

/** Asks the rulebook once for each list of minimums, and finds them by item. */
export class MinimumIndex {
  static readonly #byItem = new WeakMap<readonly Minimum[], ReadonlyMap<string, OfItem>>();

  /** The list of the last question: a fold asks for one day after another. */
  #last: { readonly minimums: readonly Minimum[]; readonly byItem: ReadonlyMap<string, OfItem> } | undefined;
  /** The last day of each, by the day that it is counted from. */
  readonly #throughs = new Map<Minimum, Map<Day, Day>>();

  constructor(private readonly rulebook: Rulebook) {}

  /**
   * The minimums that keep the item at the end of a day. Each is judged by the law of the day it is counted from; one that
   * waits, by the law of the day asked for.
   */
  keeping(person: Person, item: Item, on: Day): readonly Keeping[] {
    const found: Keeping[] = [];
    this.#any(person, item, on, (minimum, through) => {
      if (isThrough(through, on)) found.push({ minimum, through });
      return false;
    });
    return found;
  }

  keeps(person: Person, item: Item, on: Day): boolean {
    return this.#any(person, item, on, (_, through) => isThrough(through, on));
  }

  /** Whether one of the item's minimums has this day as its last. */
  endsOn(person: Person, item: Item, day: Day): boolean {
    return this.#any(person, item, day, (_, through) => through === day);
  }

  /** Whether it holds of one of the item's minimums, with its last day. */
  #any(person: Person, item: Item, on: Day, holds: Visit): boolean {
    if (item.fate !== null) return false;
    const counting = item.counting ?? 'all';
    if (person.contracts.anyAwaited(counting)) {
      for (const minimum of this.#of(item.item, on)?.performed ?? NONE) if (holds(minimum, null)) return true;
    } else {
      const performed = person.contracts.lastPerformed(counting);
      if (performed !== undefined && this.#anyFrom(performed, this.#of(item.item, performed)?.performed, holds))
        return true;
    }
    const { collected } = item;
    if (collected !== undefined && this.#anyFrom(collected, this.#of(item.item, collected)?.collected, holds))
      return true;
    for (const [purpose, transferred] of person.lastTransfers) {
      const minimums = this.#of(item.item, transferred)?.transferred.get(purpose);
      if (this.#anyFrom(transferred, minimums, holds)) return true;
    }
    return false;
  }

  #anyFrom(start: Day, minimums: readonly Minimum[] | undefined, holds: Visit): boolean {
    if (minimums === undefined) return false;
    for (const minimum of minimums) if (holds(minimum, this.#through(start, minimum))) return true;
    return false;
  }

  #through(start: Day, minimum: Minimum): Day {
    let throughs = this.#throughs.get(minimum);
    if (throughs === undefined) this.#throughs.set(minimum, (throughs = new Map()));
    let through = throughs.get(start);
    if (through === undefined) throughs.set(start, (through = lastDay(start, minimum.term)));
    return through;
  }

  /** Those of the law in force on that day. */
  #of(item: string, on: Day): OfItem | undefined {
    const minimums = this.rulebook.minimums(on);
    if (this.#last?.minimums !== minimums) {
      let byItem = MinimumIndex.#byItem.get(minimums);
      if (byItem === undefined) MinimumIndex.#byItem.set(minimums, (byItem = indexed(minimums)));
      this.#last = { minimums, byItem };
    }
    return this.#last.byItem.get(item);
  }
}

const NONE: readonly Minimum[] = [];

function isThrough(through: Day | null, on: Day): boolean {
  return through === null || through >= on;
}

function indexed(minimums: readonly Minimum[]): ReadonlyMap<string, OfItem> {
  const byItem = new Map<string, OfItem>();
  for (const minimum of minimums) {
    for (const item of minimum.items) {
      let of = byItem.get(item);
      if (of === undefined) byItem.set(item, (of = { performed: [], collected: [], transferred: new Map() }));
      const { after } = minimum;
      if (after.kind === 'contract-performed') of.performed.push(minimum);
      else if (after.kind === 'collected') of.collected.push(minimum);
      else of.transferred.set(after.purpose, [...(of.transferred.get(after.purpose) ?? []), minimum]);
    }
  }
  return byItem;
}
