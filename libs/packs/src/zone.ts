/**
 * Between instants and local days. Zones change their offset (Kazakhstan did in 2024), so the zone's own rules decide;
 * they are asked once for each UTC day and kept.
 */

import type { Day } from './rulebook.js';
import { dateNumber, dayNumber, dayText, digit, isDay, twoDigits } from './day.js';

const MS_PER_DAY = 86_400_000;
/** A time of day that exists; whether the date before it does is judged apart. */
const STORED = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
/** A limit on what is kept: about a century of days for each zone. */
const KEPT_DAYS_LIMIT = 40_000;

interface Zone {
  readonly name: string;
  /** UTC day number → the zone's offset in ms through the whole of that day; NaN where it changes within. */
  readonly offsets: Map<number, number>;
}

const zones = new Map<string, Zone>();

/** Throws a RangeError where there is no such zone. */
function zoneNamed(name: string): Zone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  offsetMs(0, name);
  const zone: Zone = { name, offsets: new Map() };
  zones.set(name, zone);
  return zone;
}

/** Whether the runtime knows the IANA zone. */
export function isZone(name: string): boolean {
  try {
    zoneNamed(name);
    return true;
  } catch {
    return false;
  }
}

function offsetMs(epochMs: number, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone).offsetNanoseconds / 1_000_000;
}

/** Milliseconds since 1970 of an RFC 3339 instant. Throws a RangeError where the text is none. */
export function epochMs(instant: string): number {
  return stored(instant) ?? Temporal.Instant.from(instant).epochMilliseconds;
}

/** The form in which events are stored, `YYYY-MM-DDTHH:mm:ss.sssZ`, without Temporal's cost; undefined for any other. */
function stored(text: string): number | undefined {
  if (text.length !== 24 || !STORED.test(text)) return undefined;
  const day = dateNumber(text);
  if (day === undefined) return undefined;
  const minutes = twoDigits(text, 11) * 60 + twoDigits(text, 14);
  const ms = twoDigits(text, 20) * 10 + digit(text, 22);
  return day * MS_PER_DAY + minutes * 60_000 + twoDigits(text, 17) * 1_000 + ms;
}

/** The local day on which an RFC 3339 instant falls in an IANA zone. Throws a RangeError where either is none. */
export function dayOf(instant: string, zone: string): Day {
  const at = epochMs(instant);
  const known = zoneNamed(zone);
  const utcDay = Math.floor(at / MS_PER_DAY);
  let offset = known.offsets.get(utcDay);
  if (offset === undefined) {
    const first = offsetMs(utcDay * MS_PER_DAY, zone);
    offset = first === offsetMs((utcDay + 1) * MS_PER_DAY - 1, zone) ? first : Number.NaN;
    if (known.offsets.size < KEPT_DAYS_LIMIT) known.offsets.set(utcDay, offset);
  }
  return dayText(Math.floor((at + (Number.isNaN(offset) ? offsetMs(at, zone) : offset)) / MS_PER_DAY));
}

/** The first instant of a local day, RFC 3339 in UTC with milliseconds. */
export function startOfDay(day: Day, zone: string): string {
  if (!isDay(day)) throw new RangeError('not a day');
  const first = Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
  return Temporal.Instant.fromEpochMilliseconds(first).toString({ fractionalSecondDigits: 3 });
}

/** The last millisecond of a local day, RFC 3339 in UTC. */
export function endOfDay(day: Day, zone: string): string {
  const next = Temporal.Instant.from(startOfDay(dayText(dayNumber(day) + 1), zone)).epochMilliseconds;
  return Temporal.Instant.fromEpochMilliseconds(next - 1).toString({ fractionalSecondDigits: 3 });
}
