/** Terms as packs write them, and when they run out (`rules.md` 3, `domain.md` 2.4 and 3.1). */

import { addDays, addMonths, addYears, dayNumber, dayText } from './day.js';
import { CompiledCalendar, type Due } from './calendar.js';
import type { Calendar, Day, Term } from './rulebook.js';

/** A pack that writes a longer term means something else: no act of the two countries has one. */
const LONGEST_COUNT = 1_000;

const UNITS = {
  'working day': 'working-days',
  'calendar day': 'calendar-days',
  week: 'weeks',
  month: 'months',
  year: 'years',
} as const;

/** Reads `at once`, `1 working day`, `15 working days`, `2 weeks` …; undefined where the text is no term. */
export function parseTerm(text: string): Term | undefined {
  if (text === 'at once') return { unit: 'at-once' };
  const found = /^([1-9]\d{0,3}) (working day|calendar day|week|month|year)(s?)$/.exec(text);
  if (found === null) return undefined;
  const count = Number(found[1]);
  if (count > LONGEST_COUNT || (count === 1) !== (found[3] === '')) return undefined;
  return { unit: UNITS[found[2] as keyof typeof UNITS], count };
}

/** Writes a term in the words that `parseTerm` reads. */
export function termText(term: Term): string {
  if (term.unit === 'at-once') return 'at once';
  const words = term.unit.replace('-', ' ');
  return `${term.count} ${term.count === 1 ? words.slice(0, -1) : words}`;
}

/** A term of whole years or months as ISO 8601 duration: `P5Y`, `P6M`. */
export function isoTerm(term: { readonly unit: 'years' | 'months'; readonly count: number }): string {
  return `P${term.count}${term.unit === 'years' ? 'Y' : 'M'}`;
}

/** Reads `P5Y` or `P6M`; undefined where the text is neither. */
export function parseIsoTerm(text: string): { readonly unit: 'years' | 'months'; readonly count: number } | undefined {
  const found = /^P([1-9]\d{0,2})([YM])$/.exec(text);
  if (found === null) return undefined;
  return { unit: found[2] === 'Y' ? 'years' : 'months', count: Number(found[1]) };
}

/** The last day of a minimum: start day and N years or months, month end clipped (`rules.md` 2, Until). */
export function lastDay(start: Day, term: { readonly unit: 'years' | 'months'; readonly count: number }): Day {
  return term.unit === 'years' ? addYears(start, term.count) : addMonths(start, term.count);
}

const NO_TERM: Due = { due: null, provisional: false };

/**
 * The last day of a term whose trigger fell on `start`. Counting starts the next day; a term in working days ends on a
 * working day, no other one rolls; months and years clip at the month's end. `provisional`: the count of working days
 * passes a day that the calendar does not know. Never before `start`.
 */
export function due(calendar: Calendar, start: Day, term: Term | undefined): Due {
  if (term === undefined) return NO_TERM;
  switch (term.unit) {
    case 'at-once':
      return { due: start, provisional: false };
    case 'calendar-days':
      return { due: addDays(start, term.count), provisional: false };
    case 'weeks':
      return { due: addDays(start, term.count * 7), provisional: false };
    case 'months':
      return { due: addMonths(start, term.count), provisional: false };
    case 'years':
      return { due: addYears(start, term.count), provisional: false };
    case 'working-days':
      return (
        (calendar instanceof CompiledCalendar ? calendar.count(start, term.count) : undefined) ??
        countByDay(calendar, start, term.count)
      );
  }
}

/** Any calendar, one day after the other: for days outside what a compiled calendar holds, and for other calendars. */
function countByDay(calendar: Calendar, start: Day, count: number): Due {
  let provisional = false;
  let left = count;
  let number = dayNumber(start);
  // A calendar without a working day in that many would be an error of the pack, and must not hang the server.
  const last = number + count * 31 + 366;
  while (left > 0) {
    if (number > last) throw new RangeError('the calendar has no working days');
    number += 1;
    const day = dayText(number);
    if (calendar.works(day)) left -= 1;
    if (!calendar.knows(day)) provisional = true;
  }
  return { due: dayText(number), provisional };
}
