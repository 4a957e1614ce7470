import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EXAMPLES, PERSONAL_NAMES, example } from '../testdata/examples.js';
import { type Body, reading, transferred, withData } from '../testdata/reading.js';
import { readJson } from './json.js';
import { readAction } from './read.js';

const { controller } = reading;
const collected = example('collected') as Body & { readonly data: Body };

const untyped = { specversion: '1.0', id: 'x', type: 'depter.action.borrowed.v1', time: transferred['time'], data: {} };

const without = (body: Body, key: string): Body => Object.fromEntries(Object.entries(body).filter(([k]) => k !== key));
const refusalOf = (body: unknown, how = {}) => readAction(body, { ...reading, ...how }).refusal;

describe.each(EXAMPLES.map((sent) => [sent.name, sent] as const))('%s', (name, { required, body }) => {
  test('is read with all its fields', () => {
    const { ok, refusal } = readAction(body, reading);
    expect(refusal).toBeUndefined();
    expect(ok).toMatchObject({ kind: 'action', name, source: body['source'], id: body['id'], controller });
    expect(ok!.data).toEqual(body.data);
    expect(ok!.at).toBe('2026-02-02T05:15:00.000Z');
  });

  test('a missing field is refused at its own place, and no other is required', () => {
    for (const key of Object.keys(body.data)) {
      // Who undertakes is one of two; an item that values or describes name must be there.
      if ((name === 'undertook' && key === 'recipient') || (key === 'items' && 'values' in body.data)) continue;
      const { code, pointer } = refusalOf({ ...body, data: without(body.data, key) }) ?? {};
      const missing = ['missing-field', `/data/${key}`];
      expect([key, code, pointer]).toEqual([key, ...(required.includes(key) ? missing : [undefined, undefined])]);
    }
  });

  test('a field of another form is refused at its place', () => {
    for (const key of Object.keys(body.data)) {
      const refusal = refusalOf({ ...body, data: { ...body.data, [key]: 17 } });
      expect(refusal).toMatchObject({ code: 'invalid-field', pointer: `/data/${key}` });
    }
  });

  test('an unknown field is refused at its parent', () => {
    expect(refusalOf({ ...body, data: { ...body.data, surprise: 1 } })).toMatchObject({
      code: 'unknown-field',
      pointer: '/data',
    });
  });

  test('has a person or has none', () => {
    const person = { client: 'A-1' };
    const { ok, refusal } = readAction({ ...body, data: { ...body.data, person } }, reading);
    const personal = (PERSONAL_NAMES as readonly string[]).includes(name);
    expect([ok?.person, refusal?.code, refusal?.pointer]).toEqual(
      personal ? [person, undefined, undefined] : [undefined, 'unknown-field', '/data'],
    );
  });
});

describe('bad actions', () => {
  const origin = (value: unknown) => ({ ...collected, data: { ...collected.data, origin: value } });
  const person = (value: unknown) => withData({ person: value });

  test.each<[string, unknown, string, string]>([
    ['a list', [transferred], 'malformed', ''],
    ['null', null, 'malformed', ''],
    ['a text', 'action', 'malformed', ''],
    ['no type', without(transferred, 'type'), 'missing-field', '/type'],
    ['a type that is null', { ...transferred, type: null }, 'missing-field', '/type'],
    ['a type that is no text', { ...transferred, type: 7 }, 'invalid-field', '/type'],
    ['an unknown type', { ...transferred, type: 'depter.action.borrowed.v1' }, 'unknown-type', '/type'],
    ['another version', { ...transferred, type: 'depter.action.transferred.v2' }, 'unknown-type', '/type'],
    ["an own event's type", { ...transferred, type: 'depter.action.accessed.v1' }, 'unknown-type', '/type'],
    ['the type __proto__', { ...transferred, type: '__proto__' }, 'unknown-type', '/type'],
    ['no specversion', without(transferred, 'specversion'), 'missing-field', '/specversion'],
    ['another specversion', { ...transferred, specversion: '0.3' }, 'invalid-field', '/specversion'],
    ['an empty id', { ...transferred, id: '' }, 'invalid-field', '/id'],
    ['an id that is a number', { ...transferred, id: 1 }, 'invalid-field', '/id'],
    ['an id with NUL', { ...transferred, id: 'a\0' }, 'invalid-field', '/id'],
    ['a source with half a pair', { ...transferred, source: '\ud800' }, 'invalid-field', '/source'],
    ['an empty source', { ...transferred, source: '' }, 'invalid-field', '/source'],
    ["the source of Depter's commands", { ...transferred, source: 'urn:depter:command' }, 'invalid-field', '/source'],
    ["a source of Depter's, and an unknown type", { source: 'urn:depter:x', ...untyped }, 'invalid-field', '/source'],
    ['no data', without(transferred, 'data'), 'missing-field', '/data'],
    ['data as a text', { ...transferred, data: 'x' }, 'invalid-field', '/data'],
    ['data as a list', { ...transferred, data: [] }, 'invalid-field', '/data'],

    ['time without offset', { ...transferred, time: '2026-02-02T10:15:00' }, 'invalid-field', '/time'],
    ['time without seconds', { ...transferred, time: '2026-02-02T10:15Z' }, 'invalid-field', '/time'],
    ['time with a space', { ...transferred, time: '2026-02-02 10:15:00Z' }, 'invalid-field', '/time'],
    ['a day as time', { ...transferred, time: '2026-02-02' }, 'invalid-field', '/time'],
    ['30 February', { ...transferred, time: '2026-02-30T10:15:00Z' }, 'invalid-field', '/time'],
    ['hour 24', { ...transferred, time: '2026-02-02T24:00:00Z' }, 'invalid-field', '/time'],
    ['a leap second', { ...transferred, time: '2016-12-31T23:59:60Z' }, 'invalid-field', '/time'],
    ['time as a number', { ...transferred, time: 1770000000 }, 'invalid-field', '/time'],
    ['neither time nor on', without(transferred, 'time'), 'missing-field', '/time'],
    ['time that is null', { ...transferred, time: null }, 'missing-field', '/time'],
    ['more than five minutes ahead', { ...transferred, time: '2026-03-01T20:05:01Z' }, 'future-time', '/time'],
    ['the same, in another offset', { ...transferred, time: '2026-03-02T01:05:01+05:00' }, 'future-time', '/time'],
    ['a day after today', withData({ on: '2026-03-03' }), 'future-time', '/data/on'],
    ['a day that does not exist', withData({ on: '2026-02-29' }), 'invalid-field', '/data/on'],
    ['a day to come that does not exist', withData({ on: '2026-13-01' }), 'invalid-field', '/data/on'],
    ['a day as an instant', withData({ on: '2026-02-02T00:00:00Z' }), 'invalid-field', '/data/on'],
    ['a day that is null', withData({ on: null }), 'invalid-field', '/data/on'],

    ['another controller', { ...transferred, controller: 'kz.finbox' }, 'controller-mismatch', '/controller'],
    ['a controller that is no text', { ...transferred, controller: 1 }, 'invalid-field', '/controller'],

    ['a wrong check digit', person({ iin: '850505400017' }), 'check-digit', '/data/person/iin'],
    ['a birth date that does not exist', person({ iin: '850231400018' }), 'invalid-field', '/data/person/iin'],
    ['a PIN of another form', person({ pin: '3' }), 'invalid-field', '/data/person/pin'],
    ['a phone that is none', person({ phone: '8 700' }), 'invalid-field', '/data/person/phone'],
    ['nobody', person({}), 'invalid-field', '/data/person'],
    ['a name', person({ client: 'A', name: 'F' }), 'unknown-field', '/data/person'],

    ['an item id not of the form', withData({ items: ['name', 'First Name'] }), 'invalid-field', '/data/items/1'],
    ['an item id of 65 characters', withData({ items: ['a'.repeat(65)] }), 'invalid-field', '/data/items/0'],
    ['no items', withData({ items: [] }), 'invalid-field', '/data/items'],
    ['all items where they must be named', withData({ items: 'all' }), 'invalid-field', '/data/items'],
    ['a country of three letters', withData({ country: 'KAZ' }), 'invalid-field', '/data/country'],
    ['an unknown role', withData({ role: 'friend' }), 'invalid-field', '/data/role'],
    ['a reference of 129 characters', withData({ consent: 'x'.repeat(129) }), 'invalid-field', '/data/consent'],
    ['an empty reference', withData({ consent: '' }), 'invalid-field', '/data/consent'],
    ['a value that is a number', withData({ values: { name: 5 } }), 'invalid-field', '/data/values'],
    ['a value of no item', withData({ values: { address: 'x' } }), 'invalid-field', '/data/values'],
    ['a value of an id not of the form', withData({ values: { 'A B': 'x' } }), 'invalid-field', '/data/values'],
    [
      'someone described by no item',
      withData({ describes: { x: { client: 'A' } } }),
      'invalid-field',
      '/data/describes',
    ],
    [
      'someone with a wrong digit',
      withData({ describes: { name: { iin: '850505400017' } } }),
      'check-digit',
      '/data/describes',
    ],
    ['someone with a name', withData({ describes: { name: { name: 'F' } } }), 'unknown-field', '/data/describes'],
    ['an origin without kind', origin({}), 'missing-field', '/data/origin/kind'],
    ['an unknown origin', origin({ kind: 'found' }), 'invalid-field', '/data/origin/kind'],
    ['more in an origin', origin({ kind: 'bank', place: 'x' }), 'unknown-field', '/data/origin'],
  ])('%s is refused', (_, body, code, pointer) => expect(refusalOf(body)).toMatchObject({ code, pointer }));

  const consented = example('consented');
  test.each<[unknown, string, string]>([
    [[{ purpose: 'loan' }, { recipient: 'BAD' }], 'invalid-field', '/data/parts/1/recipient'],
    [[{ 'cross-border': false }], 'invalid-field', '/data/parts/0/cross-border'],
    [[{ purpose: 'loan', recipient: 'kz.bank' }], 'unknown-field', '/data/parts/0'],
    [[{ surprise: 1 }], 'unknown-field', '/data/parts/0'],
    [[{}], 'invalid-field', '/data/parts/0'],
    [['loan'], 'invalid-field', '/data/parts/0'],
    [[], 'invalid-field', '/data/parts'],
    ['all', 'invalid-field', '/data/parts'],
  ])('parts %j are refused', (parts, code, pointer) => {
    expect(refusalOf({ ...consented, data: { ...consented.data, parts } })).toMatchObject({ code, pointer });
  });

  const blocked = example('blocked');
  test.each<[unknown, string]>([
    [['name', 'BAD'], '/data/items/1'],
    [[], '/data/items'],
    ['some', '/data/items'],
  ])('items %j of a block are refused', (items, pointer) => {
    expect(refusalOf({ ...blocked, data: { ...blocked.data, items } })).toMatchObject({
      code: 'invalid-field',
      pointer,
    });
  });

  test('an undertaking is of one party', () => {
    const { data, ...rest } = example('undertook');
    expect(refusalOf({ ...rest, data: { what: data['what'] } })).toMatchObject({
      code: 'missing-field',
      pointer: '/data/staff',
    });
    expect(refusalOf({ ...rest, data: { ...data, staff: 's' } })).toMatchObject({
      code: 'invalid-field',
      pointer: '/data/recipient',
    });
  });

  test('nobody is described by a link, and values are of a person', () => {
    const linked = example('linked');
    const describes = { name: { client: 'A' } };
    expect(refusalOf({ ...linked, data: { ...linked.data, items: ['name'], describes } })).toMatchObject({
      code: 'unknown-field',
      pointer: '/data',
    });
    const breached = example('breached');
    expect(refusalOf({ ...breached, data: { ...breached.data, values: {} } })).toMatchObject({
      code: 'unknown-field',
      pointer: '/data',
    });
  });

  test('without a path or topic the controller is required, of the form, and served', () => {
    const { controller: _, ...free } = reading;
    const known = (id: string) => id === 'kz.finbox';
    const at = (body: Body) => readAction(body, { ...free, known });
    expect(at(without(transferred, 'controller')).refusal).toMatchObject({
      code: 'missing-field',
      pointer: '/controller',
    });
    expect(at({ ...transferred, controller: 'KZ-1' }).refusal).toMatchObject({
      code: 'invalid-field',
      pointer: '/controller',
    });
    expect(at({ ...transferred, controller: 'kz.nobody' }).refusal).toMatchObject({
      code: 'not-found',
      pointer: '/controller',
    });
    expect(at({ ...transferred, controller: 'kz.finbox' }).ok!.controller).toBe('kz.finbox');
  });
});

describe('of several faults the first in the order of the body is answered', () => {
  test.each<[string, unknown, string, string]>([
    ['a field before an unknown one', withData({ country: 'x', zzz: 1 }), 'invalid-field', '/data/country'],
    [
      'an unknown one before a field',
      { ...transferred, data: { zzz: 1, ...transferred.data, country: 'x' } },
      'unknown-field',
      '/data',
    ],
    [
      'what is there before what is missing',
      { ...transferred, data: { ...without(transferred.data, 'items'), country: 'x' } },
      'invalid-field',
      '/data/country',
    ],
    [
      'of what is missing the first by name',
      { ...transferred, data: { person: { client: 'A' } } },
      'missing-field',
      '/data/basis',
    ],
    ['time before data', { ...transferred, time: 'x', data: { x: 1 } }, 'invalid-field', '/time'],
    [
      'data before time',
      { data: { ...transferred.data, x: 1 }, ...without(transferred, 'data'), time: 'x' },
      'unknown-field',
      '/data',
    ],
    ['the type before data that it cannot judge', { ...transferred, type: 'x', data: 'x' }, 'unknown-type', '/type'],
    ['an empty id before an unknown type', { ...transferred, id: '', type: 'x' }, 'invalid-field', '/id'],
    [
      'the controller before data',
      { ...transferred, controller: 'kz.finbox', data: 'x' },
      'controller-mismatch',
      '/controller',
    ],
    [
      'described by no item before another fault',
      { ...transferred, data: { describes: { q: { client: 'A' } }, ...transferred.data, country: 'x' } },
      'invalid-field',
      '/data/describes',
    ],
    ['deep before late', withData({ items: ['name', 'BAD'], country: 'x' }), 'invalid-field', '/data/items/1'],
  ])('%s', (_, body, code, pointer) => expect(refusalOf(body)).toMatchObject({ code, pointer }));
});

describe('effective time', () => {
  test.each([
    ['2026-02-02T10:15:00+05:00', '2026-02-02T05:15:00.000Z'],
    ['2026-02-02t05:15:00.1234567z', '2026-02-02T05:15:00.123Z'],
    ['2026-03-01T20:05:00Z', '2026-03-01T20:05:00.000Z'],
    ['2026-03-01T23:59:59.999-00:00', undefined],
    ['1999-12-31T23:59:59-12:00', '2000-01-01T11:59:59.000Z'],
  ])('%s is %s', (time, at) => expect(readAction({ ...transferred, time }, reading).ok?.at).toBe(at));

  test('where a day is given, the time is not even looked at', () => {
    for (const time of ['nonsense', 7, '2099-01-01T00:00:00Z', null]) {
      expect(readAction({ ...withData({ on: '2026-02-02' }), time }, reading).ok!.at).toBe('2026-02-02');
    }
  });

  test("today is the controller's: 01:00 of 2 March in Almaty", () => {
    expect(readAction(withData({ on: '2026-03-02' }), reading).ok!.at).toBe('2026-03-02');
    expect(refusalOf(withData({ on: '2026-03-02' }), { zone: 'UTC' })).toMatchObject({ code: 'future-time' });
    expect(refusalOf(withData({ on: '2026-03-02' }), { zone: () => 'UTC' })).toMatchObject({ code: 'future-time' });
  });
});

describe('too many parts', () => {
  const many = (n: number) => Array.from({ length: n }, (_, i) => `item-${i}`);
  test('a long list passes, one that would pass 16 KiB does not', () => {
    expect(refusalOf(withData({ items: many(500) }))).toBeUndefined();
    expect(refusalOf(withData({ items: many(800) }))).toMatchObject({ code: 'too-many-parts', pointer: '/data' });
    const values = Object.fromEntries(many(300).map((item) => [item, 'x']));
    expect(refusalOf(withData({ items: many(300), values }))).toMatchObject({
      code: 'too-many-parts',
      pointer: '/data',
    });
  });
  test('nor are ten thousand faults looked at', () => {
    expect(refusalOf(withData({ items: Array.from({ length: 10_000 }, () => 'BAD') }))).toMatchObject({
      code: 'too-many-parts',
      pointer: '/data',
    });
  });
  test('long values are no parts', () => {
    expect(refusalOf(withData({ values: { name: 'x'.repeat(60_000) } }))).toBeUndefined();
  });
  test('nor more than a thousand events', () => {
    const people = (n: number) => Array.from({ length: n }, (_, i) => ({ client: `A-${i}` }));
    const breached = example('breached');
    const of = (n: number) => ({ ...breached, data: { ...breached.data, people: people(n) } });
    expect(refusalOf(of(999))).toBeUndefined();
    expect(refusalOf(of(1000))).toMatchObject({ code: 'too-many-parts' });
  });
});

describe('nothing that came in comes back', () => {
  /** Every place of a body by turns holds a canary, as a value and as a key. */
  const CANARY = 'canary-7f3a';
  const places = (value: unknown, path: string[] = []): string[][] =>
    typeof value !== 'object' || value === null
      ? [path]
      : [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))];
  const changed = (value: unknown, [key, ...rest]: string[], change: (old: unknown) => unknown): unknown => {
    if (key === undefined) return change(value);
    const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as Body) }) as Record<string, unknown>;
    copy[key] = changed(copy[key], rest, change);
    return copy;
  };
  const asKey = (old: unknown) =>
    typeof old === 'object' && old !== null && !Array.isArray(old)
      ? { ...old, [CANARY]: CANARY }
      : { [CANARY]: CANARY };

  test('whatever place a canary takes, no refusal has it', () => {
    let refused = 0;
    for (const { body } of EXAMPLES) {
      for (const path of places(body)) {
        for (const bad of [
          changed(body, path, () => ` ${CANARY}`),
          changed(body, path, asKey),
          changed(body, path, () => [CANARY]),
        ]) {
          const { refusal } = readAction(bad, reading);
          if (refusal !== undefined) refused++;
          expect(JSON.stringify(refusal) ?? '').not.toContain(CANARY);
        }
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });

  test('of any JSON, pointers have names of fields and places alone, and nothing is thrown', () => {
    const keys = fc.constantFrom('data', 'type', 'person', 'items', 'values', 'describes', 'parts', 'origin', 'x', '');
    const leaf = fc.constantFrom(null, true, 1, '', 'x', 'all', '2026-02-02', 'A B', '850505400018');
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.dictionary(keys, tie('node'), { maxKeys: 4 }),
        fc.array(tie('node'), { maxLength: 3 }),
      ),
    })).node;
    const bodies = fc.tuple(fc.constantFrom(...EXAMPLES), fc.dictionary(keys, tree, { maxKeys: 4 }), tree);
    fc.assert(
      fc.property(bodies, ([{ body }, over, data]) => {
        for (const bad of [
          { ...body, ...over },
          { ...body, data: { ...body.data, ...over } },
          { ...body, data },
          data,
        ]) {
          const text = JSON.stringify(bad);
          const json = readJson(text);
          const { refusal } = readAction(json.ok, reading);
          expect(refusal?.pointer ?? '').toMatch(/^(?:\/(?:[a-z-]+|\d+))*$/);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('what is of a closed list, or of a day that has come', () => {
  test.each(['KZ', 'KG', 'AX', 'ZW', 'XX'])('country %s', (country) => {
    expect(refusalOf(withData({ country }))).toBeUndefined();
  });
  test.each(['ZZ', 'UK', 'kz', 'AA', 'SU', ''])('no country %s', (country) => {
    expect(refusalOf(withData({ country }))).toMatchObject({ code: 'invalid-field', pointer: '/data/country' });
  });
  test('a breach was found today in the controller’s zone, or before', () => {
    const breached = example('breached') as Body & { readonly data: Body };
    const found = (day: string, more = {}) =>
      refusalOf({ ...breached, data: { ...breached.data, found: day, ...more } });
    expect(found('2026-03-02')).toBeUndefined();
    expect(found('2026-03-03')).toMatchObject({ code: 'future-time', pointer: '/data/found' });
    expect(found('2026-02-30')).toMatchObject({ code: 'invalid-field', pointer: '/data/found' });
    expect(found('2026-03-03', { breach: 7 })).toMatchObject({
      code: expect.stringMatching(/^(future-time|invalid-field)$/),
    });
  });
});
