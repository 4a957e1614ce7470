/** Until when an item is kept, with every reason that remains (`rules.md` 2, Until). */
import { type Citation, type Day, isoTerm } from '#packs';
import { destroyBy } from './clock.js';
import { carries, lastDayOf } from './consent.js';
import type { Item, PurposeState } from './item.js';
import { livesOn } from './item.js';
import { holdRuns, type Person } from './person.js';

export type UntilEvent = 'contract-performed' | 'purpose-reached' | 'released' | 'relation-ended';

export interface Reason {
  readonly kind: 'purpose' | 'legal-minimum' | 'hold' | 'duty';
  readonly id: string;
  /** Absent of a hold that names no basis of a pack, and of a purpose that no pack lists. */
  readonly cite: Citation | undefined;
}

/** Ids as they stand in events. The first reason binds. */
export type Until =
  | { readonly kind: 'gone' }
  | { readonly kind: 'silent'; readonly reasons: readonly Reason[] }
  | {
      readonly kind: 'event';
      readonly event: UntilEvent;
      /** The term that follows the event. */
      readonly after: string | undefined;
      readonly reasons: readonly Reason[];
    }
  | { readonly kind: 'date'; readonly date: Day; readonly provisional: boolean; readonly reasons: readonly Reason[] };

/** When one reason ends: the kinds stand in the order of how long they last. */
type End =
  | { readonly kind: 'silent' }
  | {
      readonly kind: 'event';
      readonly event: UntilEvent;
      readonly after?: { readonly text: string; readonly months: number };
    }
  | { readonly kind: 'date'; readonly date: Day };

interface Keeper {
  readonly reason: Reason;
  readonly end: End;
  /** Pack order among reasons of one kind. */
  readonly order: number;
}

export function untilOf(person: Person, item: Item, on: Day): Until {
  if (item.fate !== null) return { kind: 'gone' };
  const keepers = [...minimums(person, item, on), ...purposes(person, item, on), ...holds(person, item, on)];
  keepers.sort(longestFirst);
  const [first] = keepers;
  if (first === undefined) return dueDate(person, item);
  const reasons = keepers.map((keeper) => keeper.reason);
  const { end } = first;
  switch (end.kind) {
    case 'silent':
      return { kind: 'silent', reasons };
    case 'event':
      return { kind: 'event', event: end.event, after: end.after?.text, reasons };
    case 'date':
      return { kind: 'date', date: end.date, provisional: false, reasons };
  }
}

/** The live purpose that nothing ends, the one that `untilOf` gives first; undefined where there is no such purpose. */
export function silentPurpose(person: Person, item: Item, on: Day): Reason | undefined {
  let first: Keeper | undefined;
  for (const purpose of item.purposes) {
    if (!livesOn(purpose, on) || !endsSilently(person, purpose, on)) continue;
    const keeper = purposeKeeper(person, item, purpose, on);
    if (keeper.end.kind === 'silent' && (first === undefined || longestFirst(keeper, first) < 0)) first = keeper;
  }
  return first?.reason;
}

/** Whether no pack says what ends it. */
export function endsSilently(person: Person, { purpose }: PurposeState, on: Day): boolean {
  return (person.rules.rulebook.purpose(purpose, on)?.ends ?? 'silent') === 'silent';
}

/** Nothing keeps it: it is to be destroyed by the earliest day that binds, or nobody says when. */
function dueDate(person: Person, item: Item): Until {
  const by = destroyBy(person, item);
  if (by === undefined || by.progress.due === null) return { kind: 'silent', reasons: [] };
  const { clock, progress } = by;
  const reason: Reason = { kind: 'duty', id: clock.duty, cite: clock.deadline.cite };
  return { kind: 'date', date: by.progress.due, provisional: progress.provisional, reasons: [reason] };
}

function minimums(person: Person, item: Item, on: Day): readonly Keeper[] {
  const found = new Map<string, Keeper>();
  for (const { minimum, through } of person.minimums.keeping(person, item, on)) {
    const { id, term, cite, order } = minimum;
    const months = term.unit === 'years' ? term.count * 12 : term.count;
    const end: End =
      through === null
        ? { kind: 'event', event: 'contract-performed', after: { text: isoTerm(term), months } }
        : { kind: 'date', date: through };
    const keeper: Keeper = { reason: { kind: 'legal-minimum', id, cite }, end, order };
    // One reason for each minimum, whatever it is counted from.
    const before = found.get(id);
    if (before === undefined || longestFirst(keeper, before) < 0) found.set(id, keeper);
  }
  return [...found.values()];
}

function purposes(person: Person, item: Item, on: Day): readonly Keeper[] {
  const found: Keeper[] = [];
  for (const purpose of item.purposes) {
    if (livesOn(purpose, on)) found.push(purposeKeeper(person, item, purpose, on));
  }
  return found;
}

function purposeKeeper(person: Person, item: Item, purpose: PurposeState, on: Day): Keeper {
  const known = person.rules.rulebook.purpose(purpose.purpose, on);
  return {
    reason: { kind: 'purpose', id: purpose.purpose, cite: known?.cite },
    end: lastDayOfConsents(person, item, purpose, on) ?? endOf(known?.ends ?? 'silent'),
    order: known?.order ?? Number.MAX_SAFE_INTEGER,
  };
}

function endOf(ends: 'contract-performed' | 'purpose-reached' | 'silent'): End {
  return ends === 'silent' ? { kind: 'silent' } : { kind: 'event', event: ends };
}

/** A purpose carried only by dated consents lasts until the last of those days; not while a bar outlasts them. */
function lastDayOfConsents(person: Person, item: Item, purpose: PurposeState, on: Day): End | undefined {
  if (!person.consents.anyDated) return undefined;
  if ((purpose.basis !== null && purpose.basis !== 'consent') || person.isBarred(purpose, on)) return undefined;
  let last: Day | undefined;
  for (const consent of person.consents.living) {
    if (!carries(consent, item.item, purpose.purpose, on)) continue;
    const day = lastDayOf(consent);
    if (day === undefined) return undefined;
    if (last === undefined || day > last) last = day;
  }
  return last === undefined ? undefined : { kind: 'date', date: last };
}

function holds(person: Person, item: Item, on: Day): readonly Keeper[] {
  const found = new Map<string, Keeper>();
  for (const hold of person.holds) {
    if (!holdRuns(hold, item, on)) continue;
    const { authority, until, cite } = hold;
    const end: End = until === undefined ? { kind: 'event', event: 'released' } : { kind: 'date', date: until };
    const keeper: Keeper = { reason: { kind: 'hold', id: authority, cite }, end, order: 0 };
    const before = found.get(authority);
    if (before === undefined || longestFirst(keeper, before) < 0) found.set(authority, keeper);
  }
  return [...found.values()];
}

// ---- which lasts longest -------------------------------------------------------------------------------------------

const KINDS: readonly Reason['kind'][] = ['legal-minimum', 'purpose', 'hold', 'duty'];
const EVENTS: readonly UntilEvent[] = ['contract-performed', 'purpose-reached', 'released', 'relation-ended'];

/** Silent, an event with a term after it, an event, the latest date; of what ends together a minimum, then pack order. */
function longestFirst(a: Keeper, b: Keeper): number {
  return (
    classOf(a.end) - classOf(b.end) ||
    within(a.end, b.end) ||
    KINDS.indexOf(a.reason.kind) - KINDS.indexOf(b.reason.kind) ||
    a.order - b.order ||
    (a.reason.id < b.reason.id ? -1 : a.reason.id > b.reason.id ? 1 : 0)
  );
}

function classOf(end: End): number {
  if (end.kind === 'silent') return 0;
  if (end.kind === 'event') return end.after === undefined ? 2 : 1;
  return 3;
}

function within(a: End, b: End): number {
  if (a.kind === 'event' && b.kind === 'event') {
    return (b.after?.months ?? 0) - (a.after?.months ?? 0) || EVENTS.indexOf(a.event) - EVENTS.indexOf(b.event);
  }
  if (a.kind === 'date' && b.kind === 'date') return a.date === b.date ? 0 : a.date > b.date ? -1 : 1;
  return 0;
}
