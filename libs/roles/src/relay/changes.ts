/** What changed for a person between two moments, as news. */
import type { ClockRow, FindingRow } from '#ledger';
import type { News } from './news.js';

/** A person's clocks and findings at one moment, without anything that only the entitled may see. */
export interface Standing {
  readonly clocks: readonly ClockRow[];
  readonly findings: readonly FindingRow[];
}

export const NOTHING: Standing = { clocks: [], findings: [] };

/** Who is concerned, and the event that brought it, or null where time alone did. */
export interface Cause {
  readonly position: number | null;
  readonly event: string | null;
  readonly subject: string;
}

export function changes(before: Standing, after: Standing, cause: Cause): readonly News[] {
  return [
    ...findingChanges(before.findings, after.findings, cause),
    ...clockChanges(before.clocks, after.clocks, cause),
  ];
}

/** Rows that were not there, or not in that state; of equal rows as many as are new. */
function findingChanges(before: readonly FindingRow[], after: readonly FindingRow[], cause: Cause): readonly News[] {
  const known = before.map((row) => JSON.stringify(row));
  return after.flatMap((row): News[] => {
    const at = known.indexOf(JSON.stringify(row));
    if (at === -1) return [{ type: 'depter.finding.v1', data: { ...cause, ...row, items: [...row.items] } }];
    known.splice(at, 1);
    return [];
  });
}

/** A row with those of its items whose state or day is another than before; a row without items as a whole. */
function clockChanges(before: readonly ClockRow[], after: readonly ClockRow[], cause: Cause): readonly News[] {
  const known = new Map(before.flatMap((row) => keysOf(row).map((key) => [key, standingOf(row)])));
  return after.flatMap((row): News[] => {
    const keys = keysOf(row);
    const isChanged = (_: unknown, at: number): boolean => known.get(keys[at]!) !== standingOf(row);
    if (!keys.some(isChanged)) return [];
    return [clockNews('depter.clock.v1', { ...row, ...(row.items && { items: row.items.filter(isChanged) }) }, cause)];
  });
}

/** The clocks whose last day this is. */
export function dueOn(day: string, { clocks }: Standing, cause: Cause): readonly News[] {
  return clocks
    .filter(({ due, state }) => due === day && (state === 'running' || state === 'extended'))
    .map((row) => clockNews('depter.clock.due.v1', row, cause));
}

function clockNews(type: 'depter.clock.v1' | 'depter.clock.due.v1', row: ClockRow, cause: Cause): News {
  const { items, ...rest } = row;
  return { type, data: { ...cause, ...rest, ...(items && { items: [...items] }) } };
}

function keysOf(row: ClockRow): readonly string[] {
  const { duty, trigger, on, clause, pack, recipient = '' } = row;
  return (row.items ?? ['']).map((item) => [duty, trigger, on, pack, clause, recipient, item].join('\0'));
}

function standingOf({ state, due }: ClockRow): string {
  return `${state} ${due}`;
}
