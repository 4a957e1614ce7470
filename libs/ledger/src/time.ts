/** Days and instants as they come in: RFC 3339 and plain ISO dates, and nothing laxer (`wire.md`, An action). */
import type { Day } from '#packs';
import type { Instant } from './names.js';

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9})\d*)?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Whether the day is in the (proleptic Gregorian) calendar; the year 0 is not. */
export function dateExists(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= MONTH_DAYS[month - 1]! + (leap ? 1 : 0);
}

/** Whether the text is `YYYY-MM-DD` and that day exists. */
export function isDay(text: string): boolean {
  const match = DAY.exec(text);
  return match !== null && dateExists(Number(match[1]), Number(match[2]), Number(match[3]));
}

/**
 * Milliseconds since the epoch of an RFC 3339 timestamp, finer parts cut off; undefined where the text is anything else.
 * Seconds and offset are mandatory; a leap second is refused, because no clock that judges it can hold it.
 */
export function readInstant(text: string): number | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6])];
  if (!dateExists(year, month, day) || hour > 23 || minute > 59 || second > 59) return undefined;
  const millis = match[7] === undefined ? 0 : Number(match[7].slice(0, 3).padEnd(3, '0'));
  let ms = Date.UTC(year, month - 1, day, hour, minute, second, millis);
  // `Date.UTC` reads years below 100 as the 1900s.
  if (year < 100) ms = new Date(ms).setUTCFullYear(year);
  if (match[8] === undefined) return ms;
  const [offsetHour, offsetMinute] = [Number(match[9]), Number(match[10])];
  if (offsetHour > 23 || offsetMinute > 59) return undefined;
  const offset = (offsetHour * 60 + offsetMinute) * 60_000;
  const utc = match[8] === '+' ? ms - offset : ms + offset;
  return utc < FIRST ? undefined : utc;
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
