import { accept, reject, type Result } from './result.js';
import { joinBytes } from './text.js';
import { tileWidth } from './tile-nodes.js';

/** Longest entry, in bytes: its length is written in 16 bits. */
export const entryBytesMax = 0xffff;

export type BundleCode = 'bundle-truncated' | 'bundle-too-wide' | 'bundle-width';

/** An entry bundle: each entry after its length in 16 bits, big-endian. tlog-tiles, Log entries. 1 to 256 entries. */
export function bundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length < 1 || entries.length > tileWidth) throw new RangeError('a bundle has 1 to 256 entries');
  const parts = entries.flatMap((entry) => {
    if (entry.length > entryBytesMax) throw new RangeError('an entry has at most 65535 bytes');
    return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
  });
  return joinBytes(...parts);
}

/**
 * Takes a bundle apart, as a hostile server would write it. `width` is how many entries its name promises (256 for a
 * full one). The entries are copies; nothing vouches for them before their leaves are found in the tree.
 */
export function parseBundle(bytes: Uint8Array, width?: number): Result<Uint8Array[], BundleCode> {
  const entries: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length;) {
    if (entries.length === tileWidth) return reject('bundle-too-wide');
    if (at + 2 > bytes.length) return reject('bundle-truncated');
    const end = at + 2 + view.getUint16(at);
    if (end > bytes.length) return reject('bundle-truncated');
    // A Buffer's own slice would share its memory, so the copy is made by the base class.
    entries.push(Uint8Array.prototype.slice.call(bytes, at + 2, end));
    at = end;
  }
  return entries.length === (width ?? entries.length) ? accept(entries) : reject('bundle-width');
}
