/**
 * What is to be sealed, on its way to the thread that does it: the writer has time for it while intake prepares what comes.
 * It crosses within the memory of the process, which is wiped when the group is done; on the disk there are boxes alone.
 *
 * Bytes: key(32) ‖ length(2) bound ‖ plaintext.
 */
import { sealBox } from '../sealing/seal.js';

const KEY_BYTES = 32;

export function unsealed(key: Uint8Array, bound: Uint8Array, plain: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(KEY_BYTES + 2 + bound.length + plain.length);
  bytes.set(key, 0);
  bytes.writeUInt16BE(bound.length, KEY_BYTES);
  bytes.set(bound, KEY_BYTES + 2);
  bytes.set(plain, KEY_BYTES + 2 + bound.length);
  return bytes;
}

/** The box of what is unsealed. */
export function sealed(bytes: Uint8Array): Buffer {
  const from = KEY_BYTES + 2;
  const to = from + bytes[KEY_BYTES]! * 256 + bytes[KEY_BYTES + 1]!;
  return sealBox(bytes.subarray(0, KEY_BYTES), bytes.subarray(from, to), bytes.subarray(to));
}
