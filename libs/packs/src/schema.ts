/**
 * What a pack file may say (`domain.md` 3). Every object is strict: a key that the code does not read is refused, since
 * a rule that is written down and ignored is worse than none. Every rule names its clause, every figure its mark.
 *
 * One file is one edition of one law, calendar or policy. What later organisations need comes as further optional keys.
 */

import { z } from 'zod';
import { parseIsoTerm, parseTerm } from './counting.js';
import { isDay } from './day.js';
import { DUTIES, TRIGGERS } from './rulebook.js';
import { basis, ruleKeys } from './schema-rules.js';
import {
  citation,
  cited,
  controllerId,
  country,
  dated,
  day,
  id,
  labels,
  language,
  mark,
  originKind,
  reading,
  role,
  source,
  text,
  word,
  year,
  zone,
} from './schema-words.js';

const organisation = z.strictObject({
  id,
  labels,
  role,
  country,
  category: id,
  /** How it is made known to users. */
  madeKnown: citation.optional(),
  ...dated,
});

const condition = z.strictObject({
  /** The contract agrees this term. */
  contractTerm: id.optional(),
  /** The recipient has this role. */
  role: role.optional(),
  /** The breach or block has one of these causes. */
  causes: z.array(id).min(1).optional(),
  /** The recipient is of one of these categories. */
  categories: z.array(id).min(1).optional(),
  /** The dispute alleges this. */
  alleges: z.enum(['unlawful', 'untrue']).optional(),
  /** No notice before the act named the recipient to the person. */
  unnoticed: z.literal(true).optional(),
});

const deadline = z.strictObject({
  trigger: z.enum(TRIGGERS),
  duty: z.enum(DUTIES),
  /** `15 working days`; absent where law and policy give no figure. */
  term: z
    .string()
    .refine((term) => parseTerm(term) !== undefined, 'a term is like "at once" or "15 working days"')
    .optional(),
  ...cited,
  ...dated,
  condition: condition.optional(),
  /** Of `destruction.impossible`: whether the term counts from the first trigger or from the day that was due. */
  anchor: z.enum(['trigger', 'due']).optional(),
  /** The policy's term gives way where a law has one of its own (`domain.md` 3.4(1)). */
  yieldsToLaw: z.literal(true).optional(),
  /** A change to this rule moves clocks that are open already. */
  appliesToOpen: z.literal(true).optional(),
});

const minimum = z.strictObject({
  id,
  labels,
  after: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('contract-performed') }),
    z.strictObject({ kind: z.literal('collected') }),
    z.strictObject({ kind: z.literal('transferred'), purpose: id }),
  ]),
  /** ISO 8601, whole years or months: `P5Y`. */
  term: z.string().refine((term) => parseIsoTerm(term) !== undefined, 'a minimum is like P5Y or P6M'),
  ...cited,
  ...dated,
});

/** A ground of refusal carries the condition under which it may be used (`rules.md` 5). */
const ground = z.strictObject({
  id,
  labels,
  ...cited,
  ...dated,
  condition: z.enum(['obligation-open', 'kept-by-law', 'rights-of-others']).optional(),
});

const meta = {
  id,
  edition: id,
  jurisdiction: country,
  citation: text,
  titles: labels,
  /** Absent: the first day is not recorded; the edition then stands for every day before the next one. */
  validFrom: day.optional(),
  validTo: day.optional(),
  replacedBy: id.optional(),
  authoritativeLanguages: z.array(language).min(1),
  sources: z.array(source).min(1),
};

const words = {
  terms: z.array(word).default([]),
  causes: z.array(word).default([]),
  undertakings: z.array(word).default([]),
  readings: z.array(reading).default([]),
};

export const lawPackSchema = z.strictObject({
  kind: z.literal('law'),
  meta: z.strictObject(meta),
  organisations: z.array(organisation).default([]),
  bases: z.array(basis).default([]),
  grounds: z.array(ground).default([]),
  minimums: z.array(minimum).default([]),
  deadlines: z.array(deadline).default([]),
  ...ruleKeys,
  ...words,
});

const yearOfDays = z.strictObject({
  year,
  /** The day on which this edition of the year became known. */
  published: day,
  mark,
  source: text,
  /** Days off besides the week's rest. */
  off: z.array(day),
  /** A holiday on a day of rest, and the day off given for it. */
  moved: z.array(z.strictObject({ holiday: day, to: day })).default([]),
  /** Days of the week's rest that are worked instead. */
  worked: z.array(day).default([]),
  /** Spans in which a moving holiday falls whose day nobody has said yet. */
  unknown: z.array(z.strictObject({ from: day, to: day, why: text })).default([]),
});

export const calendarPackSchema = z.strictObject({
  kind: z.literal('calendar'),
  meta: z.strictObject(meta),
  /** How terms are counted. Only what is built can be asked for, so each is one word. */
  counting: z.strictObject({
    start: z.literal('next-day'),
    week: z.literal('7 calendar days'),
    monthEnd: z.literal('clip'),
    roll: z.literal('none'),
  }),
  /** ISO weekdays that are not worked, Monday 1. */
  restDays: z.array(z.int().min(1).max(7)).max(6),
  /** What a year that no edition has: it is counted by weekends and `fixed`, and what is counted is provisional. */
  missingYear: z.literal('rest-days-and-fixed'),
  fixed: z.array(
    z.strictObject({
      day: z.string().refine((text) => isDay(`2000-${text}`), 'a fixed holiday is MM-DD'),
      fromYear: year.optional(),
      toYear: year.optional(),
      mark,
    }),
  ),
  years: z.array(yearOfDays),
  readings: z.array(reading).default([]),
});

const editionText = z.strictObject({
  language,
  authoritative: z.boolean(),
  /** SHA-256 of the normalised text (`edition-text.ts`), hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 hex digits'),
  computed: text,
});

const policyEdition = z.strictObject({
  id,
  /** Absent: the policy bears no date; the edition has always been in force. */
  from: day.optional(),
  to: day.optional(),
  approvedBy: text.optional(),
  ...cited,
  texts: z.array(editionText).min(1),
  /** Whether users must be told of a change. */
  changeNotice: z.enum(['none', 'may', 'must']),
  /** The clause by which the policy is changed, and which changes need no new consent. */
  change: z
    .strictObject({ channel: id.optional(), consentFree: z.enum(['any', 'better-protection']), ...cited })
    .optional(),
  /** Made for a test: no organisation published it. */
  fictitious: z.literal(true).optional(),
});

export const controllerPackSchema = z.strictObject({
  kind: z.literal('controller'),
  controller: z.strictObject({
    id: controllerId,
    names: labels,
    form: labels,
    zone,
    country,
    /** The first is the default of its answers. */
    languages: z.array(language).min(1),
    /** Ways of contact that the policy names. */
    contacts: z.array(z.strictObject({ channel: id, address: text })).default([]),
    laws: z.array(id),
    calendar: id,
  }),
  edition: policyEdition,
  sources: z.array(source).min(1),
  items: z.array(
    z.strictObject({
      id,
      labels,
      ...cited,
      /** Whom the item is about; `other` is a contact person. */
      describes: z.enum(['subject', 'other']).default('subject'),
      /** The purposes for which the policy lists it. */
      purposes: z.array(id).default([]),
      /** Kinds of data that rules of the law speak of. */
      classes: z.array(id).default([]),
      /** Listed by the policy with an open end ("other data"). */
      openEnded: z.literal(true).optional(),
      /** The policy says that nobody can be identified by it. */
      identifyingClaim: citation.optional(),
    }),
  ),
  purposes: z.array(
    z.strictObject({
      id,
      labels,
      ...cited,
      ends: z.enum(['contract-performed', 'purpose-reached', 'silent']),
      /** A withdrawal has no effect on it while a contract is open. */
      barred: z.boolean().default(false),
      /** It is a list of persons: whoever comes on it opens `listed`. */
      list: z.boolean().default(false),
      /** Named by the policy with an open end ("other purposes"). */
      openEnded: z.literal(true).optional(),
      /** These acts for it are allowed on depersonalised data only. */
      depersonalised: z.strictObject({ acts: z.array(z.enum(['used', 'transferred'])).min(1), ...cited }).optional(),
    }),
  ),
  /** Where the policy says that data come from. */
  origins: z.array(z.strictObject({ kind: originKind, organisations: z.array(id).default([]), ...cited })),
  /** The clause that data from anywhere else break; absent where the policy takes data from anywhere. */
  originsLimit: citation.optional(),
  recipients: z.array(organisation),
  bases: z.array(basis).default([]),
  grounds: z.array(ground).default([]),
  deadlines: z.array(deadline).default([]),
  /** Which items of this controller a legal minimum of its laws keeps. */
  retention: z.array(z.strictObject({ minimum: id, items: z.array(id).min(1) })).default([]),
  /** Kinds of the day-to-day words that only this controller uses. */
  vocabulary: z
    .strictObject({
      channel: z.array(id).optional(),
      act: z.array(id).optional(),
      method: z.array(id).optional(),
      means: z.array(id).optional(),
      scope: z.array(id).optional(),
      cookies: z.array(id).optional(),
    })
    .default({}),
  /**
   * The laws that the policy's text cites, so that a stale citation can be found: by the pack of the law, or, of a law
   * that has none, by the first day on which another one stood in its place.
   */
  lawsCited: z
    .array(
      z.strictObject({
        citation: text,
        ...cited,
        pack: id.optional(),
        replacedFrom: day.optional(),
        replacedBy: text.optional(),
      }),
    )
    .default([]),
  ...ruleKeys,
  ...words,
});

export const packSchema = z.discriminatedUnion('kind', [lawPackSchema, calendarPackSchema, controllerPackSchema]);

export type LawPack = z.infer<typeof lawPackSchema>;
export type CalendarPack = z.infer<typeof calendarPackSchema>;
export type ControllerPack = z.infer<typeof controllerPackSchema>;
export type PackContent = z.infer<typeof packSchema>;
