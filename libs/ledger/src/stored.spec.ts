import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ENVELOPE, STORED, type StoredString } from './stored.js';

/** A text beside which no field may stand that would take it: it holds a person's data in every form a text can have. */
const CLOSED: Readonly<Record<StoredString, RegExp>> = {
  id: /^[a-z0-9][a-z0-9._-]{0,63}$|^[A-Za-z0-9_-]{22}$/,
  reference: /^[A-Za-z0-9_-]{22}$/,
  commitment: /^[A-Za-z0-9_-]{43}$/,
  'event-id': /^[A-Za-z0-9_-]{22}$/,
  day: /^\d{4}-\d{2}-\d{2}$/,
  instant: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
  country: /^[A-Z]{2}$/,
  'size-root': /^[A-Za-z0-9_-]{43}$/,
};
const TEXTS = [
  'Fictitious A',
  '+77000000104',
  'a@example.com',
  '3 Sample Lane',
  '',
  'Ж',
  'A'.repeat(23),
  'a\n',
  'UPPER',
];

/** The places of a schema that a text could get through: strings that are not closed, and schemas that this walk does not know. */
function open(schema: z.core.$ZodType, place: string): string[] {
  const { def } = schema._zod;
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- what this walk does not know is open
  switch (def.type) {
    case 'literal':
    case 'enum':
    case 'boolean':
    case 'number':
      return [];
    case 'string': {
      const tag = z.globalRegistry.get(schema)?.['stored'] as StoredString | undefined;
      const closed = tag === undefined ? undefined : CLOSED[tag];
      if (closed === undefined) return [place];
      const string = schema as z.ZodString;
      return TEXTS.some((text) => string.safeParse(text).success && !closed.test(text)) ? [place] : [];
    }
    case 'optional':
    case 'nullable':
      return open((schema as z.ZodOptional).def.innerType, place);
    case 'array':
      return open((schema as z.ZodArray).def.element, `${place}[]`);
    case 'union':
      return (schema as z.ZodUnion).def.options.flatMap((option, i) => open(option, `${place}|${i}`));
    case 'record': {
      const { keyType, valueType } = (schema as z.ZodRecord).def;
      return [...open(keyType, `${place}{key}`), ...open(valueType, `${place}{}`)];
    }
    case 'object': {
      const { shape, catchall } = (schema as z.ZodObject).def;
      const loose = catchall?._zod.def.type === 'never' ? [] : [`${place} (unknown keys)`];
      return [...loose, ...Object.entries(shape).flatMap(([key, inner]) => open(inner, `${place}.${key}`))];
    }
    default:
      return [`${place} (${def.type})`];
  }
}

describe('no text can get into a stored event', () => {
  test.each(Object.entries(STORED))('%s', (name, schema) => expect(open(schema, name)).toEqual([]));
  test('what stands around the data', () => expect(open(z.strictObject(ENVELOPE), 'envelope')).toEqual([]));

  test('the walk finds what is open', () => {
    const closed = STORED.performed.shape.contract;
    expect(open(z.strictObject({ a: z.array(z.string()), b: closed }), 'x')).toEqual(['x.a[]']);
    expect(open(z.object({ b: closed }), 'x')).toEqual(['x (unknown keys)']);
    expect(open(z.strictObject({ a: z.record(z.string(), closed) }), 'x')).toEqual(['x.a{key}']);
    expect(open(z.strictObject({ a: z.string().meta({ stored: 'id' }) }), 'x')).toEqual(['x.a']);
    expect(open(z.strictObject({ a: z.union([closed, z.any()]) }), 'x')).toEqual(['x.a|1 (any)']);
  });
});
