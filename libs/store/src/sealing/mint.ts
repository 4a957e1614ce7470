/** Random parts: references, key ids, salts. Drawn from the system's generator in blocks, since each draw costs a call. */
import { randomBytes } from 'node:crypto';

const BLOCK_BYTES = 8192;
let block = Buffer.alloc(0);
let used = 0;

/** Random bytes for use at once; they lie in a shared block, so what is kept for long must be copied. */
export function randomPart(bytes: number): Buffer {
  if (used + bytes > block.length) {
    block = randomBytes(BLOCK_BYTES);
    used = 0;
  }
  const part = block.subarray(used, used + bytes);
  used += bytes;
  return part;
}

/** Random bytes for keeping. */
export function randomOwn(bytes: number): Buffer {
  return kept(randomPart(bytes));
}

/** Small, since the longest kept of it keeps it. */
const SHELF_BYTES = 1024;
let shelf = Buffer.alloc(0);
let shelved = 0;

/**
 * A copy of a few bytes that are kept for long. Memory of their own would cost more than they; memory shared with much
 * that is sooner forgotten, as the platform's, would keep all of that alive.
 */
function kept(bytes: Uint8Array): Buffer {
  const copy = keptRoom(bytes.length);
  copy.set(bytes);
  return copy;
}

/** Room for a few bytes that are kept for long; whatever was in that memory is still there. */
export function keptRoom(bytes: number): Buffer {
  if (shelved + bytes > shelf.length) {
    shelf = Buffer.allocUnsafeSlow(Math.max(SHELF_BYTES, bytes));
    shelved = 0;
  }
  const room = shelf.subarray(shelved, shelved + bytes);
  shelved += bytes;
  return room;
}

/** Of a thread's own, so that two that count alike do not meet. */
const KEY_RUN_BYTES = 4;
const keyId = Buffer.alloc(16);
let keysMinted = 0;

/**
 * The id of a new dossier's key: of this thread(4, random) ‖ count(4) ‖ random(8). Keys that are made together lie together
 * in the index by id, so that a thousand new ones touch a few of its pages and not one each; nobody has to be unable to guess
 * an id.
 */
export function mintKeyId(): Buffer {
  if (keysMinted === 0) keyId.set(randomPart(KEY_RUN_BYTES));
  keyId.writeUInt32BE(keysMinted, KEY_RUN_BYTES);
  keysMinted = (keysMinted + 1) % 2 ** 32;
  keyId.set(randomPart(8), KEY_RUN_BYTES + 4);
  return Buffer.from(keyId);
}

const CAPITAL = /[A-Z]/;

/** 128 random bits whose base64url has a capital, so that it is never taken for a pack's id. The bytes are for use at once. */
export function mintReference(): { readonly bytes: Buffer; readonly text: string } {
  for (;;) {
    const bytes = randomPart(16);
    const text = bytes.toString('base64url');
    if (CAPITAL.test(text)) return { bytes, text };
  }
}

/** A new dossier's name with the id of its key and the key. The bytes are for use at once. */
export function mintDossier(): { readonly subject: Buffer; readonly id: Buffer; readonly whole: Buffer } {
  return { subject: mintReference().bytes, id: mintKeyId(), whole: randomPart(32) };
}

/** The 16 bytes of a reference or event id; undefined where the text is not the one spelling of 16 bytes. */
export function idBytes(text: string): Buffer | undefined {
  if (text.length !== 22) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === 16 && bytes.toString('base64url') === text ? bytes : undefined;
}

/** The text of 16 bytes. */
export function idText(bytes: Uint8Array): string {
  const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.toString('base64url');
}
