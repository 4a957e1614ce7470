/** `depter verify URL`: a log, read from its server, tile by tile. */
import {
  entryHead, entryPlace, faulty, good, LogVerifier, signedUntil, verifyCheckpoint, type Fault, type Judged, type KeyIntroduction, type LogSource, type Policy,
  type VerifiedCheckpoint,
} from '#proof'; // prettier-ignore
import { nodePrimitives } from './primitives.js';

export interface ServedLog extends LogSource {
  /** The checkpoint that is served. */
  checkpoint(): Promise<string>;
  /** Older checkpoints that the log admits to. */
  checkpoints(): Promise<readonly string[]>;
}

export interface LogSettings {
  readonly policy: Policy;
  /** The notes that say which key came after which. */
  readonly introductions: readonly KeyIntroduction[];
  /** Whether entries may be read; else the hashes alone are checked. */
  readonly entries: boolean;
  readonly onProgress: (done: number, all: number) => void;
}

export type LogVerdict =
  | {
      readonly ok: true;
      readonly size: number;
      readonly checkpoints: number;
      /** Of the witnesses that the policy names, on the served head. */
      readonly cosignatures: VerifiedCheckpoint['cosignatures'];
      /** When the last of the head's signers was retired; null: one of them is not. */
      readonly retired: string | null;
    }
  | { readonly ok: false; readonly fault: Fault };

const TILE = 256;

/** Checks the served head, that every older one is of the same history, and all tiles and entries. */
export async function verifyLog(
  log: ServedLog,
  { policy, introductions, entries, onProgress }: LogSettings,
): Promise<LogVerdict> {
  const { verify } = nodePrimitives;
  const checked = verifyCheckpoint(verify, policy, await log.checkpoint());
  if (!checked.ok) return { ok: false, fault: { code: checked.code, place: 'checkpoint' } };
  const { size } = checked.value.head;
  const retired = signedUntil(checked.value.signers, introductions);
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
    const judged = entries ? await verifyEntries(verifier, tile, retired) : await verifier.verifyTile(0, tile);
    if (!judged.ok) return judged;
    onProgress(Math.min(size, (tile + 1) * TILE), size);
  }
  return { ok: true, size, checkpoints: older, cosignatures: checked.value.cosignatures, retired };
}

/** What was recorded after all the signers of the head were retired is not theirs to vouch for. */
async function verifyEntries(verifier: LogVerifier, tile: number, retired: string | null): Promise<Judged<null>> {
  const entries = await verifier.verifyBundle(tile);
  if (!entries.ok || retired === null) return entries.ok ? good(null) : entries;
  for (const [i, entry] of entries.value.entries()) {
    const head = entryHead(entry);
    const place = entryPlace(tile, entries.value.length, i);
    if (head === undefined) return faulty('entry-malformed', place);
    if (head.recorded >= retired) return faulty('key-retired', place);
  }
  return good(null);
}
