import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readJson } from './json.js';

const bytes = (...parts: (string | number)[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : [part])));
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('strict JSON', () => {
  test.each([
    ['a key twice', '{"a":1,"a":1}', 'malformed'],
    ['a key twice, deep', '{"a":[{"b":{"c":1,"d":2,"c":3}}]}', 'malformed'],
    ['a key twice, once escaped', '{"a":1,"\\u0061":1}', 'malformed'],
    ['__proto__', '{"__proto__":{}}', 'malformed'],
    ['__proto__, escaped', '{"\\u005f_proto__":{}}', 'malformed'],
    ['__proto__, deep', '[{"a":{"__proto__":1}}]', 'malformed'],
    ['a lone surrogate in a value', '{"a":"\\ud800"}', 'malformed'],
    ['a lone surrogate in a key', '{"\\udc00":1}', 'malformed'],
    ['NUL', '{"a":"x\\u0000"}', 'malformed'],
    ['a raw NUL', bytes('{"a":"x', 0, '"}'), 'malformed'],
    ['a number beyond doubles', '{"a":1e999}', 'malformed'],
    ['a number beyond doubles, below', '{"a":-1e999}', 'malformed'],
    ['NaN', '{"a":NaN}', 'malformed'],
    ['Infinity', '[Infinity]', 'malformed'],
    ['a comment', '{} // x', 'malformed'],
    ['a comma at the end', '[1,]', 'malformed'],
    ['two values', '{}{}', 'malformed'],
    ['nothing', '', 'malformed'],
    ['bytes that are not UTF-8', bytes('{"a":"', 0xff, '"}'), 'malformed'],
    ['an overlong form', bytes('{"a":"', 0xc0, 0x80, '"}'), 'malformed'],
    ['a surrogate in UTF-8', bytes('{"a":"', 0xed, 0xa0, 0x80, '"}'), 'malformed'],
    ['a lone surrogate in a string given', '{"a":"\ud800"}', 'malformed'],
    ['a byte order mark', bytes(0xef, 0xbb, 0xbf, '{}'), 'malformed'],
    ['33 levels', nested(33), 'too-deep'],
    ['many levels that never end', '['.repeat(60_000), 'too-deep'],
    ['70 kB', `{"a":"${'x'.repeat(70_000)}"}`, 'too-large'],
    ['70 kB in fewer characters', `{"a":"${'ж'.repeat(35_000)}"}`, 'too-large'],
  ])('%s is refused', (_, input, code) => {
    const text = typeof input === 'string' && input.isWellFormed() ? new TextEncoder().encode(input) : input;
    for (const form of [text, input]) expect(readJson(form).refusal).toMatchObject({ code, pointer: '' });
  });

  test.each([
    ['32 levels', nested(32)],
    ['brackets, colons and quotes inside strings', '{"a{[:":"}]\\":,{","\\\\":[":"]}'],
    ['a pair of surrogates, escaped', '{"a":"\\ud83d\\ude00"}'],
    ['keys that look like numbers', '{"10":1,"9":2}'],
    ['the same key in different objects', '[{"a":1},{"a":{"a":2}}]'],
    ['exactly 64 KiB', `"${'x'.repeat(64 * 1024 - 2)}"`],
    ['spaces', ' \t\r\n{ "a" : 1 } '],
  ])('%s is read', (_, text) => {
    expect(readJson(text).ok).toEqual(JSON.parse(text));
    expect(readJson(new TextEncoder().encode(text)).ok).toEqual(JSON.parse(text));
  });

  test('whatever comes in, nothing is thrown, and what is read is what the engine reads', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json({ maxDepth: 8 }), fc.uint8Array()), (input) => {
        const { ok, refusal } = readJson(input);
        const text = typeof input === 'string' ? input : new TextDecoder().decode(input);
        expect(ok).toEqual(refusal === undefined ? JSON.parse(text) : undefined);
        expect(refusal?.pointer ?? '').toBe('');
      }),
    );
  });

  test('any object with one key written once more is refused', () => {
    const objects = fc.dictionary(
      fc.string().filter((key) => key !== '__proto__' && !key.includes('\0')),
      fc.jsonValue({ maxDepth: 2 }),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(objects, (object) => {
        const text = JSON.stringify(object);
        const again = `${text.slice(0, -1)},${JSON.stringify(Object.keys(object)[0])}:null}`;
        expect(readJson(again).refusal?.code).toBe('malformed');
      }),
    );
  });
});
