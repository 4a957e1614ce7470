/**
 * The order in which a fold takes events (`rules.md` 1). Arrival, position and references decide nothing.
 */
import { dayOf, type Day } from '#packs';
import type { Position } from './names.js';
import type { StoredEvent, StoredType } from './stored.js';

/** One event with the place it takes in the fold. */
export interface Placed {
  readonly event: StoredEvent;
  readonly position: Position;
  /** The local day on which it happened. */
  readonly day: Day;
  /** RFC 3339 in UTC with milliseconds, which sorts as text; empty where the day alone is known or counts. */
  readonly time: string;
  readonly rank: number;
  /** Set for an event that a contact person's own dossier holds, folded into a client's: the tie of that person. */
  readonly about: string | undefined;
  /** Number of its place, counted from 0: events of one place commute. */
  place: number;
  /** What of it counts, as text, once it was compared. */
  content?: string;
}

/** Tens are the ranks of `rules.md`; a unit is its "then". What has no rank is in no fold. */
const RANKS: Readonly<Record<StoredType, number | undefined>> = {
  published: 10,
  activated: 10,
  registered: 10,
  undertook: 10,
  granted: 10,
  linked: 20,
  noticed: 30,
  'refused-consent': 40,
  consented: 50,
  contracted: 60,
  collected: 70,
  verified: 80,
  derived: 80,
  defaulted: 90,
  used: 100,
  transferred: 100,
  ceded: 110,
  performed: 120,
  reached: 120,
  asked: 130,
  requested: 130,
  disputed: 130,
  withdrew: 130,
  breached: 130,
  identified: 140,
  extended: 140,
  complained: 140,
  ordered: 140,
  held: 140,
  blocked: 150,
  resolved: 160,
  rectified: 170,
  unblocked: 180,
  stopped: 180,
  released: 180,
  'not-destroyed': 190,
  destroyed: 191,
  depersonalised: 191,
  destroying: 191,
  notified: 200,
  answered: 200,
  refused: 200,
  'answered-authority': 200,
  'breach-reported': 200,
  measured: 200,
  confirmed: 210,
  unlinked: 211,
  revoked: 211,
  'backed-up': 211,
  corrected: undefined,
  accessed: undefined,
  continued: undefined,
};

/** Whether an event's time is known by its day alone. */
export function isDayAlone(at: string): boolean {
  return at.length === 10;
}

/** An event with its local day; undefined for what is in no fold. `byDay`: its day alone counts (the controller's). */
export function place(
  event: StoredEvent,
  position: Position,
  zone: string,
  byDay = false,
  about?: string,
): Placed | undefined {
  const rank = RANKS[event.type];
  if (rank === undefined) return undefined;
  const dayAlone = isDayAlone(event.at);
  const day = dayAlone ? event.at : dayOf(event.at, zone);
  return { event, position, day, time: dayAlone || byDay ? '' : event.at, rank, about, place: 0 };
}

/**
 * Sorts into the order of the fold and numbers the places. `coarse` holds the days of which the person's own dossiers
 * have an event known by its day alone: there rank counts before time, elsewhere time before rank.
 */
export function inOrder(events: Placed[], coarse: ReadonlySet<Day>): readonly Placed[] {
  events.sort((a, b) => comparePlaces(a, b, coarse) || compareContent(a, b));
  let place = -1;
  let last: Placed | undefined;
  for (const event of events) {
    if (last === undefined || comparePlaces(last, event, coarse) !== 0) place += 1;
    event.place = place;
    last = event;
  }
  return events;
}

function comparePlaces(a: Placed, b: Placed, coarse: ReadonlySet<Day>): number {
  if (a.day !== b.day) return a.day < b.day ? -1 : 1;
  const byTime = a.time === b.time ? 0 : a.time < b.time ? -1 : 1;
  return coarse.has(a.day) ? a.rank - b.rank || byTime : byTime || a.rank - b.rank;
}

/** Of events of one place the greater stands later, so that where nothing can be united it counts. */
function compareContent(a: Placed, b: Placed): number {
  if (a.event.type !== b.event.type) return a.event.type < b.event.type ? -1 : 1;
  a.content ??= write(a.event.data);
  b.content ??= write(b.event.data);
  return compareCodePoints(a.content, b.content);
}

/** The event's `data` as text, keys sorted, references and commitments left out: they are random. */
function write(value: unknown): string {
  if (typeof value === 'string') return isRandom(value) ? '' : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => (isRandom(key) ? '' : `${JSON.stringify(key)}:${write(field)}`));
  return `{${fields.join(',')}}`;
}

/** A pack's id has no capital; references have one, and commitments are longer than any day or instant. */
function isRandom(text: string): boolean {
  return (text.length === 22 && /[A-Z]/.test(text)) || text.length === 43;
}

/** Compares two texts by code points, which JavaScript's own order of UTF-16 units does not. */
export function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const first = a.charCodeAt(at);
    const second = b.charCodeAt(at);
    if (first === second) continue;
    // A surrogate stands for a code point above every other unit.
    const high = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
    return high(first) - high(second);
  }
  return a.length - b.length;
}
