import type { Sha256 } from './hashing.js';
import { isKeyName, makeVerifierKey, type VerifierKey } from './key.js';
import { accept, reject, type Result } from './result.js';
import { decodeText, encodeText, fromBase64, hasControl, joinBytes, toBase64 } from './text.js';

/** One signature line of a note. `signature` is what follows the key id; its meaning is the key type's. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
  readonly signature: Uint8Array;
}

/** A signed note: `text` ends with a newline and is what is signed. Nothing in it may be believed before `openNote`. */
export interface Note {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Whoever signs notes; `sign` gets the bytes of the text and gives what follows the key id. Types may be mixed. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: number;
  readonly sign: (text: Uint8Array) => Uint8Array;
}

/** A named Ed25519 key that signs what it is given; its secret stays with whoever holds it. */
export interface Ed25519Key {
  readonly name: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Gives the signature's 64 bytes. */
  readonly sign: (message: Uint8Array) => Uint8Array;
}

/** Whoever can check one key's signatures of a note, of any type. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  readonly verify: (text: Uint8Array, signature: Uint8Array) => boolean;
}

/** Ed25519: public key 32 bytes, signature 64; false for whatever is not a good signature. */
export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

export type NoteCode = 'note-malformed' | 'note-unsigned' | 'signature-wrong';

/** A note may have this many signature lines; the specification asks for at least 16. */
export const signaturesMax = 100;

const dash = '\u2014 ';

/** The text of a note from its lines, which must be free of control characters. */
export function noteText(...lines: readonly string[]): string {
  const text = lines.map((line) => `${line}\n`).join('');
  requireText(text);
  return text;
}

/** Signs a text, one line for each signer in order. Throws `RangeError` on a text that no note can hold. */
export function signNote(text: string, ...signers: readonly NoteSigner[]): string {
  requireText(text);
  if (signers.length === 0) throw new RangeError('a note has at least one signature');
  const bytes = encodeText(text);
  const signatures = signers.map(({ name, keyId, sign }) => ({ name, keyId, signature: sign(bytes) }));
  return formatNote({ text, signatures });
}

/** The note as it is published. */
export function formatNote(note: Note): string {
  return `${note.text}\n${formatSignatures(note.signatures)}`;
}

/** Signature lines alone, each with its newline: what a witness answers. */
export function formatSignatures(signatures: readonly NoteSignature[]): string {
  return signatures
    .map(({ name, keyId, signature }) => {
      if (!isKeyName(name)) throw new RangeError('a key name is not empty and has no spaces or plus');
      return `${dash}${name} ${toBase64(joinBytes(keyIdBytes(keyId), signature))}\n`;
    })
    .join('');
}

/** Takes a note apart, as a hostile server would write it; believes none of its signatures. */
export function parseNote(data: Uint8Array | string): Result<Note, 'note-malformed'> {
  const whole = decodeText(data);
  if (whole === undefined || hasControl(whole, '\n')) return reject('note-malformed');
  const split = whole.lastIndexOf('\n\n');
  if (split < 0) return reject('note-malformed');
  const signatures = parseSignatures(whole.slice(split + 2));
  if (signatures === undefined) return reject('note-malformed');
  return accept({ text: whole.slice(0, split + 1), signatures });
}

/** Reads signature lines, 1 to 100, each ended by a newline; undefined if anything else is among them. */
export function parseSignatures(text: string): NoteSignature[] | undefined {
  if (!text.endsWith('\n')) return undefined;
  const lines = text.slice(0, -1).split('\n', signaturesMax + 1);
  if (lines.length > signaturesMax) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignature(line);
    if (signature === undefined) return undefined;
    signatures.push(signature);
  }
  return signatures;
}

/**
 * Checks a note against the keys one knows. Lines of other keys are ignored; a line of a known key must be good, or
 * the whole note is refused; at least one must be there. Gives the verified lines in the note's order.
 */
export function openNote(note: Note, verifiers: readonly NoteVerifier[]): Result<readonly NoteSignature[], NoteCode> {
  const text = encodeText(note.text);
  const verified: NoteSignature[] = [];
  for (const line of note.signatures) {
    const known = verifiers.find(({ name, keyId }) => name === line.name && keyId === line.keyId);
    if (known === undefined) continue;
    if (!known.verify(text, line.signature)) return reject('signature-wrong');
    verified.push(line);
  }
  return verified.length > 0 ? accept(verified) : reject('note-unsigned');
}

/** The signer of whole notes. signed-note, Ed25519 signatures. */
export function noteSigner(sha256: Sha256, { name, publicKey, sign }: Ed25519Key): NoteSigner {
  return { name, keyId: makeVerifierKey(sha256, name, publicKey).keyId, sign };
}

/** The verifier of a key that signs whole notes. signed-note, Ed25519 signatures. */
export function noteVerifier(verify: Verify, key: VerifierKey): NoteVerifier {
  if (key.use !== 'note') throw new RangeError('the key is not one that signs notes');
  const { name, keyId, publicKey } = key;
  return { name, keyId, verify: (text, signature) => signature.length === 64 && verify(publicKey, text, signature) };
}

function parseSignature(line: string): NoteSignature | undefined {
  if (!line.startsWith(dash)) return undefined;
  const [name = '', encoded = '', ...rest] = line.slice(dash.length).split(' ');
  if (rest.length > 0 || !isKeyName(name)) return undefined;
  const blob = fromBase64(encoded);
  if (blob === undefined || blob.length < 5) return undefined;
  const keyId = new DataView(blob.buffer, blob.byteOffset, blob.length).getUint32(0);
  return { name, keyId, signature: blob.slice(4) };
}

function keyIdBytes(keyId: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, keyId);
  return bytes;
}

function requireText(text: string): void {
  if (!text.endsWith('\n') || !text.isWellFormed() || hasControl(text, '\n')) {
    throw new RangeError('a note is text without control characters that ends with a newline');
  }
}
