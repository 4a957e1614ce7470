import { parseCheckpoint, type ReadCheckpoint } from './checkpoint.js';
import { emptyRoot, equalBytes, hashBytes, type Sha256 } from './hashing.js';
import { openNote, parseNote, parseSignatures, type Note, type NoteSignature, type NoteVerifier } from './note.js';
import { accept, reject, type Rejected, type Result } from './result.js';
import { decodeText, hashFromBase64, parseDecimal, toBase64 } from './text.js';
import { verifyConsistency } from './verify-path.js';

/** What a log asks of a witness: to cosign a checkpoint that follows from the one of `oldSize`. tlog-witness. */
export interface AddCheckpoint {
  readonly oldSize: number;
  /** Consistency proof of at most 63 hashes; empty from size 0. */
  readonly proof: readonly Uint8Array[];
  /** The checkpoint's whole note. */
  readonly checkpoint: string;
}

/** Hashes that a request may hold. */
export const proofLinesMax = 63;

/** Body of `POST <witness>/add-checkpoint`. */
export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  if (!Number.isSafeInteger(oldSize) || oldSize < 0) throw new RangeError('a size is a non-negative safe integer');
  if (proof.length > proofLinesMax || proof.some((hash) => hash.length !== hashBytes)) {
    throw new RangeError('a proof has at most 63 hashes of 32 bytes');
  }
  return `${[`old ${oldSize}`, ...proof.map(toBase64)].join('\n')}\n\n${checkpoint}`;
}

/** Takes such a body apart, as a hostile client would write it. */
export function parseAddCheckpoint(data: Uint8Array | string): Result<AddCheckpoint, 'request-malformed'> {
  const text = decodeText(data);
  const end = text?.indexOf('\n\n') ?? -1;
  if (text === undefined || end < 0) return reject('request-malformed');
  const [first = '', ...lines] = text.slice(0, end).split('\n', proofLinesMax + 2);
  const oldSize = first.startsWith('old ') ? parseDecimal(first.slice('old '.length)) : undefined;
  const proof = lines.map(hashFromBase64).filter((hash) => hash !== undefined);
  if (oldSize === undefined || proof.length !== lines.length || proof.length > proofLinesMax) {
    return reject('request-malformed');
  }
  return accept({ oldSize, proof, checkpoint: text.slice(end + 2) });
}

/** Body of a witness's good answer (200): its cosignature lines, to be added to the checkpoint if they verify. */
export function parseCosignatures(data: Uint8Array | string): Result<NoteSignature[], 'answer-malformed'> {
  const text = decodeText(data);
  const signatures = text === undefined ? undefined : parseSignatures(text);
  return signatures === undefined ? reject('answer-malformed') : accept(signatures);
}

/** Body of a witness's answer that it stands elsewhere (409): the size of its latest checkpoint. */
export function formatWitnessSize(size: number): string {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError('a size is a non-negative safe integer');
  return `${size}\n`;
}

/** Reads such an answer; from there the log tries again. */
export function parseWitnessSize(data: Uint8Array | string): Result<number, 'answer-malformed'> {
  const text = decodeText(data);
  const size = text?.endsWith('\n') === true ? parseDecimal(text.slice(0, -1)) : undefined;
  return size === undefined ? reject('answer-malformed') : accept(size);
}

/** What a witness knows of a log: its keys, and the head it cosigned last, if any. */
export interface WitnessedLog {
  readonly verifiers: readonly NoteVerifier[];
  readonly latest: { readonly size: number; readonly root: Uint8Array } | undefined;
}

export type WitnessCode =
  | 'request-malformed'
  | 'unknown-origin'
  | 'signature-wrong'
  | 'old-too-large'
  | 'size-conflict'
  | 'root-conflict'
  | 'proof-wrong';

/** A refusal; with `size-conflict` comes the size at which the witness stands. */
export type WitnessRefusal =
  Rejected<Exclude<WitnessCode, 'size-conflict'>> | (Rejected<'size-conflict'> & { readonly size: number });

/**
 * Whether a witness may cosign. The checks and their order are those of tlog-witness; the caller must store the new
 * head, if the latest is still the one judged by, before it hands out the cosignature.
 */
export function judgeAddCheckpoint(
  sha256: Sha256,
  request: AddCheckpoint,
  logOf: (origin: string) => WitnessedLog | undefined,
): { readonly ok: true; readonly value: { readonly note: Note; readonly head: ReadCheckpoint } } | WitnessRefusal {
  const note = parseNote(request.checkpoint);
  if (!note.ok) return reject('request-malformed');
  const head = parseCheckpoint(note.value.text);
  if (!head.ok) return reject('request-malformed');
  const log = logOf(head.value.origin);
  if (log === undefined) return reject('unknown-origin');
  if (!openNote(note.value, log.verifiers).ok) return reject('signature-wrong');
  if (request.oldSize > head.value.size) return reject('old-too-large');
  const latest = log.latest ?? { size: 0, root: emptyRoot(sha256) };
  if (request.oldSize !== latest.size) return { ...reject('size-conflict'), size: latest.size };
  if (head.value.size === latest.size && !equalBytes(head.value.root, latest.root)) return reject('root-conflict');
  const { size, root } = head.value;
  const claim = { oldSize: latest.size, oldRoot: latest.root, size, root, path: request.proof };
  if (!verifyConsistency(sha256, claim).ok) return reject('proof-wrong');
  return accept({ note: note.value, head: head.value });
}
