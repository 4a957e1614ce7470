/**
 * Everything that can come in (`wire.md`, An action), as schemas that are the one source of its types.
 *
 * The fields of each action stand as in the table of `wire.md`; the common ones are added here. What a field becomes in
 * the stored event is said by its word in `vocabulary.ts`.
 */
import { z } from 'zod';
import * as v from './vocabulary.js';
import type { Person } from './identifier.js';
import type { ControllerId, EventId, Instant, Reference, SubjectRef } from './names.js';
import type { ACTION_NAMES, ActionName, EventOf, KEY_ROLES, OWN_NAMES, VIEWS } from './stored.js';

export type { Language } from '#packs';
export type { Person } from './identifier.js';
export type KeyRole = (typeof KEY_ROLES)[number];
export type View = (typeof VIEWS)[number];

const items = v.someIds('item');
const purposes = v.someIds('purpose');
const consent = v.reference('consent');
const contract = v.reference('contract');
const request = v.reference('request');
const breach = v.reference('breach');
const organisation = v.id('organisation');

/** Fields that every action may have. */
const everywhere = {
  basis: v.id('basis').optional(),
  by: v.staff.optional(),
  consent: consent.optional(),
  contract: contract.optional(),
  document: v.paper.optional(),
  items: items.optional(),
  medium: v.medium.optional(),
  note: v.text.optional(),
  on: v.on.optional(),
  purposes: v.ids('purpose').optional(),
  request: request.optional(),
};
/** And those of actions about a person. */
const personal = { ...everywhere, describes: v.describes.optional(), person: v.someone, values: v.values.optional() };

type With<Base, Own> = Omit<Base, keyof Own> & Own;

/** Keys in order, so that what is parsed comes out in the order in which it is compared and stored. */
function sorted<S extends z.ZodRawShape>(shape: S): S {
  return Object.fromEntries(Object.entries(shape).sort(([a], [b]) => (a < b ? -1 : 1))) as S;
}

/** What comes before the other issues were known may lack any field, or have it in any form. */
type Loose = { readonly [key: string]: unknown };

/** Whether each key of `field` is one of the action's items; `all` has every item. */
function amongItems(field: string) {
  return (data: Loose): boolean => {
    const keyed = data[field];
    if (typeof keyed !== 'object' || keyed === null || data['items'] === 'all') return true;
    const keys = Object.keys(keyed);
    const items = Array.isArray(data['items']) ? (data['items'] as unknown[]) : [];
    // Two long lists are compared in linear time, two short ones fast.
    const named = keys.length > 16 ? new Set(items) : undefined;
    for (const key of keys) if (!(named === undefined ? items.includes(key) : named.has(key))) return false;
    return true;
  };
}
/** Judged even where other fields are wrong: the first fault in the order of the body is answered. */
const always = {
  when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** An action about a person. */
function person<Own extends z.ZodRawShape>(own: Own) {
  return z
    .strictObject(sorted({ ...personal, ...own } as unknown as With<typeof personal, Own>))
    .refine(amongItems('values'), { ...always, path: ['values'] })
    .refine(amongItems('describes'), { ...always, path: ['describes'] });
}

/** An action about the record itself: it is about no item, so nobody is described by one. */
function record<Own extends z.ZodRawShape>(own: Own) {
  const { describes: _, ...rest } = personal;
  return z
    .strictObject(sorted({ ...rest, ...own } as unknown as With<typeof rest, Own>))
    .refine(amongItems('values'), { ...always, path: ['values'] });
}

/** An action of the controller itself: no person, hence no values and nobody described. */
function controller<Own extends z.ZodRawShape>(own: Own) {
  return z.strictObject(sorted({ ...everywhere, ...own } as unknown as With<typeof everywhere, Own>));
}

/** The `data` of every action. */
export const ACTIONS = {
  noticed: person({
    channel: v.id('channel').optional(),
    edition: v.id('edition'),
    language: v.id('language').optional(),
    recipients: v.ids('organisation').optional(),
  }),
  consented: person({
    act: v.id('act'),
    'by-representative': v.flag.optional(),
    consent,
    edition: v.id('edition'),
    parts: v.parts,
    until: v.consentUntil.optional(),
  }),
  'refused-consent': person({ parts: v.parts }),
  withdrew: person({
    'by-representative': v.flag.optional(),
    channel: v.id('channel').optional(),
    parts: v.partsOrAll,
  }),

  collected: person({ basis: v.id('basis'), items, origin: v.origin, purposes }),
  verified: person({ items, result: v.result, with: organisation }),
  rectified: person({ items }),
  derived: person({ automated: v.flag.optional(), from: v.ids('item').optional(), items, purposes }),
  used: person({ automated: v.flag.optional(), items, purposes }),

  transferred: person({
    basis: v.id('basis'),
    country: v.country.optional(),
    items,
    purposes,
    recipient: organisation,
    role: v.role.optional(),
    undertakings: v.ids('undertaking').optional(),
    via: organisation.optional(),
  }),
  notified: person({ channel: v.id('channel'), of: v.noticeOf, recipient: organisation.optional() }),
  confirmed: person({ order: v.order, recipient: organisation }),

  contracted: person({ contract, terms: v.ids('term').optional(), until: v.day.optional() }),
  defaulted: person({ contract }),
  performed: person({ contract }),
  reached: person({ purposes: v.someIdsOrAll('purpose') }),
  ceded: person({ contract, items, to: organisation }),

  requested: person({
    'by-representative': v.flag.optional(),
    channel: v.id('channel'),
    request,
    right: v.right,
  }),
  identified: person({ means: v.id('means'), request }),
  answered: person({ request }),
  refused: person({ ground: v.id('ground'), request }),
  extended: person({ reason: v.saying, request, until: v.day }),
  disputed: person({ alleges: v.alleges.optional(), items }),
  resolved: person({ request, upheld: v.flag }),
  complained: person({ to: organisation }),
  /** `by` is the court or agency here, not a member of staff. */
  ordered: person({ by: organisation, what: v.ordered }),

  blocked: person({ cause: v.id('cause'), items: v.someIdsOrAll('item'), until: v.day.optional() }),
  unblocked: person({ items }),
  held: person({ authority: organisation, until: v.day.optional() }),
  released: person({ authority: organisation.optional() }),
  stopped: person({ purposes: v.someIdsOrAll('purpose') }),
  destroyed: person({ items: v.someIdsOrAll('item'), method: v.id('method') }),
  'not-destroyed': person({ items, medium: v.medium, reason: v.saying }),
  depersonalised: person({ items: v.someIdsOrAll('item') }),

  linked: record({ other: v.someone }),
  unlinked: record({ other: v.someone }),
  corrected: record({ event: v.earlier, reason: v.saying }),

  published: controller({ edition: v.id('edition') }),
  registered: controller({ entry: v.entry }),
  breached: controller({
    breach,
    cause: v.breachCause.optional(),
    found: v.day,
    people: v.people.optional(),
    recipients: v.ids('organisation').optional(),
  }),
  'breach-reported': controller({ breach: breach.optional(), to: organisation }),
  measured: controller({ breach }),
  asked: controller({ authority: organisation, request }),
  'answered-authority': controller({ request }),
  granted: controller({ scope: v.someIds('scope'), staff: v.reference('staff') }),
  revoked: controller({ scope: v.someIds('scope'), staff: v.reference('staff') }),
  /** Of one party: a member of staff or a recipient. */
  undertook: controller({
    recipient: organisation.optional(),
    staff: v.reference('staff').optional(),
    until: v.day.optional(),
    what: v.someIds('undertaking'),
  })
    .refine((d: Loose) => d['staff'] !== undefined || d['recipient'] !== undefined, { ...always, path: ['staff'] })
    .refine((d: Loose) => d['staff'] === undefined || d['recipient'] === undefined, { ...always, path: ['recipient'] }),
  'backed-up': controller({ place: organisation, until: v.day }),
} as const satisfies Record<(typeof ACTION_NAMES)[number], z.ZodObject>;

export type ActionData<N extends ActionName> = Readonly<z.infer<(typeof ACTIONS)[N]>>;

/** An action as it came in, understood and normalised. */
export interface ActionOf<N extends ActionName> {
  readonly kind: 'action';
  readonly name: N;
  readonly source: string;
  readonly id: string;
  readonly controller: ControllerId;
  /** Effective: a bare day where `data.on` says it, else an instant. */
  readonly at: string;
  /** Whose dossier it belongs to; null for an action of the controller. */
  readonly person: Person | null;
  /** The member of staff who acted, as the emitter calls them. */
  readonly by: string | null;
  /** The API key of whoever commands the act: stands in the event where no member of staff does. */
  readonly commander?: Reference;
  /** The whole of `data`, normalised, keys in order (`person`, `on` and `by` are in it too). */
  readonly data: ActionData<N>;
  /** What counts of the action when it comes again; see `content.ts`. */
  readonly content: string;
}
export type Action = { [N in ActionName]: ActionOf<N> }[ActionName];

/** Of what an emitter can send too, Depter does alone what must be written when the person is nobody any more. */
type OwnName = (typeof OWN_NAMES)[number] | 'destroyed' | 'depersonalised';
export interface OwnActionOf<N extends OwnName> {
  readonly kind: 'own';
  readonly name: N;
  /** The event's id where it was given before: the same again is a repeat. Else it is random. */
  readonly event?: EventId;
  readonly subject: SubjectRef | null;
  readonly by: Reference | null;
  readonly at: Instant;
  readonly data: EventOf<N>['data'];
}
/** What Depter does of its own, which no emitter can send; its data is in the stored form already. */
export type OwnAction = { [N in OwnName]: OwnActionOf<N> }[OwnName];
