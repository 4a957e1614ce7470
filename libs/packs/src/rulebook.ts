/**
 * What the fold sees of the packs: the law and the policy in force, compiled and ready to ask.
 *
 * A rulebook belongs to one controller. It is made from every loaded edition of its laws and of its policy, so that an
 * event can be judged by what stood on its own day (`domain.md` 3.4(8)). Everything here is data; nothing reads a clock.
 */

import type { Citation, Day, Labels, Language } from './citation.js';
import type { BasisCondition, Rules, StaleLaw } from './rules.js';

export type { Citation, Day, Labels, Language, Mark } from './citation.js';

/**
 * The kinds of id that may stand in a stored event when a loaded pack lists them. Anything else is a reference
 * (`design.md`, Vault). `organisation` covers recipients, authorities and places.
 */
export const ID_KINDS = [
  'item',
  'purpose',
  'organisation',
  'basis',
  'ground',
  'edition',
  'channel',
  'method',
  'act',
  'means',
  'term',
  'undertaking',
  'cause',
  'language',
  'cookies',
  'scope',
] as const;
export type IdKind = (typeof ID_KINDS)[number];

/** `domain.md` 2.4 and 3.1: units of the law. A week is seven calendar days; months and years clip at the month's end. */
export type Term =
  | { readonly unit: 'at-once' }
  | { readonly unit: 'working-days' | 'calendar-days' | 'weeks' | 'months' | 'years'; readonly count: number };

export interface Edition {
  readonly id: string;
  /** First day in force; undefined where the policy bears no date (then it has always been in force). */
  readonly from: Day | undefined;
  readonly to: Day | undefined;
  /** SHA-256 of the policy's authoritative text, hex. */
  readonly hash: string;
  readonly cite: Citation;
  /** How the edition may be changed; its clause is the one that use for a purpose of a later edition breaks. */
  readonly change?: EditionChange;
  /** It was made for a test, and no organisation published it. */
  readonly fictitious?: true;
}

export interface EditionChange {
  /** Whether each person must be told of a change, and how. */
  readonly notice: 'none' | 'may' | 'must';
  readonly channel?: string;
  /** Which changes need no new consent: all that the policy makes, or those alone that protect better. */
  readonly consentFree: 'any' | 'better-protection';
  readonly cite: Citation;
}

/** One edition of a law or a calendar that the controller is judged by. */
export interface LawEdition {
  readonly pack: string;
  readonly edition: string;
  /** First and last day in force; undefined where the edition read stands for every day before, or after. */
  readonly from: Day | undefined;
  readonly to: Day | undefined;
  /** SHA-256 of what the pack says, hex; undefined where whoever loaded it did not say. */
  readonly hash: string | undefined;
}

export interface Item {
  readonly id: string;
  readonly labels: Labels;
  readonly describes: 'subject' | 'other';
  readonly cite: Citation;
  /** The purposes for which the policy lists it (a reading, where the policy lists items and purposes apart). */
  readonly purposes?: readonly string[];
  /** What kind of data it is, for rules of the law: `identity-document`, `bank-details`, `online-identifier`. */
  readonly classes?: readonly string[];
  /** The policy lists it by "other data": use needs a written reason. */
  readonly openEnded?: true;
  /** The policy says that nobody can be identified by it. */
  readonly identifyingClaim?: Citation;
}

export interface Purpose {
  readonly id: string;
  readonly labels: Labels;
  /** What ends the purpose; `silent` where neither law nor policy says. */
  readonly ends: 'contract-performed' | 'purpose-reached' | 'silent';
  /** A withdrawal has no effect on it while a contract is open. */
  readonly barred: boolean;
  readonly cite: Citation;
  /** Position in pack order: ties between reasons that end together are broken by it. */
  readonly order: number;
  /** Whoever comes on it comes on a list (trigger `listed`). */
  readonly list?: boolean;
  /** The policy names it by "other purposes": use needs a written reason. */
  readonly openEnded?: true;
  /** These acts for it are allowed on depersonalised data only (`not-depersonalised`). */
  readonly depersonalised?: { readonly acts: readonly ('used' | 'transferred')[]; readonly cite: Citation };
}

export interface Organisation {
  readonly id: string;
  readonly labels: Labels;
  readonly role: 'processor' | 'independent' | 'assignee' | 'authority' | 'public' | 'place';
  /** ISO 3166-1 alpha-2, or XX for a fictitious state on no adequacy list. */
  readonly country: string;
  readonly category: string;
  /** The undertakings that law and policy want of it first, by whatever clause. */
  readonly needs?: readonly string[];
  /** How the organisation is made known to users, where the policy says so. */
  readonly madeKnown?: Citation;
}

export interface Basis {
  readonly id: string;
  readonly labels: Labels;
  readonly cite: Citation;
  /** What must be so for the basis to hold. */
  readonly condition?: BasisCondition;
}

export interface Ground {
  readonly id: string;
  readonly labels: Labels;
  readonly cite: Citation;
  /** What must be so for the ground to be used (`ground-not-met`); absent: the pack knows no condition. */
  readonly condition?: GroundCondition;
}

export type GroundCondition = 'obligation-open' | 'kept-by-law' | 'rights-of-others';

/** Why something is blocked, or a breach came about; the trail cites its clause. */
export interface Cause {
  readonly id: string;
  readonly labels: Labels;
  readonly cite: Citation;
}

/** A legal minimum: how long the items are kept at least, and what the term is counted from (`rules.md` 2, Until). */
export interface Minimum {
  readonly id: string;
  readonly items: readonly string[];
  readonly after:
    | { readonly kind: 'contract-performed' }
    | { readonly kind: 'collected' }
    | { readonly kind: 'transferred'; readonly purpose: string };
  /** Always whole years or months; written as ISO 8601 in answers (`P5Y`). */
  readonly term: { readonly unit: 'years' | 'months'; readonly count: number };
  readonly cite: Citation;
  readonly order: number;
}

/** The triggers of `rules.md` 3. */
export const TRIGGERS = [
  'access.requested',
  'rectification.requested',
  'block.requested',
  'destruction.requested',
  'objection.received',
  'documents.requested',
  'consent.withdrawn',
  'dispute.opened',
  'unlawful.proved',
  'dispute.upheld',
  'dispute.rejected',
  'contract.defaulted',
  'contract.ceded',
  'purpose.reached',
  'rectified',
  'blocked',
  'unblocked',
  'destroyed',
  'consent.expired',
  'minimum.reached',
  'destruction.impossible',
  'transfer.made',
  'recipient.engaged',
  'listed',
  'breach.found',
  'authority.asked',
] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** The duties of `wire.md`. */
export const DUTIES = [
  'answer-access',
  'answer-rectify',
  'answer-destroy',
  'answer-dispute',
  'answer-withdrawal',
  'answer-objection',
  'answer-authority',
  'rectify',
  'block',
  'unblock',
  'stop',
  'destroy',
  'destroy-blocked',
  'notify-subject',
  'notify-recipient',
  'notify-arrears',
  'notify-cession',
  'notify-transfer',
  'report-breach',
  'tell-subject-breach',
  'measures-breach',
  'register-change',
  'review',
] as const;
export type Duty = (typeof DUTIES)[number];

/** When a deadline applies at all: everything stated must hold. */
export interface Condition {
  /** The contract agrees this term. */
  readonly contractTerm?: string;
  /** The recipient has this role. */
  readonly role?: Organisation['role'];
  /** The breach or block has one of these causes. */
  readonly causes?: readonly string[];
  /** The recipient is of one of these categories. */
  readonly categories?: readonly string[];
  /** The dispute alleges this (`disputed`, `alleges`). */
  readonly alleges?: 'unlawful' | 'untrue';
  /** No notice before the act named the recipient to the person. */
  readonly unnoticed?: true;
}

/** One line of a deadline table: what starts the duty, and how long it may take. */
export interface Deadline {
  readonly trigger: Trigger;
  readonly duty: Duty;
  /** Absent where no term is known (`due` null). */
  readonly term: Term | undefined;
  /** How the pack writes the term, as it is shown: `15 working days`; `none` where it gives none. */
  readonly termText: string;
  readonly cite: Citation;
  /** Absent: it always applies. */
  readonly condition?: Condition;
  /** Of `destruction.impossible`: what the term counts from. */
  readonly anchor?: 'trigger' | 'due';
  /** Shown beside a law's own term, not binding then (`domain.md` 3.4(1)). */
  readonly yieldsToLaw?: true;
  /** A change to this rule moves clocks that are open already. */
  readonly appliesToOpen?: true;
}

/** Days off as known at some moment, compiled from every calendar edition activated by then. */
export interface Calendar {
  /** Whether the day is worked. */
  works(day: Day): boolean;
  /** Whether the year of that day is known; an unknown one has weekends and fixed holidays only (`domain.md` 2.5). */
  knows(day: Day): boolean;
}

/** The ids that packs in force on one day list. */
export interface Listed {
  readonly item: Ids;
  readonly purpose: Ids;
  readonly organisation: Ids;
  /** Those that are listed, and not by an open end: their use needs no written reason. */
  readonly plainly: { readonly item: Ids; readonly purpose: Ids };
}

export interface Ids {
  has(id: string): boolean;
}

export interface Rulebook {
  readonly controller: string;
  /** IANA zone, `Asia/Almaty`. */
  readonly zone: string;
  readonly country: string;
  /** The controller's languages, the first is the default. */
  readonly languages: readonly Language[];
  readonly names: Labels;

  /** Whether any loaded pack has the id, whatever its dates: only then may it stand in an event. */
  has(kind: IdKind, id: string): boolean;
  /** Every id that any loaded pack has, so that references made before it was listed can be resolved. */
  all(kind: IdKind): readonly string[];
  /** Whether a pack in force on that day lists the id (finding `unlisted`). */
  lists(kind: 'item' | 'purpose' | 'organisation', id: string, on: Day): boolean;

  /** The same for an act of many ids, which asks of one day again and again. */
  listed(on: Day): Listed;

  /** The policy's edition in force on a day, and one by its id. */
  edition(on: Day): Edition | undefined;
  editionById(id: string): Edition | undefined;

  /** Every loaded edition of the controller's laws and of its calendar, in the order in which the policy names them. */
  lawEditions(): readonly LawEdition[];
  /** The clause by which the policy in force on that day cites a law; undefined where it does not. */
  citedIn(law: string, on: Day): Citation | undefined;

  /** What a pack in force on that day says of an id; else of the newest edition that has it; undefined where none has. */
  item(id: string, on: Day): Item | undefined;
  purpose(id: string, on: Day): Purpose | undefined;
  organisation(id: string, on: Day): Organisation | undefined;
  basis(id: string, on: Day): Basis | undefined;
  ground(id: string, on: Day): Ground | undefined;
  cause(id: string, on: Day): Cause | undefined;

  minimums(on: Day): readonly Minimum[];
  /** Those of every day: one for each span of days, also where it is the same as in the span before. */
  everyMinimum(): readonly Minimum[];
  deadlines(trigger: Trigger, on: Day): readonly Deadline[];

  /** What law and policy demand of acts on that day. */
  rules(on: Day): Rules;
  /** The grounds that packs in force on that day list. */
  grounds(on: Day): readonly Ground[];
  /** Every law that an edition of the policy cites after it was replaced, in order of day. */
  staleLaws(): readonly StaleLaw[];

  /** The newest calendar among those published by that instant (ISO 8601 UTC); undefined means all that are loaded. */
  calendar(asKnown?: string): Calendar;
}
