/** The tree of one generation of a log as the file holds it, at every size that it has had. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { leafHash, tileWidth, TiledLog, TreeFailure } from '#proof';
import { StoreFailure } from '../ports.js';
import { sha256 } from '../sealing/hashing.js';
import { rootOf } from '../tree/tile-root.js';
import { POSITIONS } from './schema.js';

export interface TreePlace {
  readonly no: number;
  readonly name: string;
  readonly generation: number;
  readonly base: number;
}

export class StoredTree {
  readonly #place: TreePlace;
  readonly #tile: StatementSync;
  readonly #entries: StatementSync;
  /** Roots of full tiles, 255 hashes each: heads that are asked for one after another have most of them in common. */
  readonly #roots = new Map<string, Uint8Array>();

  constructor(ledger: DatabaseSync, place: TreePlace) {
    this.#place = place;
    this.#tile = ledger.prepare(
      'SELECT hashes FROM tiles WHERE controller = ? AND generation = ? AND level = ? AND n = ?',
    );
    this.#entries = ledger.prepare('SELECT entry FROM events WHERE at >= ? AND at < ? ORDER BY at');
  }

  /** Root over the first `size` entries, which the file must have. Throws StoreFailure `corrupt`. */
  rootAt(size: number): Uint8Array {
    try {
      return new TiledLog(sha256, size, (level, index, width) => this.#read(level, index, width)).root();
    } catch (failure) {
      throw failure instanceof TreeFailure ? this.#corrupt(failure.code) : failure;
    }
  }

  #read(level: number, index: number, width: number): Uint8Array {
    const full = this.#full(level, index);
    if (full !== undefined) return full;
    if (level === 0) return this.#leaves(index, width);
    const first = index * tileWidth;
    return Buffer.concat(Array.from({ length: width }, (_, i) => this.#rootOf(level - 1, first + i)));
  }

  #full(level: number, index: number): Uint8Array | undefined {
    const { no, generation } = this.#place;
    return this.#tile.get(no, generation, level, index)?.['hashes'] as Uint8Array | undefined;
  }

  #rootOf(level: number, index: number): Uint8Array {
    const name = `${level}/${index}`;
    const known = this.#roots.get(name);
    if (known !== undefined) return known;
    const tile = this.#full(level, index);
    if (tile === undefined) throw this.#corrupt(`tile ${name}`);
    const root = rootOf(tile);
    this.#roots.set(name, root);
    return root;
  }

  #leaves(index: number, width: number): Uint8Array {
    const { no, base } = this.#place;
    const first = no * POSITIONS + base + index * tileWidth;
    const rows = this.#entries.all(first, first + width);
    if (rows.length !== width) throw this.#corrupt(`entry ${index * tileWidth + rows.length}`);
    return Buffer.concat(rows.map((row) => leafHash(sha256, row['entry'] as Uint8Array)));
  }

  #corrupt(what: string): StoreFailure {
    const { name, generation } = this.#place;
    return new StoreFailure('corrupt', `the data folder is damaged: log ${name}/${generation}, ${what}`, false);
  }
}
