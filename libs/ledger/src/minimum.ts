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

/** What minimums of an item are counted from, on whatever day they are in force. */
interface Kinds {
  performed: boolean;
  collected: boolean;
  transferred: boolean;
}

/** What is asked of a minimum's last day, beside a day. */
type Question = (through: Day | null, on: Day) => boolean;

/** The minimums of one person: asks the rulebook once for each list of them, and finds them by item. */
export class MinimumIndex {
  static readonly #byItem = new WeakMap<readonly Minimum[], ReadonlyMap<string, OfItem>>();
  static readonly #everByItem = new WeakMap<Rulebook, ReadonlyMap<string, Kinds>>();
  /** Of an item that is not here nothing need be looked for: most have no minimum. */
  readonly #ever: ReadonlyMap<string, Kinds>;

  /** The law of the last question: a fold asks for one day after another. */
  #last: { readonly minimums: readonly Minimum[]; readonly byItem: ReadonlyMap<string, OfItem> } | undefined;
  /** By the day from which they are counted: few days are, and each is asked for again and again. */
  readonly #started = new Map<Day, Started>();
  /** The last transfer for each purpose that a minimum is counted from, of any item. */
  readonly #transfers = new Map<string, Day>();

  constructor(private readonly rulebook: Rulebook) {
    let ever = MinimumIndex.#everByItem.get(rulebook);
    if (ever === undefined) MinimumIndex.#everByItem.set(rulebook, (ever = kindsByItem(rulebook.everyMinimum())));
    this.#ever = ever;
  }

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
    const { collected, counting = 'all', item: id, fate } = item;
    const kinds = this.#ever.get(id);
    if (fate !== null || kinds === undefined) return false;
    if (kinds.performed) {
      const { awaited, lastPerformed: performed } = person.contracts.standing(counting);
      if (awaited) {
        // Without a start they wait.
        for (const minimum of this.#inForce(on).get(id)?.performed ?? NONE) {
          if (isAsked(minimum, null, on, isSo, found)) return true;
        }
      } else if (performed !== undefined) {
        const started = this.#startedOn(performed);
        if (started.any(started.of(id)?.performed, on, isSo, found)) return true;
      }
    }
    if (kinds.collected && collected !== undefined) {
      const started = this.#startedOn(collected);
      if (started.any(started.of(id)?.collected, on, isSo, found)) return true;
    }
    if (!kinds.transferred) return false;
    for (const [purpose, start] of this.#transfers) {
      const started = this.#startedOn(start);
      if (started.any(started.of(id)?.transferred.get(purpose), on, isSo, found)) return true;
    }
    return false;
  }

  #startedOn(day: Day): Started {
    let started = this.#started.get(day);
    if (started === undefined) this.#started.set(day, (started = new Started(day, this.#inForce(day))));
    return started;
  }

  #inForce(on: Day): ReadonlyMap<string, OfItem> {
    const minimums = this.rulebook.minimums(on);
    if (this.#last?.minimums !== minimums) {
      let byItem = MinimumIndex.#byItem.get(minimums);
      if (byItem === undefined) MinimumIndex.#byItem.set(minimums, (byItem = indexed(minimums)));
      this.#last = { minimums, byItem };
    }
    return this.#last.byItem;
  }
}

/** The minimums of one law that are counted from one day. */
class Started {
  /** The last day of each, once it was asked for: every item of every later day asks for the same few. */
  readonly #through = new Map<Minimum, Day>();

  constructor(
    private readonly start: Day,
    private readonly byItem: ReadonlyMap<string, OfItem>,
  ) {}

  of(item: string): OfItem | undefined {
    return this.byItem.get(item);
  }

  any(minimums: readonly Minimum[] | undefined, on: Day, isSo: Question, found: Keeping[] | undefined): boolean {
    if (minimums === undefined) return false;
    for (const minimum of minimums) if (isAsked(minimum, this.#throughOf(minimum), on, isSo, found)) return true;
    return false;
  }

  #throughOf(minimum: Minimum): Day {
    let through = this.#through.get(minimum);
    if (through === undefined) this.#through.set(minimum, (through = lastDay(this.start, minimum.term)));
    return through;
  }
}

const NONE: readonly Minimum[] = [];

/** Whether that settles the question: it is so of the minimum, and not all are looked for. */
function isAsked(
  minimum: Minimum,
  through: Day | null,
  on: Day,
  isSo: Question,
  found: Keeping[] | undefined,
): boolean {
  if (!isSo(through, on)) return false;
  if (found === undefined) return true;
  found.push({ minimum, through });
  return false;
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

function kindsByItem(minimums: readonly Minimum[]): ReadonlyMap<string, Kinds> {
  const byItem = new Map<string, Kinds>();
  for (const { items, after } of minimums) {
    for (const item of items) {
      let kinds = byItem.get(item);
      if (kinds === undefined) {
        byItem.set(item, (kinds = { performed: false, collected: false, transferred: false }));
      }
      if (after.kind === 'contract-performed') kinds.performed = true;
      else kinds[after.kind] = true;
    }
  }
  return byItem;
}
