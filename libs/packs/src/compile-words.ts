/** One rule of a pack each, from how it is written to how it is asked for. */

import { parseTerm } from './counting.js';
import { citing, type Rules as RulePack } from './in-force.js';
import type { Basis, Cause, Condition, Deadline, Edition, Ground, Item, Organisation, Purpose } from './rulebook.js';
import type { Rules } from './rules.js';
import type { ControllerPack, LawPack } from './schema.js';

export function editionOf(policy: ControllerPack): Edition {
  const text = policy.edition.texts.find((one) => one.authoritative);
  if (text === undefined) throw new RangeError('an edition without an authoritative text');
  const { id, from, to, change, changeNotice, fictitious } = policy.edition;
  return {
    id,
    from,
    to,
    hash: text.sha256,
    cite: citing(policy.edition, policy),
    ...(change === undefined
      ? {}
      : {
          change: {
            notice: changeNotice,
            ...(change.channel === undefined ? {} : { channel: change.channel }),
            consentFree: change.consentFree,
            cite: citing(change, policy),
          },
        }),
    ...(fictitious === undefined ? {} : { fictitious }),
  };
}

export function itemOf(item: ControllerPack['items'][number], policy: ControllerPack): Item {
  const { id, labels, describes, purposes, classes, openEnded, identifyingClaim } = item;
  return {
    id,
    labels,
    describes,
    cite: citing(item, policy),
    purposes,
    classes,
    ...(openEnded === undefined ? {} : { openEnded }),
    ...(identifyingClaim === undefined ? {} : { identifyingClaim: citing(identifyingClaim, policy) }),
  };
}

export function purposeOf(purpose: ControllerPack['purposes'][number], policy: ControllerPack, order: number): Purpose {
  const { id, labels, ends, barred, list, openEnded, depersonalised } = purpose;
  return {
    id,
    labels,
    ends,
    barred,
    list,
    cite: citing(purpose, policy),
    order,
    ...(openEnded === undefined ? {} : { openEnded }),
    ...(depersonalised === undefined
      ? {}
      : { depersonalised: { acts: depersonalised.acts, cite: citing(depersonalised, policy) } }),
  };
}

/** What it needs first is what any rule of the day wants of it, for some purpose at least. */
export function organisationOf(one: LawPack['organisations'][number], pack: RulePack, rules: Rules): Organisation {
  const { id, labels, role, country, category, madeKnown } = one;
  const needs = rules.undertakings
    .filter(({ recipients, roles, categories }) => {
      return (
        (recipients?.includes(id) ?? true) &&
        (roles?.includes(role) ?? true) &&
        (categories?.includes(category) ?? true)
      );
    })
    .flatMap((rule) => rule.undertakings);
  return {
    id,
    labels,
    role,
    country,
    category,
    needs: [...new Set(needs)],
    ...(madeKnown === undefined ? {} : { madeKnown: citing(madeKnown, pack) }),
  };
}

export function wordOf(rule: LawPack['causes'][number], pack: RulePack): Cause {
  return { id: rule.id, labels: rule.labels, cite: citing(rule, pack) };
}

export function basisOf(rule: LawPack['bases'][number], pack: RulePack): Basis {
  return { ...wordOf(rule, pack), condition: rule.condition };
}

export function groundOf(rule: LawPack['grounds'][number], pack: RulePack): Ground {
  return { ...wordOf(rule, pack), ...(rule.condition === undefined ? {} : { condition: rule.condition }) };
}

export function deadlineOf(rule: LawPack['deadlines'][number], pack: RulePack): Deadline {
  return {
    trigger: rule.trigger,
    duty: rule.duty,
    term: rule.term === undefined ? undefined : parseTerm(rule.term),
    termText: rule.term ?? 'none',
    cite: citing(rule, pack),
    ...(rule.condition === undefined ? {} : { condition: conditionOf(rule.condition) }),
    ...(rule.anchor === undefined ? {} : { anchor: rule.anchor }),
    ...(rule.yieldsToLaw === undefined ? {} : { yieldsToLaw: rule.yieldsToLaw }),
    ...(rule.appliesToOpen === undefined ? {} : { appliesToOpen: rule.appliesToOpen }),
  };
}

function conditionOf(condition: NonNullable<LawPack['deadlines'][number]['condition']>): Condition {
  return {
    ...(condition.contractTerm === undefined ? {} : { contractTerm: condition.contractTerm }),
    ...(condition.role === undefined ? {} : { role: condition.role }),
    ...(condition.causes === undefined ? {} : { causes: condition.causes }),
    ...(condition.categories === undefined ? {} : { categories: condition.categories }),
    ...(condition.alleges === undefined ? {} : { alleges: condition.alleges }),
    ...(condition.unnoticed === undefined ? {} : { unnoticed: condition.unnoticed }),
  };
}
