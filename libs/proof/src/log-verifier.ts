import { faulty, good, type Judged } from './fault.js';
import { equalBytes, hashBytes, NodeHasher, writing, type Sha256Into } from './hashing.js';
import { widthAt } from './tile-cache.js';
import { tileHeight, TileNodes, tileWidth } from './tile-nodes.js';
import { tilePath } from './tile-path.js';
import { consistencyTiles, TiledLog, type TilePlace } from './tiled-log.js';
import type { Primitives } from './verifier.js';
import { verifyConsistency } from './verify-path.js';

/** Where the tiles and bundles of one log come from; nobody vouches for them. Undefined: it has none there. */
export interface LogSource {
  /** Hashes of a tile; more than `width` may be given where the log has grown. */
  tile(level: number, index: number, width: number): Promise<Uint8Array | undefined>;
  /** Bytes that are nobody else's while they are checked. */
  bundle(index: number, width: number): Promise<Uint8Array | undefined>;
}

/** A signed head that is believed already. */
export interface TrustedHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Tiles kept at each level; entries are read in order, so those above are asked for again and again, those below once. */
const tilesKept = 64;

/**
 * Checks what a log shows against one head that is believed: each full tile against the hash one level up, those at the right
 * edge together against the root, each entry against its hash. Nothing is trusted because of where it came from.
 */
export class LogVerifier {
  readonly size: number;
  readonly #primitives: Primitives;
  readonly #source: LogSource;
  readonly #root: Uint8Array;
  readonly #hasher: NodeHasher;
  readonly #sha256Into: Sha256Into;
  readonly #leaf = new Uint8Array(hashBytes);
  readonly #tiles = new Map<string, TileNodes>();
  readonly #edge = new Map<number, TileNodes>();

  constructor(primitives: Primitives, source: LogSource, head: TrustedHead) {
    this.#primitives = primitives;
    this.#source = source;
    this.size = head.size;
    this.#root = head.root;
    this.#sha256Into = primitives.sha256Into ?? writing(primitives.sha256);
    this.#hasher = new NodeHasher(primitives.sha256, this.#sha256Into);
  }

  /** Whether the tiles at the right edge make the head's root; to be asked first, the rest hangs on it. */
  async verifyEdge(): Promise<Judged<null>> {
    for (let level = 0; Math.floor(this.size / tileWidth ** level) > 0; level++) {
      const hashes = Math.floor(this.size / tileWidth ** level);
      const index = Math.floor(hashes / tileWidth);
      if (hashes % tileWidth === 0) continue;
      const tile = await this.#read({ level, index, width: hashes % tileWidth });
      if (!tile.ok) return tile;
      this.#edge.set(level, tile.value);
    }
    const log = new TiledLog(this.#primitives.sha256, this.size, (level) => this.#edge.get(level)!.hashes());
    if (equalBytes(log.root(), this.#root)) return good(null);
    return faulty('root-mismatch', `the right edge of the tree of ${this.size} entries`);
  }

  /** Whether an older head is of the same log. */
  async verifyOlder(older: TrustedHead, place: string): Promise<Judged<null>> {
    if (older.size > this.size) return faulty('checkpoint-newer', place);
    const path = older.size === 0 || older.size === this.size ? good([]) : await this.#consistencyPath(older.size);
    if (!path.ok) return path;
    const claim = { oldSize: older.size, oldRoot: older.root, size: this.size, root: this.#root, path: path.value };
    return verifyConsistency(this.#primitives.sha256, claim).ok ? good(null) : faulty('fork', place);
  }

  /**
   * Checks the tile and the bundle of entries `index`·256 and on, and gives the bundle's entries as they lie in memory.
   * Entries from 1 byte on; nothing is said of what stands in them.
   */
  async verifyBundle(index: number): Promise<Judged<readonly Uint8Array[]>> {
    const width = widthAt(this.size, 0, index);
    const place = tilePath('entries', index, width);
    const tile = await this.#tile(0, index);
    if (!tile.ok) return tile;
    const bytes = await this.#source.bundle(index, width);
    if (bytes === undefined) return faulty('missing', place);
    return this.#judgeBundle(index, width, bytes, tile.value.hashes());
  }

  /** Checks one tile of hashes, and with it all that vouch for it. */
  async verifyTile(level: number, index: number): Promise<Judged<null>> {
    const tile = await this.#tile(level, index);
    return tile.ok ? good(null) : tile;
  }

  /**
   * The leaf of an entry is SHA-256(0x00 ‖ entry), and in a bundle the entry follows the two bytes of its length: once that
   * is read, the second of them gives the room for the zero, and nothing is copied.
   */
  #judgeBundle(index: number, width: number, bytes: Uint8Array, hashes: Uint8Array): Judged<readonly Uint8Array[]> {
    const entries: Uint8Array[] = [];
    let at = 0;
    for (let i = 0; i < width; i++) {
      const end = at + 2 > bytes.length ? Infinity : at + 2 + (bytes[at]! << 8) + bytes[at + 1]!;
      if (end > bytes.length) return faulty('bundle-truncated', entryPlace(index, width, i));
      const low = bytes[at + 1]!;
      bytes[at + 1] = 0;
      this.#sha256Into(bytes.subarray(at + 1, end), this.#leaf, 0);
      bytes[at + 1] = low;
      if (!sameAt(hashes, i * hashBytes, this.#leaf)) return faulty('entry-mismatch', entryPlace(index, width, i));
      entries.push(bytes.subarray(at + 2, end));
      at = end;
    }
    return at === bytes.length ? good(entries) : faulty('bundle-width', tilePath('entries', index, width));
  }

  async #consistencyPath(oldSize: number): Promise<Judged<Uint8Array[]>> {
    const tiles = new Map<string, Uint8Array>();
    for (const { level, index } of consistencyTiles(oldSize, this.size)) {
      const tile = await this.#tile(level, index);
      if (!tile.ok) return tile;
      tiles.set(`${level}/${index}`, tile.value.hashes());
    }
    const log = new TiledLog(this.#primitives.sha256, this.size, (level, index) => tiles.get(`${level}/${index}`)!);
    return good(log.consistencyPath(oldSize));
  }

  /** A tile that is checked: of the edge, or against the one above it. */
  async #tile(level: number, index: number): Promise<Judged<TileNodes>> {
    const width = widthAt(this.size, level, index);
    if (width < tileWidth) {
      const edge = this.#edge.get(level);
      return edge !== undefined && width > 0 ? good(edge) : faulty('missing', tilePath(level, index));
    }
    const key = `${level}/${index}`;
    const known = this.#tiles.get(key);
    if (known !== undefined) return good(known);
    const read = await this.#read({ level, index, width });
    if (!read.ok) return read;
    const above = await this.#above(level, index);
    if (!above.ok) return above;
    if (!equalBytes(read.value.node(tileHeight, 0), above.value))
      return faulty('tile-mismatch', tilePath(level, index));
    this.#keep(key, read.value);
    return read;
  }

  /** What stands for a full tile one level up; the topmost tile of a tree is never a full one. */
  async #above(level: number, index: number): Promise<Judged<Uint8Array>> {
    const tile = await this.#tile(level + 1, Math.floor(index / tileWidth));
    return tile.ok ? good(tile.value.node(0, index % tileWidth)) : tile;
  }

  #keep(key: string, tile: TileNodes): void {
    this.#tiles.set(key, tile);
    if (this.#tiles.size <= tilesKept) return;
    // The leaves' tiles are read once, one after another; those above them soon again.
    for (const old of this.#tiles.keys()) {
      if (old.startsWith('0/') || this.#tiles.size > 2 * tilesKept) this.#tiles.delete(old);
      if (this.#tiles.size <= tilesKept) return;
    }
  }

  async #read({ level, index, width }: TilePlace): Promise<Judged<TileNodes>> {
    const bytes = await this.#source.tile(level, index, width);
    const place = tilePath(level, index, width);
    if (bytes === undefined) return faulty('missing', place);
    if (bytes.length < width * hashBytes || bytes.length > tileWidth * hashBytes || bytes.length % hashBytes !== 0) {
      return faulty('tile-malformed', place);
    }
    return good(TileNodes.from(this.#hasher, bytes.subarray(0, width * hashBytes)));
  }
}

/** Entry `i` of a bundle, by its index in the log. */
export function entryPlace(bundleIndex: number, width: number, i: number): string {
  return `entry ${bundleIndex * tileWidth + i} (${tilePath('entries', bundleIndex, width)})`;
}

function sameAt(bytes: Uint8Array, offset: number, hash: Uint8Array): boolean {
  for (let i = 0; i < hashBytes; i++) if (bytes[offset + i] !== hash[i]) return false;
  return true;
}
