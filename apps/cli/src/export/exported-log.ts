/** What an export is made of, wherever the log is. */
import type { LogSource, SignedHead } from '#proof';
import { entryHead, parseBundle, parseCheckpoint, parseNote } from '#proof';
import { CommandFailure, peerFailed } from '../failure.js';

/** A kept checkpoint; `cosigned`: witnesses vouch for it too. */
export interface KeptHead extends SignedHead {
  readonly cosigned: boolean;
}

/** What was done to one person, or what bears on one complaint of theirs, without values. */
export interface PersonEvidence {
  /** Positions and stored bytes, in order of position. */
  readonly entries: readonly { readonly position: number; readonly entry: Uint8Array }[];
  /** The view `evidence`, as JSON. */
  readonly view: string;
}

export interface ExportedLog extends LogSource {
  /** Which generation it is, and the position of its first entry: leaf `i` of its tree is at position base + i. */
  readonly generation: number;
  readonly base: number;
  /** Verifier keys, the first one first, each later one with the note that introduces it. */
  keys(): Promise<readonly { readonly key: string; readonly introduction: string | null }[]>;
  /** The kept checkpoints by size; the last is the latest of all. */
  heads(): Promise<readonly KeptHead[]>;
  /** That it is read is recorded before it is given. `request`: Depter's reference of a request or dispute of theirs. */
  person(subject: string, request: string | undefined): Promise<PersonEvidence>;
  /** The packs in force, as JSON of the view `packs`. */
  packsInForce(): Promise<string>;
}

/** The generation asked for, or else the latest. Throws CommandFailure 1 where there is none of that number. */
export function generationOf(asked: number | undefined, latest: number): number {
  if (asked !== undefined && asked > latest)
    throw new CommandFailure(1, `The latest generation of this log is ${latest}.`);
  return asked ?? latest;
}

/**
 * Where a generation begins: each but the first continues the one before it, and its first entry says how long that had been.
 * `bundle` reads of a generation. CommandFailure 3 where such an entry cannot be read.
 */
export async function baseOf(
  generation: number,
  bundle: (generation: number, index: number, width: number) => Promise<Uint8Array | undefined>,
): Promise<number> {
  let base = 0;
  for (let later = 2; later <= generation; later++) {
    const bytes = await bundle(later, 0, 1);
    const first = bytes === undefined ? undefined : parseBundle(bytes, 1);
    const size = first?.ok === true ? sizeContinued(first.value[0]!) : undefined;
    if (size === undefined) throw peerFailed(`The beginning of generation ${later} of the log cannot be read.`);
    base += size;
  }
  return base;
}

function sizeContinued(entry: Uint8Array): number | undefined {
  if (entryHead(entry)?.type !== 'continued') return undefined;
  const { data } = JSON.parse(Buffer.from(entry).toString()) as { data?: { size?: unknown } | null };
  const size = data?.size;
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : undefined;
}

/** A note as a head; CommandFailure 3 where it is none. Nothing is believed of it before it was verified. */
export function headOf(note: string, cosigned: boolean): KeptHead {
  const parsed = parseNote(note);
  const head = parsed.ok ? parseCheckpoint(parsed.value.text) : parsed;
  if (!head.ok) throw peerFailed('The log has a checkpoint that cannot be read.');
  return { size: head.value.size, root: head.value.root, note, cosigned };
}
