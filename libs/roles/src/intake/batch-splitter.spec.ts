import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitBatch } from './batch-splitter.js';

function split(text: string, max = 10): unknown {
  const batch = splitBatch(Buffer.from(text), max);
  return batch.kind === 'elements' ? batch.elements.map((element) => element.toString()) : batch.kind;
}

describe('splitBatch', () => {
  it('gives the elements as they came, strings and nesting left alone', () => {
    expect(split('[]')).toEqual([]);
    expect(split(' [ {"a":"],}\\"["} , [1,[2]],nonsense ]\n')).toEqual(['{"a":"],}\\"["}', '[1,[2]]', 'nonsense']);
  });

  it('refuses what is no array as a whole', () => {
    for (const text of [
      '',
      '{}',
      '[',
      '[1',
      '[1,]',
      '[,1]',
      '[1 2',
      '[1]]',
      '[1] x',
      '[}]',
      '["a]',
      '[{"a":1]',
      '[1]{}',
    ])
      expect([text, split(text)]).toEqual([text, 'malformed']);
  });

  it('says where there are more than may be', () => {
    expect(split('[1,2,3]', 3)).toEqual(['1', '2', '3']);
    expect(split('[1,2,3,4]', 3)).toBe('too-many');
  });

  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 8 }), fc.constantFrom(undefined, 1), (values, indent) => {
        const got = split(JSON.stringify(values, null, indent)) as string[];
        expect(got.map((element) => JSON.stringify(JSON.parse(element)))).toEqual(values.map((v) => JSON.stringify(v)));
      }),
    );
  });
});
