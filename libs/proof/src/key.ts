import { hashBytes, type Sha256 } from './hashing.js';
import { accept, reject, type Result } from './result.js';
import { decodeText, encodeText, fromBase64, hasControl, joinBytes, toBase64 } from './text.js';

/** What a key signs: whole notes, or cosignatures of a witness. signed-note, Signature types. */
export type KeyUse = 'note' | 'cosignature';

/** A public Ed25519 key with its name, as `name+id+key` says it. */
export interface VerifierKey {
  readonly use: KeyUse;
  readonly name: string;
  /** The first four bytes of the key's hash, read big-endian. */
  readonly keyId: number;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** A secret Ed25519 key with its name; `seed` is 32 bytes. */
export interface SigningKey {
  readonly name: string;
  readonly keyId: number;
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
}

export type KeyCode = 'key-malformed' | 'key-unsupported' | 'key-id-mismatch';

const typeBytes: Record<KeyUse, number> = { note: 0x01, cosignature: 0x04 };
const keyBytes = 32;

/** Key id of a public key of any type: the first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key). signed-note. */
export function keyIdOf(sha256: Sha256, name: string, typeByte: number, publicKey: Uint8Array): number {
  const digest = sha256(joinBytes(encodeText(name), Uint8Array.of(0x0a, typeByte), publicKey));
  return new DataView(digest.buffer, digest.byteOffset, hashBytes).getUint32(0);
}

/** A verifier key of a name and an Ed25519 public key of 32 bytes. Throws `RangeError` on a name no note can bear. */
export function makeVerifierKey(
  sha256: Sha256,
  name: string,
  publicKey: Uint8Array,
  use: KeyUse = 'note',
): VerifierKey {
  if (!isKeyName(name)) throw new RangeError('a key name is not empty and has no spaces, plus or control characters');
  if (publicKey.length !== keyBytes) throw new RangeError('an Ed25519 public key has 32 bytes');
  return { use, name, keyId: keyIdOf(sha256, name, typeBytes[use], publicKey), publicKey };
}

/** `name+hex(key id)+base64(type ‖ public key)`, the line that people pass around. */
export function verifierKey(sha256: Sha256, name: string, publicKey: Uint8Array, use: KeyUse = 'note'): string {
  return formatVerifierKey(makeVerifierKey(sha256, name, publicKey, use));
}

export function formatVerifierKey(key: VerifierKey): string {
  const blob = joinBytes(Uint8Array.of(typeBytes[key.use]), key.publicKey);
  return `${key.name}+${hexKeyId(key.keyId)}+${toBase64(blob)}`;
}

/** Reads a verifier key and checks its id. Types other than Ed25519 notes and cosignatures are not supported. */
export function parseVerifierKey(sha256: Sha256, text: string): Result<VerifierKey, KeyCode> {
  const parts = splitKey(text);
  if (parts === undefined) return reject('key-malformed');
  const use = useOf(parts.blob[0]);
  if (use === undefined) return reject('key-unsupported');
  const publicKey = parts.blob.slice(1);
  if (publicKey.length !== keyBytes) return reject('key-malformed');
  const key = makeVerifierKey(sha256, parts.name, publicKey, use);
  return key.keyId === parts.keyId ? accept(key) : reject('key-id-mismatch');
}

const secretPrefix = 'PRIVATE+KEY+';

/** `PRIVATE+KEY+name+hex(key id)+base64(0x01 ‖ seed)`, as the Go tools write it; the id is the public key's. */
export function signingKey(sha256: Sha256, name: string, seed: Uint8Array, publicKey: Uint8Array): string {
  if (seed.length !== keyBytes) throw new RangeError('an Ed25519 seed has 32 bytes');
  const { keyId } = makeVerifierKey(sha256, name, publicKey);
  return `${secretPrefix}${name}+${hexKeyId(keyId)}+${toBase64(joinBytes(Uint8Array.of(typeBytes.note), seed))}`;
}

/** Reads such a key; `publicKeyOf` derives the public key of a seed, by which the id is checked. */
export function parseSigningKey(
  sha256: Sha256,
  text: string,
  publicKeyOf: (seed: Uint8Array) => Uint8Array,
): Result<SigningKey, KeyCode> {
  if (!text.startsWith(secretPrefix)) return reject('key-malformed');
  const parts = splitKey(text.slice(secretPrefix.length));
  if (parts === undefined) return reject('key-malformed');
  if (useOf(parts.blob[0]) !== 'note') return reject('key-unsupported');
  const seed = parts.blob.slice(1);
  if (seed.length !== keyBytes) return reject('key-malformed');
  const { keyId, publicKey } = makeVerifierKey(sha256, parts.name, publicKeyOf(seed));
  return keyId === parts.keyId ? accept({ name: parts.name, keyId, seed, publicKey }) : reject('key-id-mismatch');
}

/** Not empty, no Unicode space, no plus; nor a control character, which no note may hold. signed-note, Format. */
export function isKeyName(name: string): boolean {
  if (name === '' || !name.isWellFormed() || hasControl(name)) return false;
  return !/[+ \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/.test(name);
}

function splitKey(text: string): { name: string; keyId: number; blob: Uint8Array } | undefined {
  const readable = text.length <= 4096 ? decodeText(text) : undefined;
  // A name has no plus, base64 may: only the first two part the fields.
  const match = readable === undefined ? null : /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(readable);
  if (match === null) return undefined;
  const [, name = '', id = '', encoded = ''] = match;
  const blob = fromBase64(encoded);
  if (!isKeyName(name) || blob === undefined || blob.length < 2) return undefined;
  return { name, keyId: Number.parseInt(id, 16), blob };
}

function useOf(typeByte: number | undefined): KeyUse | undefined {
  if (typeByte === typeBytes.note) return 'note';
  return typeByte === typeBytes.cosignature ? 'cosignature' : undefined;
}

function hexKeyId(keyId: number): string {
  return keyId.toString(16).padStart(8, '0');
}
