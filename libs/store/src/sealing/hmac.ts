/**
 * HMAC-SHA-256 (RFC 2104) over the one-shot hash. Made twice or more for every event: an Hmac object of the platform
 * costs as much again in garbage as in hashing. A test compares the two.
 */
import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;

let inner = Buffer.alloc(BLOCK_BYTES + 1024);
const outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES);

/**
 * Key of 32 bytes. What is hashed must not be longer than memory allows; nothing of either is kept for long.
 *
 * The hash is asked for as a text of one byte a character: memory of its own for each hash would cost more than hashing.
 */
export function hmacSha256(key: Uint8Array, data: Uint8Array | string): Buffer {
  if (key.length !== HASH_BYTES) throw new RangeError('a key has 32 bytes');
  const most = BLOCK_BYTES + (typeof data === 'string' ? data.length * 3 : data.length);
  if (inner.length < most) inner = Buffer.alloc(most);
  for (let i = 0; i < HASH_BYTES; i++) {
    const byte = key[i]!;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  inner.fill(0x36, HASH_BYTES, BLOCK_BYTES);
  outer.fill(0x5c, HASH_BYTES, BLOCK_BYTES);
  let length = BLOCK_BYTES;
  if (typeof data === 'string') length += inner.write(data, BLOCK_BYTES);
  else {
    inner.set(data, BLOCK_BYTES);
    length += data.length;
  }
  outer.write(hash('sha256', inner.subarray(0, length), 'latin1'), BLOCK_BYTES, 'latin1');
  const made = Buffer.allocUnsafe(HASH_BYTES);
  made.write(hash('sha256', outer, 'latin1'), 'latin1');
  return made;
}
