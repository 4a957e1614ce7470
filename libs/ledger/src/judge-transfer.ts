/** Whether data were passed on as law and policy want it (`rules.md` 4, `transfer-…`, `onward-transfer`). */
import {
  daysBetween,
  fits,
  type Organisation,
  transferBansFor,
  type TransferRule,
  transferRulesFor,
  undertakingsFor,
} from '#packs';
import type { Closing } from './found.js';
import { consentsToPassing } from './in-force.js';
import { idsOf, type Item } from './item.js';
import { isGiven } from './undertaking.js';
import type { Cited, Judging } from './verdict.js';

export interface Transfer {
  readonly items: readonly Item[];
  readonly recipient: string;
  readonly purposes: readonly string[];
  /** Undefined of a transfer that is imagined, or a cession that states none: whichever holds. */
  readonly basis: string | undefined;
  readonly contract: string | undefined;
  readonly country: string | undefined;
  readonly role: Organisation['role'] | undefined;
  /** What the recipient undertook with this transfer. */
  readonly undertakings: readonly string[];
  /** Who passed it on. */
  readonly via: string | undefined;
}

const DESTROYED: Closing = { kind: 'recipient-destroyed' };

export function judgeTransfer(judging: Judging, act: Transfer): void {
  if (act.items.length === 0) return;
  const { recipient } = act;
  if (!judging.listed.organisation.has(recipient)) {
    judging.add('transfer-unknown-recipient', act.items, undefined, { kind: 'listed' }, { recipient });
  }
  const known = recipientOf(judging, act);
  const ids = idsOf(act.items);
  if (!isCarried(judging, act, known, act.items, ids)) withoutBasis(judging, act, known);
  forbidden(judging, act, known, ids);
  crossBorder(judging, act, known);
  withoutUndertaking(judging, act, known);
  onward(judging, act);
}

/** As the event says it was; where it does not, as the pack says. One that no pack lists is of no category. */
function recipientOf({ person, on }: Judging, { recipient, role, country }: Transfer): Organisation {
  const { rulebook } = person.rules;
  const known = rulebook.organisation(recipient, on);
  if (known !== undefined && role === undefined && country === undefined) return known;
  return {
    id: recipient,
    labels: known?.labels ?? { ky: '', kk: '', ru: '', en: '' },
    role: role ?? known?.role ?? 'independent',
    country: country ?? known?.country ?? rulebook.country,
    category: known?.category ?? '',
  };
}

function withoutBasis(judging: Judging, act: Transfer, recipient: Organisation): void {
  const { basis, purposes } = act;
  const alone = act.items.filter((item) => !isCarried(judging, act, recipient, [item], [item.item]));
  const made = transferRulesFor(judging.rules, recipient, purposes, idsOf(act.items));
  const cite = (made.find((rule) => basis === undefined || rule.basis === basis) ?? made[0])?.cite;
  // Where each item has a consent of its own, no one consent has them all.
  const items = alone.length > 0 ? alone : act.items;
  judging.add('transfer-without-basis', items, cite, DESTROYED, { recipient: act.recipient });
}

/** Whether a rule of the act's basis is made for it, and holds for these of its items together. */
function isCarried(
  judging: Judging,
  act: Transfer,
  recipient: Organisation,
  items: readonly Item[],
  ids: readonly string[],
): boolean {
  const { basis, purposes } = act;
  for (const rule of judging.rules.transfers) {
    if (basis !== undefined && rule.basis !== basis) continue;
    if (fits(rule, recipient, purposes, ids) && holds(judging, act, recipient, rule, items)) return true;
  }
  return false;
}

function holds(
  { person, on, imagined }: Judging,
  { contract, purposes, recipient }: Transfer,
  { role }: Organisation,
  rule: TransferRule,
  items: readonly Item[],
): boolean {
  const counting = person.contracts.counting(contract);
  switch (rule.condition) {
    case 'consent':
      return consentsToPassing(person, { recipient, purposes, items }, on);
    case 'need':
      return person.contracts.anyOpen(counting);
    case 'default':
      return person.contracts.anyInDefault(counting);
    // The rule is made for the categories that the pack lists.
    case 'law':
      return true;
    case 'contract':
      return role === 'assignee' && person.contracts.anyOpen(counting);
    case 'stated':
      return !imagined;
  }
}

function forbidden(judging: Judging, act: Transfer, recipient: Organisation, ids: readonly string[]): void {
  const { person, on, rules } = judging;
  const defaulted = person.contracts.firstDefault(person.contracts.counting(act.contract));
  const overdue = defaulted === undefined ? undefined : daysBetween(defaulted, on);
  const bans = transferBansFor(rules, recipient, act.purposes, ids, overdue);
  if (bans.length === 0) return;
  const banned: Cited[] = [];
  for (const { cite, items } of bans) {
    for (const item of act.items) if (items?.includes(item.item) ?? true) banned.push([cite, item]);
  }
  judging.addByClause('transfer-forbidden', banned, DESTROYED, { recipient: act.recipient });
}

function crossBorder(judging: Judging, act: Transfer, recipient: Organisation): void {
  const { person, on, rules } = judging;
  const { country, id } = recipient;
  if (country === person.rules.rulebook.country) return;
  for (const rule of rules.crossBorder) {
    const isLawful =
      rule.kind === 'register-first'
        ? person.register.recipients.includes(id) && person.register['cross-border'].includes(id)
        : rule.adequate.includes(country) || consentsToPassing(person, act, on, 'cross-border');
    if (!isLawful) judging.add('transfer-cross-border', act.items, rule.cite, DESTROYED, { recipient: id });
  }
}

function withoutUndertaking(judging: Judging, act: Transfer, recipient: Organisation): void {
  const { person, on, rules } = judging;
  if (rules.undertakings.length === 0) return;
  const given = person.undertakings.get(recipient.id);
  const isThere = (one: string): boolean => isGiven(given, one, on) || act.undertakings.includes(one);
  for (const rule of undertakingsFor(rules, recipient, act.purposes, idsOf(act.items))) {
    const missing = new Set(rule.undertakings.filter((one) => !isThere(one)));
    if (missing.size === 0) continue;
    const items = act.items.filter(({ item }) => rule.items === undefined || rule.items.includes(item));
    const closing = { kind: 'undertaken', missing } as const;
    judging.add('transfer-without-undertaking', items, rule.cite, closing, { recipient: recipient.id });
  }
}

/** A recipient that undertook not to pass data on did; the new holder is the one who is told to destroy. */
function onward(judging: Judging, act: Transfer): void {
  const { person, on, rules } = judging;
  const given = act.via === undefined ? undefined : person.undertakings.get(act.via);
  if (given === undefined) return;
  for (const { undertaking, cite } of rules.onward) {
    if (isGiven(given, undertaking, on)) {
      judging.add('onward-transfer', act.items, cite, DESTROYED, { recipient: act.recipient });
    }
  }
}
