import { describe, expect, test } from '@jest/globals';
import { EXAMPLES } from '../testdata/examples.js';
import { reading, transferred, withData } from '../testdata/reading.js';
import { reversed } from '../testdata/reversed.js';
import { readAction } from './read.js';

describe('what counts when an action comes again', () => {
  const content = (body: unknown) => {
    const { ok, refusal } = readAction(body, reading);
    if (ok === undefined) throw new Error(JSON.stringify(refusal));
    return ok.content;
  };

  test.each(EXAMPLES.map((sent) => [sent.name, sent.body] as const))('of %s not the order of keys', (_, body) => {
    expect(content(reversed(body))).toBe(content(body));
  });
  test('nor ignored attributes, the offset, or the spelling of an identifier', () => {
    expect(content({ ...transferred, traceparent: 'x', datacontenttype: 'text/x', partitionkey: 1 })).toBe(
      content(transferred),
    );
    expect(content({ ...transferred, time: '2026-02-02T05:15:00Z' })).toBe(content(transferred));
    expect(content({ ...withData({ on: '2026-02-02' }), time: 'x' })).toBe(content(withData({ on: '2026-02-02' })));
    expect(content(withData({ person: { email: 'A@Example.com' } }))).toBe(
      content(withData({ person: { email: 'a@example.com' } })),
    );
  });
  test('but keys that look like numbers do not change it either', () => {
    const items = ['9', '10'];
    const values = (keys: string[]) => withData({ items, values: Object.fromEntries(keys.map((key) => [key, key])) });
    expect(content(values(['9', '10']))).toBe(content(values(['10', '9'])));
  });
  test('and every field does', () => {
    for (const { body } of EXAMPLES) {
      const before = content(body);
      expect(content({ ...body, time: '2026-02-02T10:15:01+05:00' })).not.toBe(before);
      expect(content({ ...body, data: { ...body.data, on: '2026-02-02' } })).not.toBe(before);
      expect(content({ ...body, data: { ...body.data, note: 'another' } })).not.toBe(before);
    }
    expect(content(withData({ values: { name: 'a' } }))).not.toBe(content(withData({ values: { name: 'b' } })));
    expect(content(withData({ items: ['iin', 'name'] }))).not.toBe(content(transferred));
  });
});
