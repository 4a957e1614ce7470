/**
 * What a regulator is shown of one person, or of one complaint of theirs (`wire.md`, `…/evidence`): what was done, which duties
 * ran, and what law and policy find; no values. Checkpoint and receipts are added by whoever holds the log.
 */
import type { Duty, Rulebook } from '#packs';
import { type ClockRow, clocks } from './clock-view.js';
import { type FindingRow, findings } from './finding.js';
import type { At } from './fold.js';
import type { PersonRecord } from './record.js';
import { type RequestRow, requests } from './request-view.js';
import { trail, type TrailRow } from './trail.js';

export interface Evidence {
  /** In order of position, references in place of every text. */
  readonly entries: readonly TrailRow[];
  readonly duties: readonly Duty[];
  readonly clocks: readonly ClockRow[];
  /** What was asked or disputed, with the complaints about it and what was concluded and ordered. */
  readonly requests: readonly RequestRow[];
  readonly findings: readonly FindingRow[];
}

export function evidence(record: PersonRecord, rulebook: Rulebook, at: At): Evidence {
  const rows = clocks(record, rulebook, at);
  return {
    entries: trail(record, rulebook, at),
    duties: dutiesOf(rows),
    clocks: rows,
    requests: requests(record, rulebook, at),
    findings: findings(record, rulebook, at),
  };
}

/**
 * What bears on one request or dispute, by Depter's reference: its own acts, and all others but those of other items alone, or
 * of another request that has none of its items. An agency is to see whether what was done was lawful, and so consents,
 * contracts and notices too, but no more of the person than that. Undefined where the person has no such request.
 */
export function evidenceOn(request: string, record: PersonRecord, rulebook: Rulebook, at: At): Evidence | undefined {
  const all = evidence(record, rulebook, at);
  const asked = all.requests.filter(({ id }) => id === request);
  if (asked.length === 0) return undefined;
  const isOf = (row: TrailRow): boolean => requestOf(row) === request;
  const items = itemsOf(all.entries.filter((row) => isOf(row) && OPENING.has(row.type)));
  const touches = (named: readonly unknown[]): boolean => items === undefined || named.some((item) => items.has(item));
  const leftOut = new Set<string>();
  for (const row of all.entries) {
    const named = namedItems(row);
    const bears = isOf(row) || (named === undefined ? requestOf(row) === undefined : touches(named));
    if (!bears) leftOut.add(row.event);
  }
  // A correction stands or goes with what it corrects, whichever came first.
  for (const { event, type, data } of all.entries)
    if (type === 'corrected' && leftOut.has(String(data['event']))) leftOut.add(event);
  const rows = all.clocks.filter(
    ({ trigger, items: of }) => !leftOut.has(trigger) && (of === undefined || touches(of)),
  );
  return {
    entries: all.entries.filter(({ event }) => !leftOut.has(event)),
    duties: dutiesOf(rows),
    clocks: rows,
    requests: asked,
    findings: all.findings.filter(({ items: of }) => of.length === 0 || touches(of)),
  };
}

const OPENING: ReadonlySet<string> = new Set(['requested', 'disputed', 'withdrew']);

/** The request that an act names, or opens under a number of Depter's own: that of its event. */
function requestOf({ event, type, data }: TrailRow): unknown {
  return data['request'] ?? (type === 'requested' || type === 'disputed' ? event : undefined);
}

/** What the acts that open a request are about; undefined where one of them names no item: all. */
function itemsOf(opening: readonly TrailRow[]): ReadonlySet<unknown> | undefined {
  const named = opening.map(namedItems);
  return named.includes(undefined) ? undefined : new Set(named.flatMap((items) => items ?? []));
}

/** Undefined where an act names none, or all. */
function namedItems({ data }: TrailRow): readonly unknown[] | undefined {
  const { items } = data;
  return Array.isArray(items) ? (items as readonly unknown[]) : undefined;
}

function dutiesOf(rows: readonly ClockRow[]): readonly Duty[] {
  return [...new Set(rows.map((row) => row.duty))].sort();
}
