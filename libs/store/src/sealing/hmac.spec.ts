import { describe, expect, test } from '@jest/globals';
import { createHmac, randomBytes } from 'node:crypto';
import { hmacSha256 } from './hmac.js';

const platform = (key: Uint8Array, data: Uint8Array | string): string =>
  createHmac('sha256', key).update(data).digest('hex');

describe('HMAC-SHA-256', () => {
  test.each([0, 1, 55, 56, 63, 64, 65, 500, 5000])('of %i bytes is the platform’s', (length) => {
    for (let round = 0; round < 20; round++) {
      const key = randomBytes(32);
      const data = randomBytes(length);
      expect(hmacSha256(key, data).toString('hex')).toBe(platform(key, data));
    }
  });

  test('of a text is that of its UTF-8, a short one after a long one too', () => {
    const key = randomBytes(32);
    for (const text of ['Айгүл'.repeat(900), 'a', '', '\u{1F600}\0x']) {
      expect(hmacSha256(key, text).toString('hex')).toBe(platform(key, text));
    }
  });

  test('is for keys of 32 bytes', () => {
    expect(() => hmacSha256(randomBytes(16), 'x')).toThrow(RangeError);
  });
});
