/** What the ledger finds wrong (`rules.md` 4, `wire.md`, `…/findings`). */
import { addDays, type Day, type Rulebook } from '#packs';
import { closedFor, type Found } from './found.js';
import { type At, foldAt, type Folded, type Moment, momentOf } from './fold.js';
import { idsOf, type Item } from './item.js';
import { itemsAbout } from './lineage.js';
import { conflictsOf } from './links.js';
import type { PersonRecord } from './record.js';
import { compare, type Resolvers, shownId, shownIds, type Writable } from './shown.js';
import { listedFrom, unlisted } from './unlisted.js';

export const FINDING_CODES = [
  'collected-without-notice',
  'collected-without-basis',
  'collected-excessive',
  'collected-banned-form',
  'transfer-without-basis',
  'transfer-unknown-recipient',
  'transfer-forbidden',
  'transfer-cross-border',
  'transfer-without-undertaking',
  'onward-transfer',
  'use-off-purpose',
  'use-while-blocked',
  'use-after-stop',
  'use-after-destruction',
  'kept-past-term',
  'answer-late',
  'order-outstanding',
  'unlisted',
  'open-ended-without-reason',
  'not-depersonalised',
  'source-outside-policy',
  'stale-law',
  'gap',
  'identity-conflict',
  'access-without-undertaking',
  'destroyed-while-kept',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

export interface FindingRow {
  readonly code: FindingCode;
  readonly on: Day;
  readonly items: readonly string[];
  readonly recipient?: string;
  /** Null where no clause says it. */
  readonly clause: string | null;
  readonly pack: string | null;
  readonly state: 'open' | 'closed';
  readonly closedOn?: Day;
}

/** The findings of a person, in order of day, then code, then recipient. */
export function findings(
  record: PersonRecord,
  rulebook: Rulebook,
  at: At,
  resolvers: Resolvers = {},
): readonly FindingRow[] {
  const moment = momentOf(record, rulebook, at);
  return findingsOf(record, foldAt(record, moment, at), moment, resolvers);
}

/** The same of somebody who is folded. */
export function findingsOf(
  record: PersonRecord,
  folded: Folded,
  moment: Moment,
  resolvers: Resolvers,
): readonly FindingRow[] {
  const { rulebook } = moment.rules;
  const { person, day, events, links } = folded;
  const shown: Shown = { rulebook, day, resolvers };
  const rows: FindingRow[] = [];
  for (const one of person.findings) if (!one.ofOther && one.on <= day) rows.push(rowOf(one, one.items, shown));
  rows.push(...outstanding(folded, undefined, shown));
  for (const placed of events) for (const row of unlisted(placed, rulebook, day, resolvers)) rows.push(row);
  for (const { on, cutOn } of conflictsOf(links)) {
    if (on > day) continue;
    const closedOn = cutOn !== undefined && cutOn <= day ? cutOn : undefined;
    rows.push({ code: 'identity-conflict', on, items: [], clause: null, pack: null, ...stateOf(closedOn) });
  }
  rows.push(...aboutThem(record, folded, moment, shown));
  return inOrder(rows);
}

/** Findings of items that lie with a client: what is wrong with the item itself stands with both. */
function aboutThem(record: PersonRecord, folded: Folded, moment: Moment, shown: Shown): readonly FindingRow[] {
  const byClient = new Map<Folded, Item[]>();
  for (const { folded: client, item } of itemsAbout(record, folded, moment)) {
    const items = byClient.get(client);
    if (items === undefined) byClient.set(client, [item]);
    else items.push(item);
  }
  return [...byClient].flatMap(([client, theirs]) => [
    ...client.person.findings.flatMap((one) => {
      const items = one.items.filter(({ key }) => theirs.some((item) => item.key === key));
      return items.length === 0 || one.on > shown.day ? [] : [rowOf(one, items, shown)];
    }),
    ...outstanding(client, theirs, shown),
  ]);
}

export function inOrder(rows: readonly FindingRow[]): readonly FindingRow[] {
  return [...rows].sort(
    (a, b) =>
      compare(a.on, b.on) ||
      compare(a.code, b.code) ||
      compare(a.recipient ?? '', b.recipient ?? '') ||
      compare(a.items.join(' '), b.items.join(' ')) ||
      compare(`${a.clause} ${a.pack} ${a.state}`, `${b.clause} ${b.pack} ${b.state}`) ||
      compare(a.closedOn ?? '', b.closedOn ?? ''),
  );
}

interface Shown {
  readonly rulebook: Rulebook;
  /** The day asked for. */
  readonly day: Day;
  readonly resolvers: Resolvers;
}

function rowOf(one: Found, items: readonly Item[], shown: Shown): FindingRow {
  const { code, on, cite, recipient } = one;
  const { day, resolvers } = shown;
  const closedOn = one.closing.kind === 'listed' ? listedOn(one, shown) : closedFor(one, items);
  // Field by field, in the order in which an answer shows them: to spread what may be absent takes ten times as long.
  const row: Partial<Writable<FindingRow>> = { code, on, items: shownIds(idsOf(items), resolvers) };
  if (recipient !== undefined) row.recipient = shownId(recipient, resolvers);
  row.clause = cite?.clause ?? null;
  row.pack = cite?.pack ?? null;
  if (closedOn === undefined || closedOn > day) row.state = 'open';
  else {
    row.state = 'closed';
    row.closedOn = closedOn;
  }
  return row as FindingRow;
}

function listedOn({ recipient, on }: Found, { rulebook, day }: Shown): Day | undefined {
  return recipient === undefined ? undefined : listedFrom(rulebook, 'organisation', [recipient], on, day);
}

function stateOf(closedOn: Day | undefined): Pick<FindingRow, 'state' | 'closedOn'> {
  return closedOn === undefined ? { state: 'open' } : { state: 'closed', closedOn };
}

/** Orders not confirmed by the end of the day on which they were told: with the items that still await it. */
function outstanding(
  { person, day }: Folded,
  only: readonly Item[] | undefined,
  { resolvers }: Shown,
): readonly FindingRow[] {
  const rows: FindingRow[] = [];
  for (const order of person.orders) {
    if (order.on >= day) continue;
    const ids: string[] = [];
    for (const key of order.remaining.size > 0 ? order.remaining : order.items) {
      const covered = order.covered.get(key);
      if (covered !== undefined && covered <= order.on) continue;
      if (only === undefined || only.some((item) => item.key === key)) ids.push(person.items.get(key)?.item ?? key);
    }
    if (ids.length === 0) continue;
    rows.push({
      code: 'order-outstanding',
      on: addDays(order.on, 1),
      items: shownIds(ids, resolvers),
      recipient: shownId(order.recipient, resolvers),
      clause: null,
      pack: null,
      ...stateOf(order.confirmed ?? undefined),
    });
  }
  return rows;
}
