import { describe, expect, test } from '@jest/globals';
import { BoundedCache } from './bounded-cache.js';

describe('a bounded cache', () => {
  test('forgets what is not asked for, and keeps what is', () => {
    const cache = new BoundedCache<number>(10);
    for (let i = 0; i < 100; i++) {
      cache.set(`${i}`, i);
      expect(cache.get('0')).toBe(0);
    }
    expect(
      Array.from({ length: 100 }, (_, i) => cache.get(`${i}`)).filter((value) => value !== undefined).length,
    ).toBeLessThanOrEqual(12);
  });

  test('keeps the names of its spaces apart, and all within one bound', () => {
    const cache = new BoundedCache<string>(10);
    cache.set('a', 'one', 'x');
    cache.set('a', 'other', 'y');
    expect([cache.get('a', 'x'), cache.get('a', 'y'), cache.get('a')]).toEqual(['one', 'other', undefined]);
    for (let i = 0; i < 100; i++) cache.set(`${i}`, 'new', `${i % 3}`);
    expect(cache.get('a', 'x')).toBeUndefined();
    const left = Array.from({ length: 100 }, (_, i) => cache.get(`${i}`, `${i % 3}`)).filter(Boolean);
    expect(left.length).toBeLessThanOrEqual(12);
  });

  test('never forgets what is pinned, until it is not', () => {
    const pins = new Set([3, 4]);
    const cache = new BoundedCache<number>(10, (value) => pins.has(value));
    for (let i = 0; i < 200; i++) cache.set(`${i}`, i);
    expect([cache.get('3'), cache.get('4'), cache.get('5')]).toEqual([3, 4, undefined]);
    pins.clear();
    for (let i = 200; i < 400; i++) cache.set(`${i}`, i);
    expect(cache.get('3')).toBeUndefined();
  });
});
