import { hashBytes } from './hashing.js';
import { noteText } from './note.js';
import { accept, reject, type Result } from './result.js';
import { decodeText, hasControl, hashFromBase64, parseDecimal, toBase64 } from './text.js';

/** A tree's head: which log, how many leaves, which root (32 bytes). tlog-checkpoint. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** A head as it was read, with the lines that its log added; they are signed but mean nothing here. */
export interface ReadCheckpoint extends Checkpoint {
  readonly extensions: readonly string[];
}

/** The text of a checkpoint, ready for `signNote`. Throws `RangeError` on what no checkpoint can hold. */
export function checkpoint({ origin, size, root }: Checkpoint): string {
  if (origin === '' || hasControl(origin)) throw new RangeError('an origin is one line, not empty');
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError('a size is a non-negative safe integer');
  if (root.length !== hashBytes) throw new RangeError('a root has 32 bytes');
  return noteText(origin, String(size), toBase64(root));
}

/** Reads the text of a note as a checkpoint. A size beyond 2^53 − 1 is refused: no log here can have it. */
export function parseCheckpoint(text: string): Result<ReadCheckpoint, 'checkpoint-malformed'> {
  const readable = decodeText(text);
  if (readable === undefined || !readable.endsWith('\n') || hasControl(readable, '\n')) {
    return reject('checkpoint-malformed');
  }
  const lines = readable.slice(0, -1).split('\n');
  if (lines.some((line) => line === '')) return reject('checkpoint-malformed');
  const [origin, sizeLine, rootLine, ...extensions] = lines;
  if (origin === undefined || sizeLine === undefined || rootLine === undefined) return reject('checkpoint-malformed');
  const size = parseDecimal(sizeLine);
  const root = hashFromBase64(rootLine);
  if (size === undefined || root === undefined) return reject('checkpoint-malformed');
  return accept({ origin, size, root, extensions });
}
