/** Keys of 32 bytes wrapped by another: iv(12) ‖ ciphertext(32) ‖ tag(16), AES-256-GCM, bound to a context. */
import { createDecipheriv } from 'node:crypto';
import { sealBox } from './seal.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;

export function wrapKey(by: Uint8Array, key: Uint8Array, context: Uint8Array): Buffer {
  return sealBox(by, context, key);
}

/** Undefined where the key was not wrapped by this one for this context. */
export function unwrapKey(by: Uint8Array, wrapped: Uint8Array, context: Uint8Array): Buffer | undefined {
  try {
    const iv = wrapped.subarray(0, IV_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', by, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(context).setAuthTag(wrapped.subarray(wrapped.length - TAG_BYTES));
    const key = decipher.update(wrapped.subarray(IV_BYTES, wrapped.length - TAG_BYTES));
    decipher.final();
    return key;
  } catch {
    return undefined;
  }
}
