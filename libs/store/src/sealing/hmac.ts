/**
 * HMAC-SHA-256 (RFC 2104) over the one-shot hash. Made twice or more for every event: an Hmac object of the platform
 * costs as much again in garbage as in hashing. A test compares the two.
 */
import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;

/** What is hashed first and second; what of a block no key of 32 bytes reaches stays as it is. */
let inner = padded(0x36, 1024);
const outer = padded(0x5c, HASH_BYTES);

function padded(pad: number, most: number): Buffer {
  return Buffer.alloc(BLOCK_BYTES + most).fill(pad, 0, BLOCK_BYTES);
}

/**
 * Key of 32 bytes; gives the first of the hash, all of it if not fewer are asked for. What is hashed must not be longer than
 * memory allows; nothing of either is kept for long.
 *
 * The hash is asked for as a text of one byte a character: memory of its own for each hash would cost more than hashing.
 */
export function hmacSha256(key: Uint8Array, data: Uint8Array | string, bytes = HASH_BYTES): Buffer {
  if (key.length !== HASH_BYTES) throw new RangeError('a key has 32 bytes');
  const most = typeof data === 'string' ? data.length * 3 : data.length;
  if (inner.length < BLOCK_BYTES + most) inner = padded(0x36, most);
  for (let i = 0; i < HASH_BYTES; i++) {
    const byte = key[i]!;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  let length = BLOCK_BYTES;
  if (typeof data === 'string') length += inner.write(data, BLOCK_BYTES);
  else {
    inner.set(data, BLOCK_BYTES);
    length += data.length;
  }
  outer.write(hash('sha256', inner.subarray(0, length), 'latin1'), BLOCK_BYTES, HASH_BYTES, 'latin1');
  const made = Buffer.allocUnsafe(bytes);
  made.write(hash('sha256', outer, 'latin1'), 0, bytes, 'latin1');
  return made;
}
