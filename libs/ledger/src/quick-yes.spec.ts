import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { EXAMPLES } from '../testdata/examples.js';
import { ACTIONS } from './action.js';
import { ASK, quickYes } from './quick-yes.js';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Words that stand in the examples, so that a change is often right. */
const WORDS = [...new Set(EXAMPLES.flatMap(({ body }) => stringsIn(body.data as Json)))];

function stringsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [key, ...stringsIn(one as Json)]);
}

const leaf = fc.oneof(
  fc.constantFrom<Json>(
    ...WORDS,
    '',
    'all',
    'ID',
    ' ',
    '2026-02-30',
    'x'.repeat(129),
    'É@Example.KZ',
    true,
    false,
    null,
    7,
  ),
  fc.string({ maxLength: 20 }),
);
const any = fc.oneof(
  leaf,
  fc.array(leaf, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom(...WORDS, '__proto__'), leaf, { maxKeys: 3 }),
);

interface Change {
  readonly steps: readonly number[];
  readonly key: string;
  readonly how: 'replace' | 'remove' | 'add';
  readonly by: Json;
}
const change: fc.Arbitrary<Change> = fc.record({
  steps: fc.array(fc.nat(9), { maxLength: 3 }),
  key: fc.constantFrom(...WORDS),
  how: fc.constantFrom('replace', 'remove', 'add'),
  by: any as fc.Arbitrary<Json>,
});

function changed(value: Json, { steps, key, how, by }: Change): Json {
  if (typeof value !== 'object' || value === null) return by;
  const entries = Object.entries(value) as [string, Json][];
  const [step, ...rest] = steps;
  let next = entries;
  if (step !== undefined && entries.length > 0) {
    const at = step % entries.length;
    if (rest.length > 0) {
      next = entries.map(([k, one], i) => [k, i === at ? changed(one, { steps: rest, key, how, by }) : one]);
    } else if (how === 'replace') next = entries.map(([k, one], i) => [k, i === at ? by : one]);
    else if (how === 'remove') next = entries.filter((_, i) => i !== at);
    else next = [...entries, [key, by]];
  } else next = [...entries, [key, by]];
  return Array.isArray(value) ? next.map(([, one]) => one) : Object.fromEntries(next);
}

describe.each(EXAMPLES.map(({ name, body }) => [name, body.data as Json] as const))('%s', (name, data) => {
  const schema = ACTIONS[name];
  const yes = quickYes(schema);
  /** As JSON, with the order of the fields, which is stored. */
  const quick = (value: Json) => {
    const made = yes(value);
    return made === ASK ? 'no' : JSON.stringify(made);
  };
  const asked = (value: Json) => {
    const made = schema.safeParse(value);
    return made.success ? JSON.stringify(made.data) : 'no';
  };

  test('the example is surely right', () => expect(quick(data)).toBe(asked(data)));

  test('says of anything what the schema says of it', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), (changes) => {
        const value = changes.reduce(changed, data);
        expect(quick(value)).toBe(asked(value));
      }),
      { numRuns: 300 },
    );
  });
});

test('a kind of schema or of check that it does not know is refused at once', () => {
  expect(() => quickYes(z.number())).toThrow('a schema of kind number');
  expect(() => quickYes(z.object({}))).toThrow('not strict');
  expect(() => quickYes(z.strictObject({ a: z.string().nullable() }))).toThrow('a schema of kind nullable');
  expect(() => quickYes(z.array(z.string()).length(2))).toThrow('a check of kind length_equals');
});
