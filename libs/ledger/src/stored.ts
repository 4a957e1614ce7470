/**
 * The stored format: what an event holds, for ever (`wire.md`, Stored event).
 *
 * The names below ARE the bytes of the log. A field may be added where readers can do without it; nothing is ever
 * renamed, and a change of meaning is a new type. Every string is closed: a pack id that a loaded pack has, a reference,
 * a date, a count, a commitment, or a word of this file. A test walks these schemas and fails on any open string.
 */
import { z } from 'zod';
import { DUTIES } from '#packs';

/** What a closed string is; the walk of the schemas accepts these and literal words only. */
export type StoredString = 'id' | 'reference' | 'commitment' | 'event-id' | 'day' | 'instant' | 'country' | 'size-root';

const tagged = (tag: StoredString, form: RegExp) => z.string().regex(form).meta({ stored: tag });

/** A pack's id, or the reference that stands for a text no pack has. */
const id = tagged('id', /^(?:[a-z0-9][a-z0-9._-]{0,63}|[A-Za-z0-9_-]{22})$/);
const reference = tagged('reference', /^[A-Za-z0-9_-]{22}$/);
const commitment = tagged('commitment', /^[A-Za-z0-9_-]{43}$/);
const eventId = tagged('event-id', /^[A-Za-z0-9_-]{22}$/);
const day = tagged('day', /^\d{4}-\d{2}-\d{2}$/);
const instant = tagged('instant', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
const country = tagged('country', /^[A-Z]{2}$/);
const root = tagged('size-root', /^[A-Za-z0-9_-]{43}$/);
const count = z.number().int().nonnegative();

const ids = z.array(id);
const all = z.literal('all');

export const ORDERS = ['rectify', 'block', 'unblock', 'stop', 'destroy'] as const;
export const RIGHTS = [
  'access',
  'rectify',
  'block',
  'destroy',
  'withdraw',
  'object-automated',
  'see-documents',
  'authority',
] as const;
export const ORIGINS = [
  'subject', 'automatic', 'representative', 'bureau', 'pension-centre', 'state-body', 'bank', 'public', 'another-subject', 'bought',
] as const; // prettier-ignore
export const ROLES = ['processor', 'independent', 'assignee', 'authority', 'public', 'place'] as const;
export const ORDERED = ['damages', 'block', 'unblock', 'rectify', 'stop', 'destroy', 'other'] as const;
export const ENTRY_FIELDS = [
  'array', 'holder', 'purposes', 'storage', 'data', 'subjects', 'sources', 'informing', 'security', 'responsible', 'recipients', 'cross-border',
] as const; // prettier-ignore
/** Who reads: the roles of keys (`wire.md`, Who may). */
export const KEY_ROLES = ['emitter', 'subject', 'officer', 'regulator', 'auditor', 'admin'] as const;
export const VIEWS = [
  'identity', 'lineage', 'clocks', 'findings', 'trail', 'requests', 'answer', 'access', 'evidence', 'receipt', 'report',
] as const; // prettier-ignore

/** Every action that can come in, in the order of `wire.md`; a `notified` may be `of` any of them. */
export const ACTION_NAMES = [
  'noticed', 'consented', 'refused-consent', 'withdrew',
  'collected', 'verified', 'rectified', 'derived', 'used',
  'transferred', 'notified', 'confirmed',
  'contracted', 'defaulted', 'performed', 'reached', 'ceded',
  'requested', 'identified', 'answered', 'refused', 'extended', 'disputed', 'resolved', 'complained', 'ordered',
  'blocked', 'unblocked', 'held', 'released', 'stopped', 'destroyed', 'not-destroyed', 'depersonalised',
  'linked', 'unlinked', 'corrected',
  'published', 'registered', 'breached', 'breach-reported', 'measured', 'asked', 'answered-authority',
  'granted', 'revoked', 'undertook', 'backed-up',
] as const; // prettier-ignore
export type ActionName = (typeof ACTION_NAMES)[number];

/** Depter's own events, which no emitter can send. */
export const OWN_NAMES = ['accessed', 'activated', 'continued', 'destroying'] as const;

/**
 * The common fields (`wire.md`). `about` says which items are about someone else, each by the tie that leads to that
 * person in the vault; `described` marks the event of that other person, whose item is read through the tie.
 */
const common = {
  about: z.record(id, reference).optional(),
  basis: id.optional(),
  consent: reference.optional(),
  contract: reference.optional(),
  described: z.literal(true).optional(),
  document: commitment.optional(),
  items: ids.optional(),
  medium: z.enum(['electronic', 'paper']).optional(),
  note: commitment.optional(),
  purposes: ids.optional(),
  request: reference.optional(),
  values: z.record(id, commitment).optional(),
};

const itemsOrAll = z.union([ids, all]);
const part = z.union([
  z.strictObject({ purpose: id }),
  z.strictObject({ recipient: id }),
  z.strictObject({ 'cross-border': z.literal(true) }),
  z.strictObject({ publication: z.literal(true) }),
  z.strictObject({ cookies: id }),
]);
const consentUntil = z.union([day, z.enum(['contract-performed', 'purpose-reached'])]);
const origin = z.strictObject({ kind: z.enum(ORIGINS), name: id.optional() });

/**
 * What Depter says of a destruction that it carried out itself; absent where an emitter reports one. `keys` are the ids of
 * the keys that were shredded, of which no more than 128 are named; `size` and `root` are those of the log at the end of
 * the sweep.
 */
const evidence = z
  .strictObject({
    dossiers: count,
    identifiers: count,
    intent: eventId,
    keys: z.array(reference),
    root,
    shredded: instant,
    size: count,
    swept: instant,
    texts: count,
    values: count,
  })
  .optional();

/** An own field replaces the common one of its name: it says what is required. */
type With<T> = Omit<typeof common, keyof T> & T;
const data = <T extends z.ZodRawShape>(own: T) => z.strictObject({ ...common, ...own } as unknown as With<T>);

/** The `data` of each stored type. */
export const STORED = {
  noticed: data({
    channel: id.optional(),
    edition: id,
    language: id.optional(),
    recipients: ids.optional(),
  }),
  consented: data({
    act: id,
    'by-representative': z.boolean().optional(),
    consent: reference,
    edition: id,
    parts: z.array(part),
    until: consentUntil.optional(),
  }),
  'refused-consent': data({ parts: z.array(part) }),
  withdrew: data({
    'by-representative': z.boolean().optional(),
    channel: id.optional(),
    parts: z.union([z.array(part), all]),
  }),

  collected: data({ basis: id, items: ids, origin, purposes: ids }),
  verified: data({ items: ids, result: z.enum(['match', 'mismatch']), with: id }),
  rectified: data({ items: ids }),
  derived: data({ automated: z.boolean().optional(), from: ids.optional(), items: ids, purposes: ids }),
  used: data({ automated: z.boolean().optional(), items: ids, purposes: ids }),

  transferred: data({
    basis: id,
    country: country.optional(),
    items: ids,
    purposes: ids,
    recipient: id,
    role: z.enum(ROLES).optional(),
    undertakings: ids.optional(),
    via: id.optional(),
  }),
  notified: data({
    channel: id,
    of: z.enum([...new Set([...DUTIES, ...ACTION_NAMES, ...ORDERS])]),
    recipient: id.optional(),
  }),
  confirmed: data({ order: z.enum(ORDERS), recipient: id }),

  contracted: data({ contract: reference, terms: ids.optional(), until: day.optional() }),
  defaulted: data({ contract: reference }),
  performed: data({ contract: reference }),
  reached: data({ purposes: z.union([ids, all]) }),
  ceded: data({ contract: reference, items: ids, to: id }),

  requested: data({
    'by-representative': z.boolean().optional(),
    channel: id,
    request: reference,
    right: z.enum(RIGHTS),
  }),
  identified: data({ means: id, request: reference }),
  answered: data({ request: reference }),
  refused: data({ ground: id, request: reference }),
  extended: data({ reason: commitment, request: reference, until: day }),
  disputed: data({ alleges: z.enum(['unlawful', 'untrue']).optional(), items: ids }),
  resolved: data({ request: reference, upheld: z.boolean() }),
  complained: data({ to: id }),
  ordered: data({ by: id, what: z.enum(ORDERED) }),

  blocked: data({ cause: id, items: itemsOrAll, until: day.optional() }),
  unblocked: data({ items: ids }),
  held: data({ authority: id, until: day.optional() }),
  released: data({ authority: id.optional() }),
  stopped: data({ purposes: z.union([ids, all]) }),
  destroyed: data({ evidence, items: itemsOrAll, method: id }),
  'not-destroyed': data({ items: ids, medium: z.enum(['electronic', 'paper']), reason: commitment }),
  depersonalised: data({ evidence, items: itemsOrAll }),

  /** `automatic` where Depter made the link from two identifiers of one action. */
  linked: data({ automatic: z.literal(true).optional(), other: reference }),
  unlinked: data({ other: reference }),
  corrected: data({ event: eventId, reason: commitment }),

  published: data({ edition: id }),
  registered: data({
    entry: z.strictObject(
      Object.fromEntries(ENTRY_FIELDS.map((f) => [f, commitment])) as Record<
        (typeof ENTRY_FIELDS)[number],
        typeof commitment
      >,
    ),
    /** The recipients that the sealed texts of `recipients` and `cross-border` name by their id. */
    named: z.strictObject({ 'cross-border': ids, recipients: ids }),
  }),
  breached: data({ breach: reference, cause: id, found: day, people: count.optional(), recipients: ids.optional() }),
  'breach-reported': data({ breach: reference.optional(), to: id }),
  measured: data({ breach: reference }),
  asked: data({ authority: id, request: reference }),
  'answered-authority': data({ request: reference }),
  granted: data({ scope: ids, staff: reference }),
  revoked: data({ scope: ids, staff: reference }),
  undertook: data({ recipient: id.optional(), staff: reference.optional(), until: day.optional(), what: ids }),
  'backed-up': data({ place: id, until: day }),

  accessed: z.strictObject({ 'as-of': day.optional(), role: z.enum(KEY_ROLES), view: z.enum(VIEWS) }),
  activated: z.strictObject({ edition: id, pack: id }),
  continued: z.strictObject({ root, size: count }),
  destroying: data({ items: itemsOrAll }),
} as const;

export type StoredType = keyof typeof STORED;
export const STORED_TYPES = Object.keys(STORED) as readonly StoredType[];

/** What stands before and beside `data`: the same for every type. `subject` and `by` are null where absent. */
export const ENVELOPE = {
  v: z.literal(1),
  id: eventId,
  subject: reference.nullable(),
  at: z.union([day, instant]),
  recorded: instant,
  by: reference.nullable(),
} as const;

type DataOf<T extends StoredType> = z.infer<(typeof STORED)[T]>;

export interface Envelope<T extends string, D> {
  readonly v: 1;
  readonly type: T;
  readonly id: string;
  readonly subject: string | null;
  /** Effective: an instant, or a bare day where only the day is known. */
  readonly at: string;
  readonly recorded: string;
  /** Who acted: a member of staff, or the key of whoever read or commanded. */
  readonly by: string | null;
  readonly data: D;
}

/** One event as readers meet it, always in the newest shape. */
export type StoredEvent = { [T in StoredType]: Envelope<T, DataOf<T>> }[StoredType];
export type EventOf<T extends StoredType> = Envelope<T, DataOf<T>>;
