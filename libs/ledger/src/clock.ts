/**
 * Duties with a term: one clock for each trigger, duty and clause (`rules.md` 3). Time alone makes a clock late; nothing
 * of that is stored.
 */
import { type Day, type Deadline, due, type Duty, type Trigger } from '#packs';
import { triggerKey } from './clock-list.js';
import type { OrderName } from './disclosure.js';
import { type Item, lookAtGap } from './item.js';
import type { Person } from './person.js';

/** What started a clock: an event, or a day that came. */
export type Cause =
  | { readonly kind: 'event'; readonly event: string; readonly byContact: boolean }
  | { readonly kind: 'passing'; readonly word: 'minimum-reached' | 'consent-expired' };

/** How far a duty is done, for one of its items or as a whole. */
export interface Progress {
  /** Undefined of the whole. */
  readonly item: Item | undefined;
  state: 'running' | 'met' | 'superseded';
  metOn: Day | undefined;
  due: Day | null;
  provisional: boolean;
  /** `due` is the day of a recorded extension. */
  extended: boolean;
  /** Its day passed unmet, and a finding says so. */
  told: boolean;
}

export interface Clock {
  readonly duty: Duty;
  /** Another one, once a change of law moved the clock. */
  deadline: Deadline;
  readonly cause: Cause;
  /** The trigger's day. */
  readonly on: Day;
  /** The day from which its term counts: the trigger's, but where a pack counts from the day that was due. */
  readonly from: Day;
  /** Of `notify-recipient`: whom to tell, and what. */
  readonly recipient: string | undefined;
  readonly order: OrderName | undefined;
  readonly request: string | undefined;
  readonly contract: string | undefined;
  /** By key; of a duty that has no items, undefined. */
  readonly items: ReadonlyMap<string, Progress> | undefined;
  readonly whole: Progress;
  /** How many of its items are not done yet; of a duty without items, one until it is. */
  left: number;
  /** Of what a withdrawal started: the purposes not stopped yet. */
  readonly purposes: Set<string> | undefined;
  /** Those that its trigger started, this one too, once it is in the list: the earliest of its duty binds. */
  together: readonly Clock[];
}

/** What a trigger is about, beside its event. */
export interface Occasion {
  readonly cause: Cause;
  readonly on: Day;
  readonly request?: string | undefined;
  readonly contract?: string | undefined;
  /** To whom, of what role and category, where it is a transfer. */
  readonly recipient?: string | undefined;
  readonly role?: string | undefined;
  readonly category?: string | undefined;
  /** Of a dispute. */
  readonly alleges?: 'unlawful' | 'untrue' | undefined;
  /** The cause of a breach or block. */
  readonly reason?: string | undefined;
  readonly purposes?: readonly string[];
  /** The items that each duty of items takes; a duty that is not named has none, and no clock. */
  readonly items: Partial<Record<Duty, readonly Item[]>>;
}

const NONE: Iterable<Progress> = [];

/** Of a clock that is not in the list yet. */
const ALONE: readonly Clock[] = [];

/** Duties whose clock has items: without any, no clock. */
const OF_ITEMS: ReadonlySet<Duty> = new Set([
  'rectify',
  'block',
  'unblock',
  'destroy',
  'destroy-blocked',
  'review',
  'notify-recipient',
]);

/** Duties that an item which is kept again takes back. */
const DESTROYING: readonly Duty[] = ['destroy', 'destroy-blocked'];

/** The controller's own duties, which no clock of a person shows. */
export const OF_CONTROLLER: ReadonlySet<Duty> = new Set([
  'report-breach',
  'measures-breach',
  'register-change',
  'answer-authority',
]);

/** What a user brought about on their own is nobody's breach until it is checked (`rules.md` 3). */
const OF_BREACH: ReadonlySet<Duty> = new Set(['report-breach', 'measures-breach', 'tell-subject-breach']);

/**
 * Opens a person's clocks that the packs in force on the trigger's day give to it; orders are owed one by one. What a
 * contact person asks is answered in their own dossier: here it starts only what is owed for the item about them.
 */
export function open(person: Person, trigger: Trigger, occasion: Occasion): void {
  const { cause } = occasion;
  const byContact = cause.kind === 'event' && cause.byContact;
  for (const deadline of person.rules.rulebook.deadlines(trigger, occasion.on)) {
    if (OF_CONTROLLER.has(deadline.duty) || deadline.duty === 'notify-recipient') continue;
    if (byContact && !OF_ITEMS.has(deadline.duty)) continue;
    if (applies(person, deadline, occasion)) start(person, deadline, occasion, occasion.on);
  }
}

export function start(
  person: Person,
  deadline: Deadline,
  occasion: Occasion,
  from: Day,
  told?: { readonly recipient: string; readonly order?: OrderName },
): void {
  const { duty } = deadline;
  const taken = OF_ITEMS.has(duty) ? (occasion.items[duty] ?? []) : undefined;
  if (taken?.length === 0) return;
  const counted = due(person.rules.calendar, from, deadline.term);
  const fresh = (item?: Item): Progress => ({
    item,
    state: 'running',
    metOn: undefined,
    due: counted.due,
    provisional: counted.provisional,
    extended: false,
    told: false,
  });
  if (counted.due !== null) person.wakeForDue(counted.due);
  let items: Map<string, Progress> | undefined;
  if (taken !== undefined) {
    items = new Map();
    for (const item of taken) items.set(item.key, fresh(item));
  }
  person.clocks.add({
    duty,
    deadline,
    cause: occasion.cause,
    on: occasion.on,
    from,
    recipient: told?.recipient,
    order: told?.order,
    request: occasion.request,
    contract: occasion.contract,
    items,
    whole: fresh(),
    left: items === undefined ? 1 : items.size,
    purposes: occasion.purposes === undefined ? undefined : new Set(occasion.purposes),
    together: ALONE,
  });
}

export function applies(person: Person, { condition, duty }: Deadline, occasion: Occasion): boolean {
  if (occasion.reason === 'user' && OF_BREACH.has(duty)) return false;
  if (condition === undefined) return true;
  const { contractTerm, role, causes, categories, alleges, unnoticed } = condition;
  if (contractTerm !== undefined && !person.contracts.agrees(occasion.contract, contractTerm)) return false;
  if (role !== undefined && occasion.role !== role) return false;
  if (categories !== undefined && !categories.includes(occasion.category ?? '')) return false;
  if (alleges !== undefined && occasion.alleges !== alleges) return false;
  if (unnoticed === true && occasion.recipient !== undefined && person.noticedOf(occasion.recipient)) return false;
  return causes === undefined || (occasion.reason !== undefined && causes.includes(occasion.reason));
}

// ---- what becomes of a clock ---------------------------------------------------------------------------------------

function always(): boolean {
  return true;
}

/** Marks the duty done for each of the items that it still awaits. */
export function meetItems(
  person: Person,
  duties: readonly Duty[],
  items: readonly Item[],
  on: Day,
  holds: (clock: Clock) => boolean = always,
): void {
  for (const clock of person.clocks.running(duties)) {
    if (clock.items === undefined || !holds(clock)) continue;
    for (const item of items) {
      const progress = clock.items.get(item.key);
      if (progress !== undefined && progress.state === 'running') meet(clock, progress, on);
    }
  }
}

/** Marks done what has no items. */
export function meetWhole(person: Person, holds: (clock: Clock) => boolean, on: Day): void {
  for (const clock of person.clocks.running()) {
    if (clock.items === undefined && clock.whole.state === 'running' && holds(clock)) meet(clock, clock.whole, on);
  }
}

function meet(clock: Clock, progress: Progress, on: Day): void {
  progress.state = 'met';
  progress.metOn = on;
  clock.left -= 1;
}

/** What was found of the item's gap may rest on this clock. */
function giveUp(clock: Clock, progress: Progress): void {
  progress.state = 'superseded';
  clock.left -= 1;
  if (progress.item !== undefined) lookAtGap(progress.item);
}

export function supersede(
  person: Person,
  duties: readonly Duty[],
  holds: (clock: Clock, item: string) => boolean,
): void {
  for (const clock of person.clocks.running(duties)) {
    clock.items?.forEach((progress, item) => {
      if (progress.state === 'running' && holds(clock, item)) giveUp(clock, progress);
    });
  }
}

/** A `destroy` of an item that a purpose or minimum keeps again is superseded, for good. */
export function supersedeKept(person: Person, on: Day): void {
  for (const clock of person.clocks.running(DESTROYING)) {
    for (const progress of clock.items?.values() ?? NONE) {
      const { item, state } = progress;
      if (item === undefined || state !== 'running' || overridesPurposes(clock, item)) continue;
      if (person.isKept(item, on)) giveUp(clock, progress);
    }
  }
}

/** A contact person's own demand takes an item that they never consented to whatever purposes live on it. */
function overridesPurposes(clock: Clock, item: Item): boolean {
  return clock.cause.kind === 'event' && clock.cause.byContact && item.about !== null;
}

/** Destruction is impossible: each `destroy` that was not late gives way to `destroy-blocked`, where a pack knows it. */
export function giveWay(person: Person, items: readonly Item[], on: Day): void {
  const rows = person.rules.rulebook
    .deadlines('destruction.impossible', on)
    .filter((row) => row.duty === 'destroy-blocked');
  const followed = new Map<string, { readonly clock: Clock; readonly items: Item[]; readonly due: Day | null }>();
  for (const clock of person.clocks.running(['destroy'])) {
    for (const item of items) {
      const progress = clock.items?.get(item.key);
      if (progress?.state !== 'running' || (progress.due !== null && progress.due < on)) continue;
      giveUp(clock, progress);
      const key = triggerKey(clock);
      const before = followed.get(key) ?? { clock, items: [], due: progress.due };
      if (!before.items.includes(item)) before.items.push(item);
      followed.set(key, earlier(progress.due, before.due) ? { ...before, due: progress.due } : before);
    }
  }
  for (const { clock, items: taken, due: wasDue } of followed.values()) {
    const { cause, request, contract } = clock;
    const occasion: Occasion = { cause, on: clock.on, request, contract, items: { 'destroy-blocked': taken } };
    for (const row of rows) start(person, row, occasion, row.anchor === 'due' ? (wasDue ?? clock.on) : clock.on);
  }
}

/** On a release the term counts anew, for items that nothing else holds, where that is later. */
export function countAnew(person: Person, on: Day, isHeld: (item: Item) => boolean): void {
  for (const clock of person.clocks.running(['destroy'])) {
    for (const progress of clock.items?.values() ?? NONE) {
      const { item, state } = progress;
      if (item === undefined || state !== 'running' || isHeld(item)) continue;
      const anew = due(person.rules.calendar, on, clock.deadline.term);
      if (progress.due !== null && anew.due !== null && anew.due > progress.due) restart(person, progress, anew);
    }
  }
}

function restart(
  person: Person,
  progress: Progress,
  anew: { readonly due: Day | null; readonly provisional: boolean },
) {
  Object.assign(progress, anew);
  if (anew.due !== null) person.wakeForDue(anew.due);
}

function isSame(a: Deadline, b: Deadline): boolean {
  const { pack, edition, clause } = a.cite;
  return pack === b.cite.pack && edition === b.cite.edition && clause === b.cite.clause && a.termText === b.termText;
}

/** A review's term starts anew when the item is verified. */
export function reviewAnew(person: Person, items: readonly Item[], on: Day): void {
  for (const clock of person.clocks.running(['review'])) {
    for (const item of items) {
      const progress = clock.items?.get(item.key);
      if (progress?.state === 'running') restart(person, progress, due(person.rules.calendar, on, clock.deadline.term));
    }
  }
}

/** An extension that the pack knows, recorded before the term is over: the answer is due on its day. */
export function extend(person: Person, request: string, until: Day, on: Day): void {
  const { extensions } = person.rules.rulebook.rules(on);
  for (const clock of person.clocks.running()) {
    const { due: was, state } = clock.whole;
    if (clock.request !== request || state !== 'running' || was === null || was < on) continue;
    if (!extensions.some(({ duty }) => duty === clock.duty)) continue;
    restart(person, clock.whole, { due: until, provisional: false });
    clock.whole.extended = true;
  }
}

/**
 * A change of law moves the clocks that are open where the new rule says so (`applies-to-open`): the rule that started
 * one is no longer in force, and the new one is of the same trigger, duty and kind of pack.
 */
export function moveByLaw(person: Person, from: Day): void {
  const { rulebook, calendar } = person.rules;
  for (const clock of person.clocks.running()) {
    const { deadline } = clock;
    const rows = rulebook.deadlines(deadline.trigger, from).filter((row) => row.duty === clock.duty);
    const isOf = ({ cite }: Deadline): boolean => cite.pack === rulebook.controller;
    if (rows.some((row) => isSame(row, deadline))) continue;
    const moved = rows.find((row) => row.appliesToOpen === true && isOf(row) === isOf(deadline));
    if (moved === undefined) continue;
    const open = [clock.whole, ...(clock.items?.values() ?? NONE)].filter(({ state }) => state === 'running');
    for (const progress of open) restart(person, progress, due(calendar, clock.from, moved.term));
    if (open.length > 0) clock.deadline = moved;
  }
}

// ---- which one binds -----------------------------------------------------------------------------------------------

function earlier(a: Day | null, b: Day | null): boolean {
  return a !== null && (b === null || a < b);
}

/**
 * Of the clocks with one trigger and duty the earliest binds. A policy's term that yields to the law does not where a law
 * has a term of its own.
 */
export function binds(clock: Clock, item: string | undefined): boolean {
  const own = progressOf(clock, item);
  if (own === undefined) return false;
  for (const other of clock.together) {
    if (other === clock || other.duty !== clock.duty) continue;
    if (other.recipient !== clock.recipient || other.order !== clock.order) continue;
    const theirs = progressOf(other, item);
    if (theirs === undefined) continue;
    if (clock.deadline.yieldsToLaw === true && other.deadline.yieldsToLaw !== true && theirs.due !== null) return false;
    if (other.deadline.yieldsToLaw === true && clock.deadline.yieldsToLaw !== true && own.due !== null) continue;
    if (earlier(theirs.due, own.due)) return false;
  }
  return true;
}

export function progressOf(clock: Clock, item: string | undefined): Progress | undefined {
  return item === undefined ? clock.whole : clock.items?.get(item);
}

/** The binding clock by which an item without any other keeper is to be destroyed: the earliest, superseded ones apart. */
export function destroyBy(
  person: Person,
  item: Item,
): { readonly clock: Clock; readonly progress: Progress } | undefined {
  let found: { readonly clock: Clock; readonly progress: Progress } | undefined;
  for (const clock of person.clocks.running(DESTROYING)) {
    const progress = clock.items?.get(item.key);
    if (progress === undefined || progress.state !== 'running' || progress.due === null) continue;
    if (!binds(clock, item.key)) continue;
    if (found === undefined || earlier(progress.due, found.progress.due)) found = { clock, progress };
  }
  return found;
}
