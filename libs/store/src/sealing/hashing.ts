/** SHA-256 and Ed25519 of this platform, in the form that the proof library asks for. */
import { createPrivateKey, createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';
import { parseVerifierKey, verifierKey, type NoteSigner } from '#proof';
import { StoreFailure } from '../ports.js';

const SHA256_BYTES = 32;

/** As a text of one byte a character and then into shared memory: a buffer made for each hash costs more than hashing. */
export function sha256(data: Uint8Array | string): Uint8Array {
  const made = Buffer.allocUnsafe(SHA256_BYTES);
  made.write(hash('sha256', data, 'latin1'), 'latin1');
  return made;
}

/** DER of a PKCS 8 Ed25519 key up to its seed, and of an SPKI one up to the public key (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
}

/** The public key, 32 bytes, of a seed of 32 bytes. */
function publicKeyOf(seed: Uint8Array): Uint8Array {
  const spki = createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' });
  return new Uint8Array(spki.subarray(SPKI.length));
}

export function verifierKeyOf(name: string, seed: Uint8Array): string {
  return verifierKey(sha256, name, publicKeyOf(seed));
}

/** Who signs a log's heads; the key must be the one that the log's verifier key was made from. */
export function signerOf(line: string, seed: Uint8Array): NoteSigner {
  const parsed = parseVerifierKey(sha256, line);
  if (!parsed.ok || verifierKeyOf(parsed.value.name, seed) !== line) {
    throw new StoreFailure('corrupt', 'the signing key is not that of the log: keys.db', false);
  }
  const key = privateKeyOf(seed);
  return { name: parsed.value.name, keyId: parsed.value.keyId, sign: (text) => sign(null, text, key) };
}

/** Ed25519, RFC 8032. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}
