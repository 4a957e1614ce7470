/** What a regulator is shown of one person (`wire.md`, `…/evidence`): what was done, and which duties ran; no values. */
import type { Duty, Rulebook } from '#packs';
import { type ClockRow, clocks } from './clock-view.js';
import type { At } from './fold.js';
import type { PersonRecord } from './record.js';
import { trail, type TrailRow } from './trail.js';

export interface Evidence {
  /** In order of position, references in place of every text. */
  readonly entries: readonly TrailRow[];
  readonly duties: readonly Duty[];
  readonly clocks: readonly ClockRow[];
}

/** Checkpoint and receipts are added by whoever holds the log. */
export function evidence(record: PersonRecord, rulebook: Rulebook, at: At): Evidence {
  const rows = clocks(record, rulebook, at);
  return {
    entries: trail(record, rulebook, at),
    duties: [...new Set(rows.map((row) => row.duty))].sort(),
    clocks: rows,
  };
}
