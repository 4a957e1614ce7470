/** What proves the rows of a trail: the stored bytes and a receipt of each. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '#host';
import type { ControllerId, Position, TrailRow } from '#ledger';
import type { Ledger, TransparencyLog } from '#store';

/** Receipts are made for at most so long in one turn: a page may have a thousand, and others are waiting. */
const SLICE_MS = 8;

/** A row of the trail with what proves it: the stored bytes, base64, and a receipt under the latest checkpoint. */
export interface ProvenTrailRow extends TrailRow {
  readonly receipt: string | null;
  readonly entry: string;
}

/** The rows, each with its entry and receipt. */
export async function proven(
  ledger: Ledger,
  log: TransparencyLog,
  controller: ControllerId,
  trail: readonly TrailRow[],
): Promise<readonly ProvenTrailRow[]> {
  const rows: ProvenTrailRow[] = [];
  let sliceEnd = performance.now() + SLICE_MS;
  for (const row of trail) {
    if (performance.now() > sliceEnd) {
      await nextTurn();
      sliceEnd = performance.now() + SLICE_MS;
    }
    const entry = await entryAt(ledger, controller, row.position);
    rows.push({ ...row, receipt: (await log.receipt(controller, row.position)) ?? null, entry });
  }
  return rows;
}

/** The stored bytes of an entry, base64. */
export async function entryAt(ledger: Ledger, controller: ControllerId, position: Position): Promise<string> {
  const [recorded] = await ledger.entries(controller, position, 1);
  if (recorded?.position !== position) throw new Problem('unavailable', {}, { 'retry-after': '1' });
  return Buffer.from(recorded.entry).toString('base64');
}
