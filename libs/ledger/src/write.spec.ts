import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { EXAMPLES, example } from '../testdata/examples.js';
import { MemoryScribe } from '../testdata/scribe.js';
import { cloudEvent, SOURCE } from '../../../test/scenario/feed.js';
import { scenario } from '../../../test/scenario/scenario.js';
import { decode, encode } from './codec.js';
import { readAction } from './read.js';
import { type Commitment, type Reference, controllerId } from './names.js';
import {
  ACTION_NAMES, type ActionName, ENVELOPE, type EventOf, ORDERED, ORDERS, ORIGINS, RIGHTS, ROLES, STORED, type StoredEvent,
} from './stored.js'; // prettier-ignore
import { writeEvents } from './write.js';

const NOW = Date.parse('2031-01-01T00:00:00Z');

/** What the schemas of the stored format say of an event; empty where it is valid. */
function issuesOf({ type, ...event }: StoredEvent): z.core.$ZodIssue[] {
  const schema = z.strictObject({ ...ENVELOPE, data: STORED[type] as z.ZodType });
  return schema.safeParse(event).error?.issues ?? [];
}

describe.each(['4.1', '4.2', '4.3', '4.4', '4.5'])('scenario %s', (name) => {
  const told = scenario(name);
  test.each(told.feed.map((entry) => [entry.n, entry.do, entry] as const))(
    'entry %s, %s, becomes valid events',
    (_, __, entry) => {
      const read = readAction(cloudEvent(told, entry), { now: NOW, zone: told.zone });
      if (read.ok === undefined) throw new Error(JSON.stringify(read.refusal));
      expect(read.ok.controller).toBe(controllerId(told.controller));
      const events = writeEvents(read.ok, new MemoryScribe(SOURCE, read.ok.id));
      for (const event of events) {
        expect(issuesOf(event)).toEqual([]);
        expect(decode(encode(event))).toEqual(event);
      }
      expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    },
  );
});

const KZ = { now: NOW, zone: 'Asia/Almaty' };
const eventsOf = (body: unknown, scribe: MemoryScribe) => {
  const { ok, refusal } = readAction(body, KZ);
  if (ok === undefined) throw new Error(JSON.stringify(refusal));
  return writeEvents(ok, scribe);
};
const withData = (name: ActionName, change: object) => {
  const body = example(name);
  return { ...body, data: { ...body.data, ...change } };
};

/** Whatever packs list: all ids, none, or only some. */
const LISTS: readonly (readonly [string, (kind: string, id: string) => boolean])[] = [
  ['every id is listed', () => true],
  ['no id is listed', () => false],
  ['items alone are listed', (kind) => kind === 'item'],
];

describe.each(LISTS)('where %s', (_, lists) => {
  test.each(EXAMPLES.map((sent) => [sent.name, sent.body] as const))('%s becomes valid events', (name, body) => {
    const scribe = new MemoryScribe(SOURCE, name, lists);
    const events = eventsOf(body, scribe);
    for (const event of events) {
      expect(issuesOf(event)).toEqual([]);
      expect(decode(encode(event))).toEqual(event);
    }
  });
});

test('where no id is listed, no text of the action is in its events', () => {
  const texts = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(texts)
        : [];
  const words = new Set<string>([
    ...ORIGINS,
    ...ROLES,
    ...RIGHTS,
    ...ORDERS,
    ...ORDERED,
    ...ACTION_NAMES,
    'all',
    'paper',
  ]);
  for (const word of ['match', 'untrue', 'recipient', 'contract-performed', 'XX']) words.add(word);
  for (const { name, body } of EXAMPLES) {
    const stored = new Set(texts(eventsOf(body, new MemoryScribe(SOURCE, name, () => false)).map(({ data }) => data)));
    for (const text of texts(body.data)) {
      if (words.has(text) || /^\d{4}-\d{2}-\d{2}$/.test(text)) continue;
      expect([...stored]).not.toContain(text);
    }
  }
});

describe('an item about someone else', () => {
  const scribe = new MemoryScribe(SOURCE, '1');
  const events = eventsOf(example('collected'), scribe);
  const [client, contact] = [scribe.subject('iin', '850505400018'), scribe.subject('phone', '+77000000205')];
  const own = events[0] as EventOf<'collected'>;
  const theirs = events[1] as EventOf<'collected'>;

  test('makes one event for each of the two, and a link for two identifiers', () => {
    expect(events.map(({ type, subject }) => [type, subject])).toEqual([
      ['collected', client],
      ['collected', contact],
      ['linked', client],
    ]);
    expect(events[2]!.data).toEqual({ automatic: true, other: scribe.subject('client', 'A-100') });
    expect(events[2]!.by).toBeNull();
  });

  test("the client's has the tie and not the value; the contact's the value and nothing of the client", () => {
    expect(own.data.about).toEqual({ 'relative-phone': scribe.ties[0]!.about });
    expect(scribe.ties).toEqual([{ client, contact, about: scribe.ties[0]!.about }]);
    expect(Object.keys(own.data.values!)).toEqual(['name']);
    expect(own.data.described).toBeUndefined();
    expect(theirs.data).toEqual({
      basis: 'consent',
      described: true,
      items: ['relative-phone'],
      medium: 'paper',
      origin: { kind: 'bureau', name: 'kz.bureau' },
      purposes: ['loan'],
      values: { 'relative-phone': expect.stringMatching(/^[\w-]{43}$/) },
    });
    const sealed = scribe.sealed.get(theirs.data.values!['relative-phone'] as Commitment)!;
    expect(sealed).toEqual({
      ordinal: 1,
      owner: contact,
      label: 'relative-phone',
      field: 'relative-phone',
      text: '+77000000205',
    });
    expect(
      [...scribe.sealed.values()]
        .filter(({ owner }) => owner === client)
        .map(({ field }) => field)
        .sort(),
    ).toEqual(['document', 'name', 'note']);
  });

  test('two items about one person make one event, two people two, in order of item', () => {
    const [r, k] = [{ phone: '+77000000205' }, { phone: '+77000000206' }];
    const describes = { zeta: r, alpha: r, beta: k };
    const made = eventsOf(
      withData('used', { items: ['name', 'zeta', 'alpha', 'beta'], describes }),
      new MemoryScribe(),
    );
    expect(made.map(({ subject, data }) => [subject, (data as { items?: unknown }).items])).toEqual([
      [client, ['name', 'zeta', 'alpha', 'beta']],
      [contact, ['alpha', 'zeta']],
      [scribe.subject('phone', '+77000000206'), ['beta']],
      [client, undefined],
    ]);
    expect(new Set(made.map(({ id }) => id)).size).toBe(4);
  });

  test('of all items the contact has theirs, and a required number is one of their own', () => {
    const describes = { 'relative-phone': { phone: '+77000000205' } };
    const destroyed = eventsOf(withData('destroyed', { items: 'all', describes }), new MemoryScribe());
    expect(destroyed[0]!.data).toMatchObject({ items: 'all' });
    expect(destroyed[1]!.data).toEqual({ described: true, items: ['relative-phone'], method: 'erase' });
    const ceded = eventsOf(withData('ceded', { items: ['name', 'relative-phone'], describes }), new MemoryScribe());
    const contracts = ceded.slice(0, 2).map(({ data }) => (data as { contract: string }).contract);
    expect(contracts[0]).not.toBe(contracts[1]);
  });

  test('what is sealed for the contact tells no number of the client, and is the same for the same number', () => {
    const describes = { 'relative-phone': { phone: '+77000000205' } };
    const contractOf = (name: ActionName, number: string) => {
      const kept = new MemoryScribe();
      const made = eventsOf(withData(name, { items: ['relative-phone'], contract: number, describes }), kept);
      for (const { owner, text } of kept.references.values()) {
        if (owner === contact) expect(text).not.toContain(number);
      }
      return (made[1]!.data as { contract: string }).contract;
    };
    expect(contractOf('ceded', 'L-100')).toBe(contractOf('ceded', 'L-100'));
    expect(contractOf('ceded', 'L-100')).not.toBe(contractOf('ceded', 'L-101'));
    const consents = ['C-1', 'C-2'].map((consent) => {
      const kept = new MemoryScribe();
      eventsOf(withData('consented', { items: ['relative-phone'], consent, describes }), kept);
      return [...kept.references.values()].filter(({ owner, kind }) => owner === contact && kind === 'consent');
    });
    for (const [texts, number] of [
      [consents[0]!, 'C-1'],
      [consents[1]!, 'C-2'],
    ] as const) {
      expect(texts).toHaveLength(1);
      expect(texts[0]!.text).not.toContain(number);
    }
  });

  test('an item said to be about its own person is that person’s', () => {
    const describes = { name: { iin: '850505400018' } };
    const made = eventsOf(withData('used', { describes, values: { name: 'x' } }), new MemoryScribe());
    expect(made.map(({ type }) => type)).toEqual(['used', 'linked']);
    expect(made[0]!.data).not.toHaveProperty('about');
    expect(made[0]!.data).toHaveProperty('values.name');
  });
});

describe('who an action belongs to', () => {
  const subjects = (person: object) =>
    eventsOf(withData('performed', { person }), new MemoryScribe()).map(({ type, subject, data }) => [
      type,
      subject,
      (data as { other?: string }).other,
    ]);
  const of = (kind: string, value: string) => new MemoryScribe().subject(kind, value);

  test('the highest identifier; phone, e-mail and online beside it lead nowhere', () => {
    expect(subjects({ phone: '+77000000104', client: 'A', email: 'a@example.com', online: 'o' })).toEqual([
      ['performed', of('client', 'A'), undefined],
    ]);
    expect(subjects({ email: 'A@example.com', phone: '+77000000104' })).toEqual([
      ['performed', of('phone', '+77000000104'), undefined],
    ]);
    expect(subjects({ online: 'o' })).toEqual([['performed', of('online', 'o'), undefined]]);
  });
  test('iin, pin and client together link each lower dossier', () => {
    expect(subjects({ client: 'A', pin: '20101199000010', iin: '850505400018' })).toEqual([
      ['performed', of('iin', '850505400018'), undefined],
      ['linked', of('iin', '850505400018'), of('pin', '20101199000010')],
      ['linked', of('iin', '850505400018'), of('client', 'A')],
    ]);
  });
  test('the other of a link too', () => {
    const made = eventsOf(
      withData('linked', { person: { phone: '+77000000104' }, other: { iin: '850505400018', client: 'A' } }),
      new MemoryScribe(),
    );
    expect(made.map(({ subject, data }) => [subject, data])).toEqual([
      [of('phone', '+77000000104'), { other: of('iin', '850505400018') }],
      [of('iin', '850505400018'), { automatic: true, other: of('client', 'A') }],
    ]);
  });
});

test('a breach is of the controller and of each person once, its texts the controller’s', () => {
  const scribe = new MemoryScribe();
  const people = [{ client: 'A' }, { client: 'B' }, { client: 'A', phone: '+77000000104' }];
  const made = eventsOf(withData('breached', { people, note: 'lost laptop', cause: undefined }), scribe);
  expect(made.map(({ subject }) => subject)).toEqual([
    null,
    scribe.subject('client', 'A'),
    scribe.subject('client', 'B'),
  ]);
  expect(made[0]!.data).toMatchObject({ cause: 'controller', people: 3, found: '2026-02-01' });
  expect(made[1]!.data).toEqual({
    breach: (made[0]!.data as { breach: string }).breach,
    cause: 'controller',
    found: '2026-02-01',
    items: ['name', 'iin'],
    recipients: ['kz.bank'],
  });
  expect([...scribe.sealed.values()]).toEqual([
    expect.objectContaining({ owner: null, ordinal: 0, text: 'lost laptop' }),
  ]);
});

test('a register entry names the listed recipients that stand in it as words', () => {
  const listed = ['kz.bank', 'xx.host', 'kz.bank.one'];
  const entry = {
    ...(example('registered').data['entry'] as object),
    recipients: 'kz.bank.one, akz.bank; (xx.host), kz.bank2',
    'cross-border': 'To xx.host.',
  };
  const made = eventsOf(
    withData('registered', { entry }),
    new MemoryScribe(SOURCE, '1', (_, id) => listed.includes(id)),
  );
  expect(made[0]!.data).toMatchObject({
    named: { recipients: ['kz.bank.one', 'xx.host'], 'cross-border': ['xx.host'] },
  });
});

test('staff are the controller’s; in an order `by` is an organisation', () => {
  const scribe = new MemoryScribe();
  const answered = eventsOf(example('answered'), scribe)[0]!;
  expect(scribe.references.get(answered.by as Reference)).toEqual({ owner: null, kind: 'staff', text: 'staff-7' });
  expect(eventsOf(example('ordered'), scribe)[0]).toMatchObject({ by: null, data: { by: 'kz.court' } });
});

test('a correction names the first event of the action that was wrong', () => {
  const scribe = new MemoryScribe('urn:example:los', '1');
  expect(eventsOf(example('corrected'), new MemoryScribe())[0]!.data).toMatchObject({ event: scribe.eventId(0) });
});
