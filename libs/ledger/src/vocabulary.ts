/**
 * The words that the fields of actions are made of, and what each becomes in the stored event. One schema says both, so
 * that no field can be added without deciding how it is kept: `write.ts` refuses to start with a field it cannot place.
 */
import { z } from 'zod';
import { DUTIES } from '#packs';
import type { IdKind } from '#packs';
import { atMost, person } from './identifier.js';
import type { ReferenceKind } from './scribe.js';
import { ACTION_NAMES, ENTRY_FIELDS, ORDERED, ORDERS, ORIGINS, RIGHTS, ROLES } from './stored.js';
import { COUNTRIES } from './countries.js';
import { isDay } from './time.js';

/** What a field becomes: an id of this kind or its reference, an emitter's reference, a sealed text, itself. */
export type Becomes =
  | { readonly kind: 'id'; readonly of: IdKind }
  | { readonly kind: 'ids'; readonly of: IdKind }
  | { readonly kind: 'reference'; readonly of: ReferenceKind }
  | { readonly kind: 'text' }
  | { readonly kind: 'word' }
  /** Written by hand in `write.ts`, under the field's own name. */
  | { readonly kind: 'own' };

export const becomes = z.registry<Becomes>();

const ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** An id of a pack by its form; whether a pack lists it is not asked: an unlisted one is recorded, with a finding. */
const bareId = z.string().regex(ID);
export const id = (of: IdKind) => z.string().regex(ID).register(becomes, { kind: 'id', of });
export const ids = (of: IdKind) => z.array(bareId).register(becomes, { kind: 'ids', of });
export const someIds = (of: IdKind) => z.array(bareId).min(1).register(becomes, { kind: 'ids', of });
export const someIdsOrAll = (of: IdKind) =>
  z.union([z.array(bareId).min(1), z.literal('all')]).register(becomes, { kind: 'ids', of });

const short = () =>
  z
    .string()
    .min(1)
    .refine((text) => atMost(text, 128));
/** An emitter's own number: at most 128 characters, treated as personal data. */
export const reference = (of: ReferenceKind) => short().register(becomes, { kind: 'reference', of });
/** The reference of a paper: short, and sealed like a text. */
export const paper = short().register(becomes, { kind: 'text' });
/** Free text, sealed. */
export const text = z.string().min(1).register(becomes, { kind: 'text' });
/** Free text that must say something. */
export const saying = z.string().regex(/\S/).register(becomes, { kind: 'text' });

const word = <const W extends readonly string[]>(words: W) => z.enum(words).register(becomes, { kind: 'word' });
export const flag = z.boolean().register(becomes, { kind: 'word' });
export const day = z.string().refine(isDay).meta({ format: 'date' }).register(becomes, { kind: 'word' });
export const consentUntil = z
  .union([z.enum(['contract-performed', 'purpose-reached']), z.string().refine(isDay).meta({ format: 'date' })])
  .register(becomes, { kind: 'word' });
export const country = word(COUNTRIES);
export const medium = word(['electronic', 'paper']);
export const result = word(['match', 'mismatch']);
export const role = word(ROLES);
export const right = word(RIGHTS);
export const order = word(ORDERS);
export const ordered = word(ORDERED);
export const alleges = word(['unlawful', 'untrue']);
export const breachCause = word(['controller', 'recipient', 'user']);
/** A duty, an action or, to a recipient, an order. */
export const noticeOf = word([...new Set([...DUTIES, ...ACTION_NAMES, ...ORDERS])]);

const own = { kind: 'own' } as const;
export const someone = person.register(becomes, own);
export const people = z.array(person).min(1).register(becomes, own);
export const describes = z.record(bareId, person).register(becomes, own);
export const values = z.record(bareId, z.string()).register(becomes, own);
export const on = z.string().refine(isDay).meta({ format: 'date' }).register(becomes, own);
export const staff = short().register(becomes, own);
export const origin = z.strictObject({ kind: z.enum(ORIGINS), name: bareId.optional() }).register(becomes, own);
export const part = z.union([
  z.strictObject({ purpose: bareId }),
  z.strictObject({ recipient: bareId }),
  z.strictObject({ 'cross-border': z.literal(true) }),
  z.strictObject({ publication: z.literal(true) }),
  z.strictObject({ cookies: bareId }),
]);
export const parts = z.array(part).min(1).register(becomes, own);
export const partsOrAll = z.union([z.array(part).min(1), z.literal('all')]).register(becomes, own);

const MAX_NAME = 1024;
/** `source` and `id` of an action, for ever: not empty, and bounded like everything. */
export const name = z
  .string()
  .min(1)
  .max(MAX_NAME)
  .refine((text) => !text.includes('\0') && text.isWellFormed());

/** Whether a value is such a name, as the schema judges it. */
export function isName(value: unknown): value is string {
  if (typeof value !== 'string' || value.length === 0 || value.length > MAX_NAME) return false;
  return !value.includes('\0') && value.isWellFormed();
}
export const earlier = z.strictObject({ id: name, source: name }).register(becomes, own);

export const entry = z
  .strictObject(
    Object.fromEntries(ENTRY_FIELDS.map((field) => [field, z.string().regex(/\S/)])) as Record<
      (typeof ENTRY_FIELDS)[number],
      z.ZodString
    >,
  )
  .register(becomes, own);
