/** One item of a person, and the state machine of each of its purposes (`rules.md` 2). */
import type { Day } from '#packs';
import type { Contracts } from './contract.js';
import type { Counting } from './counting.js';
import type { Disclosure } from './disclosure.js';

/** What ended or stopped a purpose; after an expiry or a stop a later consent brings it back. */
export type EndedBy = 'withdrawal' | 'demand' | 'stop' | 'reached' | 'expiry' | 'destruction';

export interface PurposeState {
  readonly purpose: string;
  /** The basis of the entry that brought it; null for what was derived. */
  basis: string | null;
  state: 'active' | 'stopped' | 'ended';
  /** First day of the state. */
  since: Day;
  by: EndedBy | undefined;
  counting: Counting;
  /** A withdrawal that the bar holds back while a contract is open. */
  withdrawn: boolean;
  /** Place of the entry that brought it. */
  place: number;
  /** Place of the act that reached it; what stands beside that act reached it too. */
  reachedAt: number;
}

export interface Source {
  readonly kind: string;
  readonly name: string | undefined;
  readonly on: Day;
}

export interface Block {
  readonly request: string | undefined;
  readonly cause: string;
  /** Last day, where it has one. */
  readonly until: Day | undefined;
}

export interface Fate {
  readonly kind: 'destroyed' | 'depersonalised';
  readonly on: Day;
  readonly due: Day | undefined;
  readonly method: string | undefined;
  readonly backupsUntil: Day | undefined;
}

export interface Item {
  /** Tells the person's items apart: the id, and of an item about someone else the tie too. */
  readonly key: string;
  readonly item: string;
  /** The client's name for the person whom the item is about; null for an item about the client. */
  readonly about: string | null;
  /** Day of the latest collection of this life. */
  collected: Day | undefined;
  readonly sources: Source[];
  /** The sources that stand at the latest place: what a rectified value renews. */
  latest: { place: number; readonly sources: Pick<Source, 'kind' | 'name'>[] };
  /** In the order in which they came. Few are, and a fold goes through them more often than it asks for one. */
  readonly purposes: PurposeState[];
  readonly disclosures: Disclosure[];
  /** Those of them to processors that are not known to be over: what each got the item for may go on. */
  processing: Disclosure[];
  blocks: Block[];
  counting: Counting | undefined;
  fate: Fate | null;
  /** Place of the act that gave the fate. */
  fatePlace: number;
  /** The latest place at which it was destroyed or depersonalised, in whatever life; before all others where never. */
  gonePlace: number;
  /** How many backups there were when this life began. */
  backupsBefore: number;
  /**
   * Events of this life that gave it a value; of an item about someone else, all that could have: its values lie with
   * that person.
   */
  given: { readonly place: number; readonly event: string }[];
  /** The person whom it is about consented to it. */
  consentedByContact: boolean;
  /**
   * Number of the day through which stands what was found of its gap, unless its purposes, its fate, a contract, a dated
   * consent, the clock by which it is to be destroyed or the rules change before; `LOOK` where it is to be looked at.
   */
  gapStands: number;
  /** Of the person. */
  readonly gaps: GapWatch;
}

/** The gaps of all items of a person together: on most days none of them changes, and none need be looked at. */
export interface GapWatch {
  /** Number of the day through which all of them stand; `LOOK` where one is to be looked at. */
  stand: number;
}

/** Before the number of any day, which has seven digits at most. */
const LOOK = -1e8;
/** After the number of any day. */
export const FOREVER = 1e8;
/** The same, whatever becomes of contracts: a purpose that is active says it. */
export const BY_PURPOSE = 2e8;

export function keyOf(item: string, about: string | undefined): string {
  return about === undefined ? item : `${item} ${about}`;
}

export function idsOf(items: readonly Item[]): readonly string[] {
  return items.map(({ item }) => item);
}

export function newItem(
  item: string,
  about: string | undefined,
  backupsBefore = 0,
  gaps: GapWatch = { stand: LOOK },
): Item {
  return {
    key: keyOf(item, about),
    item,
    about: about ?? null,
    collected: undefined,
    sources: [],
    latest: { place: -1, sources: [] },
    purposes: [],
    disclosures: [],
    processing: [],
    blocks: [],
    counting: undefined,
    fate: null,
    fatePlace: -1,
    gonePlace: -1,
    backupsBefore,
    given: [],
    consentedByContact: false,
    gapStands: LOOK,
    gaps,
  };
}

/** An item collected again after its destruction lives again: its fate is gone, its history stays. */
export function bringToLife(item: Item, backups: number): void {
  if (item.fate === null) return;
  item.fate = null;
  lookAtGap(item);
  item.backupsBefore = backups;
  item.counting = undefined;
  item.collected = undefined;
  item.blocks = [];
  item.given = [];
}

export function purposeOf({ purposes }: Item, id: string): PurposeState | undefined {
  for (const one of purposes) if (one.purpose === id) return one;
  return undefined;
}

/** What was found of its gap may be otherwise now. */
export function lookAtGap(item: Item): void {
  item.gapStands = LOOK;
  item.gaps.stand = LOOK;
}

/** The same, unless a purpose that is active says it. */
export function doubtGap(item: Item): void {
  if (item.gapStands !== BY_PURPOSE) lookAtGap(item);
}

/** One source for each kind, name and day. */
export function addSource(item: Item, source: Source, place: number): void {
  if (item.latest.place !== place) item.latest = { place, sources: [source] };
  else if (!item.latest.sources.some((one) => one.kind === source.kind && one.name === source.name)) {
    item.latest.sources.push(source);
  }
  recordSource(item, source);
}

/** A rectified value renews the source before it. */
export function renewSource(item: Item, on: Day): void {
  for (const { kind, name } of item.latest.sources) recordSource(item, { kind, name, on });
}

/** Sources stand in order of day: the same one can only be among the last. */
function recordSource({ sources }: Item, source: Source): void {
  for (let at = sources.length - 1; at >= 0 && sources[at]!.on === source.on; at -= 1) {
    if (sources[at]!.kind === source.kind && sources[at]!.name === source.name) return;
  }
  sources.push(source);
}

export function giveValue(
  item: Item,
  event: { readonly id: string; readonly data: { readonly values?: Readonly<Record<string, string>> | undefined } },
  place: number,
): void {
  if (item.about !== null || event.data.values?.[item.item] !== undefined) item.given.push({ place, event: event.id });
}

/** A `collected` or `derived` names the purpose: it is active, again if it was not. */
export function bringPurpose(
  contracts: Contracts,
  item: Item,
  purpose: string,
  entry: {
    readonly basis: string | null;
    readonly contract: string | undefined;
    readonly on: Day;
    readonly place: number;
  },
): void {
  const before = purposeOf(item, purpose);
  if (before !== undefined && before.state === 'active') {
    before.counting = contracts.countingWith(before.counting, entry.contract);
    // Of two entries of one place the greater counts, and that is the later one.
    if (before.place === entry.place) before.basis = entry.basis;
    return;
  }
  lookAtGap(item);
  const brought: PurposeState = {
    purpose,
    basis: entry.basis,
    state: 'active',
    since: entry.on,
    by: undefined,
    counting: contracts.counting(entry.contract),
    withdrawn: false,
    place: entry.place,
    reachedAt: -1,
  };
  if (before === undefined) item.purposes.push(brought);
  else item.purposes[item.purposes.indexOf(before)] = brought;
}

export function end(item: Item, purpose: PurposeState, state: 'stopped' | 'ended', since: Day, by: EndedBy): void {
  lookAtGap(item);
  purpose.state = state;
  purpose.since = since;
  purpose.by = by;
  purpose.withdrawn = false;
}

/** Whether it lives on a day: one that expires with that day's end still does. */
export function livesOn(purpose: PurposeState, on: Day): boolean {
  return purpose.state === 'active' || purpose.since > on;
}

export function anyLives(item: Item, on: Day): boolean {
  for (const purpose of item.purposes) if (livesOn(purpose, on)) return true;
  return false;
}

/** A block lasts through the last day of its `until`. */
export function isBlocked(item: Item, on: Day): boolean {
  for (const { until } of item.blocks) if (until === undefined || until >= on) return true;
  return false;
}
