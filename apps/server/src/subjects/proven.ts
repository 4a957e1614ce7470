/** What proves the rows of a trail: the stored bytes and a receipt of each. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ControllerId, PersonRecord, TrailRow } from '#ledger';
import type { TransparencyLog } from '#store';

/** Receipts are made for at most so long in one turn: a page may have a thousand, and others are waiting. */
const SLICE_MS = 8;

/** A row of the trail with what proves it: the stored bytes, base64, and a receipt under the latest checkpoint. */
export interface ProvenTrailRow extends TrailRow {
  readonly receipt: string | null;
  readonly entry: string;
}

/** The rows, each with its entry and receipt. `record` is that of the person whose trail it is. */
export async function proven(
  log: TransparencyLog,
  controller: ControllerId,
  record: PersonRecord,
  trail: readonly TrailRow[],
): Promise<readonly ProvenTrailRow[]> {
  const entries = new Map(
    record.dossiers.flatMap((dossier) => dossier.events.map(({ position, entry }) => [position, entry] as const)),
  );
  const rows: ProvenTrailRow[] = [];
  let sliceEnd = performance.now() + SLICE_MS;
  for (const row of trail) {
    if (performance.now() > sliceEnd) {
      await nextTurn();
      sliceEnd = performance.now() + SLICE_MS;
    }
    const entry = Buffer.from(entries.get(row.position) ?? []).toString('base64');
    rows.push({ ...row, receipt: (await log.receipt(controller, row.position)) ?? null, entry });
  }
  return rows;
}
