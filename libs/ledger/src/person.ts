/** What a fold knows of one person while it runs: items, consents, contracts, holds, requests, orders, clocks. */
import { addDays, type Calendar, type Citation, type Day, type Rulebook } from '#packs';
import { ClockList } from './clock-list.js';
import type { Scope } from './consent.js';
import { ConsentList } from './consent-list.js';
import { type AboutOther, aboutOther } from './about-other.js';
import type { Breach } from './breach.js';
import { Contracts } from './contract.js';
import type { Order } from './disclosure.js';
import type { Found } from './found.js';
import {
  anyLives,
  doubtGap,
  FOREVER,
  type GapWatch,
  isBlocked,
  type Item,
  keyOf,
  lookAtGap,
  newItem,
  type PurposeState,
} from './item.js';
import { MinimumIndex } from './minimum.js';
import type { Request } from './request.js';
import type { Undertakings } from './undertaking.js';

export interface Hold {
  readonly authority: string;
  /** Its basis, where the event names one that a pack knows. */
  readonly cite: Citation | undefined;
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
  /** By key. */
  readonly items = new Map<string, Item>();
  /** The same, in the order in which they came. */
  readonly all: Item[] = [];
  /** The rows of one item id: its own, and one for each person described. */
  readonly #rows = new Map<string, Item[]>();
  readonly consents = new ConsentList();
  readonly contracts = new Contracts(() => {
    for (const item of this.all) doubtGap(item);
  });
  readonly holds: Hold[] = [];
  readonly orders: Order[] = [];
  readonly clocks = new ClockList();
  /** What was asked, disputed or withdrawn, by the emitter's reference. */
  readonly requests = new Map<string, Request>();
  /** The items of each dispute, by its request, and what it alleges. */
  readonly disputes = new Map<string, Dispute>();
  /** What the ledger finds wrong with acts, and with what was not done in time. */
  readonly findings: Found[] = [];
  /** The open gap of each item, by key. */
  readonly gaps = new Map<string, Found>();
  readonly gapWatch: GapWatch = { stand: FOREVER };
  /** Items and recipients that a notice named. */
  readonly noticed = { items: new Set<string>(), recipients: new Set<string>() };
  /** What was refused, until a later consent names it. */
  readonly refusals: Refusal[] = [];
  /** Whom items are about: what they were told and agreed to, by tie. */
  readonly others = new Map<string, AboutOther>();
  /** Keys of items whose consent was withdrawn, or whose destruction was demanded. */
  readonly withdrawn = new Set<string>();
  readonly demanded = new Set<string>();
  /** What each recipient undertook. */
  readonly undertakings = new Map<string, Undertakings>();
  /** The recipients that the newest entry of the register names. */
  register: Register = { recipients: [], 'cross-border': [] };
  /** Items of which a purpose ended or stopped since this was last looked at. */
  readonly ended = new Set<Item>();
  /** The last day of which gaps were not looked for yet. */
  today: Day | undefined;
  /** Breaches of security that touched the person. */
  readonly breaches: Breach[] = [];
  /** Last days of backups, in the order in which they were made. */
  readonly backups: Day[] = [];
  readonly minimums: MinimumIndex;
  /** Days at whose end something happens by time alone, with what that is. */
  readonly #timers = new Map<Day, number>();
  /** The earliest of them. */
  #next: Day | undefined;
  /** The last of them that came. */
  #woken: Day | undefined;
  #later: (() => void)[] = [];

  /** `elsewhere`: ids of items that lie in a client's dossier; an act that names one makes no item here. */
  constructor(
    readonly rules: Rules,
    readonly elsewhere: ReadonlySet<string> = new Set(),
    /** Whether its acts are judged: a lineage shows no findings and need not pay for them. */
    readonly judged = true,
  ) {
    this.minimums = new MinimumIndex(rules.rulebook);
  }

  // ---- items -------------------------------------------------------------------------------------------------------

  /** The item, made if it is new; with a tie, that of the person described. */
  item(id: string, about: string | undefined): Item {
    const key = keyOf(id, about);
    const known = this.items.get(key);
    if (known !== undefined) return known;
    const item = newItem(id, about, this.backups.length, this.gapWatch);
    lookAtGap(item);
    this.items.set(key, item);
    this.all.push(item);
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
    const rows = this.#rows.get(id);
    if (rows === undefined || rows.length === 1) return rows;
    const own = this.items.get(id);
    return own === undefined ? rows : [own];
  }

  /** The item of that id about that person, if any; nothing is made. */
  tied(id: string, about: string): readonly Item[] {
    const item = this.items.get(keyOf(id, about));
    return item === undefined ? [] : [item];
  }

  /** Whatever was found of gaps may be otherwise now. */
  lookAnew(): void {
    for (const item of this.all) lookAtGap(item);
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
    if (this.#later.length === 0) return;
    const starts = this.#later;
    this.#later = [];
    for (const start of starts) start();
  }

  // ---- time alone --------------------------------------------------------------------------------------------------

  wakeAtEndOf(day: Day): void {
    this.#wake(day, ENDS);
  }

  /** For what must be done by the end of a day. */
  wakeForDue(day: Day): void {
    this.#wake(day, 0);
  }

  /** For a change of law or policy that is in force from the next day on. */
  wakeForChange(day: Day): void {
    this.#wake(day, CHANGES);
  }

  #wake(day: Day, what: number): void {
    this.#timers.set(day, (this.#timers.get(day) ?? 0) | what);
    if (this.#next === undefined || day < this.#next) this.#next = day;
  }

  /** The days on which what is still to come by time alone may show; after a day on which something ended the next, too. */
  wakings(): readonly Day[] {
    const days = [...this.#timers].flatMap(([day, what]) => (what === 0 ? [addDays(day, 1)] : [day, addDays(day, 1)]));
    if (this.#woken !== undefined) days.push(addDays(this.#woken, 1));
    if (this.today !== undefined) days.push(this.today);
    return days;
  }

  /** Takes the earliest day before the given one at whose end something happens; undefined where there is none. */
  nextWaking(before: Day): Waking | undefined {
    const next = this.#next;
    if (next === undefined || next >= before) return undefined;
    const what = this.#timers.get(next)!;
    this.#timers.delete(next);
    this.#woken = next;
    this.#next = undefined;
    for (const day of this.#timers.keys()) if (this.#next === undefined || day < this.#next) this.#next = day;
    return { day: next, ends: (what & ENDS) !== 0, changes: (what & CHANGES) !== 0 };
  }

  // ---- notices, refusals, undertakings -------------------------------------------------------------------------------

  noticedOf(recipient: string): boolean {
    return this.noticed.recipients.has(recipient);
  }

  other(about: string): AboutOther {
    let other = this.others.get(about);
    if (other === undefined) {
      other = aboutOther();
      this.others.set(about, other);
    }
    return other;
  }

  isRefused(item: string, purpose: string): boolean {
    return this.refusals.some(({ items, purposes }) =>
      items === undefined ? purposes.has(purpose) : items.has(item) && (purposes.size === 0 || purposes.has(purpose)),
    );
  }
}

const ENDS = 1;
const CHANGES = 2;

/** A day at whose end time alone brings something: things end, rules change, or nothing but what is due. */
export interface Waking {
  readonly day: Day;
  readonly ends: boolean;
  readonly changes: boolean;
}

export interface Dispute {
  readonly items: ReadonlySet<Item>;
  readonly alleges: 'unlawful' | 'untrue';
}

/** A refused consent: of the items it names, else of the purposes. */
export interface Refusal {
  readonly items: Set<string> | undefined;
  readonly purposes: Set<string>;
}

export interface Register {
  readonly recipients: readonly string[];
  readonly 'cross-border': readonly string[];
}

export function holdRuns(hold: Hold, item: Item, on: Day): boolean {
  if (hold.released || hold.from > on || (hold.until !== undefined && hold.until < on)) return false;
  return hold.items === 'all' || hold.items.has(item.key) || hold.items.has(item.item);
}
