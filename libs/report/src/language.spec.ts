import { describe, expect, test } from '@jest/globals';
import type { Language } from '#packs';
import { dayForms, moment } from './date.js';
import { chooseLanguage } from './language.js';

const all: readonly Language[] = ['ky', 'kk', 'ru', 'en'];

describe('the language of a report', () => {
  test.each([
    ['ru', 'ru'],
    ['kk-KZ', 'kk'],
    ['KY-kg', 'ky'],
    ['en-001', 'en'],
    ['de', undefined],
    ['', undefined],
    ['ru-', undefined],
    ['ru_RU', undefined],
    ['russian', undefined],
    ['__proto__', undefined],
  ] as const)('lang=%s is %s', (lang, chosen) => {
    expect(chooseLanguage({ lang, acceptLanguage: 'en' }, all, 'kk')).toBe(chosen);
  });

  test.each([
    [undefined, 'kk'],
    ['', 'kk'],
    ['ru', 'ru'],
    ['de, fr;q=0.9', 'kk'],
    ['de, en;q=0.5, ru;q=0.8', 'ru'],
    ['ru-RU,ru;q=0.9,en-US;q=0.8', 'ru'],
    ['en;q=0, ky;q=0.001', 'ky'],
    ['*', 'kk'],
    ['en;q=0.3, *;q=0.9', 'kk'],
    ['en ; q=0.4 , ru ; q=0.6', 'ru'],
    ['en;q=wrong, ru;q=0.1', 'ru'],
    ['kk-Cyrl-KZ', 'kk'],
    [',,;;q=,%%', 'kk'],
  ] as const)('Accept-Language: %s is %s', (acceptLanguage, chosen) => {
    expect(chooseLanguage({ acceptLanguage }, all, 'kk')).toBe(chosen);
  });

  test('only what is available is chosen', () => {
    expect(chooseLanguage({ lang: 'ru' }, ['kk'], 'kk')).toBeUndefined();
    expect(chooseLanguage({ acceptLanguage: 'ru, en' }, ['kk', 'en'], 'kk')).toBe('en');
  });
});

describe('dates', () => {
  test('stand as each language writes them', () => {
    expect(all.map((language) => dayForms(language, '2026-06-05').plain)).toEqual([
      '2026-жылдын 5-июну',
      '2026 жылғы 5 маусым',
      '5 июня 2026 года',
      '5 June 2026',
    ]);
  });

  test('take the ending of their sentence', () => {
    expect(dayForms('ky', '2026-04-30')).toMatchObject({
      from: '2026-жылдын 30-апрелинен',
      to: '2026-жылдын 30-апрелине',
      at: '2026-жылдын 30-апрелинде',
    });
    expect(dayForms('kk', '2026-09-01')).toMatchObject({
      from: '2026 жылғы 1 қыркүйектен',
      to: '2026 жылғы 1 қыркүйекке',
      at: '2026 жылғы 1 қыркүйекте',
    });
  });

  test('agree with the names of the months that the platform knows', () => {
    for (let month = 1; month <= 12; month += 1) {
      const day = `2026-${String(month).padStart(2, '0')}-02`;
      for (const [language, locale] of [
        ['en', 'en-GB'],
        ['ru', 'ru'],
        ['kk', 'kk'],
      ] as const) {
        const parts = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).formatToParts(
          new Date(`${day}T00:00:00Z`),
        );
        expect(dayForms(language, day).plain).toContain(parts.find(({ type }) => type === 'month')?.value ?? '?');
      }
    }
  });

  test('an instant is told in the zone, and what is no date as it is', () => {
    expect(moment('en', '2026-07-20T19:30:00Z', 'Asia/Almaty')).toBe('21 July 2026, 00:30 (Asia/Almaty)');
    expect(moment('en', '2026-07-20', 'Asia/Almaty')).toBe('20 July 2026');
    expect(moment('en', 'soon', 'Asia/Almaty')).toBe('soon');
  });
});
