import { expect, test } from '@jest/globals';
import { arrayParameter } from './array-parameter.js';

test('bytes go in the binary format: dimensions, nulls, type, length, lower bound, then each with its length', () => {
  const expected =
    '00000001' + '00000001' + '00000011' + '00000003' + '00000001' + '00000002abcd' + 'ffffffff' + '00000000';
  const sent = arrayParameter([Buffer.from('abcd', 'hex'), null, new Uint8Array(0)]) as Buffer;
  expect(sent.toString('hex')).toBe(expected);
});

test.each([
  [[], '{}'],
  [[null, null], '{NULL,NULL}'],
  [[1, -2, null], '{1,-2,NULL}'],
  [[true, false], '{t,f}'],
  [['a', 'NULL', '', 'q"b\\c,{}', 'ң'], '{"a","NULL","","q\\"b\\\\c,{}","ң"}'],
] as const)('others go as text: %j', (values, text) => {
  expect(arrayParameter(values)).toBe(text);
});
