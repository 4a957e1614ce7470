import { parseCheckpoint, type ReadCheckpoint } from './checkpoint.js';
import { cosignatureTime, cosignatureVerifier } from './cosignature.js';
import { leafHash, type Sha256, type Sha256Into } from './hashing.js';
import type { VerifierKey } from './key.js';
import { noteVerifier, openNote, parseNote, type NoteCode, type NoteSignature, type Verify } from './note.js';
import { quorumMet, type Policy } from './policy.js';
import { parseReceipt } from './receipt.js';
import { accept, reject, type Result } from './result.js';
import { verifyInclusion, type InclusionCode } from './verify-path.js';

/** The two cryptographic primitives that a verifier needs; both synchronous. */
export interface Primitives {
  readonly sha256: Sha256;
  /** Where the platform has it: a long log is checked in two thirds of the time. */
  readonly sha256Into?: Sha256Into;
  readonly verify: Verify;
}

export type CheckpointCode = NoteCode | 'checkpoint-malformed' | 'origin-mismatch' | 'quorum-not-met';

export type ReceiptCode = 'receipt-malformed' | CheckpointCode | InclusionCode;

/** A witness's word for a head, and when it gave it, in Unix seconds. */
export interface Cosignature {
  readonly witness: VerifierKey;
  readonly timeSeconds: number;
}

/** A head that may be believed: which keys of the log signed it, and who cosigned. */
export interface VerifiedCheckpoint {
  readonly head: ReadCheckpoint;
  /** The first of the policy's keys that signed it, and all of them. */
  readonly log: VerifierKey;
  readonly signers: readonly VerifierKey[];
  readonly cosignatures: readonly Cosignature[];
}

/** An entry that is in the log, at this index, under a head that may be believed. */
export interface VerifiedReceipt extends VerifiedCheckpoint {
  readonly index: number;
}

/**
 * Checks that `entry` is in a log that the policy believes. Receipt and entry come from whoever shows them and are
 * read as hostile; the answer is a verdict with a closed code, never an exception.
 */
export function verifyReceipt(
  { sha256, verify }: Primitives,
  policy: Policy,
  receipt: Uint8Array | string,
  entry: Uint8Array,
): Result<VerifiedReceipt, ReceiptCode> {
  // 1. Read the receipt.
  const claim = parseReceipt(receipt);
  if (!claim.ok) return claim;

  // 2. Believe its checkpoint only for the signatures that the policy asks for.
  const checkpoint = verifyCheckpoint(verify, policy, claim.value.checkpoint);
  if (!checkpoint.ok) return checkpoint;

  // 3. Hash the entry that was shown; what the holder says about it does not matter.
  const leaf = leafHash(sha256, entry);

  // 4. Climb from the leaf to the signed root.
  const { index, path } = claim.value;
  const { size, root } = checkpoint.value.head;
  const included = verifyInclusion(sha256, { index, size, leaf, path, root });
  return included.ok ? accept({ ...checkpoint.value, index }) : included;
}

/** Checks that a checkpoint's note is signed by a log of the policy, for that log, and cosigned as it asks. */
export function verifyCheckpoint(
  verify: Verify,
  policy: Policy,
  data: Uint8Array | string,
): Result<VerifiedCheckpoint, CheckpointCode> {
  // 1. Read the note.
  const note = parseNote(data);
  if (!note.ok) return note;

  // 2. Check the signatures of every key that the policy knows; one bad one spoils the note.
  const logs = policy.logs.map((key) => noteVerifier(verify, key));
  const witnesses = policy.witnesses.map((key) => cosignatureVerifier(verify, key));
  const signatures = openNote(note.value, [...logs, ...witnesses]);
  if (!signatures.ok) return signatures;
  const signed = policy.logs.filter((key) => signatures.value.some((line) => madeBy(line, key)));
  if (signed.length === 0) return reject('note-unsigned');

  // 3. Read the checkpoint, and hold its origin against the name of the key: a key speaks for its own log alone.
  const head = parseCheckpoint(note.value.text);
  if (!head.ok) return head;
  const signers = signed.filter(({ name }) => name === head.value.origin);
  const log = signers[0];
  if (log === undefined) return reject('origin-mismatch');

  // 4. Count the witnesses.
  const cosignatures = policy.witnesses.flatMap((witness) => cosignatureOf(signatures.value, witness));
  if (!quorumMet(policy.quorum, (key) => cosignatures.some(({ witness }) => witness === key))) {
    return reject('quorum-not-met');
  }
  return accept({ head: head.value, log, signers, cosignatures });
}

/** The latest cosignature of a witness, as a list of one or none. */
function cosignatureOf(signatures: readonly NoteSignature[], witness: VerifierKey): Cosignature[] {
  const times = signatures
    .filter((line) => madeBy(line, witness))
    .map(({ signature }) => cosignatureTime(signature))
    .filter((time) => time !== undefined);
  return times.length === 0 ? [] : [{ witness, timeSeconds: Math.max(...times) }];
}

function madeBy(line: NoteSignature, key: VerifierKey): boolean {
  return line.name === key.name && line.keyId === key.keyId;
}
