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
  if (!RFC_3339.test(text)) return undefined;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)];
  if (!dateExists(year, month, day)) return undefined;
  const seconds = digits(text, 11, 2) * 3600 + digits(text, 14, 2) * 60 + digits(text, 17, 2);
  const ms = daysFromEpoch(year, month, day) * DAY_MS + (seconds - offsetSeconds(text)) * 1000 + fractionMs(text);
  return ms >= FIRST ? ms : undefined;
}

const DAY_MS = 86_400_000;

/** The number that `count` digits of a text write, which are known to be digits. */
function digits(text: string, at: number, count: number): number {
  let number = 0;
  for (let i = at; i < at + count; i++) number = number * 10 + text.charCodeAt(i) - 0x30;
  return number;
}

/** Days from 1970-01-01 to a day of the Gregorian calendar; years are counted from March, so that a leap day is the last. */
function daysFromEpoch(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const inYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + inYear - 719_468;
}

/** How far ahead of UTC the timestamp's clock is. */
function offsetSeconds(text: string): number {
  const at = text.length - 6;
  const sign = text.charCodeAt(at);
  if (sign !== 0x2b && sign !== 0x2d) return 0;
  const seconds = digits(text, at + 1, 2) * 3600 + digits(text, at + 4, 2) * 60;
  return sign === 0x2b ? seconds : -seconds;
}

/** The milliseconds of a fraction of seconds of any length, finer parts cut off. */
function fractionMs(text: string): number {
  if (text.charCodeAt(19) !== 0x2e) return 0;
  let ms = 0;
  let unit = 100;
  for (let at = 20; unit >= 1; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) break;
    ms += digit * unit;
    unit /= 10;
  }
  return ms;
}

/** 0001-01-01T00:00:00Z: before it an instant in UTC has no year of four digits. */
const FIRST = -62_135_596_800_000;

/** RFC 3339 in UTC with milliseconds, as the ledger stores it. */
export function instant(ms: number): Instant {
  if (!Number.isInteger(ms)) return new Date(ms).toISOString();
  const day = Math.floor(ms / DAY_MS);
  if (day !== written.day) written = { day, date: new Date(ms).toISOString().slice(0, -MIDNIGHT.length) };
  const rest = ms - day * DAY_MS;
  const [minutes, inMinute] = [Math.floor(rest / 60_000), rest % 60_000];
  const clock = `${TWO[Math.floor(minutes / 60)]!}:${TWO[minutes % 60]!}:${TWO[Math.floor(inMinute / 1000)]!}`;
  return `${written.date}T${clock}.${String(inMinute % 1000).padStart(3, '0')}Z`;
}

const MIDNIGHT = 'T00:00:00.000Z';
const TWO = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
/** The day that was written last: actions come in the order of days, more or less, and the engine is slow to write one. */
let written = { day: 0, date: '1970-01-01' };

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
