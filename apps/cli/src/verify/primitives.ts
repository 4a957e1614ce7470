/** SHA-256 and Ed25519 of Node, for the verifier: nothing of Depter's store or packs is needed to check what it exported. */
import { createPublicKey, hash, verify } from 'node:crypto';
import type { Primitives } from '#proof';

/** DER of an Ed25519 public key up to the key itself (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const SHA256_BYTES = 32;

/** The array that was written to last, as Node writes a text to it: many hashes go to one. */
let last: { readonly target: Uint8Array; readonly bytes: Buffer } | undefined;

function bytesOf(target: Uint8Array): Buffer {
  if (last?.target !== target)
    last = { target, bytes: Buffer.from(target.buffer, target.byteOffset, target.byteLength) };
  return last.bytes;
}

export const nodePrimitives: Primitives = {
  /** As a text of one byte a character and then into shared memory: a buffer made for each hash costs more than hashing. */
  sha256: (data) => {
    const made = Buffer.allocUnsafe(SHA256_BYTES);
    made.write(hash('sha256', data, 'latin1'), 'latin1');
    return made;
  },
  sha256Into: (data, target, at) => {
    bytesOf(target).write(hash('sha256', data, 'latin1'), at, SHA256_BYTES, 'latin1');
  },
  verify: (publicKey, message, signature) => {
    try {
      const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
      return verify(null, message, key, signature);
    } catch {
      // 32 bytes that are no point of the curve are no key, and no signature is by it.
      return false;
    }
  },
};
