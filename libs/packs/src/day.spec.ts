import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, addMonths, addYears, dayNumber, dayText, daysBetween, isDay, weekday } from './day.js';

/** Days far beyond those whose text is kept, in both directions. */
const days = fc.integer({ min: dayNumber('1900-01-01'), max: dayNumber('2200-12-31') }).map(dayText);
const plain = (day: string): Temporal.PlainDate => Temporal.PlainDate.from(day);

describe('days', () => {
  it('go to numbers and back', () => {
    fc.assert(fc.property(days, (day) => isDay(day) && dayText(dayNumber(day)) === day));
    expect(dayNumber('1970-01-01')).toBe(0);
  });

  it('are added as Temporal adds them', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -2_000, max: 2_000 }), (day, count) => {
        expect(addDays(day, count)).toBe(plain(day).add({ days: count }).toString());
        expect(addMonths(day, count)).toBe(plain(day).add({ months: count }).toString());
        expect(weekday(day)).toBe(plain(day).dayOfWeek);
        expect(daysBetween(day, addDays(day, count))).toBe(count);
      }),
    );
  });

  it.each([
    ['2024-02-29', 1, '2025-02-28'],
    ['2024-02-29', 4, '2028-02-29'],
    ['2026-10-01', 5, '2031-10-01'],
  ])('%s and %d years is %s', (day, count, result) => {
    expect(addYears(day, count)).toBe(result);
  });

  it.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-01-00', '2026-1-1', '26-01-01', '2026-01-01T00:00Z', ''])(
    'do not take %j for one',
    (text) => {
      expect(isDay(text)).toBe(false);
    },
  );
});
