import { describe, expect, test } from '@jest/globals';
import { mintKeyId } from './mint.js';

describe('ids of keys', () => {
  test('are of 16 bytes, each its own, and lie together in the order in which they were made', () => {
    const ids = Array.from({ length: 1000 }, () => mintKeyId().toString('hex'));
    expect(ids.every((id) => id.length === 32)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids.map((id) => id.slice(0, 8))).size).toBe(1);
    expect(new Set(ids.map((id) => id.slice(16))).size).toBe(ids.length);
  });
});
