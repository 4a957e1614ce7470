/** From the packs in force through one span of days to what they demand of acts (`rules.ts`). */

import { parseTerm } from './counting.js';
import { citing, covers, type Rules as RulePack } from './in-force.js';
import type { Citation, Day } from './citation.js';
import type {
  AnswerRules,
  CapacityRules,
  ConsentRules,
  CrossBorderRule,
  Element,
  ItemBan,
  Rules,
  Scope,
  SourceRules,
  TransferRule,
  WithdrawalRules,
} from './rules.js';
import type { ControllerPack, LawPack } from './schema.js';

interface Cited {
  readonly clause: string;
  readonly mark: Citation['mark'];
}
type Written<K extends keyof LawPack> = NonNullable<LawPack[K]>;
/** A rule and the pack that it stands in. */
type In<T> = { readonly rule: T; readonly pack: RulePack };

/** The rules of one day. `acts` in the order in which the policy names its laws. */
export function rulesOf(acts: readonly LawPack[], policy: ControllerPack | undefined, on: Day): Rules {
  const packs: readonly RulePack[] = policy === undefined ? acts : [...acts, policy];
  const policyFirst: readonly RulePack[] = policy === undefined ? acts : [policy, ...acts];
  const first = <T extends Cited>(of: (pack: RulePack) => T | undefined): In<T> | undefined => {
    for (const pack of packs) {
      const rule = of(pack);
      if (rule !== undefined) return { rule, pack };
    }
    return undefined;
  };
  const cite = (of: (pack: RulePack) => Cited | undefined): Citation | undefined => {
    const found = first(of);
    return found === undefined ? undefined : citing(found.rule, found.pack);
  };
  const every = <T>(of: (pack: RulePack) => readonly T[]): readonly In<T>[] =>
    packs.flatMap((pack) =>
      of(pack)
        .filter((rule) => covers(rule as { from?: Day; to?: Day }, on))
        .map((rule) => ({ rule, pack })),
    );
  return {
    notice: noticeOf(first((pack) => pack.notice)),
    consent: consentOf(packs),
    withdrawal: withdrawalOf(cite),
    purposeLimit: cite((pack) => pack.purposeLimit),
    excess: cite((pack) => pack.excess),
    sources: policy === undefined ? { allowed: [] } : sourcesOf(policy),
    itemBans: every((pack) => pack.itemBans).map((one) => itemBanOf(one, policy)),
    transfers: policyFirst
      .flatMap((pack) =>
        pack.transfers.filter((rule) => covers(rule, on)).map((rule) => transferOf({ rule, pack }, packs)),
      )
      .sort((a, b) => closeness(b) - closeness(a)),
    transferBans: every((pack) => pack.transferBans).map(({ rule, pack }) => ({
      ...scopeOf(rule),
      ...(rule.categoriesExcept === undefined ? {} : { categoriesExcept: rule.categoriesExcept }),
      ...(rule.overdueDays === undefined ? {} : { overdueDays: rule.overdueDays }),
      cite: citing(rule, pack),
    })),
    crossBorder: every((pack) => pack.crossBorder).map(crossBorderOf),
    undertakings: every((pack) => pack.undertakingsOwed).map(({ rule, pack }) => ({
      ...scopeOf(rule),
      undertakings: rule.undertakings,
      cite: citing(rule, pack),
    })),
    staff: every((pack) => pack.staff).map(({ rule, pack }) => ({
      undertakings: rule.undertakings,
      until: rule.until,
      cite: citing(rule, pack),
    })),
    onward: every((pack) => pack.onward).map(({ rule, pack }) => ({
      undertaking: rule.undertaking,
      cite: citing(rule, pack),
    })),
    anonymised: anonymisedOf(first((pack) => pack.anonymised)),
    answer: answerOf(packs),
    refusal: refusalOf(first((pack) => pack.refusal)),
    extensions: every((pack) => pack.extensions).flatMap(({ rule, pack }) => {
      const term = parseTerm(rule.term);
      return term === undefined ? [] : [{ duty: rule.duty, term, cite: citing(rule, pack) }];
    }),
    requests: every((pack) => pack.requests).map(({ rule, pack }) => ({
      rights: rule.rights,
      channels: rule.channels,
      subjectLines: rule.subjectLines,
      requires: rule.requires,
      cite: citing(rule, pack),
    })),
    register: registerOf(first((pack) => pack.register)),
    capacity: capacityOf(packs),
    special: every((pack) => pack.special).map(({ rule, pack }) => ({
      class: rule.class,
      labels: rule.labels,
      cite: citing(rule, pack),
    })),
    open: every((pack) => pack.open).map(({ rule, pack }) => ({ of: rule.of, cite: citing(rule, pack) })),
    statements: every((pack) => pack.statements).map(({ rule, pack }) => ({
      id: rule.id,
      topic: rule.topic,
      labels: rule.labels,
      cite: citing(rule, pack),
    })),
  };
}

function scopeOf(rule: { readonly [K in keyof Scope]?: Scope[K] | undefined }): Scope {
  return {
    ...(rule.recipients === undefined ? {} : { recipients: rule.recipients }),
    ...(rule.roles === undefined ? {} : { roles: rule.roles }),
    ...(rule.categories === undefined ? {} : { categories: rule.categories }),
    ...(rule.purposes === undefined ? {} : { purposes: rule.purposes }),
    ...(rule.items === undefined ? {} : { items: rule.items }),
  };
}

function closeness(scope: Scope): number {
  const whom = scope.recipients !== undefined || scope.roles !== undefined || scope.categories !== undefined;
  return (whom ? 1 : 0) + (scope.purposes === undefined ? 0 : 1) + (scope.items === undefined ? 0 : 1);
}

/** The condition is the rule's own, else that of the basis, wherever in these packs the basis stands. */
function transferOf({ rule, pack }: In<Written<'transfers'>[number]>, packs: readonly RulePack[]): TransferRule {
  const basis = packs.flatMap((one) => one.bases).find((one) => one.id === rule.basis);
  return {
    ...scopeOf(rule),
    basis: rule.basis,
    condition: rule.condition ?? basis?.condition ?? 'stated',
    cite: citing(rule, pack),
  };
}

/** A ban on classes becomes one on the policy's items of those classes: the law names kinds, the policy its items. */
function itemBanOf({ rule, pack }: In<Written<'itemBans'>[number]>, policy: ControllerPack | undefined): ItemBan {
  const { classes, purposes, medium } = rule;
  const items = (policy?.items ?? []).filter((item) => item.classes.some((one) => classes?.includes(one)));
  return {
    medium,
    ...(purposes === undefined ? {} : { purposes }),
    ...(classes === undefined ? {} : { items: items.map((item) => item.id) }),
    cite: citing(rule, pack),
  };
}

function crossBorderOf({ rule, pack }: In<Written<'crossBorder'>[number]>): CrossBorderRule {
  return rule.kind === 'register-first'
    ? { kind: rule.kind, cite: citing(rule, pack) }
    : { kind: rule.kind, adequate: rule.adequate, cite: citing(rule, pack) };
}

function sourcesOf(policy: ControllerPack): SourceRules {
  const open = policy.open.find((one) => one.of === 'sources');
  return {
    allowed: policy.origins.map((origin) => ({
      kind: origin.kind,
      organisations: origin.organisations,
      cite: citing(origin, policy),
    })),
    ...(open === undefined ? {} : { open: citing(open, policy) }),
    ...(policy.originsLimit === undefined ? {} : { limit: citing(policy.originsLimit, policy) }),
  };
}

function withdrawalOf(cite: (of: (pack: RulePack) => Cited | undefined) => Citation | undefined): WithdrawalRules {
  const stop = cite((pack) => pack.withdrawal?.stop);
  const bar = cite((pack) => pack.withdrawal?.bar);
  return { ...(stop === undefined ? {} : { stop }), ...(bar === undefined ? {} : { bar }) };
}

function elementsOf(written: readonly (Cited & Omit<Element, 'cite'>)[], pack: RulePack): readonly Element[] {
  return written.map((one) => ({ id: one.id, labels: one.labels, cite: citing(one, pack) }));
}

function noticeOf(found: In<Written<'notice'>> | undefined): Rules['notice'] {
  if (found === undefined) return undefined;
  const { rule, pack } = found;
  return {
    elements: elementsOf(rule.elements, pack),
    ...(rule.refusal === undefined ? {} : { refusal: citing(rule.refusal, pack) }),
    cite: citing(rule, pack),
  };
}

function consentOf(packs: readonly RulePack[]): ConsentRules {
  const silent = packs.find((pack) => pack.consent?.silentUntil !== undefined);
  const logged = packs.find((pack) => pack.consent?.logged !== undefined);
  const event = silent?.consent?.silentUntil;
  const log = logged?.consent?.logged;
  return {
    elements: packs.flatMap((pack) => elementsOf(pack.consent?.elements ?? [], pack)),
    ...(silent === undefined || event === undefined
      ? {}
      : { silentUntil: { event: event.event, cite: citing(event, silent) } }),
    ...(logged === undefined || log === undefined ? {} : { logged: citing(log, logged) }),
  };
}

function anonymisedOf(found: In<Written<'anonymised'>> | undefined): Rules['anonymised'] {
  if (found === undefined) return undefined;
  const { rule, pack } = found;
  return { purposes: rule.purposes, notAfter: rule.notAfter, cite: citing(rule, pack) };
}

function answerOf(packs: readonly RulePack[]): AnswerRules {
  const free = packs.find((pack) => pack.answer?.free !== undefined);
  const fee = packs.find((pack) => pack.answer?.mediumFee !== undefined);
  return {
    elements: packs.flatMap((pack) => elementsOf(pack.answer?.elements ?? [], pack)),
    ...(free?.answer?.free === undefined ? {} : { free: citing(free.answer.free, free) }),
    ...(fee?.answer?.mediumFee === undefined ? {} : { mediumFee: citing(fee.answer.mediumFee, fee) }),
  };
}

function refusalOf(found: In<Written<'refusal'>> | undefined): Rules['refusal'] {
  if (found === undefined) return undefined;
  const { rule, pack } = found;
  return { cite: citing(rule, pack), ...(rule.closed === undefined ? {} : { closed: citing(rule.closed, pack) }) };
}

function registerOf(found: In<Written<'register'>> | undefined): Rules['register'] {
  if (found === undefined) return undefined;
  const { rule, pack } = found;
  return {
    fields: elementsOf(rule.fields, pack),
    exclusions: elementsOf(rule.exclusions, pack),
    ...(rule.agreedList === undefined ? {} : { agreedList: citing(rule.agreedList, pack) }),
    ...(rule.securityLevels === undefined ? {} : { securityLevels: citing(rule.securityLevels, pack) }),
    cite: citing(rule, pack),
  };
}

function capacityOf(packs: readonly RulePack[]): CapacityRules {
  const age = packs.find((pack) => pack.capacity?.years !== undefined);
  const by = packs.find((pack) => pack.capacity?.representative !== undefined);
  const years = age?.capacity?.years;
  const representative = by?.capacity?.representative;
  return {
    ...(age === undefined || years === undefined ? {} : { years: { count: years.count, cite: citing(years, age) } }),
    ...(by === undefined || representative === undefined ? {} : { representative: citing(representative, by) }),
  };
}
