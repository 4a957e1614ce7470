/** Days and instants as they come in: RFC 3339 and plain ISO dates, and nothing laxer (`wire.md`, An action). */
import type { Day } from '#packs';
import type { Instant } from './names.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const RFC_3339 =
  /^\d{4}-\d{2}-\d{2}[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Whether the day is in the (proleptic Gregorian) calendar; the year 0 is not. */
export function dateExists(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= MONTH_DAYS[month - 1]! + (leap ? 1 : 0);
}

/** Whether the text is `YYYY-MM-DD` and that day exists. */
export function isDay(text: string): boolean {
  return DAY.test(text) && dateExists(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8)));
}

/**
 * Milliseconds since the epoch of an RFC 3339 timestamp, finer parts cut off; undefined where the text is anything else.
 * Seconds and offset are mandatory; a leap second is refused, because no clock that judges it can hold it.
 */
export function readInstant(text: string): number | undefined {
  if (!RFC_3339.test(text) || !isDay(text.slice(0, 10))) return undefined;
  // The engine reads what is left, in one spelling.
  const ms = Date.parse(text.toUpperCase());
  return ms >= FIRST ? ms : undefined;
}

/** 0001-01-01T00:00:00Z: before it an instant in UTC has no year of four digits. */
const FIRST = -62_135_596_800_000;

/** RFC 3339 in UTC with milliseconds, as the ledger stores it. */
export function instant(ms: number): Instant {
  return new Date(ms).toISOString();
}

interface Today {
  readonly from: number;
  readonly to: number;
  readonly day: Day;
}

/** The local day of each zone that was last asked for: it changes once a day, and asking Temporal costs microseconds. */
const todays = new Map<string, Today>();

/** The local date in an IANA zone at an instant (milliseconds since the epoch). */
export function today(now: number, zone: string): Day {
  const known = todays.get(zone);
  if (known !== undefined && now >= known.from && now < known.to) return known.day;
  const start = Temporal.Instant.fromEpochMilliseconds(Math.floor(now)).toZonedDateTimeISO(zone).startOfDay();
  const day = start.toPlainDate().toString();
  todays.set(zone, { from: start.epochMilliseconds, to: start.add({ days: 1 }).startOfDay().epochMilliseconds, day });
  return day;
}
