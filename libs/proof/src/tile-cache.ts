import { NodeHasher, type Sha256 } from './hashing.js';
import { tileHeight, TileNodes, tileWidth } from './tile-nodes.js';

/**
 * Full tiles with their inner nodes, the least recently used dropped first (16 KiB each). A full tile never changes,
 * so one cache serves trees of every size of the *same* log; it must not be shared between logs, nor filled from a
 * server that is not trusted.
 */
export class TileCache {
  readonly hasher: NodeHasher;
  readonly #capacity: number;
  readonly #tiles = new Map<string, TileNodes>();

  constructor(sha256: Sha256, capacity = 64) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) throw new RangeError('a cache holds at least one tile');
    this.hasher = new NodeHasher(sha256);
    this.#capacity = capacity;
  }

  get(level: number, index: number): TileNodes | undefined {
    const key = `${level}/${index}`;
    const tile = this.#tiles.get(key);
    if (tile !== undefined) {
      this.#tiles.delete(key);
      this.#tiles.set(key, tile);
    }
    return tile;
  }

  add(level: number, index: number, tile: TileNodes): void {
    if (tile.width !== tileWidth) throw new RangeError('only full tiles are kept');
    this.#tiles.set(`${level}/${index}`, tile);
    if (this.#tiles.size <= this.#capacity) return;
    const [oldest] = this.#tiles.keys();
    if (oldest !== undefined) this.#tiles.delete(oldest);
  }

  clear(): void {
    this.#tiles.clear();
  }
}

/** Where a node of the binary tree lies among the tiles. */
export interface NodePlace {
  readonly level: number;
  readonly tile: number;
  readonly tier: number;
  readonly index: number;
}

/** The tile, and the node inside it, of node (height, index) of the binary tree. */
export function placeOf(height: number, index: number): NodePlace {
  const tier = height % tileHeight;
  const perTile = 2 ** (tileHeight - tier);
  return { level: (height - tier) / tileHeight, tile: Math.floor(index / perTile), tier, index: index % perTile };
}

/** Hashes that tile (level, index) holds in a tree of `size` leaves, 0 to 256. tlog-tiles, Partial Tiles. */
export function widthAt(size: number, level: number, index: number): number {
  const hashes = Math.floor(size / tileWidth ** level);
  return Math.min(tileWidth, Math.max(0, hashes - index * tileWidth));
}
