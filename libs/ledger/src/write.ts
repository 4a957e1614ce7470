/**
 * From an action to the events that it becomes, one for each person (`design.md`, Vault). Pure: what is random or secret
 * is the scribe's. What each field becomes is said by its word in `vocabulary.ts`; this file knows the rest.
 */
import { z } from 'zod';
import type { IdKind } from '#packs';
import { ACTIONS, type Action, type OwnAction, type Person } from './action.js';
import { encodedLength, MAX_ENTRY_BYTES } from './codec.js';
import { highest, linkingOf } from './identifier.js';
import { idWords } from './id-words.js';
import type { Commitment, EventId, Reference, SubjectRef } from './names.js';
import type { Owner, ReferenceKind, Scribe } from './scribe.js';
import type { ActionName, StoredEvent } from './stored.js';
import { type Becomes, becomes } from './vocabulary.js';

/** An action becomes at most so many events: they are recorded together or not at all. */
export const MAX_EVENTS = 1000;

/**
 * Ordinals of automatic links start here, four for each person of the action, so that none of an event made otherwise is
 * ever the same. They are part of event ids, hence for ever, like the ordinal of the `other` of a link.
 */
const LINKS = 1_000_000;
const OTHER = 100_000;

/** Where the numbers of people described come from: part of what their references are found by, hence for ever. */
const DESCRIBED = 'urn:depter:described';

type Data = Readonly<Record<string, unknown>>;
type Keyed = Readonly<Record<string, unknown>>;

/** One event being written: whose it is, and which part of the action it takes. */
interface Writing {
  readonly scribe: Scribe;
  readonly ordinal: number;
  readonly owner: Owner;
  /** The action's own event, that of someone an item describes, or that of one of the people of a breach. */
  readonly part: 'own' | 'described' | 'people';
  /** Of someone described: the items about them, as the action says them. */
  readonly items: readonly string[];
  /** Of someone described: whose item it is; never in their event. */
  readonly client: SubjectRef | undefined;
  /** Whether the value of an item, as the action says it, is of this event's person. */
  readonly has: (item: string) => boolean;
  /** In the client's event: items about someone else, as they stand there, each with its tie. */
  readonly about: Keyed | undefined;
}

/** One field of the stored data, or undefined where the event has none. */
interface Field {
  readonly key: string;
  readonly write: (data: Data, writing: Writing) => unknown;
}

/**
 * The events of one action. The first is the person's own, of a `breached` the controller's; then those of the people
 * whom items describe, in order of item; then the people of a breach; then the automatic links.
 */
export function writeEvents(action: Action | OwnAction, scribe: Scribe): StoredEvent[] {
  if (action.kind === 'own') return [ownEvent(action, scribe)];
  const events: StoredEvent[] = [];
  if (action.person === null) {
    events.push(event(action, { scribe, ordinal: 0, owner: null, part: 'own', ...whole }));
    if (action.name === 'breached') writePeople(action, action.data.people ?? [], scribe, events);
    return events;
  }
  const subject = subjectOf(action.person, scribe);
  const contacts = contactsOf(action, subject, scribe);
  const [about, has] = aboutOf(contacts, subject, scribe);
  events.push(event(action, { ...whole, scribe, ordinal: 0, owner: subject, part: 'own', has, about }));
  const links: StoredEvent[] = [];
  writeLinks(action, action.person, 0, scribe, links);
  for (const [i, { contact, items, person }] of contacts.entries()) {
    const ordinal = i + 1;
    const has = (item: string) => items.includes(item);
    const writing = { scribe, ordinal, owner: contact, part: 'described', items, client: subject, has } as const;
    events.push(event(action, { ...whole, ...writing }));
    writeLinks(action, person, ordinal, scribe, links);
  }
  if (action.name === 'linked' || action.name === 'unlinked') {
    writeLinks(action, action.data.other, OTHER, scribe, links);
  }
  events.push(...links);
  return events;
}

const everything = () => true;
const whole = { items: [], client: undefined, has: everything, about: undefined };

function ownEvent({ name, subject, at, by, data }: OwnAction, scribe: Scribe): StoredEvent {
  // Name and data belong together in an own action; TypeScript cannot follow the union through the copy.
  return { v: 1, type: name, id: scribe.eventId(0), subject, at, recorded: scribe.recorded, by, data } as StoredEvent;
}

/** The one place where an event is put together. Its data is made by the table of its name: a test checks each against its schema. */
function event(action: Action, writing: Writing): StoredEvent {
  const data: Record<string, unknown> = {};
  for (const { key, write } of FIELDS[action.name]) {
    const value = write(action.data, writing);
    if (value !== undefined) data[key] = value;
  }
  // Staff are the controller's, whosever dossier they acted on.
  const by = action.by === null ? (action.commander ?? null) : writing.scribe.reference(null, 'staff', action.by);
  return envelope(action, action.name, by, data, writing);
}

function envelope(
  { at }: Action,
  type: ActionName,
  by: Reference | null,
  data: Data,
  { scribe, ordinal, owner }: Pick<Writing, 'scribe' | 'ordinal' | 'owner'>,
): StoredEvent {
  const id = scribe.eventId(ordinal);
  return { v: 1, type, id, subject: owner, at, recorded: scribe.recorded, by, data } as StoredEvent;
}

function subjectOf(person: Person, scribe: Scribe): SubjectRef {
  const { kind, value } = highest(person);
  return scribe.subject(kind, value);
}

interface Contact {
  readonly contact: SubjectRef;
  readonly person: Person;
  readonly items: string[];
}

/** The people whom items describe, in order of item; two items about one person make one event. */
function contactsOf(action: Action, subject: SubjectRef, scribe: Scribe): Contact[] {
  const describes = 'describes' in action.data ? action.data.describes : undefined;
  if (describes === undefined) return [];
  const contacts = new Map<SubjectRef, Contact>();
  for (const item of Object.keys(describes).sort()) {
    const person = describes[item]!;
    const contact = subjectOf(person, scribe);
    // An item said to be about its own person is that person's.
    if (contact === subject) continue;
    const known = contacts.get(contact);
    if (known === undefined) contacts.set(contact, { contact, person, items: [item] });
    else known.items.push(item);
  }
  return [...contacts.values()];
}

/** The ties of the client's event, and which items' values are the client's own. */
function aboutOf(
  contacts: readonly Contact[],
  subject: SubjectRef,
  scribe: Scribe,
): [Keyed | undefined, Writing['has']] {
  if (contacts.length === 0) return [undefined, everything];
  const about: [string, Reference][] = [];
  const described = new Set<string>();
  for (const { contact, items } of contacts) {
    const tie = scribe.tie(subject, contact);
    for (const item of items) {
      about.push([idOf(scribe, subject, 'item', item), tie]);
      described.add(item);
    }
  }
  return [keyed(about), (item) => !described.has(item)];
}

function writePeople(action: Action, people: readonly Person[], scribe: Scribe, events: StoredEvent[]): void {
  const seen = new Set<SubjectRef>();
  const links: StoredEvent[] = [];
  for (const person of people) {
    const owner = subjectOf(person, scribe);
    if (seen.has(owner)) continue;
    seen.add(owner);
    const ordinal = seen.size;
    events.push(event(action, { scribe, ordinal, owner, part: 'people', ...whole }));
    writeLinks(action, person, ordinal, scribe, links);
  }
  events.push(...links);
}

/** One `linked` for each further identifier that links, in the dossier of the highest. */
function writeLinks(action: Action, person: Person, place: number, scribe: Scribe, links: StoredEvent[]): void {
  const [first, ...further] = linkingOf(person);
  if (first === undefined) return;
  for (const [n, { kind, value }] of further.entries()) {
    const data = { automatic: true, other: scribe.subject(kind, value) };
    const owner = scribe.subject(first.kind, first.value);
    links.push(envelope(action, 'linked', null, data, { scribe, ordinal: LINKS + 4 * place + n, owner }));
  }
}

/** The id itself where a loaded pack has it, else the reference that stands for it. */
function idOf(scribe: Scribe, owner: Owner, kind: IdKind, id: string): string {
  return scribe.listed(kind, id) ? id : scribe.reference(owner, kind, id);
}

function keyed(entries: [string, unknown][]): Keyed {
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What of the client is not told in the event of a person whom an item describes. */
const CLIENTS: ReadonlySet<string> = new Set(['consent', 'contract', 'request', 'note', 'document', 'from']);

function fieldOf(name: ActionName, key: string, schema: unknown): Field | undefined {
  const optional = schema instanceof z.ZodOptional;
  const word = becomes.get((optional ? schema.unwrap() : schema) as z.ZodType);
  if (word === undefined) throw new Error(`The field ${key} of ${name} does not say what it becomes.`);
  const write = word.kind === 'own' ? OWN_FIELDS[key] : writerOf(word, key);
  if (write === null) return undefined;
  if (write === undefined) throw new Error(`Nothing writes the field ${key} of ${name}.`);
  const clients = optional && CLIENTS.has(key);
  const texts = word.kind === 'text';
  return {
    key,
    write: (data, writing) => {
      const value = data[key];
      if (value === undefined) return undefined;
      if (clients && writing.part === 'described') return undefined;
      // Texts on a breach are the controller's, and stand with its own event.
      if (texts && writing.part === 'people') return undefined;
      return write(value, writing);
    },
  };
}

type Writer = (value: unknown, writing: Writing) => unknown;

function writerOf(word: Exclude<Becomes, { kind: 'own' }>, key: string): Writer {
  switch (word.kind) {
    case 'id':
      return (value, { scribe, owner }) => idOf(scribe, owner, word.of, value as string);
    case 'ids':
      return key === 'items' ? writeItems : (value, { scribe, owner }) => idsOf(scribe, owner, word.of, value);
    case 'reference':
      return (value, writing) => referenceOf(writing, word.of, value as string);
    case 'text':
      return (value, { scribe, ordinal, owner, part }) =>
        // A text that the schema wants is there, but what the client wrote is not told to the person described.
        scribe.seal(ordinal, owner, '#text', key, part === 'described' ? '' : (value as string));
    case 'word':
      return (value) => value;
  }
}

function idsOf(scribe: Scribe, owner: Owner, kind: IdKind, value: unknown): unknown {
  return value === 'all' ? value : (value as string[]).map((id) => idOf(scribe, owner, kind, id));
}

/** The event of a person whom items describe has those items alone, also where the action says `all`. */
const writeItems: Writer = (value, { scribe, owner, part, items }) =>
  idsOf(scribe, owner, 'item', part === 'described' ? items : value);

/**
 * An emitter's number. Where the event of a person described must have one, it is one of that person's own: the same
 * reference in both events would tie the two dossiers for every reader of the log. What is sealed behind it is made of
 * the number, never the number itself, since the person described may read it and it is the client's.
 */
function referenceOf({ scribe, owner, client }: Writing, kind: ReferenceKind, text: string): Reference {
  if (kind === 'staff') return scribe.reference(null, kind, text);
  if (client === undefined) return scribe.reference(owner, kind, text);
  return scribe.reference(owner, kind, scribe.eventIdOf(`${DESCRIBED}:${client}:${owner}`, text));
}

const writePart = (part: Readonly<Record<string, unknown>>, { scribe, owner }: Writing): Keyed => {
  const id = (kind: IdKind, value: unknown) => idOf(scribe, owner, kind, value as string);
  if ('purpose' in part) return { purpose: id('purpose', part['purpose']) };
  if ('recipient' in part) return { recipient: id('organisation', part['recipient']) };
  if ('cookies' in part) return { cookies: id('cookies', part['cookies']) };
  return part;
};

/** Fields that no word says how to write; null for those that the event keeps elsewhere or not at all. */
const OWN_FIELDS: Readonly<Record<string, Writer | null>> = {
  person: null,
  on: null,
  by: null,
  describes: null,
  people: (value, { part }) => (part === 'own' ? (value as unknown[]).length : undefined),
  values: (value, { scribe, ordinal, owner, has }) => {
    const sealed: [string, Commitment][] = [];
    for (const [item, text] of Object.entries(value as Readonly<Record<string, string>>)) {
      if (!has(item)) continue;
      const label = idOf(scribe, owner, 'item', item);
      sealed.push([label, scribe.seal(ordinal, owner, label, item, text)]);
    }
    return sealed.length === 0 ? undefined : keyed(sealed);
  },
  origin: (value, { scribe, owner }) => {
    const { kind, name } = value as { kind: string; name?: string };
    return name === undefined ? { kind } : { kind, name: idOf(scribe, owner, 'organisation', name) };
  },
  parts: (value, writing) => (value === 'all' ? value : (value as Keyed[]).map((part) => writePart(part, writing))),
  other: (value, { scribe }) => subjectOf(value as Person, scribe),
  event: (value, { scribe }) => {
    const { source, id } = value as { source: string; id: string };
    return scribe.eventIdOf(source, id);
  },
  entry: (value, { scribe, ordinal, owner }) =>
    keyed(
      Object.entries(value as Readonly<Record<string, string>>).map(([field, text]) => [
        field,
        scribe.seal(ordinal, owner, '#text', `entry.${field}`, text),
      ]),
    ),
};

/** An act that opens a request without naming one gets a number from Depter (`rules.md` 1): that of its event. */
const NUMBERED: Field = {
  key: 'request',
  write: (data, writing) => {
    if (writing.part === 'described') return undefined;
    const number = data['request'] ?? writing.scribe.eventId(writing.ordinal);
    return referenceOf(writing, 'request', number as string);
  },
};

/** Fields that stand in the stored data and in no action, by name of the action; `*` for all about a person. */
const ADDED: Readonly<Partial<Record<ActionName | '*', readonly Field[]>>> = {
  '*': [
    { key: 'about', write: (_, { about }) => about },
    { key: 'described', write: (_, { part }) => (part === 'described' ? true : undefined) },
  ],
  withdrew: [NUMBERED],
  disputed: [NUMBERED],
  breached: [{ key: 'cause', write: (data) => data['cause'] ?? 'controller' }],
  registered: [{ key: 'named', write: (data, { scribe }) => namedIn(data, (id) => scribe.listed('organisation', id)) }],
};

/** The recipients that an entry names by their id as a word (`rules.md` 2, Register entry): its texts are sealed. */
function namedIn(data: Data, listed: (id: string) => boolean): { 'cross-border': string[]; recipients: string[] } {
  const entry = data['entry'] as Readonly<Record<string, string>>;
  const named = (text = '') => idWords(text).filter(listed);
  return { 'cross-border': named(entry['cross-border']), recipients: named(entry['recipients']) };
}

/** The fields of each action's stored data, in order of their keys. */
const FIELDS = Object.fromEntries(
  (Object.keys(ACTIONS) as ActionName[]).map((name) => {
    const shape: Readonly<Record<string, unknown>> = ACTIONS[name].shape;
    const added = [...(ADDED[name] ?? []), ...('person' in shape ? ADDED['*']! : [])];
    const fields = Object.entries(shape)
      .filter(([key]) => added.every((field) => field.key !== key))
      .flatMap(([key, schema]) => fieldOf(name, key, schema) ?? []);
    return [name, [...fields, ...added].sort((a, b) => (a.key < b.key ? -1 : 1))];
  }),
) as unknown as Readonly<Record<ActionName, readonly Field[]>>;

/** No canonical content grows more than eightfold when it is stored: shorter ones need not be measured. */
const SURELY_FITS = (MAX_ENTRY_BYTES - 512) / 8;

/**
 * Whether an event of the action might pass 16 KiB, or its events be too many (`too-many-parts`). Of each id the longer
 * form is counted, so that the same action gets the same answer whatever packs are loaded.
 */
export function tooManyParts(action: Action): boolean {
  if (action.content.length <= SURELY_FITS) return false;
  const events = writeEvents(action, measuring());
  if (events.length > MAX_EVENTS) return true;
  return events.some((event) => {
    const words = action.name === 'registered' ? namedIn(action.data, everything) : undefined;
    const named = words === undefined ? 0 : JSON.stringify(words).length;
    return encodedLength(event) + named > MAX_ENTRY_BYTES;
  });
}

/** A scribe that keeps nothing: everything it makes has the length of the real thing, and is another for another text. */
function measuring(): Scribe {
  const made = new Map<string, string>();
  const reference = (...text: (string | null)[]): string => {
    const key = JSON.stringify(text);
    const known = made.get(key) ?? String(made.size).padStart(22, 'A');
    made.set(key, known);
    return known;
  };
  return {
    recorded: '2000-01-01T00:00:00.000Z',
    eventId: () => reference() as EventId,
    eventIdOf: () => reference() as EventId,
    subject: (kind, value) => reference('subject', kind, value) as SubjectRef,
    listed: (_, id) => id.length > 22,
    reference: (_, kind, text) => reference('reference', kind, text) as Reference,
    tie: (client, contact) => reference('tie', client, contact) as Reference,
    seal: () => 'A'.repeat(43) as Commitment,
  };
}
