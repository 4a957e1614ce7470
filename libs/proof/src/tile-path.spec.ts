import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bundle, parseBundle, parseTilePath, tilePath } from './index.js';
import { bytes } from '../testdata/ed25519.js';

describe('paths', () => {
  test.each([
    [0, 0, undefined, 'tile/0/000'],
    [0, 1234067, undefined, 'tile/0/x001/x234/067'],
    [0, 273, 112, 'tile/0/273.p/112'],
    [1, 1, 17, 'tile/1/001.p/17'],
    [2, 0, 1, 'tile/2/000.p/1'],
    [63, 999, 256, 'tile/63/999'],
    ['entries', 1000, 255, 'tile/entries/x001/000.p/255'],
  ] as const)('level %s, index %i, width %s is %s', (level, index, width, path) => {
    expect(tilePath(level, index, width)).toBe(path);
    const name = level === 'entries' ? { kind: 'entries' } : { kind: 'hashes', level };
    expect(parseTilePath(path)).toEqual({ ...name, index, width: width ?? 256 });
  });

  test.each([
    '',
    'tile',
    'tile/',
    'tile/0',
    'tile/0/',
    'tile/0/0',
    'tile/0/00',
    'tile/0/0000',
    'tile/00/000',
    'tile/01/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/+1/000',
    'tile/1e0/000',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/x001',
    'tile/0/x001/x002',
    'tile/0/X001/002',
    'tile/0/x001//002',
    'tile/0/000.p',
    'tile/0/000.p/',
    'tile/0/000.p/0',
    'tile/0/000.p/00',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/999',
    'tile/0/000.p/1/2',
    'tile/0/000.p/-1',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/../000',
    'tile/0/000\n',
    'tile/0/000\u0000',
    'tile/0/٠٠٠',
    'tile/entries',
    'tile/entries/0',
    'tile/Entries/000',
    'tile/data/000',
    'tile/0/x999/x999/x999/x999/x999/999',
    `tile/0/${'x000/'.repeat(10_000)}000`,
  ])('%j is no path', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });

  test('every name is read as it was written, and no other spelling of it', () => {
    const level = fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 }));
    const index = fc.oneof(fc.nat(2000), fc.maxSafeNat());
    fc.assert(
      fc.property(level, index, fc.integer({ min: 1, max: 256 }), (l, n, w) => {
        const name = parseTilePath(tilePath(l, n, w));
        expect(name).toMatchObject({ index: n, width: w });
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^tile\/(entries|[0-9]{1,2})\/(x?[0-9]{3}\/?){1,3}(\.p\/[0-9]{1,3})?$/), (path) => {
        const name = parseTilePath(path);
        if (name === undefined) return;
        const back = tilePath(name.kind === 'entries' ? 'entries' : name.level, name.index, name.width);
        expect(back).toBe(path);
      }),
    );
  });

  test('numbers that no tile has are a fault of the caller', () => {
    for (const [level, index, width] of [
      [64, 0, 1],
      [-1, 0, 1],
      [0.5, 0, 1],
      [0, -1, 1],
      [0, 2 ** 53, 1],
      [0, 0, 0],
      [0, 0, 257],
    ] as const) {
      expect(() => tilePath(level, index, width)).toThrow(RangeError);
    }
  });
});

describe('bundles', () => {
  test('entries come back as they were put in', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { minLength: 1, maxLength: 256 }), (entries) => {
        expect(parseBundle(bundle(entries), entries.length)).toEqual({ ok: true, value: entries });
      }),
      { numRuns: 30 },
    );
  });

  test('an entry may have 65,535 bytes and no more, a bundle 256 entries and no more', () => {
    const longest = new Uint8Array(65_535).fill(7);
    expect(parseBundle(bundle([longest]))).toEqual({ ok: true, value: [longest] });
    expect(() => bundle([new Uint8Array(65_536)])).toThrow(RangeError);
    expect(() => bundle([])).toThrow(RangeError);
    expect(() => bundle(Array.from({ length: 257 }, () => longest.subarray(0, 1)))).toThrow(RangeError);
  });

  test.each([
    ['one byte of a length', '00', undefined, 'bundle-truncated'],
    ['a length and no entry', '0001', undefined, 'bundle-truncated'],
    ['an entry cut short', '00036f6e', undefined, 'bundle-truncated'],
    ['one byte too many', '00036f6e6500', undefined, 'bundle-truncated'],
    ['fewer than its name says', '00036f6e65', 2, 'bundle-width'],
    ['more than its name says', '00036f6e650000', 1, 'bundle-width'],
    ['nothing', '', 1, 'bundle-width'],
    ['257 entries', '0000'.repeat(257), undefined, 'bundle-too-wide'],
  ])('%s is refused', (_, hex, width, code) => {
    expect(parseBundle(Uint8Array.fromHex(hex), width)).toEqual({ ok: false, code });
  });

  test('entries do not share the memory that they were read from', () => {
    const read = Buffer.from(bundle([bytes('one')]));
    const parsed = parseBundle(read);
    read.fill(0);
    expect(parsed).toEqual({ ok: true, value: [bytes('one')] });
  });
});
