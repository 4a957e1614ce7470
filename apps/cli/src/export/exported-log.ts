/** What an export is made of, wherever the log is. */
import type { LogSource, SignedHead } from '#proof';
import { parseCheckpoint, parseNote } from '#proof';
import { peerFailed } from '../failure.js';

/** A kept checkpoint; `cosigned`: witnesses vouch for it too. */
export interface KeptHead extends SignedHead {
  readonly cosigned: boolean;
}

/** What was done to one person, without values. */
export interface PersonEvidence {
  /** Positions and stored bytes, in order of position. */
  readonly entries: readonly { readonly position: number; readonly entry: Uint8Array }[];
  /** The view `evidence`, as JSON. */
  readonly view: string;
}

export interface ExportedLog extends LogSource {
  /** The generation that grows. */
  readonly generation: number;
  /** Verifier keys, the first one first, each later one with the note that introduces it. */
  keys(): Promise<readonly { readonly key: string; readonly introduction: string | null }[]>;
  /** The kept checkpoints by size; the last is the latest of all. */
  heads(): Promise<readonly KeptHead[]>;
  /** That it is read is recorded before it is given. */
  person(subject: string): Promise<PersonEvidence>;
  /** The packs in force, as JSON of the view `packs`. */
  packsInForce(): Promise<string>;
}

/** A note as a head; CommandFailure 3 where it is none. Nothing is believed of it before it was verified. */
export function headOf(note: string, cosigned: boolean): KeptHead {
  const parsed = parseNote(note);
  const head = parsed.ok ? parseCheckpoint(parsed.value.text) : parsed;
  if (!head.ok) throw peerFailed('The log has a checkpoint that cannot be read.');
  return { size: head.value.size, root: head.value.root, note, cosigned };
}
