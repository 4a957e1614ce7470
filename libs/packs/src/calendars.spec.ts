/** The calendars of both countries as known on a day (`domain.md` 2.5). */

import { describe, expect, it } from '@jest/globals';
import { DATA, loadPacks } from '../testdata/load.js';
import { compile, due } from './index.js';

const packs = loadPacks(DATA);
const kz = compile(packs, 'kz.autosiyliq');
const kg = compile(packs, 'kg.softskills');
const term = { unit: 'working-days', count: 1 } as const;

describe('the Kazakh calendar as known', () => {
  it('had 31 August 2026 off until the new Constitution was announced', () => {
    expect(due(kz.calendar('2026-02-01T00:00:00.000Z'), '2026-08-28', term).due).toBe('2026-09-01');
    expect(due(kz.calendar('2026-03-17T18:59:59.999Z'), '2026-08-28', term).due).toBe('2026-09-01');
    expect(due(kz.calendar('2026-03-17T19:00:00.000Z'), '2026-08-28', term).due).toBe('2026-08-31');
    expect(due(kz.calendar(), '2026-08-28', term).due).toBe('2026-08-31');
  });

  it('knew nothing of 2026 before the year was published', () => {
    const calendar = kz.calendar('2025-12-31T00:00:00.000Z');
    expect(calendar.knows('2026-03-09')).toBe(false);
    expect(calendar.works('2026-03-09')).toBe(true);
    expect(calendar.works('2026-12-16')).toBe(false);
    expect(due(calendar, '2026-03-06', term)).toEqual({ due: '2026-03-09', provisional: true });
  });

  it.each([
    ['2025-03-07', '2025-03-11'],
    ['2025-03-20', '2025-03-26'],
    ['2025-08-29', '2025-09-02'],
    ['2026-05-06', '2026-05-08'],
    ['2026-05-26', '2026-05-28'],
    ['2031-05-06', '2031-05-08'],
  ])('the working day after %s is %s', (day, next) => {
    expect(due(kz.calendar(), day, term).due).toBe(next);
  });
});

describe('the Kyrgyz calendar as known', () => {
  it.each([
    ['2024-12-31', '2025-01-08'],
    // 8 March 2025 is a Saturday, and nothing is moved.
    ['2025-03-07', '2025-03-10'],
    ['2025-03-20', '2025-03-24'],
    ['2025-04-30', '2025-05-12'],
    ['2025-06-05', '2025-06-09'],
    ['2026-03-19', '2026-03-23'],
    ['2026-04-30', '2026-05-11'],
    ['2026-08-28', '2026-09-01'],
    // Holidays that the Labour Code makes working days.
    ['2026-02-20', '2026-02-23'],
    ['2026-04-06', '2026-04-07'],
    ['2025-11-06', '2025-11-07'],
  ])('the working day after %s is %s', (day, next) => {
    expect(due(kg.calendar(), day, term)).toEqual({ due: next, provisional: false });
  });

  it('does not know the week of Kurman Ait 2026', () => {
    expect(due(kg.calendar(), '2026-05-22', term)).toEqual({ due: '2026-05-25', provisional: true });
    expect(due(kg.calendar(), '2026-05-21', term)).toEqual({ due: '2026-05-22', provisional: false });
    expect(due(kg.calendar(), '2026-06-01', term)).toEqual({ due: '2026-06-02', provisional: false });
    expect(due(kg.calendar(), '2026-05-20', { unit: 'calendar-days', count: 10 }).provisional).toBe(false);
  });

  it('learnt of Kurman Ait 2025 and of Orozo Ait 2026 when they were announced', () => {
    expect(due(kg.calendar('2025-05-20T00:00:00.000Z'), '2025-06-05', term)).toEqual({
      due: '2025-06-06',
      provisional: true,
    });
    expect(due(kg.calendar('2025-05-28T00:00:00.000Z'), '2025-06-05', term)).toEqual({
      due: '2025-06-09',
      provisional: false,
    });
    expect(due(kg.calendar('2026-03-01T00:00:00.000Z'), '2026-03-19', term)).toEqual({
      due: '2026-03-20',
      provisional: true,
    });
  });

  it('counts weekends and fixed days where a year is not published', () => {
    expect(due(kg.calendar(), '2027-04-30', term)).toEqual({ due: '2027-05-10', provisional: true });
  });
});
