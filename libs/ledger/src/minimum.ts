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

/** What is asked of a minimum's last day, beside a day. */
type Question = (through: Day | null, on: Day) => boolean;

/** The minimums of one person: asks the rulebook once for each list of them, and finds them by item. */
export class MinimumIndex {
  static readonly #byItem = new WeakMap<readonly Minimum[], ReadonlyMap<string, OfItem>>();

  /** The list of the last question: a fold asks for one day after another. */
  #last: { readonly minimums: readonly Minimum[]; readonly byItem: ReadonlyMap<string, OfItem> } | undefined;
  /** The last transfer for each purpose that a minimum is counted from, of any item. */
  readonly #transfers = new Map<string, Day>();

  constructor(private readonly rulebook: Rulebook) {}

  /** What is counted from a transfer for one of the purposes is counted from this day; whether anything is or was. */
  transferred(purposes: readonly string[], on: Day): boolean {
    const minimums = this.rulebook.minimums(on);
    let changes = false;
    for (const purpose of purposes) {
      const isCounted = minimums.some(({ after }) => after.kind === 'transferred' && after.purpose === purpose);
      if (!isCounted) changes = this.#transfers.delete(purpose) || changes;
      else {
        this.#transfers.set(purpose, on);
        changes = true;
      }
    }
    return changes;
  }

  /**
   * The minimums that keep the item at the end of a day. Each is judged by the law of the day it is counted from; one that
   * waits, by the law of the day asked for.
   */
  keeping(person: Person, item: Item, on: Day): readonly Keeping[] {
    const found: Keeping[] = [];
    this.#any(person, item, on, isThrough, found);
    return found;
  }

  keeps(person: Person, item: Item, on: Day): boolean {
    return this.#any(person, item, on, isThrough);
  }

  /** Whether one of the item's minimums has this day as its last. */
  endsOn(person: Person, item: Item, day: Day): boolean {
    return this.#any(person, item, day, isLast);
  }

  /** Whether it is so of one of the item's minimums; all of which it is so are put into `found`. */
  #any(person: Person, item: Item, on: Day, isSo: Question, found?: Keeping[]): boolean {
    if (item.fate !== null) return false;
    const { collected, counting = 'all', item: id } = item;
    const { awaited, lastPerformed: performed } = person.contracts.standing(counting);
    if (awaited) {
      if (this.#anyOf(this.#of(id, on)?.performed, undefined, on, isSo, found)) return true;
    } else if (performed !== undefined) {
      if (this.#anyOf(this.#of(id, performed)?.performed, performed, on, isSo, found)) return true;
    }
    if (collected !== undefined && this.#anyOf(this.#of(id, collected)?.collected, collected, on, isSo, found))
      return true;
    if (this.#transfers.size === 0) return false;
    for (const [purpose, start] of this.#transfers) {
      if (this.#anyOf(this.#of(id, start)?.transferred.get(purpose), start, on, isSo, found)) return true;
    }
    return false;
  }

  /** Without a start they wait. */
  #anyOf(
    minimums: readonly Minimum[] | undefined,
    start: Day | undefined,
    on: Day,
    isSo: Question,
    found: Keeping[] | undefined,
  ): boolean {
    if (minimums === undefined) return false;
    for (const minimum of minimums) {
      const through = start === undefined ? null : lastDay(start, minimum.term);
      if (!isSo(through, on)) continue;
      if (found === undefined) return true;
      found.push({ minimum, through });
    }
    return false;
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

function isThrough(through: Day | null, on: Day): boolean {
  return through === null || through >= on;
}

function isLast(through: Day | null, on: Day): boolean {
  return through === on;
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
