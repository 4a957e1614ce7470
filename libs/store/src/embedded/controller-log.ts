/** The log of one controller as the writer holds it: its tree in memory, its head signed with every commit. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { GrowingLog, TimedSigner } from '../tree/growing-log.js';
import { POSITIONS } from './schema.js';

const DAY_MS = 86_400_000;

export interface LogRow {
  readonly controller: number;
  readonly name: string;
  readonly generation: number;
  readonly base: number;
  readonly origin: string;
  readonly verifierKey: string;
}

export class LogStatements {
  readonly tile: StatementSync;
  readonly addTile: StatementSync;
  readonly setHead: StatementSync;
  readonly setSize: StatementSync;

  constructor(ledger: DatabaseSync) {
    this.tile = ledger.prepare(
      'SELECT hashes FROM tiles WHERE controller = ? AND generation = ? AND level = ? AND n = ?',
    );
    this.addTile = ledger.prepare('INSERT INTO tiles VALUES (?, ?, ?, ?, ?)');
    this.setHead = ledger.prepare('INSERT OR REPLACE INTO heads VALUES (?, ?, ?, ?, ?)');
    this.setSize = ledger.prepare('UPDATE generations SET size = ?, edge = ? WHERE controller = ? AND generation = ?');
  }
}

export class ControllerLog {
  readonly row: LogRow;
  readonly #growing: GrowingLog;
  readonly #statements: LogStatements;

  constructor(row: LogRow, growing: GrowingLog, statements: LogStatements) {
    this.row = row;
    this.#growing = growing;
    this.#statements = statements;
  }

  /** The key of the events table that the next event will have. */
  get nextAt(): number {
    return this.row.controller * POSITIONS + this.size;
  }

  get size(): number {
    return this.row.base + this.#growing.size;
  }

  begin(): void {
    this.#growing.begin();
  }

  append(leaf: Uint8Array): void {
    this.#growing.append(leaf);
  }

  /** Writes what the tree has grown by and signs its head; inside the transaction of the events. `now` in ms. */
  sign(now: number): void {
    const { controller, generation } = this.row;
    const { size, edge, tiles, head } = this.#growing.grow(now);
    for (const { level, index, hashes } of tiles) {
      this.#statements.addTile.run(controller, generation, level, index, hashes);
    }
    this.#statements.setHead.run(controller, generation, Math.floor(now / DAY_MS), size, head);
    this.#statements.setSize.run(size, edge, controller, generation);
  }

  /** Signs the head by others, and stores it; inside the transaction of their keys. `now` in ms. */
  signAnew(signers: readonly TimedSigner[], now: number): void {
    const { controller, generation } = this.row;
    const head = this.#growing.signAnew(signers, now);
    this.#statements.setHead.run(controller, generation, Math.floor(now / DAY_MS), this.#growing.size, head);
  }

  /** After a commit that failed: the tree is as it was. */
  undo(): void {
    this.#growing.undo();
  }

  /** The receipt of a position under the latest head; undefined where the log has no such leaf. */
  receipt(position: number): string | undefined {
    const { controller, generation, base } = this.row;
    return this.#growing.receipt(position - base, (level, n) => {
      const tile = this.#statements.tile.get(controller, generation, level, n);
      return tile === undefined ? new Uint8Array(0) : (tile['hashes'] as Uint8Array);
    });
  }
}
