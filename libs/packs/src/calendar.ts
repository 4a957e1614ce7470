/**
 * Working days, compiled into arrays: counting 15 of them is two look-ups instead of a walk.
 *
 * The calendar of a year is published, and may be published again with other days off. A calendar is therefore made
 * from the editions known at some moment; the newest of a year counts. A year that nobody has published has weekends
 * and fixed holidays only, and is not known (`domain.md` 2.5).
 */

import { dayNumber, dayText, isDay, numberOf, weekdayOf, yearOf } from './day.js';
import type { Calendar, Day } from './rulebook.js';

/** When a term runs out. `due` is null where there is no term; `provisional` as `rules.md` 3 says. */
export interface Due {
  readonly due: Day | null;
  readonly provisional: boolean;
}

/** One edition of a year's days off. All days lie in that year. */
export interface YearEdition {
  readonly year: number;
  /** The day on which it became known. */
  readonly published: Day;
  /** Days off besides those of the week, moved ones included. */
  readonly off: readonly Day[];
  /** Days of the week's rest that are worked instead. */
  readonly worked: readonly Day[];
  /** Spans in which a moving holiday is not known yet. */
  readonly unknown: readonly { readonly from: Day; readonly to: Day }[];
}

/** A holiday that falls on the same date every year, `MM-DD`, from and to a year where the law says so. */
export interface FixedHoliday {
  readonly day: string;
  readonly fromYear: number | undefined;
  readonly toYear: number | undefined;
}

export interface CalendarRules {
  /** ISO weekdays that are not worked. */
  readonly restDays: readonly number[];
  readonly fixed: readonly FixedHoliday[];
}

/** The years held in the arrays; days outside are judged one by one, by the same rules. */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2100;
const FIRST = numberOf(FIRST_YEAR, 1, 1);
const SIZE = numberOf(LAST_YEAR + 1, 1, 1) - FIRST;

export class CompiledCalendar implements Calendar {
  /** 1 where the day is worked. */
  readonly #works = new Uint8Array(SIZE);
  /** 1 where the day is known. */
  readonly #knows = new Uint8Array(SIZE);
  /** Working days up to and with the day. */
  readonly #worked = new Int32Array(SIZE);
  /** Days not known, up to and with the day. */
  readonly #unknown = new Int32Array(SIZE);
  /** The n-th working day, from 0. */
  readonly #working: Int32Array;

  /** `editions` may be in any order; for each year the one published last counts, of one day the later in the list. */
  constructor(
    private readonly rules: CalendarRules,
    editions: readonly YearEdition[],
  ) {
    const newest = new Map<number, YearEdition>();
    for (const edition of editions) {
      const other = newest.get(edition.year);
      if (other === undefined || other.published <= edition.published) newest.set(edition.year, edition);
    }
    for (let year = FIRST_YEAR; year <= LAST_YEAR; year += 1) this.#fillYear(year, newest.get(year));
    const working: number[] = [];
    let unknown = 0;
    for (let at = 0; at < SIZE; at += 1) {
      if (this.#works[at] === 1) working.push(at);
      if (this.#knows[at] === 0) unknown += 1;
      this.#worked[at] = working.length;
      this.#unknown[at] = unknown;
    }
    this.#working = Int32Array.from(working);
  }

  works(day: Day): boolean {
    const number = dayNumber(day);
    const at = number - FIRST;
    return at >= 0 && at < SIZE ? this.#works[at] === 1 : worksByRule(this.rules, number, yearOf(day));
  }

  knows(day: Day): boolean {
    const at = dayNumber(day) - FIRST;
    return at >= 0 && at < SIZE && this.#knows[at] === 1;
  }

  /** The `count`-th working day after `start`; undefined where it leaves the years held. */
  count(start: Day, count: number): Due | undefined {
    const at = dayNumber(start) - FIRST;
    const worked = this.#worked[at];
    const end = worked === undefined ? undefined : this.#working[worked + count - 1];
    if (end === undefined) return undefined;
    return { due: dayText(end + FIRST), provisional: this.#unknown[end] !== this.#unknown[at] };
  }

  #fillYear(year: number, edition: YearEdition | undefined): void {
    const first = numberOf(year, 1, 1) - FIRST;
    const after = numberOf(year + 1, 1, 1) - FIRST;
    for (let at = first; at < after; at += 1) {
      this.#works[at] = this.rules.restDays.includes(weekdayOf(at + FIRST)) ? 0 : 1;
    }
    if (edition === undefined) {
      for (const day of fixedDays(this.rules, year)) this.#works[day - FIRST] = 0;
      return;
    }
    this.#knows.fill(1, first, after);
    for (const day of edition.off) this.#works[dayNumber(day) - FIRST] = 0;
    for (const day of edition.worked) this.#works[dayNumber(day) - FIRST] = 1;
    for (const span of edition.unknown) {
      this.#knows.fill(0, dayNumber(span.from) - FIRST, dayNumber(span.to) - FIRST + 1);
    }
  }
}

/** Weekends and fixed holidays only: what is left when nobody has published the year. */
function worksByRule(rules: CalendarRules, number: number, year: number): boolean {
  return !rules.restDays.includes(weekdayOf(number)) && !fixedDays(rules, year).includes(number);
}

/** The numbers of the days on which the fixed holidays of a year fall; 29 February is none in a common year. */
function fixedDays(rules: CalendarRules, year: number): number[] {
  return rules.fixed
    .filter(({ fromYear, toYear }) => (fromYear ?? year) <= year && year <= (toYear ?? year))
    .map(({ day }) => `${String(year).padStart(4, '0')}-${day}`)
    .filter(isDay)
    .map(dayNumber);
}
