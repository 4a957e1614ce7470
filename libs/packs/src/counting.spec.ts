import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CompiledCalendar, type CalendarRules, type YearEdition } from './calendar.js';
import { due, isoTerm, lastDay, parseIsoTerm, parseTerm, termText } from './counting.js';
import { addDays, dayNumber, dayText } from './day.js';
import type { Calendar, Term } from './rulebook.js';

const RULES: CalendarRules = {
  restDays: [6, 7],
  fixed: [
    { day: '01-01', fromYear: undefined, toYear: undefined },
    { day: '02-29', fromYear: undefined, toYear: undefined },
    { day: '05-07', fromYear: 2024, toYear: 2028 },
  ],
};

const days = fc.integer({ min: dayNumber('2024-06-01'), max: dayNumber('2027-12-31') }).map(dayText);
const dayIn = (year: number): fc.Arbitrary<string> =>
  fc.integer({ min: dayNumber(`${year}-01-01`), max: dayNumber(`${year}-12-31`) }).map(dayText);

const editionOf = (year: number): fc.Arbitrary<YearEdition> =>
  fc.record({
    year: fc.constant(year),
    published: dayIn(year - 1),
    off: fc.array(dayIn(year), { maxLength: 20 }),
    worked: fc.array(dayIn(year), { maxLength: 3 }),
    unknown: fc.array(
      dayIn(year).map((from) => ({ from, to: from })),
      { maxLength: 2 },
    ),
  });

/** 2026 is known in every calendar, 2025 and 2027 in some. */
const editions = fc
  .tuple(editionOf(2026), fc.option(editionOf(2025)), fc.option(editionOf(2027)))
  .map((all) => all.filter((one) => one !== null));

const terms: fc.Arbitrary<Term> = fc.oneof(
  fc.constant<Term>({ unit: 'at-once' }),
  fc.record({
    unit: fc.constantFrom('working-days', 'calendar-days', 'weeks', 'months', 'years'),
    count: fc.integer({ min: 1, max: 60 }),
  }),
);

/** The same calendar, but not compiled as far as `due` can see: it must walk. */
const walked = (calendar: Calendar): Calendar => ({
  works: (day) => calendar.works(day),
  knows: (day) => calendar.knows(day),
});

describe('a term', () => {
  it('counts the same by arrays and day by day', () => {
    fc.assert(
      fc.property(editions, days, terms, (known, start, term) => {
        const calendar = new CompiledCalendar(RULES, known);
        expect(due(calendar, start, term)).toEqual(due(walked(calendar), start, term));
      }),
      { numRuns: 60 },
    );
  });

  it('of working days ends on the last of exactly so many, and is provisional where it passes an unknown day', () => {
    fc.assert(
      fc.property(editions, days, fc.integer({ min: 1, max: 60 }), (known, start, count) => {
        const calendar = new CompiledCalendar(RULES, known);
        const end = due(calendar, start, { unit: 'working-days', count });
        const passed: string[] = [];
        for (let day = addDays(start, 1); day <= (end.due ?? ''); day = addDays(day, 1)) passed.push(day);
        expect(passed.filter((day) => calendar.works(day))).toHaveLength(count);
        expect(calendar.works(end.due ?? '')).toBe(true);
        expect(end.provisional).toBe(passed.some((day) => !calendar.knows(day)));
      }),
      { numRuns: 60 },
    );
  });

  it('never ends before its trigger, and only working days are provisional', () => {
    fc.assert(
      fc.property(editions, days, terms, (known, start, term) => {
        const end = due(new CompiledCalendar(RULES, known), start, term);
        expect((end.due ?? '') >= start).toBe(true);
        expect(end.provisional && term.unit !== 'working-days').toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('is never made shorter by one more day off', () => {
    fc.assert(
      fc.property(editions, days, terms, dayIn(2026), (known, start, term, holiday) => {
        const more = known.map((one) =>
          one.year === 2026
            ? { ...one, off: [...one.off, holiday], worked: one.worked.filter((day) => day !== holiday) }
            : one,
        );
        const before = due(new CompiledCalendar(RULES, known), start, term).due ?? '';
        const after = due(new CompiledCalendar(RULES, more), start, term).due ?? '';
        expect(after >= before).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, Term, string]>([
    ['2026-01-31', { unit: 'months', count: 1 }, '2026-02-28'],
    ['2025-11-03', { unit: 'months', count: 6 }, '2026-05-03'],
    ['2024-02-29', { unit: 'years', count: 1 }, '2025-02-28'],
    ['2025-05-12', { unit: 'weeks', count: 1 }, '2025-05-19'],
    ['2026-03-06', { unit: 'calendar-days', count: 10 }, '2026-03-16'],
    ['2026-03-07', { unit: 'at-once' }, '2026-03-07'],
  ])('from %s of %j ends on %s, worked or not', (start, term, end) => {
    expect(due(new CompiledCalendar(RULES, []), start, term)).toEqual({ due: end, provisional: false });
  });

  it('that no pack gives has no end', () => {
    expect(due(new CompiledCalendar(RULES, []), '2026-03-07', undefined)).toEqual({ due: null, provisional: false });
  });

  it('beyond the years held is counted by weekends and fixed holidays', () => {
    const calendar = new CompiledCalendar(RULES, []);
    expect(due(calendar, '2100-12-31', { unit: 'working-days', count: 1 })).toEqual({
      due: '2101-01-03',
      provisional: true,
    });
    expect(due(calendar, '1999-12-31', { unit: 'working-days', count: 1 })).toEqual({
      due: '2000-01-03',
      provisional: true,
    });
  });

  it('in a calendar without working days is an error, not an endless loop', () => {
    const never: Calendar = { works: () => false, knows: () => true };
    expect(() => due(never, '2026-01-01', { unit: 'working-days', count: 1 })).toThrow(RangeError);
  });
});

describe('a compiled calendar', () => {
  it('takes the edition of a year that was published last, in whatever order they come', () => {
    const first = { year: 2026, published: '2026-01-02', off: ['2026-08-31'], worked: [], unknown: [] };
    const second = { ...first, published: '2026-03-18', off: [] };
    for (const known of [
      [first, second],
      [second, first],
    ]) {
      expect(new CompiledCalendar(RULES, known).works('2026-08-31')).toBe(true);
    }
  });

  it('applies fixed holidays from and to their years, and only where the year is missing', () => {
    const known = { year: 2026, published: '2026-01-02', off: [], worked: ['2026-05-09'], unknown: [] };
    const calendar = new CompiledCalendar(RULES, [known]);
    expect(['2024-05-07', '2026-05-07', '2027-05-07', '2029-05-07'].map((day) => calendar.works(day))).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect(calendar.works('2026-05-09')).toBe(true);
  });

  it('does not know the span in which a moving holiday falls', () => {
    const known = {
      year: 2026,
      published: '2026-01-02',
      off: [],
      worked: [],
      unknown: [{ from: '2026-05-25', to: '2026-05-31' }],
    };
    const calendar = new CompiledCalendar(RULES, [known]);
    const at = (start: string, count: number): unknown => due(calendar, start, { unit: 'working-days', count });
    expect(at('2026-05-21', 1)).toEqual({ due: '2026-05-22', provisional: false });
    expect(at('2026-05-22', 1)).toEqual({ due: '2026-05-25', provisional: true });
    expect(at('2026-05-31', 1)).toEqual({ due: '2026-06-01', provisional: false });
  });
});

describe('the text of a term', () => {
  it('is read back as it was written', () => {
    fc.assert(fc.property(terms, (term) => expect(parseTerm(termText(term))).toEqual(term)));
    expect(termText({ unit: 'working-days', count: 1 })).toBe('1 working day');
  });

  it.each([
    '',
    '0 days',
    '1 working days',
    '2 week',
    '15 workdays',
    '-1 weeks',
    'At once',
    '99999 weeks',
    '1001 weeks',
  ])('is not %j', (text) => {
    expect(parseTerm(text)).toBeUndefined();
  });

  it('of a minimum is ISO 8601', () => {
    expect(parseIsoTerm('P5Y')).toEqual({ unit: 'years', count: 5 });
    expect(isoTerm({ unit: 'months', count: 6 })).toBe('P6M');
    expect(['P0Y', 'P5D', 'PT5M', '5Y', 'P1Y6M'].map(parseIsoTerm)).toEqual(Array(5).fill(undefined));
    expect(lastDay('2026-10-01', { unit: 'years', count: 5 })).toBe('2031-10-01');
    expect(lastDay('2026-08-31', { unit: 'months', count: 6 })).toBe('2027-02-28');
  });
});
