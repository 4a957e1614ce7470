/** Asked before acting (`rules.md` 5): what law and policy would say against the act, were it done. */
import type { Day, Rulebook } from '#packs';
import type { FindingCode } from './finding.js';
import { type At, emptyRecord, foldAt, momentOf } from './fold.js';
import { itemsOfFact } from './judge.js';
import { judgeCollection } from './judge-collection.js';
import { judgeTransfer } from './judge-transfer.js';
import { judgeUse } from './judge-use.js';
import { type Item, livesOn, purposeOf } from './item.js';
import type { Person } from './person.js';
import type { PersonRecord } from './record.js';
import { compare } from './shown.js';
import { Judging } from './verdict.js';

/** What somebody means to do. `at` is a local day, meaning its end, or an instant; ids as they stand in packs. */
export interface Question {
  readonly do: 'transfer' | 'use' | 'collect';
  readonly items: readonly string[];
  readonly purposes: readonly string[];
  /** Of a transfer. */
  readonly recipient?: string | undefined;
  /** Of a collection; `electronic` where it is left out. */
  readonly medium?: 'electronic' | 'paper' | undefined;
  readonly at: string;
}

export interface DecisionReason {
  readonly code: FindingCode | 'withdrawal-barred';
  /** Null where no clause says it. */
  readonly clause: string | null;
  readonly pack: string | null;
}

export interface Decision {
  readonly decision: 'permit' | 'deny';
  readonly reasons: readonly DecisionReason[];
}

/**
 * Denied with every code and clause of the findings that the act would leave. Of bases the most favourable counts; what
 * nobody can check before an act carries none. A person whom nobody knows has no record: `own`, the controller's
 * matters, then says what recipients undertook and the register names.
 */
export function decide(
  record: PersonRecord | undefined,
  rulebook: Rulebook,
  question: Question,
  own: Parameters<typeof emptyRecord>[0] = {},
): Decision {
  const at: At = { asOf: question.at, asKnown: undefined };
  const known = record ?? emptyRecord(own);
  const moment = momentOf(known, rulebook, at);
  const { person } = foldAt(known, moment, at);
  const reasons = against(person, question, moment.day);
  if (reasons.length > 0) return { decision: 'deny', reasons };
  return { decision: 'permit', reasons: question.do === 'use' ? barred(person, question, moment.day) : [] };
}

function against(person: Person, question: Question, on: Day): readonly DecisionReason[] {
  const judging = new Judging(person, on, true);
  const { purposes, recipient, medium = 'electronic' } = question;
  const items = itemsOfFact(person, { items: question.items }, question.do === 'collect');
  switch (question.do) {
    case 'use':
      judgeUse(judging, { kind: 'used', items, purposes });
      break;
    case 'collect': {
      const unstated = { basis: undefined, contract: undefined, hasNote: true };
      judgeCollection(judging, { items, purposes, medium, origin: { kind: 'subject' }, ...unstated });
      break;
    }
    case 'transfer': {
      if (recipient === undefined) throw new RangeError('a transfer has a recipient');
      const there = judgeUse(judging, { kind: 'transferred', items, purposes });
      const unstated = { basis: undefined, contract: undefined, country: undefined, role: undefined, via: undefined };
      judgeTransfer(judging, { items: there, recipient, purposes, undertakings: [], ...unstated });
      break;
    }
  }
  const found = [
    ...judging.verdicts.map(({ code, cite }) => reason(code, cite)),
    ...unlistedIn(person.rules.rulebook, question, on),
  ];
  // Asked before, a forbidden transfer is only that.
  const forbidden = found.filter(({ code }) => code === 'transfer-forbidden');
  return distinct(forbidden.length > 0 ? forbidden : found.filter(({ code }) => code !== 'open-ended-without-reason'));
}

function reason(
  code: DecisionReason['code'],
  cite: { readonly clause: string; readonly pack: string } | undefined,
): DecisionReason {
  return { code, clause: cite?.clause ?? null, pack: cite?.pack ?? null };
}

function unlistedIn(rulebook: Rulebook, question: Question, on: Day): readonly DecisionReason[] {
  const { items, purposes, recipient } = question;
  const isListed =
    items.every((item) => rulebook.lists('item', item, on)) &&
    purposes.every((purpose) => rulebook.lists('purpose', purpose, on)) &&
    (recipient === undefined || rulebook.lists('organisation', recipient, on));
  return isListed ? [] : [reason('unlisted', undefined)];
}

/** A use that lives only because its withdrawal is barred is permitted, and says by which clause. */
function barred(person: Person, { items, purposes }: Question, on: Day): readonly DecisionReason[] {
  const isBarred = (item: Item): boolean =>
    purposes.some((purpose) => {
      const known = purposeOf(item, purpose);
      return known !== undefined && livesOn(known, on) && known.withdrawn;
    });
  if (!itemsOfFact(person, { items }).some(isBarred)) return [];
  return [reason('withdrawal-barred', person.rules.rulebook.rules(on).withdrawal.bar)];
}

function distinct(reasons: readonly DecisionReason[]): readonly DecisionReason[] {
  const seen = new Map(reasons.map((one) => [JSON.stringify(one), one] as const));
  return [...seen.values()].sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
}
