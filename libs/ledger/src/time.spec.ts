import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instant, readInstant } from './time.js';

const FIRST = Date.parse('0001-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

test('an instant is read as the engine reads it, in every offset', () => {
  const two = (n: number): string => String(n).padStart(2, '0');
  const offset = fc.oneof(
    fc.constantFrom('Z', 'z'),
    fc.tuple(fc.constantFrom('+', '-'), fc.nat(23), fc.nat(59)).map(([sign, h, m]) => `${sign}${two(h)}:${two(m)}`),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: FIRST, max: LAST }),
      fc.stringMatching(/^(\.[0-9]{1,9})?$/),
      offset,
      (ms, part, ahead) => {
        const text = `${new Date(ms).toISOString().slice(0, 19)}${part}${ahead}`;
        const wanted = Date.parse(text.toUpperCase());
        expect(readInstant(text)).toBe(wanted >= FIRST ? wanted : undefined);
      },
    ),
    { numRuns: 2000 },
  );
});

test('what no calendar has is no instant', () => {
  for (const text of [
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '0000-01-01T00:00:00Z',
    '2026-01-01T00:00:60Z',
  ]) {
    expect(readInstant(text)).toBeUndefined();
  }
});

test('an instant is written as the engine writes it', () => {
  fc.assert(
    fc.property(fc.integer({ min: FIRST, max: LAST + 86_400_000 }), (ms) => {
      expect(instant(ms)).toBe(new Date(ms).toISOString());
    }),
    { numRuns: 2000 },
  );
});
