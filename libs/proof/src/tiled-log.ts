import { equalBytes, hashBytes, type Sha256 } from './hashing.js';
import { placeOf, TileCache, widthAt } from './tile-cache.js';
import { tileBytes, tileHeight, TileNodes, tileWidth } from './tile-nodes.js';
import { TreeFailure } from './tree-failure.js';
import { SizedTree } from './tree-path.js';

/**
 * Reads a tile of at least `width` hashes, or throws. More hashes are welcome: a log may drop a partial tile once the
 * full one is there, so clients fall back to that.
 */
export type ReadTile = (level: number, index: number, width: number) => Uint8Array;

/** A tile as a reader is asked for it; `width` 256 is the full one. */
export interface TilePlace {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/**
 * A log of a given size, read through its tiles. A full tile is checked against its hash one level up, so only the
 * rightmost tiles are taken on trust: whoever does not trust the reader compares `root()` with a signed checkpoint.
 * Tiles of wrong length or hash are a `TreeFailure`; what the reader throws passes through.
 */
export class TiledLog {
  readonly size: number;
  readonly #cache: TileCache;
  readonly #partial = new Map<number, TileNodes>();
  readonly #readTile: ReadTile;
  readonly #tree: SizedTree;

  /** A `cache` may be shared by the sizes of one log, if its reader is trusted. */
  constructor(sha256: Sha256, size: number, readTile: ReadTile, cache: TileCache = new TileCache(sha256)) {
    this.size = size;
    this.#cache = cache;
    this.#readTile = readTile;
    this.#tree = new SizedTree(sha256, size, (height, index) => {
      const place = placeOf(height, index);
      return this.#tile(place.level, place.tile).node(place.tier, place.index);
    });
  }

  root(): Uint8Array {
    return this.#tree.root();
  }

  /** Inclusion path of a leaf, its sibling first; throws `RangeError` on an index beyond the size. */
  inclusionPath(index: number): Uint8Array[] {
    return this.#tree.inclusionPath(index);
  }

  /** Consistency proof from an older size; throws `RangeError` on a larger one. */
  consistencyPath(oldSize: number): Uint8Array[] {
    return this.#tree.consistencyPath(oldSize);
  }

  #tile(level: number, index: number): TileNodes {
    const width = widthAt(this.size, level, index);
    const known = width === tileWidth ? this.#cache.get(level, index) : this.#partial.get(level);
    if (known !== undefined) return known;
    const bytes = this.#readTile(level, index, width);
    if (bytes.length < width * hashBytes || bytes.length > tileBytes || bytes.length % hashBytes !== 0) {
      throw new TreeFailure('tile-malformed');
    }
    const tile = TileNodes.from(this.#cache.hasher, bytes.subarray(0, width * hashBytes));
    if (width < tileWidth) {
      this.#partial.set(level, tile);
      return tile;
    }
    const above = this.#tile(level + 1, Math.floor(index / tileWidth));
    if (!equalBytes(tile.node(tileHeight, 0), above.node(0, index % tileWidth))) throw new TreeFailure('tile-mismatch');
    this.#cache.add(level, index, tile);
    return tile;
  }
}

/** Inclusion path of leaf `index` in the tree of `size` leaves, made from its tiles. RFC 6962, 2.1.1. */
export function inclusionProof(sha256: Sha256, size: number, index: number, readTile: ReadTile): Uint8Array[] {
  return new TiledLog(sha256, size, readTile).inclusionPath(index);
}

/** Consistency proof between two sizes of one log, made from the tiles of the larger. RFC 6962, 2.1.2. */
export function consistencyProof(sha256: Sha256, oldSize: number, size: number, readTile: ReadTile): Uint8Array[] {
  return new TiledLog(sha256, size, readTile).consistencyPath(oldSize);
}

/** The tiles that `inclusionProof` will read, for those who must fetch them first. */
export function inclusionTiles(size: number, index: number): TilePlace[] {
  return tilesReadBy(size, (tree) => tree.inclusionPath(index));
}

/** The tiles that `consistencyProof` will read, for those who must fetch them first. */
export function consistencyTiles(oldSize: number, size: number): TilePlace[] {
  return tilesReadBy(size, (tree) => tree.consistencyPath(oldSize));
}

/** Walks the same way over blank hashes, and notes which tiles it passes, with the tiles that vouch for them. */
function tilesReadBy(size: number, walk: (tree: SizedTree) => unknown): TilePlace[] {
  const places = new Map<string, TilePlace>();
  const visit = (level: number, index: number): void => {
    const width = widthAt(size, level, index);
    places.set(`${level}/${index}`, { level, index, width });
    if (width === tileWidth) visit(level + 1, Math.floor(index / tileWidth));
  };
  const blank = new Uint8Array(hashBytes);
  const tree = new SizedTree(
    () => blank,
    size,
    (height, node) => {
      const place = placeOf(height, node);
      visit(place.level, place.tile);
      return blank;
    },
  );
  walk(tree);
  return [...places.values()];
}
