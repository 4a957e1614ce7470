/** Legal minimums: what each is counted from, and through which day it keeps an item (`rules.md` 2, Until). */
import { type Day, lastDay, type Minimum, type Rulebook } from '#packs';
import type { Item } from './item.js';
import type { Person } from './person.js';

/** A minimum that keeps an item: through a day; null as long as the contract's performance is waited for. */
export interface Keeping {
  readonly minimum: Minimum;
  readonly through: Day | null;
}

type ByItem = ReadonlyMap<string, readonly Minimum[]>;
const NONE: readonly Minimum[] = [];

/** Asks the rulebook once for each list of minimums, and finds them by item. */
export class MinimumIndex {
  static readonly #byItem = new WeakMap<readonly Minimum[], ByItem>();

  constructor(private readonly rulebook: Rulebook) {}

  /** Those of the law in force on that day. */
  of(item: string, on: Day): readonly Minimum[] {
    const minimums = this.rulebook.minimums(on);
    if (minimums.length === 0) return NONE;
    let byItem = MinimumIndex.#byItem.get(minimums);
    if (byItem === undefined) {
      byItem = indexed(minimums);
      MinimumIndex.#byItem.set(minimums, byItem);
    }
    return byItem.get(item) ?? NONE;
  }

  /**
   * The minimums that keep the item at the end of a day. Each is judged by the law of the day it is counted from; one that
   * waits, by the law of the day asked for.
   */
  keeping(person: Person, item: Item, on: Day): readonly Keeping[] {
    const found = this.#all(person, item, on);
    return found.filter(({ through }) => through === null || through >= on);
  }

  keeps(person: Person, item: Item, on: Day): boolean {
    return this.#all(person, item, on).some(({ through }) => through === null || through >= on);
  }

  /** Whether one of the item's minimums has this day as its last. */
  endsOn(person: Person, item: Item, day: Day): boolean {
    return this.#all(person, item, day).some(({ through }) => through === day);
  }

  #all(person: Person, item: Item, on: Day): readonly Keeping[] {
    if (item.fate !== null) return [];
    const found: Keeping[] = [];
    const add = (start: Day, fits: (minimum: Minimum) => boolean): void => {
      for (const minimum of this.of(item.item, start)) {
        if (fits(minimum)) found.push({ minimum, through: lastDay(start, minimum.term) });
      }
    };
    const counting = item.counting ?? 'all';
    if (person.contracts.anyAwaited(counting)) {
      for (const minimum of this.of(item.item, on)) {
        if (minimum.after.kind === 'contract-performed') found.push({ minimum, through: null });
      }
    } else {
      const performed = person.contracts.lastPerformed(counting);
      if (performed !== undefined) add(performed, ({ after }) => after.kind === 'contract-performed');
    }
    if (item.collected !== undefined) add(item.collected, ({ after }) => after.kind === 'collected');
    for (const [purpose, transferred] of person.lastTransfers) {
      add(transferred, ({ after }) => after.kind === 'transferred' && after.purpose === purpose);
    }
    return found;
  }
}

function indexed(minimums: readonly Minimum[]): ByItem {
  const byItem = new Map<string, Minimum[]>();
  for (const minimum of minimums) {
    for (const item of minimum.items) {
      const list = byItem.get(item);
      if (list === undefined) byItem.set(item, [minimum]);
      else list.push(minimum);
    }
  }
  return byItem;
}
