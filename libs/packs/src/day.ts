/**
 * Arithmetic on local calendar dates, `YYYY-MM-DD`, without a clock and without a zone.
 *
 * A day is also known by its number, the days since 1970-01-01: counting is then plain integer work. Temporal does the
 * same, but a step of it costs about two microseconds, and a fold takes many.
 */

import type { Day } from './rulebook.js';

/** Days whose text is kept once written. They cover what packs and people alive today can name. */
const FIRST_KEPT = numberOf(1990, 1, 1);
const AFTER_KEPT = numberOf(2101, 1, 1);
const kept: (Day | undefined)[] = Array.from({ length: AFTER_KEPT - FIRST_KEPT });
/** The numbers of the days that are kept. */
const numbers = new Map<Day, number>();

/** Days since 1970-01-01 of a date of the proleptic Gregorian calendar (Howard Hinnant's `days_from_civil`). */
export function numberOf(year: number, month: number, date: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Year, month and date of a day number, packed as `year * 10000 + month * 100 + date` so that nothing is allocated. */
function civil(number: number): number {
  const z = number + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const date = dayOfYear - Math.floor((153 * mp + 2) / 5) + 1;
  const month = mp < 10 ? mp + 3 : mp - 9;
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0)) * 10_000 + month * 100 + date;
}

/** The number of a day. The text must be a day (`isDay`): it is not checked here, since this runs for every event. */
export function dayNumber(day: Day): number {
  return numbers.get(day) ?? numberOf(yearOf(day), twoDigits(day, 5), twoDigits(day, 8));
}

/** The text of a day number. */
export function dayText(number: number): Day {
  if (number < FIRST_KEPT || number >= AFTER_KEPT) return write(number);
  return kept[number - FIRST_KEPT] ?? keep(number);
}

function keep(number: number): Day {
  const day = write(number);
  kept[number - FIRST_KEPT] = day;
  numbers.set(day, number);
  return day;
}

function write(number: number): Day {
  const packed = civil(number);
  const year = Math.floor(packed / 10_000);
  const month = Math.floor(packed / 100) % 100;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(packed % 100, 2)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** The digit at a place; that there is one is not checked here. */
export function digit(text: string, at: number): number {
  return text.charCodeAt(at) - 48;
}

export function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

/** The year of a day. */
export function yearOf(day: Day): number {
  return twoDigits(day, 0) * 100 + twoDigits(day, 2);
}

const FORM = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text is a plain ISO date that exists: `2026-02-29` is none. */
export function isDay(text: string): text is Day {
  return FORM.test(text) && dateNumber(text) !== undefined;
}

/** The number of the day with which a text of that form begins; undefined where there is no such date. */
export function dateNumber(text: string): number | undefined {
  const year = yearOf(text);
  const month = twoDigits(text, 5);
  const date = twoDigits(text, 8);
  if (month < 1 || month > 12 || date < 1 || date > daysInMonth(year, month)) return undefined;
  return numberOf(year, month, date);
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The day so many calendar days later (earlier, if negative). */
export function addDays(day: Day, count: number): Day {
  return dayText(dayNumber(day) + count);
}

/** The same date so many months later; the last of the month where that date does not exist (`domain.md` 3.1). */
export function addMonths(day: Day, count: number): Day {
  const packed = civil(dayNumber(day));
  const months = Math.floor(packed / 10_000) * 12 + (Math.floor(packed / 100) % 100) - 1 + count;
  const year = Math.floor(months / 12);
  const month = months - year * 12 + 1;
  return dayText(numberOf(year, month, Math.min(packed % 100, daysInMonth(year, month))));
}

/** The same date so many years later; 29 February becomes the 28th in a common year. */
export function addYears(day: Day, count: number): Day {
  return addMonths(day, count * 12);
}

/** Calendar days from the first to the second, negative where the second is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return dayNumber(to) - dayNumber(from);
}

/** ISO weekday, Monday 1 to Sunday 7. */
export function weekday(day: Day): number {
  return weekdayOf(dayNumber(day));
}

/** ISO weekday of a day number; 1970-01-01 was a Thursday. */
export function weekdayOf(number: number): number {
  return ((((number + 3) % 7) + 7) % 7) + 1;
}
