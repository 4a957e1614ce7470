/** The small parts that every pack is written in: ids, days, labels, marks, and rules with a clause. */

import { z } from 'zod';
import { isDay } from './day.js';
import { isZone } from './zone.js';

export const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'an id is of a-z, 0-9, dot, dash and underscore, at most 64');
export const controllerId = z
  .string()
  .regex(/^[a-z][a-z0-9.]{1,31}$/, 'a controller id is of a-z, 0-9 and dot, 2 to 32');
export const text = z.string().min(1).max(2_000);
export const day = z.string().refine(isDay, 'a day is YYYY-MM-DD and must exist');
export const year = z.int().min(2000).max(2100);
export const country = z.string().regex(/^[A-Z]{2}$/, 'a country is ISO 3166-1 alpha-2, or XX');
export const zone = z.string().refine(isZone, 'an IANA time zone');
export const mark = z.enum(['P', 'V', 'S', 'M']);
export const language = z.enum(['ky', 'kk', 'ru', 'en']);
export const labels = z.strictObject({ ky: text, kk: text, ru: text, en: text });

export const cited = { clause: text, mark };
/** A rule younger or shorter-lived than its edition says so itself; both days are included. */
export const dated = { from: day.optional(), to: day.optional() };
export const word = z.strictObject({ id, labels, ...cited, ...dated });
export const citation = z.strictObject(cited);

export const source = z.strictObject({ text, mark });

/** A contradiction or gap of the text, and how it is read here until somebody with more right decides. */
export const reading = z.strictObject({
  id,
  contradiction: text,
  chosen: text,
  reason: text,
  decidedBy: text,
  date: day,
});

export const role = z.enum(['processor', 'independent', 'assignee', 'authority', 'public', 'place']);

export const originKind = z.enum([
  'subject',
  'automatic',
  'representative',
  'bureau',
  'pension-centre',
  'state-body',
  'bank',
  'public',
  'another-subject',
  'bought',
]);

export const right = z.enum([
  'access',
  'rectify',
  'block',
  'destroy',
  'withdraw',
  'object-automated',
  'see-documents',
  'authority',
]);
