import { equalBytes, hashBytes, NodeHasher, type Sha256 } from './hashing.js';
import { placeOf, TileCache } from './tile-cache.js';
import { TileNodes, tileBytes, tileHeight, tileWidth } from './tile-nodes.js';
import { TreeFailure } from './tree-failure.js';
import { heightOf, requireSize, SizedTree } from './tree-path.js';

/** The compact range of a tree: its complete subtrees, largest first, 32 bytes each. Together they give the root. */
export interface Edge {
  readonly size: number;
  readonly hashes: Uint8Array;
}

/** A full tile as it is published: 256 hashes, 8192 bytes. */
export interface FullTile {
  readonly level: number;
  readonly index: number;
  readonly hashes: Uint8Array;
}

/** Reads a full tile that the tree has given out before; 8192 bytes. */
export type ReadFullTile = (level: number, index: number) => Uint8Array;

/** A state to come back to; only the latest one taken of a tree is good. */
export interface TreeSnapshot {
  readonly size: number;
}

interface SavedState extends TreeSnapshot {
  readonly levels: readonly { readonly tile: TileNodes; readonly width: number }[];
  readonly completed: readonly CompletedTile[];
}

interface CompletedTile {
  readonly level: number;
  readonly index: number;
  readonly tile: TileNodes;
}

/**
 * A growing Merkle tree (RFC 6962, tlog-tiles) of which only the unfinished tile of each level is kept in memory.
 * Appending costs one node hash a leaf on average.
 */
export class Tree {
  readonly #sha256: Sha256;
  readonly #hasher: NodeHasher;
  readonly #recent: TileCache;
  #levels: TileNodes[] = [];
  #size = 0;
  #completed: CompletedTile[] = [];
  #sized: SizedTree | undefined;
  #latest: SavedState | undefined;

  private constructor(sha256: Sha256) {
    this.#sha256 = sha256;
    this.#hasher = new NodeHasher(sha256);
    this.#recent = new TileCache(sha256);
  }

  static empty(sha256: Sha256): Tree {
    return new Tree(sha256);
  }

  /**
   * Takes a stored tree up again. `partialTiles[level]` holds that level's unfinished tile, floor(size / 256^level)
   * mod 256 hashes; a level without one may be missing or empty. The edge is made again from the tiles and compared,
   * so damage to either is found here. Throws `TreeFailure`.
   */
  static resume(sha256: Sha256, edge: Edge, partialTiles: readonly (Uint8Array | undefined)[]): Tree {
    if (!Number.isSafeInteger(edge.size) || edge.size < 0) throw new TreeFailure('edge-malformed');
    const tree = new Tree(sha256);
    const levels = Math.max(partialTiles.length, Math.ceil((heightOf(edge.size) + 1) / tileHeight));
    for (let level = 0; level < levels; level++) {
      const hashes = partialTiles[level] ?? new Uint8Array(0);
      const width = Math.floor(edge.size / tileWidth ** level) % tileWidth;
      if (hashes.length !== width * hashBytes) throw new TreeFailure('tile-malformed');
      tree.#levels.push(TileNodes.from(tree.#hasher, hashes));
    }
    tree.#size = edge.size;
    if (!equalBytes(tree.edge().hashes, edge.hashes)) throw new TreeFailure('edge-mismatch');
    return tree;
  }

  /** Leaves appended so far; also the index of the next one. */
  get size(): number {
    return this.#size;
  }

  /** Appends a leaf by its hash (32 bytes, `leafHash` of the entry) and gives its index. */
  append(leaf: Uint8Array): number {
    const index = this.#size;
    requireSize(index + 1);
    let rising = leaf;
    for (let level = 0; ; level++) {
      const tile = (this.#levels[level] ??= new TileNodes());
      tile.push(this.#hasher, rising);
      if (tile.width < tileWidth) break;
      const done = { level, index: Math.floor(index / tileWidth ** (level + 1)), tile };
      this.#completed.push(done);
      this.#recent.add(done.level, done.index, tile);
      this.#levels[level] = new TileNodes();
      rising = tile.node(tileHeight, 0);
    }
    this.#size = index + 1;
    this.#sized = undefined;
    return index;
  }

  /** Root at the present size. */
  root(): Uint8Array {
    return this.#atPresent().root();
  }

  /** What to store beside the head, to take the tree up again. */
  edge(): Edge {
    const nodes = this.#atPresent().edge();
    const hashes = new Uint8Array(nodes.length * hashBytes);
    nodes.forEach((node, i) => hashes.set(node, i * hashBytes));
    return { size: this.#size, hashes };
  }

  /** The unfinished tile of a level, empty where there is none; with the full ones, all that is ever served. */
  partialTile(level: number): Uint8Array {
    return this.#levels[level]?.hashes() ?? new Uint8Array(0);
  }

  /** The unfinished tiles of all levels, lowest first: what `resume` asks for. */
  partialTiles(): Uint8Array[] {
    return this.#levels.map((tile) => tile.hashes());
  }

  /** The tiles completed since this was last asked, in the order of their completion. */
  takeFullTiles(): FullTile[] {
    const tiles = this.#completed.map(({ level, index, tile }) => ({ level, index, hashes: tile.hashes() }));
    this.#completed = [];
    return tiles;
  }

  /**
   * Inclusion path of a leaf at the present size, its sibling first. Unfinished and recently finished tiles are at
   * hand; any other is asked of `readTile` once and kept for a while. What `readTile` throws passes through; bytes
   * that are not the full tile that the level above names are a `TreeFailure`.
   */
  inclusionPath(index: number, readTile: ReadFullTile): Uint8Array[] {
    return this.#atPresent().inclusionPath(index, (height, node) => this.#node(height, node, readTile));
  }

  /** Remembers the present state, in time that depends on the number of levels only. */
  snapshot(): TreeSnapshot {
    this.#latest = {
      size: this.#size,
      levels: this.#levels.map((tile) => ({ tile, width: tile.width })),
      completed: [...this.#completed],
    };
    return this.#latest;
  }

  /** Goes back to the latest snapshot, as after a commit that failed; it may be restored again. */
  restore(snapshot: TreeSnapshot): void {
    const saved = this.#latest;
    if (saved === undefined || saved !== snapshot) throw new RangeError('only the latest snapshot can be restored');
    this.#levels = saved.levels.map(({ tile, width }) => {
      tile.shrink(width);
      return tile;
    });
    this.#size = saved.size;
    this.#completed = [...saved.completed];
    this.#sized = undefined;
    // A tile that was finished after the snapshot may be finished otherwise next time.
    this.#recent.clear();
  }

  #atPresent(): SizedTree {
    return (this.#sized ??= new SizedTree(this.#sha256, this.#size, (height, node) =>
      this.#node(height, node, noTile),
    ));
  }

  #node(height: number, index: number, readTile: ReadFullTile): Uint8Array {
    const place = placeOf(height, index);
    return this.#tile(place.level, place.tile, readTile).node(place.tier, place.index);
  }

  #tile(level: number, index: number, readTile: ReadFullTile): TileNodes {
    const growing = this.#levels[level];
    if (growing !== undefined && index === Math.floor(this.#size / tileWidth ** (level + 1))) return growing;
    const recent = this.#recent.get(level, index);
    if (recent !== undefined) return recent;
    const hashes = readTile(level, index);
    if (hashes.length !== tileBytes) throw new TreeFailure('tile-malformed');
    const tile = TileNodes.from(this.#hasher, hashes);
    // A path over a damaged tile would be a false receipt, and the hash one level up tells.
    const above = this.#tile(level + 1, Math.floor(index / tileWidth), readTile);
    if (!equalBytes(tile.node(tileHeight, 0), above.node(0, index % tileWidth))) throw new TreeFailure('tile-mismatch');
    this.#recent.add(level, index, tile);
    return tile;
  }
}

/** The root and the edge lie in unfinished tiles alone; asking for another would be a fault of this file. */
function noTile(level: number, index: number): never {
  throw new RangeError(`the edge of a tree asked for the full tile ${level}/${index}`);
}
