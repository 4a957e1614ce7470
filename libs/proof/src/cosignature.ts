import { makeVerifierKey, type VerifierKey } from './key.js';
import type { Ed25519Key, NoteSigner, NoteVerifier, Verify } from './note.js';
import type { Sha256 } from './hashing.js';
import { encodeText, joinBytes } from './text.js';

const timeBytes = 8;
const signatureBytes = 64;

/** What a witness signs: a header, its time in Unix seconds, and the whole text of the checkpoint. tlog-cosignature. */
export function cosignatureMessage(timeSeconds: number, text: Uint8Array): Uint8Array {
  requireTime(timeSeconds);
  return joinBytes(encodeText(`cosignature/v1\ntime ${timeSeconds}\n`), text);
}

/** A witness about to cosign at `timeSeconds`; `sign` is Ed25519 over what it gets. */
export function cosigner(sha256: Sha256, witness: Ed25519Key, timeSeconds: number): NoteSigner {
  requireTime(timeSeconds);
  const { name, keyId } = makeVerifierKey(sha256, witness.name, witness.publicKey, 'cosignature');
  const time = new Uint8Array(timeBytes);
  new DataView(time.buffer).setBigUint64(0, BigInt(timeSeconds));
  const sign = (text: Uint8Array): Uint8Array => joinBytes(time, witness.sign(cosignatureMessage(timeSeconds, text)));
  return { name, keyId, sign };
}

/** The verifier of a witness's key (type 0x04). */
export function cosignatureVerifier(verify: Verify, key: VerifierKey): NoteVerifier {
  if (key.use !== 'cosignature') throw new RangeError('the key is not one that cosigns');
  const { name, keyId, publicKey } = key;
  return {
    name,
    keyId,
    verify: (text, signature) => {
      const time = cosignatureTime(signature);
      if (time === undefined) return false;
      return verify(publicKey, cosignatureMessage(time, text), signature.subarray(timeBytes));
    },
  };
}

/** When a cosignature says that it was made, in Unix seconds; undefined if it has not the form of one. */
export function cosignatureTime(signature: Uint8Array): number | undefined {
  if (signature.length !== timeBytes + signatureBytes) return undefined;
  const time = new DataView(signature.buffer, signature.byteOffset, timeBytes).getBigUint64(0);
  return time <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(time) : undefined;
}

function requireTime(timeSeconds: number): void {
  if (!Number.isSafeInteger(timeSeconds) || timeSeconds < 0) throw new RangeError('a time is whole Unix seconds');
}
