/** Whether data were taken as law and policy want it (`rules.md` 4, `collected-…`, `source-outside-policy`). */
import { type BasisCondition, type Citation, itemBansFor, type SourceRules } from '#packs';
import { agreed } from './about-other.js';
import type { FindingCode } from './finding.js';
import type { Closing } from './found.js';
import { isItemInForce, isPurposeInForce } from './in-force.js';
import type { Item } from './item.js';
import type { Person } from './person.js';
import { type Cited, GONE, type Judging, NEVER } from './verdict.js';

export interface Collection {
  readonly items: readonly Item[];
  readonly purposes: readonly string[];
  /** Undefined of a collection that is imagined: whichever holds. */
  readonly basis: string | undefined;
  readonly contract: string | undefined;
  readonly origin: { readonly kind: string; readonly name?: string | undefined };
  readonly medium: 'electronic' | 'paper';
  readonly hasNote: boolean;
}

export function judgeCollection(judging: Judging, act: Collection): void {
  withoutNotice(judging, act);
  withoutBasis(judging, act);
  excessive(judging, act);
  bannedForm(judging, act);
  source(judging, act);
}

function withoutNotice(judging: Judging, { items }: Collection): void {
  const { person, rules } = judging;
  const cite = rules.notice?.cite;
  if (cite === undefined) return;
  const isTold = ({ item, about }: Item): boolean =>
    about === null ? person.noticed.items.has(item) : person.others.get(about)?.noticed.has(item) === true;
  const untold = items.filter((item) => !isTold(item));
  addBoth(judging, 'collected-without-notice', untold, cite, { kind: 'notice' });
}

function withoutBasis(judging: Judging, act: Collection): void {
  const { person, on, imagined } = judging;
  const { rulebook } = person.rules;
  if (act.basis === undefined && isCarriedOtherwise(judging, act)) return;
  const basis = rulebook.basis(act.basis ?? 'consent', on);
  const condition = basis?.condition;
  if (act.basis !== undefined && condition !== 'consent') {
    // A basis that no pack knows carries nothing.
    if (condition !== undefined && !imagined && holdsWithout(judging, act, condition)) return;
    return addBoth(judging, 'collected-without-basis', act.items, basis?.cite, GONE);
  }
  // The consents in force together: each purpose and each item must be in one of them.
  const purposesHeld = act.purposes.every((purpose) => isPurposeInForce(person, purpose, on));
  const without = act.items.filter((item) => !isConsented(judging, act, item, purposesHeld));
  const byOther = { kind: 'consent', purposes: act.purposes } as const;
  addBoth(judging, 'collected-without-basis', without, basis?.cite, GONE, byOther);
}

function isConsented({ person, on }: Judging, act: Collection, item: Item, purposesHeld: boolean): boolean {
  const { about } = item;
  if (about !== null) {
    const other = person.others.get(about);
    return other !== undefined && agreed(other, item.item, act.purposes, on);
  }
  if (person.refusals.length > 0 && isRefused(person, item, act.purposes)) return false;
  return purposesHeld && isItemInForce(person, item, on);
}

function isRefused(person: Person, { item }: Item, purposes: readonly string[]): boolean {
  return purposes.some((purpose) => person.isRefused(item, purpose));
}

/** Whether an imagined collection stands on something else than consent: nobody can say it was stated. */
function isCarriedOtherwise(judging: Judging, act: Collection): boolean {
  const { person, on } = judging;
  const { rulebook } = person.rules;
  return rulebook.all('basis').some((id) => {
    const condition = rulebook.basis(id, on)?.condition;
    if (condition !== 'need' && condition !== 'default' && condition !== 'contract') return false;
    return holdsWithout(judging, act, condition);
  });
}

/** Conditions of a collection but consent: what law or a paper is said to be cannot be checked here. */
function holdsWithout({ person }: Judging, { contract }: Collection, condition: BasisCondition): boolean {
  switch (condition) {
    case 'need':
    case 'contract':
      return person.contracts.anyOpen(person.contracts.counting(contract));
    case 'default':
      return person.contracts.anyInDefault(person.contracts.counting(contract));
    case 'law':
    case 'stated':
      return true;
    case 'consent':
      return false;
  }
}

/** What is about someone else is a finding of its own, that person's alone. */
function addBoth(
  judging: Judging,
  code: FindingCode,
  wrong: readonly Item[],
  cite: Citation | undefined,
  closing: Closing,
  closingOfOther: Closing = closing,
): void {
  if (wrong.length === 0) return;
  const own = wrong.filter(({ about }) => about === null);
  const others = wrong.filter(({ about }) => about !== null);
  if (own.length > 0) judging.add(code, own, cite, closing);
  if (others.length > 0) judging.add(code, others, cite, closingOfOther, { ofOther: true });
}

function excessive(judging: Judging, { items, purposes }: Collection): void {
  const { on, rules, listed } = judging;
  const { rulebook } = judging.person.rules;
  const isExcess = ({ item }: Item): boolean => {
    const mapped = rulebook.item(item, on)?.purposes ?? [];
    if (mapped.length === 0 || !listed.item.has(item)) return false;
    return purposes.some((purpose) => !mapped.includes(purpose) && listed.purpose.has(purpose));
  };
  if (!items.some(isExcess)) return;
  judging.add('collected-excessive', items.filter(isExcess), rules.excess, GONE);
}

function bannedForm(judging: Judging, { items, medium, purposes }: Collection): void {
  const { rules } = judging;
  if (!rules.itemBans.some((ban) => ban.medium === medium)) return;
  const banned: Cited[] = [];
  for (const item of items) {
    for (const { cite } of itemBansFor(rules, item.item, medium, purposes)) banned.push([cite, item]);
  }
  judging.addByClause('collected-banned-form', banned, GONE);
}

function source(judging: Judging, { items, origin, hasNote }: Collection): void {
  const { sources } = judging.rules;
  if (isAllowed(sources, origin)) return;
  if (sources.open !== undefined) {
    if (!hasNote) judging.add('open-ended-without-reason', items, sources.open, NEVER);
  } else if (sources.limit !== undefined) judging.add('source-outside-policy', items, sources.limit, GONE);
}

function isAllowed({ allowed }: SourceRules, { kind, name }: Collection['origin']): boolean {
  return allowed.some(
    (rule) =>
      rule.kind === kind &&
      (rule.organisations.length === 0 || name === undefined || rule.organisations.includes(name)),
  );
}
