/** `depter verify URL`: a log, read from its server, tile by tile. */
import { LogVerifier, verifyCheckpoint, type Fault, type LogSource, type Policy } from '#proof';
import { nodePrimitives } from './primitives.js';

export interface ServedLog extends LogSource {
  /** The checkpoint that is served. */
  checkpoint(): Promise<string>;
  /** Older checkpoints that the log admits to. */
  checkpoints(): Promise<readonly string[]>;
}

export interface LogSettings {
  readonly policy: Policy;
  /** Whether entries may be read; else the hashes alone are checked. */
  readonly entries: boolean;
  readonly onProgress: (done: number, all: number) => void;
}

export type LogVerdict =
  | { readonly ok: true; readonly size: number; readonly checkpoints: number }
  | { readonly ok: false; readonly fault: Fault };

const TILE = 256;

/** Checks the served head, that every older one is of the same history, and all tiles and entries. */
export async function verifyLog(log: ServedLog, { policy, entries, onProgress }: LogSettings): Promise<LogVerdict> {
  const { verify } = nodePrimitives;
  const checked = verifyCheckpoint(verify, policy, await log.checkpoint());
  if (!checked.ok) return { ok: false, fault: { code: checked.code, place: 'checkpoint' } };
  const { size } = checked.value.head;
  const verifier = new LogVerifier(nodePrimitives, log, checked.value.head);
  const edge = await verifier.verifyEdge();
  if (!edge.ok) return edge;
  let older = 0;
  for (const [i, note] of (await log.checkpoints()).entries()) {
    const place = `checkpoints, number ${i + 1}`;
    const one = verifyCheckpoint(verify, { ...policy, quorum: { kind: 'none' } }, note);
    if (!one.ok) return { ok: false, fault: { code: one.code, place } };
    // The log has grown since its head was read: that one is for the next time.
    if (one.value.head.size > size) continue;
    const same = await verifier.verifyOlder(one.value.head, `${place}, of size ${one.value.head.size}`);
    if (!same.ok) return same;
    older += 1;
  }
  for (let tile = 0; tile * TILE < size; tile++) {
    const judged = entries ? await verifier.verifyBundle(tile) : await verifier.verifyTile(0, tile);
    if (!judged.ok) return judged;
    onProgress(Math.min(size, (tile + 1) * TILE), size);
  }
  return { ok: true, size, checkpoints: older };
}
