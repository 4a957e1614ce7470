/**
 * What law and policy demand of an act, on one day: the rules that findings, decisions, refusals and answers read
 * (`rules.md` 4 and 5). Deadlines, minimums and the lists of ids are the rulebook's own; everything else stands here.
 *
 * Where law and policy both say something, the fields that hold one citation give the law's, those that hold a list
 * give both: a policy may add to what the law demands, never take away (`domain.md` 3.4(3)).
 */

import type { Citation, Day, Labels, Language } from './citation.js';
import type { Duty, Organisation, Term } from './rulebook.js';

/**
 * What must be so for a basis to carry a transfer (`rules.md` 4, `transfer-without-basis`). `stated` can be named for
 * an act that happened, but nothing here can check it; it never counts for an act that is only imagined.
 */
export const BASIS_CONDITIONS = ['consent', 'need', 'default', 'law', 'contract', 'stated'] as const;
export type BasisCondition = (typeof BASIS_CONDITIONS)[number];

/** To whom and for what a rule is made. A field that is absent fits everything. */
export interface Scope {
  readonly recipients?: readonly string[];
  readonly roles?: readonly Organisation['role'][];
  readonly categories?: readonly string[];
  readonly purposes?: readonly string[];
  readonly items?: readonly string[];
}

/** A transfer is lawful on this basis, if its condition holds. */
export interface TransferRule extends Scope {
  readonly basis: string;
  readonly condition: BasisCondition;
  readonly cite: Citation;
}

/** A transfer is forbidden (`transfer-forbidden`), whatever its basis; the span of the ban is the span of the day asked. */
export interface TransferBan extends Scope {
  /** It fits every category but these. */
  readonly categoriesExcept?: readonly string[];
  /** It fits while the contract is in default for no more than this many days, or not at all. */
  readonly overdueDays?: number;
  readonly cite: Citation;
}

/** When data may leave the country (`transfer-cross-border`). Each rule is its own finding. */
export type CrossBorderRule =
  /** To a country on the list, or by a consent that has a cross-border part. */
  | { readonly kind: 'adequacy-or-consent'; readonly adequate: readonly string[]; readonly cite: Citation }
  /** Only after the register's entry names the recipient. */
  | { readonly kind: 'register-first'; readonly cite: Citation };

/** What a recipient must have undertaken before it gets data (`transfer-without-undertaking`); one finding a clause. */
export interface UndertakingRule extends Scope {
  readonly undertakings: readonly string[];
  readonly cite: Citation;
}

/** What a member of staff must have undertaken before access (`access-without-undertaking`). */
export interface StaffRule {
  readonly undertakings: readonly string[];
  /** How long the duty lasts after access ended. */
  readonly until: 'regime-ends' | 'for-ever';
  readonly cite: Citation;
}

/** A form in which an item may not be taken (`collected-banned-form`); absent items and purposes mean all of them. */
export interface ItemBan {
  readonly medium: 'paper' | 'electronic';
  /** It fits if one of the act's purposes is among these. */
  readonly purposes?: readonly string[];
  readonly items?: readonly string[];
  readonly cite: Citation;
}

/** What must be told before anything is collected (`collected-without-notice`). */
export interface NoticeRule {
  /** What the notice says, in order. */
  readonly elements: readonly Element[];
  /** The subject may refuse an item without giving reasons. */
  readonly refusal?: Citation;
  readonly cite: Citation;
}

/** One part of a notice, of an answer or of the register's entry, as a person reads it. */
export interface Element {
  readonly id: string;
  readonly labels: Labels;
  readonly cite: Citation;
}

export interface ConsentRules {
  /** What a consent must say. */
  readonly elements: readonly Element[];
  /** Until when a consent holds that names no term. */
  readonly silentUntil?: { readonly event: 'purpose-reached' | 'contract-performed'; readonly cite: Citation };
  /** The law wants terms, transfers, cross-border and publication recorded of each consent. */
  readonly logged?: Citation;
}

/** `stop`: a withdrawal ends use; `bar`: it has no effect while a contract is open (`use-after-stop`, `withdrawal-barred`). */
export interface WithdrawalRules {
  readonly stop?: Citation;
  readonly bar?: Citation;
}

/** A kind of `origin` (`wire.md`) from which the policy takes data. */
export interface SourceRule {
  readonly kind: string;
  readonly organisations: readonly string[];
  readonly cite: Citation;
}

export interface SourceRules {
  readonly allowed: readonly SourceRule[];
  /** The policy takes data from anywhere: no source is outside it, and each needs a written reason. */
  readonly open?: Citation;
  /** The clause that a source outside the policy breaks (`source-outside-policy`). */
  readonly limit?: Citation;
}

/** Keeping what nobody can be known by, after the purposes are over; the command is `not-allowed` after these triggers. */
export interface AnonymisedRule {
  readonly purposes: readonly string[];
  readonly notAfter: readonly ('destruction.requested' | 'consent.withdrawn')[];
  readonly cite: Citation;
}

export interface AnswerRules {
  /** The elements that an answer must have, in order; ids as in `wire.md` (`…/requests/{id}/answer`). */
  readonly elements: readonly Element[];
  /** The answer is free. */
  readonly free?: Citation;
  /** A physical medium may be charged for; absent: nothing may. */
  readonly mediumFee?: Citation;
}

export interface RefusalRules {
  /** A refusal is in writing, with reasons. */
  readonly cite: Citation;
  /** Only the grounds listed may be used; the clause that says so. */
  readonly closed?: Citation;
}

/** An extension of a duty that the law knows; no pack of the first five has one. */
export interface ExtensionRule {
  readonly duty: Duty;
  readonly term: Term;
  readonly cite: Citation;
}

/** How the policy wants a request to come. A request without what it requires is answered with the defect. */
export interface RequestRule {
  readonly rights: readonly string[];
  readonly channels: readonly string[];
  /** The subject lines that the policy wants typed. */
  readonly subjectLines: readonly { readonly language: Language; readonly text: string }[];
  readonly requires: readonly ('own-email' | 'demand' | 'documents' | 'writing' | 'identification')[];
  readonly cite: Citation;
}

export interface RegisterRules {
  /** The fields of an entry, ids as in `wire.md` (`entry`), in order. */
  readonly fields: readonly Element[];
  /** The list of personal data is agreed with the authority. */
  readonly agreedList?: Citation;
  readonly securityLevels?: Citation;
  /** Arrays that are not entered. */
  readonly exclusions: readonly Element[];
  readonly cite: Citation;
}

/** Who may consent: the least age in whole years, and by whom consent is given for one who may not. */
export interface CapacityRules {
  readonly years?: { readonly count: number; readonly cite: Citation };
  readonly representative?: Citation;
}

/** A kind of item that the law protects more (`special`), by class of the policy's items. */
export interface SpecialCategory {
  readonly class: string;
  readonly labels: Labels;
  readonly cite: Citation;
}

/** A clause with an open end that no id of the pack stands for: it is told to the person and to the officer. */
export interface OpenClause {
  readonly of: 'items' | 'purposes' | 'recipients' | 'sources' | 'cookies' | 'operations' | 'transfers';
  readonly cite: Citation;
}

export const TOPICS = [
  'parties',
  'scope',
  'acceptance',
  'change',
  'sources',
  'operations',
  'methods',
  'principles',
  'transfer',
  'cross-border',
  'publication',
  'recipients',
  'storage',
  'localisation',
  'withdrawal',
  'rights',
  'verification',
  'security',
  'confidentiality',
  'liability',
  'user-duties',
  'complaint',
  'automated',
  'lists',
] as const;
export type Topic = (typeof TOPICS)[number];

/** What law or policy says of a topic in words that a person reads: it fills answers and notices, and binds no clock. */
export interface Statement {
  readonly id: string;
  readonly topic: Topic;
  readonly labels: Labels;
  readonly cite: Citation;
}

export interface Rules {
  readonly notice: NoticeRule | undefined;
  readonly consent: ConsentRules;
  readonly withdrawal: WithdrawalRules;
  /** Use is limited to the purposes of collection (`use-off-purpose`). */
  readonly purposeLimit: Citation | undefined;
  /** No more is taken than the purpose needs (`collected-excessive`). */
  readonly excess: Citation | undefined;
  readonly sources: SourceRules;
  readonly itemBans: readonly ItemBan[];
  /**
   * The closest first: a rule that names more of recipient, purposes and items is closer; of two as close the policy's, then
   * the earlier in the pack.
   */
  readonly transfers: readonly TransferRule[];
  readonly transferBans: readonly TransferBan[];
  readonly crossBorder: readonly CrossBorderRule[];
  readonly undertakings: readonly UndertakingRule[];
  readonly staff: readonly StaffRule[];
  /** Whoever undertook this is bound not to pass data on (`onward-transfer`). */
  readonly onward: readonly { readonly undertaking: string; readonly cite: Citation }[];
  readonly anonymised: AnonymisedRule | undefined;
  readonly answer: AnswerRules;
  readonly refusal: RefusalRules | undefined;
  readonly extensions: readonly ExtensionRule[];
  readonly requests: readonly RequestRule[];
  readonly register: RegisterRules | undefined;
  readonly capacity: CapacityRules;
  readonly special: readonly SpecialCategory[];
  readonly open: readonly OpenClause[];
  readonly statements: readonly Statement[];
}

/** A policy cites a law that is replaced (`stale-law`). */
export interface StaleLaw {
  readonly citation: string;
  /** The first day on which the policy in force cites a law replaced by then. */
  readonly on: Day;
  /** The last day; undefined while no later edition cites the new law instead. */
  readonly to: Day | undefined;
  readonly cite: Citation;
}

/** Whether a rule is made for this act: the recipient, all of the purposes, at least one of the items. */
export function fits(
  scope: Scope,
  recipient: Organisation,
  purposes: readonly string[],
  items: readonly string[],
): boolean {
  return (
    (scope.recipients?.includes(recipient.id) ?? true) &&
    (scope.roles?.includes(recipient.role) ?? true) &&
    (scope.categories?.includes(recipient.category) ?? true) &&
    (scope.purposes === undefined || hasAll(scope.purposes, purposes)) &&
    (scope.items === undefined || hasAny(scope.items, items))
  );
}

function hasAll(list: readonly string[], ids: readonly string[]): boolean {
  return ids.every((id) => list.includes(id));
}

function hasAny(list: readonly string[], ids: readonly string[]): boolean {
  return ids.some((id) => list.includes(id));
}

/**
 * The transfer rules made for an act, the closest first. Where no rule's condition holds, the first one's clause is the
 * finding's (`rules.md` 5).
 */
export function transferRulesFor(
  rules: Rules,
  recipient: Organisation,
  purposes: readonly string[],
  items: readonly string[],
): readonly TransferRule[] {
  return rules.transfers.filter((rule) => fits(rule, recipient, purposes, items));
}

/**
 * The bans that forbid a transfer, each with its clause. `overdueDays`: days from the default to the day of the act,
 * undefined where no contract is in default.
 */
export function transferBansFor(
  rules: Rules,
  recipient: Organisation,
  purposes: readonly string[],
  items: readonly string[],
  overdueDays: number | undefined,
): readonly TransferBan[] {
  return rules.transferBans.filter(
    (ban) =>
      fits(ban, recipient, purposes, items) &&
      !(ban.categoriesExcept?.includes(recipient.category) ?? false) &&
      (ban.overdueDays === undefined || overdueDays === undefined || overdueDays <= ban.overdueDays),
  );
}

/** The undertakings that a recipient owes before an act, each with the clause that wants it. */
export function undertakingsFor(
  rules: Rules,
  recipient: Organisation,
  purposes: readonly string[],
  items: readonly string[],
): readonly UndertakingRule[] {
  return rules.undertakings.filter((rule) => fits(rule, recipient, purposes, items));
}

/** The bans on taking one item in a medium for some purposes. */
export function itemBansFor(
  rules: Rules,
  item: string,
  medium: ItemBan['medium'],
  purposes: readonly string[],
): readonly ItemBan[] {
  return rules.itemBans.filter(
    (ban) =>
      ban.medium === medium &&
      (ban.items?.includes(item) ?? true) &&
      (ban.purposes === undefined || purposes.some((purpose) => ban.purposes?.includes(purpose))),
  );
}
