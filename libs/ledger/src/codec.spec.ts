import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { EXAMPLES } from '../testdata/examples.js';
import { MemoryScribe } from '../testdata/scribe.js';
import { reversed } from '../testdata/reversed.js';
import type { OwnAction } from './action.js';
import { UnreadableEntry, decode, encode } from './codec.js';
import type { Instant, Reference, SubjectRef } from './names.js';
import { readAction } from './read.js';
import { ENVELOPE, STORED, STORED_TYPES, type StoredEvent, type StoredType } from './stored.js';
import { writeEvents } from './write.js';

const GOLDEN = 'libs/ledger/testdata/golden';
const subject = 'Rsubject00000000000000' as SubjectRef;
const by = 'Rkey000000000000000000' as Reference;
const at = '2026-02-02T05:15:00.000Z' as Instant;

const OWN: readonly OwnAction[] = [
  { kind: 'own', name: 'accessed', subject, by, at, data: { view: 'lineage', role: 'officer', 'as-of': '2026-02-01' } },
  { kind: 'own', name: 'activated', subject: null, by: null, at, data: { pack: 'kz.law', edition: '2026-01' } },
  { kind: 'own', name: 'continued', subject: null, by: null, at, data: { size: 12, root: 'A'.repeat(43) } },
  { kind: 'own', name: 'destroying', subject, by: null, at, data: { items: 'all' } },
];

/** What the packs are thought to list: everything, of organisations those whose id looks like one. */
const lists = (kind: string, id: string) => kind !== 'organisation' || /^(?:[a-z]{2}\.[a-z-]+|offsite)$/.test(id);

/** The first event of every example; of every second one only the day is known. */
function events(): ReadonlyMap<StoredType, StoredEvent> {
  const made = new Map<StoredType, StoredEvent>();
  for (const [i, { name, body }] of EXAMPLES.entries()) {
    const sent = i % 2 === 0 ? body : { ...body, data: { ...body.data, on: '2026-02-02' } };
    const { ok } = readAction(sent, { now: Date.parse('2026-12-01T00:00:00Z'), zone: 'Asia/Almaty' });
    made.set(name, writeEvents(ok!, new MemoryScribe(String(body['source']), String(body['id']), lists))[0]!);
  }
  for (const own of OWN) made.set(own.name, writeEvents(own, new MemoryScribe('urn:depter:own', own.name))[0]!);
  return made;
}

const schemaOf = (type: StoredType) =>
  z.strictObject({ ...ENVELOPE, type: z.literal(type), data: STORED[type] as z.ZodType });

describe.each(STORED_TYPES)('golden %s', (type) => {
  const path = `${GOLDEN}/${type}.v1.json`;
  // Only a type that has no file yet is given one. A file that is there is for ever: logs are made of these bytes.
  if (process.env['DEPTER_GOLDEN'] === 'new' && !existsSync(path)) writeFileSync(path, encode(events().get(type)!));
  const golden = new Uint8Array(readFileSync(path));

  test('is read, valid, and written again to the byte', () => {
    const event = decode(golden);
    expect(schemaOf(type).safeParse(event).error).toBeUndefined();
    expect(Buffer.from(encode(event)).equals(Buffer.from(golden))).toBe(true);
  });

  test('is what the action becomes today', () => {
    expect(Buffer.from(encode(events().get(type)!)).toString()).toBe(Buffer.from(golden).toString());
  });

  test('has its keys in order, ASCII alone, no spaces', () => {
    const text = Buffer.from(golden).toString();
    expect(text).toMatch(
      /^\{"v":1,"type":"[a-z-]+","id":"[\w-]{22}","subject":(?:null|"[\w-]{22}"),"at":"[^"]+","recorded":"[^"]+","by":(?:null|"[\w-]{22}"),"data":\{.*\}\}$/,
    );
    expect(text).toMatch(/^[!-~]+$/);
  });
});

test('there is a golden file for every type, and no other', () => {
  expect(readdirSync(GOLDEN).sort()).toEqual(STORED_TYPES.map((type) => `${type}.v1.json`).sort());
});

test('keys of data are sorted at every depth, also those that look like numbers', () => {
  const event = {
    ...decode(encode(events().get('collected')!)),
    data: { values: { '9': 'b', '10': 'a' }, items: ['z', 'a'], basis: 'x' },
  };
  const text = Buffer.from(encode(event as unknown as StoredEvent)).toString();
  expect(text).toMatch(/"data":\{"basis":"x","items":\["z","a"\],"values":\{"10":"a","9":"b"\}\}\}$/);
});

test('what is not ASCII would be escaped', () => {
  const event = { ...events().get('performed')!, by: 'Ж😀' };
  const entry = encode(event as StoredEvent);
  expect(Buffer.from(entry).toString()).toContain('\\u0416\\ud83d\\ude00');
  expect(decode(entry)).toEqual(event);
});

test('an entry past 16 KiB is not written', () => {
  const event = { ...events().get('used')!, data: { items: Array.from({ length: 4000 }, () => 'item'), purposes: [] } };
  expect(() => encode(event as unknown as StoredEvent)).toThrow(RangeError);
});

describe('what no version wrote', () => {
  const good = JSON.parse(Buffer.from(encode(events().get('performed')!)).toString()) as Record<string, unknown>;
  const of = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
  test.each<[string, unknown, string]>([
    ['no JSON', '{', 'not-json'],
    ['null', 'null', 'not-an-event'],
    ['a list', [], 'not-an-event'],
    ['an event without data', { ...good, data: undefined }, 'not-an-event'],
    ['a subject that is missing', { ...good, subject: undefined }, 'not-an-event'],
    ['an unknown type', { ...good, type: 'borrowed' }, 'unknown-type'],
    ['the type constructor', { ...good, type: 'constructor' }, 'unknown-type'],
    ['a version to come', { ...good, v: 2 }, 'unknown-version'],
    ['version 0', { ...good, v: 0 }, 'unknown-version'],
    ['half a version', { ...good, v: 1.5 }, 'unknown-version'],
  ])('%s is unreadable', (_, value, code) => {
    let thrown: unknown;
    try {
      decode(of(value));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UnreadableEntry);
    expect(thrown).toMatchObject({ code });
  });
  test('bytes that are not UTF-8 are unreadable', () => {
    expect(() => decode(Uint8Array.of(0xff))).toThrow(UnreadableEntry);
  });
});

describe('any event of any type', () => {
  const SAMPLES: readonly (readonly [string, RegExp])[] = [
    ['id', /^[a-z0-9][a-z0-9._-]{0,63}$/],
    ['reference', /^[A-Za-z0-9_-]{22}$/],
    ['commitment', /^[A-Za-z0-9_-]{43}$/],
    ['event-id', /^[A-Za-z0-9_-]{22}$/],
    ['day', /^20\d{2}-0[1-9]-[12]\d$/],
    ['instant', /^20\d{2}-0[1-9]-[12]\dT1\d:[0-5]\d:[0-5]\d\.\d{3}Z$/],
    ['country', /^[A-Z]{2}$/],
    ['size-root', /^[A-Za-z0-9_-]{43}$/],
  ];
  const strings = new Map(SAMPLES.map(([tag, form]) => [tag, fc.stringMatching(form)]));

  /** Values that a stored schema allows. */
  function valuesOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
    if (schema instanceof z.ZodString) return strings.get(String(z.globalRegistry.get(schema)?.['stored']))!;
    if (schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral) {
      return fc.constantFrom(...(schema instanceof z.ZodEnum ? schema.options : schema.values));
    }
    if (schema instanceof z.ZodBoolean) return fc.boolean();
    if (schema instanceof z.ZodNumber) return fc.nat();
    if (schema instanceof z.ZodNullable) return fc.option(valuesOf(schema.unwrap()));
    if (schema instanceof z.ZodArray) return fc.array(valuesOf(schema.element), { maxLength: 4 });
    if (schema instanceof z.ZodUnion) return fc.oneof(...schema.options.map(valuesOf));
    if (schema instanceof z.ZodRecord) {
      return fc.dictionary(valuesOf(schema.keyType) as fc.Arbitrary<string>, valuesOf(schema.valueType), {
        maxKeys: 4,
      });
    }
    if (schema instanceof z.ZodObject) {
      const entries = Object.entries(schema.shape as Record<string, z.core.$ZodType>);
      const inner = (field: z.core.$ZodType) => (field instanceof z.ZodOptional ? field.unwrap() : field);
      return fc.record(Object.fromEntries(entries.map(([key, field]) => [key, valuesOf(inner(field))])), {
        requiredKeys: entries.filter(([, field]) => !(field instanceof z.ZodOptional)).map(([key]) => key),
        noNullPrototype: true,
      });
    }
    throw new Error(`Nothing makes values of ${schema._zod.def.type}.`);
  }

  test.each(STORED_TYPES)('%s comes back as it went in, whatever the order of its keys', (type) => {
    fc.assert(
      fc.property(valuesOf(schemaOf(type)), (made) => {
        const event = made as StoredEvent;
        expect(schemaOf(type).safeParse(event).error).toBeUndefined();
        const entry = encode(event);
        expect(decode(entry)).toEqual(event);
        expect(Buffer.from(encode(reversed(event) as StoredEvent)).equals(Buffer.from(entry))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
});
