/** What a fold knows of one person while it runs: items, consents, contracts, holds, requests, orders, clocks. */
import type { Calendar, Day, Rulebook } from '#packs';
import type { Clock } from './clock.js';
import type { Consent, Scope } from './consent.js';
import { Contracts } from './contract.js';
import type { Order } from './disclosure.js';
import { anyLives, isBlocked, type Item, keyOf, newItem, type PurposeState } from './item.js';
import { MinimumIndex } from './minimum.js';

export interface Hold {
  readonly authority: string;
  readonly from: Day;
  readonly until: Day | undefined;
  readonly items: Scope;
  released: boolean;
}

/** Packs as the fold asks them. */
export interface Rules {
  readonly rulebook: Rulebook;
  readonly calendar: Calendar;
}

export class Person {
  readonly items = new Map<string, Item>();
  /** The rows of one item id: its own, and one for each person described. */
  readonly #rows = new Map<string, Item[]>();
  readonly consents: Consent[] = [];
  readonly contracts = new Contracts();
  readonly holds: Hold[] = [];
  readonly orders: Order[] = [];
  readonly clocks: Clock[] = [];
  /** The items of each dispute, by its request. */
  readonly disputes = new Map<string, ReadonlySet<Item>>();
  /** Last days of backups, in the order in which they were made. */
  readonly backups: Day[] = [];
  /** The last transfer for each purpose, of any item. */
  readonly lastTransfers = new Map<string, Day>();
  readonly minimums: MinimumIndex;
  /** Days at whose end something happens by time alone. */
  readonly #timers = new Set<Day>();
  readonly #later: (() => void)[] = [];

  /** `elsewhere`: ids of items that lie in a client's dossier; an act that names one makes no item here. */
  constructor(
    readonly rules: Rules,
    readonly elsewhere: ReadonlySet<string> = new Set(),
  ) {
    this.minimums = new MinimumIndex(rules.rulebook);
  }

  // ---- items -------------------------------------------------------------------------------------------------------

  /** The item, made if it is new; with a tie, that of the person described. */
  item(id: string, about: string | undefined): Item {
    const key = keyOf(id, about);
    const known = this.items.get(key);
    if (known !== undefined) return known;
    const item = newItem(id, about, this.backups.length);
    this.items.set(key, item);
    const rows = this.#rows.get(id);
    if (rows === undefined) this.#rows.set(id, [item]);
    else rows.push(item);
    return item;
  }

  /** What an act is about: without a tie the person's own item, else every row of that id; made where there is none. */
  named(id: string, about: string | undefined): readonly Item[] {
    if (about !== undefined) return [this.item(id, about)];
    return this.known(id) ?? (this.elsewhere.has(id) ? [] : [this.item(id, undefined)]);
  }

  known(id: string): readonly Item[] | undefined {
    const own = this.items.get(id);
    return own === undefined ? this.#rows.get(id) : [own];
  }

  /** The item of that id about that person, if any; nothing is made. */
  tied(id: string, about: string): readonly Item[] {
    const item = this.items.get(keyOf(id, about));
    return item === undefined ? [] : [item];
  }

  // ---- what keeps an item ------------------------------------------------------------------------------------------

  isHeld(item: Item, on: Day): boolean {
    return this.holds.some((hold) => holdRuns(hold, item, on));
  }

  /** Whether a purpose or a minimum keeps it on a day; a hold does not take an item out of a clock. */
  isKept(item: Item, on: Day): boolean {
    return anyLives(item, on) || this.minimums.keeps(this, item, on);
  }

  /** Barred: a withdrawal has no effect while a contract is open. */
  isBarred(purpose: PurposeState, on: Day): boolean {
    const barred = this.rules.rulebook.purpose(purpose.purpose, on)?.barred === true;
    return barred && this.contracts.anyOpen(purpose.counting);
  }

  state(item: Item, on: Day): 'active' | 'kept' | 'blocked' | 'stopped' | 'destroyed' | 'depersonalised' {
    if (item.fate !== null) return item.fate.kind;
    if (isBlocked(item, on)) return 'blocked';
    if (anyLives(item, on)) return 'active';
    return this.minimums.keeps(this, item, on) || this.isHeld(item, on) ? 'kept' : 'stopped';
  }

  // ---- what follows ------------------------------------------------------------------------------------------------

  /** Puts off what an act starts until all acts of its place have taken effect: they commute, and each is a trigger. */
  later(start: () => void): void {
    this.#later.push(start);
  }

  settle(): void {
    for (const start of this.#later.splice(0)) start();
  }

  // ---- time alone --------------------------------------------------------------------------------------------------

  wakeAtEndOf(day: Day): void {
    this.#timers.add(day);
  }

  /** Takes the earliest day before the given one at whose end something happens; undefined where there is none. */
  nextWaking(before: Day): Day | undefined {
    let next: Day | undefined;
    for (const day of this.#timers) if (day < before && (next === undefined || day < next)) next = day;
    if (next !== undefined) this.#timers.delete(next);
    return next;
  }
}

export function holdRuns(hold: Hold, item: Item, on: Day): boolean {
  if (hold.released || hold.from > on || (hold.until !== undefined && hold.until < on)) return false;
  return hold.items === 'all' || hold.items.has(item.key) || hold.items.has(item.item);
}
