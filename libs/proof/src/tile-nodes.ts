import { hashBytes, NodeHasher, type Sha256 } from './hashing.js';

/** Hashes in a full tile. */
export const tileWidth = 256;

/** Bytes of a full tile. */
export const tileBytes = tileWidth * hashBytes;

/** Levels of the binary tree that one level of tiles spans: 256 = 2^8. */
export const tileHeight = 8;

/**
 * One hash tile with every complete node above its hashes, up to its root. A path through a tile needs eight nodes
 * whose making costs the whole tile; keeping them makes the second path free.
 *
 * The nodes lie in one array, the 256 hashes first, then the 128 above them, and so on: tier `t` starts at node
 * 512 − 2^(9−t). Nodes are only ever written at the growing end, so setting the width back undoes what came after.
 */
export class TileNodes {
  readonly #nodes = new Uint8Array((2 * tileWidth - 1) * hashBytes);
  #width = 0;

  /** Fills a tile from its published bytes, whose length must be a multiple of 32 and at most 8192. */
  static from(hasher: NodeHasher, hashes: Uint8Array): TileNodes {
    if (hashes.length % hashBytes !== 0 || hashes.length > tileBytes) throw new RangeError('not the bytes of a tile');
    const tile = new TileNodes();
    tile.#nodes.set(hashes);
    tile.#width = hashes.length / hashBytes;
    for (let tier = 0, width = tile.#width >> 1; width > 0; tier++, width >>= 1) {
      for (let i = 0; i < width; i++) hasher.adjacent(tile.#nodes, offset(tier, 2 * i), offset(tier + 1, i));
    }
    return tile;
  }

  /** Hashes held, 0 to 256. */
  get width(): number {
    return this.#width;
  }

  /** Adds one hash and every node that it completes: 1 node hash a push on average. */
  push(hasher: NodeHasher, hash: Uint8Array): void {
    if (hash.length !== hashBytes) throw new RangeError('a hash has 32 bytes');
    if (this.#width === tileWidth) throw new RangeError('the tile is full');
    this.#nodes.set(hash, this.#width * hashBytes);
    let index = this.#width++;
    for (let tier = 0; index % 2 === 1; tier++) {
      const pair = offset(tier, index - 1);
      index = (index - 1) / 2;
      hasher.adjacent(this.#nodes, pair, offset(tier + 1, index));
    }
  }

  /** The complete node `index` of `tier` (0: the hashes, 8: the root), copied. */
  node(tier: number, index: number): Uint8Array {
    if ((index + 1) * 2 ** tier > this.#width) throw new RangeError('the node is not complete');
    const at = offset(tier, index);
    return this.#nodes.slice(at, at + hashBytes);
  }

  /** The published bytes, copied: `width` hashes of 32 bytes. */
  hashes(): Uint8Array {
    return this.#nodes.slice(0, this.#width * hashBytes);
  }

  /** Takes back the hashes from `width` on. */
  shrink(width: number): void {
    if (width > this.#width || width < 0) throw new RangeError('a tile only shrinks to a width that it had');
    this.#width = width;
  }
}

/** Root of a full tile (8192 bytes): the hash that stands for it one level up. 255 node hashes. */
export function tileRoot(sha256: Sha256, hashes: Uint8Array): Uint8Array {
  if (hashes.length !== tileBytes) throw new RangeError('a full tile has 8192 bytes');
  return TileNodes.from(new NodeHasher(sha256), hashes).node(tileHeight, 0);
}

function offset(tier: number, index: number): number {
  return (2 * tileWidth - (1 << (tileHeight + 1 - tier)) + index) * hashBytes;
}
