/**
 * How texts are sealed (`design.md`, Vault). The formats below are final.
 *
 * Dossier key → key of a label = HMAC-SHA-256(dossier key, label) → AES-256-GCM with a random iv. A box is
 * iv(12) ‖ ciphertext ‖ tag(16). Its AAD is controller, dossier, event id and label, each after its length in one byte.
 * What belongs to no event has in the event's place `identifier`, or `reference` and the reference's 16 bytes.
 */
import { createCipheriv, createDecipheriv, hash } from 'node:crypto';
import { StoreFailure } from '../ports.js';
import { hmacSha256 } from './hmac.js';
import { randomPart } from './mint.js';

/** The label of notes, references and identifiers, and that of digests. No pack item begins with a number sign. */
export const TEXT_LABEL = '#text';
export const DIGEST_LABEL = '#digest';

const IV_BYTES = 12;
const TAG_BYTES = 16;
export const SALT_BYTES = 32;
export const DIGEST_BYTES = 16;

const IDENTIFIER = Buffer.from('identifier');
const REFERENCE = Buffer.from('reference');
const NO_DOSSIER = Buffer.alloc(0);

/** Whose key it is: the dossier's 16 bytes, or none for the controller's own. */
export interface SealedFor {
  readonly controller: string;
  readonly dossier: Uint8Array;
}

export function sealedFor(controller: string, dossier: Uint8Array | null): SealedFor {
  return { controller, dossier: dossier ?? NO_DOSSIER };
}

/** The event's place of a sealed identifier. */
export const identifierPlace: Uint8Array = IDENTIFIER;

/** The event's place of the text behind a reference. */
export function referencePlace(reference: Uint8Array): Uint8Array {
  return Buffer.concat([REFERENCE, reference]);
}

/** AAD of a box, and with a key id in the event's place the context of a wrapped key. */
export function boundTo(owner: SealedFor, place: Uint8Array, label: string): Buffer {
  const { controller, dossier } = owner;
  const labelBytes = Buffer.byteLength(label);
  const bytes = Buffer.allocUnsafe(4 + controller.length + dossier.length + place.length + labelBytes);
  let at = bytes.writeUInt8(controller.length, 0);
  at += bytes.write(controller, at, 'latin1');
  at = bytes.writeUInt8(dossier.length, at);
  bytes.set(dossier, at);
  at = bytes.writeUInt8(place.length, at + dossier.length);
  bytes.set(place, at);
  at = bytes.writeUInt8(labelBytes, at + place.length);
  bytes.write(label, at);
  return bytes;
}

/** Key of a label under a dossier's whole key. */
export function labelKey(whole: Uint8Array, label: string): Buffer {
  return hmacSha256(whole, label);
}

export function sealBox(key: Uint8Array, bound: Uint8Array, plain: Uint8Array): Buffer {
  const box = Buffer.allocUnsafe(IV_BYTES + plain.length + TAG_BYTES);
  box.set(randomPart(IV_BYTES), 0);
  const cipher = createCipheriv('aes-256-gcm', key, box.subarray(0, IV_BYTES));
  cipher.setAAD(bound);
  box.set(cipher.update(plain), IV_BYTES);
  cipher.final();
  box.set(cipher.getAuthTag(), IV_BYTES + plain.length);
  return box;
}

/** Opens a box with its label's key. Throws StoreFailure `corrupt`: a key that is there opens what it sealed. */
export function openBox(key: Uint8Array, bound: Uint8Array, box: Uint8Array): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(bound);
    decipher.setAuthTag(box.subarray(box.length - TAG_BYTES));
    const plain = decipher.update(box.subarray(IV_BYTES, box.length - TAG_BYTES));
    decipher.final();
    return plain;
  } catch {
    throw new StoreFailure('corrupt', 'a sealed text does not open with its key', false);
  }
}

/** Digest of what counts of an action, from the SHA-256 of its canonical text, under the `#digest` key. */
export function digestUnder(key: Uint8Array, contentHash: Uint8Array): Buffer {
  return hmacSha256(key, contentHash, DIGEST_BYTES);
}

let scratch = Buffer.alloc(1024);

/** Commitment to a text, SHA-256(salt ‖ text), base64url. */
export function commitmentTo(salt: Uint8Array, text: string): string {
  const most = SALT_BYTES + text.length * 3;
  if (scratch.length < most) scratch = Buffer.alloc(most);
  scratch.set(salt);
  const length = SALT_BYTES + scratch.write(text, SALT_BYTES);
  return hash('sha256', scratch.subarray(0, length), 'base64url');
}

/** One text of a box: which field of its event it is, the salt of its commitment, and the text. */
export interface SaltedText {
  readonly field: string;
  readonly salt: Uint8Array;
  readonly text: string;
}

/** The plaintext of an event's box: for each text length(1) field ‖ salt(32) ‖ length(4) text, UTF-8. */
export function frameTexts(texts: readonly SaltedText[]): Buffer {
  let length = 0;
  for (const { field, text } of texts) length += 5 + SALT_BYTES + Buffer.byteLength(field) + Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (const { field, salt, text } of texts) {
    const fieldBytes = bytes.write(field, at + 1);
    bytes.writeUInt8(fieldBytes, at);
    at += 1 + fieldBytes;
    bytes.set(salt, at);
    at += SALT_BYTES;
    const textBytes = bytes.write(text, at + 4);
    bytes.writeUInt32BE(textBytes, at);
    at += 4 + textBytes;
  }
  return bytes;
}

export function readTexts(bytes: Buffer): SaltedText[] {
  const texts: SaltedText[] = [];
  for (let at = 0; at < bytes.length;) {
    const field = bytes.toString('utf8', at + 1, at + 1 + bytes.readUInt8(at));
    at += 1 + bytes.readUInt8(at);
    const salt = bytes.subarray(at, at + SALT_BYTES);
    at += SALT_BYTES;
    const end = at + 4 + bytes.readUInt32BE(at);
    texts.push({ field, salt, text: bytes.toString('utf8', at + 4, end) });
    at = end;
  }
  return texts;
}
