/** What a person is known by (`wire.md`, person): forms, normalisation and rank. Never a name. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/metadata.min';
import { z } from 'zod';
import { IDENTIFIER_KINDS, type IdentifierKind } from './record.js';
import type { Identifier } from './scribe.js';
import { dateExists } from './time.js';

const FIRST_WEIGHTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as const;
const SECOND_WEIGHTS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2] as const;

/** The weighted sum of the first eleven digits, modulo 11. */
function weighed(iin: string, weights: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < 11; i++) sum += (iin.charCodeAt(i) - 48) * weights[i]!;
  return sum % 11;
}

/**
 * Whether the last digit of an IIN is its check digit: a first pass of weights, and a second where the first yields 10.
 * A number on which both yield 10 is never issued.
 */
export function iinChecks(iin: string): boolean {
  let check = weighed(iin, FIRST_WEIGHTS);
  if (check === 10) check = weighed(iin, SECOND_WEIGHTS);
  return check === iin.charCodeAt(11) - 48;
}

/** Whether an IIN of twelve digits starts with a birth date that exists; its seventh digit tells sex and century. */
function iinDateExists(iin: string): boolean {
  const century = Number(iin[6]);
  if (century < 1 || century > 6) return false;
  const year = 1800 + Math.floor((century - 1) / 2) * 100 + Number(iin.slice(0, 2));
  return dateExists(year, Number(iin.slice(2, 4)), Number(iin.slice(4, 6)));
}

/** Whether a PIN of fourteen digits has a sex digit and, as `ddmmyyyy`, a birth date that exists. */
function pinExists(pin: string): boolean {
  return dateExists(Number(pin.slice(5, 9)), Number(pin.slice(3, 5)), Number(pin.slice(1, 3)));
}

/**
 * Whether a text is a telephone number in E.164. The library judges country code and length; whether the range is in
 * use is not asked, since operators get new ranges sooner than any list.
 */
function isPhone(text: string): boolean {
  const number = parsePhoneNumberFromString(text, metadata);
  return number !== undefined && number.number === text && number.isPossible();
}

/** At most `limit` characters; a pair of surrogates is one. */
export function atMost(text: string, limit: number): boolean {
  return text.length <= limit || (text.length <= 2 * limit && Array.from(text).length <= limit);
}

/** One `@`, no spaces or quotes, a domain of at least two labels; local part at most 64 and all at most 254 (RFC 5321). */
const EMAIL =
  /^[^\s@"(),:;<>[\\\]\p{Cc}]{1,64}@(?:[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.)+[\p{L}\p{M}\p{N}-]{2,63}$/u;

/** Lower case of some letters is not in NFC, so the form is made once more. */
const mail = (text: string) => text.normalize('NFC').toLowerCase().normalize('NFC');

const iin = z
  .string()
  .regex(/^\d{12}$/, { abort: true })
  .refine(iinDateExists, { abort: true })
  .refine(iinChecks, { params: { refusal: 'check-digit' } });
const pin = z
  .string()
  .regex(/^[12]\d{13}$/, { abort: true })
  .refine(pinExists);
const phone = z
  .string()
  .regex(/^\+[1-9]\d{4,14}$/, { abort: true })
  .refine(isPhone);
const email = z
  .string()
  .max(254 * 2, { abort: true })
  .overwrite(mail)
  .max(254)
  .regex(EMAIL);
const plain = z
  .string()
  .min(1)
  .max(128 * 8, { abort: true })
  .overwrite((text) => text.normalize('NFC'))
  .refine((text) => atMost(text, 128));

/** A person as an action names one; what is parsed is normalised. At least one identifier. */
export const person = z
  .strictObject({
    iin: iin.optional(),
    pin: pin.optional(),
    client: plain.optional(),
    phone: phone.optional(),
    email: email.optional(),
    online: plain.optional(),
  })
  .refine((p) => IDENTIFIER_KINDS.some((kind) => p[kind] !== undefined));

export type Person = Readonly<z.infer<typeof person>>;

/** The identifiers of a person, highest rank first; the first is the one whose dossier an action belongs to. */
export function ranked(p: Person): Identifier[] {
  const found: Identifier[] = [];
  for (const kind of IDENTIFIER_KINDS) {
    const value = p[kind];
    if (value !== undefined) found.push({ kind, value });
  }
  return found;
}

/** The first of them: the one whose dossier an action belongs to. */
export function highest(p: Person): Identifier {
  for (const kind of IDENTIFIER_KINDS) {
    const value = p[kind];
    if (value !== undefined) return { kind, value };
  }
  throw new Error('A person without an identifier was let in.');
}

const LINKING = ['iin', 'pin', 'client'] as const satisfies readonly IdentifierKind[];

/** Whether an identifier beside a higher one links the two dossiers; the others lead nowhere then (`wire.md`, person). */
export function isLinking(identifier: Identifier): boolean {
  return (LINKING as readonly IdentifierKind[]).includes(identifier.kind);
}

/** The identifiers that link dossiers, highest rank first, where there is more than one: of most people there is not. */
export function linkingOf(p: Person): readonly Identifier[] {
  let linking = 0;
  for (const kind of LINKING) if (p[kind] !== undefined) linking++;
  return linking > 1 ? ranked(p).filter(isLinking) : NONE;
}

const NONE: readonly [] = [];
