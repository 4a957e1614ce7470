/** What an edition would change for one person: deadlines, terms of items, findings. */
import { clocks, findings, lineage, type ClockRow, type FindingRow, type ItemRow, type PersonRecord } from '#ledger';
import type { Rulebook } from '#packs';

/** What stands under one set of packs and not under the other; null where the other has nothing in its place. */
export interface Difference {
  readonly kind: 'deadline' | 'term' | 'finding';
  /** The duty, item or code that it is about, with items where it has some. */
  readonly about: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** As of the end of a day, everything being known. */
export function differencesOf(
  record: PersonRecord,
  before: Rulebook,
  after: Rulebook,
  day: string,
): readonly Difference[] {
  const [a, b] = [standingsOf(record, before, day), standingsOf(record, after, day)];
  return [
    ...compared('deadline', a.clocks, b.clocks),
    ...compared('term', a.terms, b.terms),
    ...compared('finding', a.findings, b.findings),
  ];
}

function standingsOf(record: PersonRecord, rulebook: Rulebook, day: string): Standings {
  const at = { asOf: day, asKnown: undefined };
  return {
    // First what is judged: the other views then take its fold.
    findings: findings(record, rulebook, at).map(ofFinding),
    clocks: clocks(record, rulebook, at).map(ofClock),
    terms: lineage(record, rulebook, at).items.map(ofTerm),
  };
}

interface Standings {
  readonly findings: readonly Told[];
  readonly clocks: readonly Told[];
  readonly terms: readonly Told[];
}

/** Rows of one key are the same thing under either set of packs; `about` is what a reader is told of it. */
interface Told {
  readonly key: string;
  readonly about: string;
  readonly text: string;
}

function compared(kind: Difference['kind'], before: readonly Told[], after: readonly Told[]): readonly Difference[] {
  const [left, came] = [without(before, after), without(after, before)];
  const found: Difference[] = [];
  for (const { key, about, text } of left) {
    const at = came.findIndex((one) => one.key === key);
    const [match] = at === -1 ? [] : came.splice(at, 1);
    found.push({ kind, about, before: text, after: match?.text ?? null });
  }
  return [...found, ...came.map(({ about, text }) => ({ kind, about, before: null, after: text }))];
}

/** Those that the others do not have, of equal ones as many as are more. */
function without(rows: readonly Told[], others: readonly Told[]): Told[] {
  const counts = new Map<string, number>();
  const same = ({ key, text }: Told): string => `${key}\0${text}`;
  for (const row of others) counts.set(same(row), (counts.get(same(row)) ?? 0) + 1);
  return rows.filter((row) => {
    const left = counts.get(same(row)) ?? 0;
    counts.set(same(row), left - 1);
    return left <= 0;
  });
}

function ofClock({ duty, items, trigger, on, recipient, due, state, clause, binds }: ClockRow): Told {
  const about = [duty, recipient, items?.join(' ')].filter((part) => part !== undefined).join(' ');
  return {
    key: JSON.stringify([about, trigger, on]),
    about,
    text: `${due ?? 'no day'} ${state}${binds ? '' : ', not binding'} (${clause})`,
  };
}

function ofTerm({ item, about, state, until }: ItemRow): Told {
  const [binding] = until.kind === 'gone' ? [] : until.reasons.filter((reason) => reason.binds);
  const clause = binding?.clause === undefined || binding.clause === null ? '' : ` (${binding.clause})`;
  const then = until.kind === 'event' && until.then !== undefined && until.then !== null ? ` + ${until.then}` : '';
  const end = until.kind === 'date' ? until.date : until.kind === 'event' ? `${until.event}${then}` : until.kind;
  return { key: JSON.stringify([item, about]), about: item, text: `${end} ${state}${clause}` };
}

function ofFinding({ code, on, items, recipient, clause, state }: FindingRow): Told {
  const about = [code, recipient, items.join(' ')].filter((part) => part !== undefined && part !== '').join(' ');
  return { key: JSON.stringify([about, on]), about, text: `${on} ${state}${clause === null ? '' : ` (${clause})`}` };
}
