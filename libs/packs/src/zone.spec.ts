import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from './day.js';
import { dayOf, endOfDay, epochMs, isZone, startOfDay } from './zone.js';

const ZONES = ['Asia/Almaty', 'Asia/Bishkek', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Apia', 'UTC'];
/** Temporal's errors come from another realm than the test's, so they are told by name. */
const RANGE = expect.objectContaining({ name: 'RangeError' });
const instants = fc.integer({ min: Date.UTC(1999, 0, 1), max: Date.UTC(2040, 0, 1) });

describe('the local day of an instant', () => {
  it('is the one that Temporal says, whatever the zone does', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...ZONES), (ms, zone) => {
        const instant = Temporal.Instant.fromEpochMilliseconds(ms);
        const text = instant.toString({ fractionalSecondDigits: 3 });
        const day = instant.toZonedDateTimeISO(zone).toPlainDate().toString();
        expect(epochMs(text)).toBe(ms);
        expect(dayOf(text, zone)).toBe(day);
        // Asked a second time, the kept offset answers.
        expect(dayOf(text, zone)).toBe(day);
      }),
      { numRuns: 300 },
    );
  });

  it('begins with its start, ends with its end', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...ZONES), (ms, zone) => {
        const day = dayOf(Temporal.Instant.fromEpochMilliseconds(ms).toString(), zone);
        expect(dayOf(startOfDay(day, zone), zone)).toBe(day);
        expect(dayOf(endOfDay(day, zone), zone)).toBe(day);
        expect(epochMs(startOfDay(day, zone))).toBeLessThanOrEqual(ms);
        expect(epochMs(endOfDay(day, zone))).toBeGreaterThanOrEqual(ms);
      }),
    );
  });

  it('knows that Almaty went from +06 to +05 on 1 March 2024', () => {
    expect(dayOf('2024-02-28T18:30:00.000Z', 'Asia/Almaty')).toBe('2024-02-29');
    expect(dayOf('2024-02-29T17:59:59.999Z', 'Asia/Almaty')).toBe('2024-02-29');
    expect(dayOf('2024-02-29T18:00:00.000Z', 'Asia/Almaty')).toBe('2024-02-29');
    expect(dayOf('2024-03-02T18:30:00.000Z', 'Asia/Almaty')).toBe('2024-03-02');
    expect(dayOf('2024-03-02T19:00:00.000Z', 'Asia/Almaty')).toBe('2024-03-03');
    expect(startOfDay('2026-07-20', 'Asia/Almaty')).toBe('2026-07-19T19:00:00.000Z');
    expect(endOfDay('2026-07-20', 'Asia/Almaty')).toBe('2026-07-20T18:59:59.999Z');
  });

  it('takes an instant with an offset', () => {
    expect(dayOf('2026-02-02T00:15:00+05:00', 'Asia/Almaty')).toBe('2026-02-02');
    expect(dayOf('2026-02-02T00:15:00+06:00', 'Asia/Almaty')).toBe(addDays('2026-02-02', -1));
  });

  it('refuses what is no instant, no day, no zone', () => {
    expect(() => dayOf('2026-02-30T00:00:00.000Z', 'UTC')).toThrow(RANGE);
    expect(() => dayOf('2026-02-02', 'UTC')).toThrow(RANGE);
    expect(() => startOfDay('2026-02-30', 'UTC')).toThrow(RANGE);
    expect(() => dayOf('2026-02-02T00:00:00.000Z', 'Asia/Nowhere')).toThrow(RANGE);
    expect(isZone('Asia/Nowhere')).toBe(false);
    expect(isZone('Asia/Bishkek')).toBe(true);
  });
});
