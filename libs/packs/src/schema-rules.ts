/** How packs write the rules of `rules.ts`: the same keys stand in law and controller packs, where both may say them. */

import { z } from 'zod';
import { parseTerm } from './counting.js';
import { DUTIES } from './rulebook.js';
import { BASIS_CONDITIONS, TOPICS } from './rules.js';
import { citation, cited, country, dated, id, labels, language, right, role, text, word } from './schema-words.js';

const scope = {
  recipients: z.array(id).min(1).optional(),
  roles: z.array(role).min(1).optional(),
  categories: z.array(id).min(1).optional(),
  purposes: z.array(id).min(1).optional(),
  items: z.array(id).min(1).optional(),
};

export const basis = z.strictObject({ ...word.shape, condition: z.enum(BASIS_CONDITIONS) });

const transfer = z.strictObject({
  basis: id,
  /** Absent: the basis's own. */
  condition: z.enum(BASIS_CONDITIONS).optional(),
  ...scope,
  ...cited,
  ...dated,
});

const transferBan = z.strictObject({
  ...scope,
  categoriesExcept: z.array(id).min(1).optional(),
  /** The ban holds while the contract is in default for no more days than these. */
  overdueDays: z.int().min(1).max(3_660).optional(),
  ...cited,
  ...dated,
});

const crossBorder = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('adequacy-or-consent'), adequate: z.array(country), ...cited, ...dated }),
  z.strictObject({ kind: z.literal('register-first'), ...cited, ...dated }),
]);

const owed = z.strictObject({ undertakings: z.array(id).min(1), ...scope, ...cited, ...dated });

const staff = z.strictObject({
  undertakings: z.array(id).min(1),
  until: z.enum(['regime-ends', 'for-ever']),
  ...cited,
  ...dated,
});

const itemBan = z.strictObject({
  medium: z.enum(['paper', 'electronic']),
  /** Classes of items; what items of a policy are of a class, the policy says. */
  classes: z.array(id).min(1).optional(),
  purposes: z.array(id).min(1).optional(),
  ...cited,
  ...dated,
});

const element = z.strictObject({ id, labels, ...cited });

const notice = z.strictObject({
  elements: z.array(element).min(1),
  refusal: citation.optional(),
  ...cited,
});

const consent = z.strictObject({
  elements: z.array(element).default([]),
  silentUntil: z.strictObject({ event: z.enum(['purpose-reached', 'contract-performed']), ...cited }).optional(),
  logged: citation.optional(),
});

const anonymised = z.strictObject({
  purposes: z.array(id).min(1),
  notAfter: z.array(z.enum(['destruction.requested', 'consent.withdrawn'])).min(1),
  ...cited,
});

const answer = z.strictObject({
  elements: z.array(element).default([]),
  free: citation.optional(),
  mediumFee: citation.optional(),
});

const extension = z.strictObject({
  duty: z.enum(DUTIES),
  term: z.string().refine((term) => parseTerm(term) !== undefined, 'a term is like "at once" or "15 working days"'),
  ...cited,
});

const request = z.strictObject({
  rights: z.array(right).min(1),
  channels: z.array(id).min(1),
  subjectLines: z.array(z.strictObject({ language, text })).default([]),
  requires: z.array(z.enum(['own-email', 'demand', 'documents', 'writing', 'identification'])).default([]),
  ...cited,
  ...dated,
});

const register = z.strictObject({
  fields: z.array(element).min(1),
  agreedList: citation.optional(),
  securityLevels: citation.optional(),
  exclusions: z.array(element).default([]),
  ...cited,
});

const capacity = z.strictObject({
  years: z.strictObject({ count: z.int().min(1).max(30), ...cited }).optional(),
  representative: citation.optional(),
});

const openClause = z.strictObject({
  of: z.enum(['items', 'purposes', 'recipients', 'sources', 'cookies', 'operations', 'transfers']),
  ...cited,
});

const statement = z.strictObject({ id, topic: z.enum(TOPICS), labels, ...cited });

/** All of them may be left out: a law or policy that is silent says nothing, and nothing is invented for it. */
export const ruleKeys = {
  notice: notice.optional(),
  consent: consent.optional(),
  withdrawal: z.strictObject({ stop: citation.optional(), bar: citation.optional() }).optional(),
  purposeLimit: citation.optional(),
  excess: citation.optional(),
  itemBans: z.array(itemBan).default([]),
  transfers: z.array(transfer).default([]),
  transferBans: z.array(transferBan).default([]),
  crossBorder: z.array(crossBorder).default([]),
  undertakingsOwed: z.array(owed).default([]),
  staff: z.array(staff).default([]),
  /** What a recipient undertook that binds it not to pass data on. */
  onward: z.array(z.strictObject({ undertaking: id, ...cited })).default([]),
  anonymised: anonymised.optional(),
  answer: answer.optional(),
  refusal: z.strictObject({ closed: citation.optional(), ...cited }).optional(),
  extensions: z.array(extension).default([]),
  requests: z.array(request).default([]),
  register: register.optional(),
  capacity: capacity.optional(),
  special: z.array(z.strictObject({ class: id, labels, ...cited })).default([]),
  open: z.array(openClause).default([]),
  statements: z.array(statement).default([]),
};
