/** The log of one controller as the writer holds it: its tree in memory, its head signed with every commit. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { checkpoint, formatReceipt, signNote, Tree, type NoteSigner, type TreeSnapshot } from '#proof';
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
  readonly #tree: Tree;
  readonly #signer: NoteSigner;
  readonly #statements: LogStatements;
  #head: string;
  #saved: { tree: TreeSnapshot; head: string } | undefined;

  constructor(row: LogRow, tree: Tree, signer: NoteSigner, head: string, statements: LogStatements) {
    this.row = row;
    this.#tree = tree;
    this.#signer = signer;
    this.#head = head;
    this.#statements = statements;
  }

  /** The key of the events table that the next event will have. */
  get nextAt(): number {
    return this.row.controller * POSITIONS + this.row.base + this.#tree.size;
  }

  get size(): number {
    return this.row.base + this.#tree.size;
  }

  begin(): void {
    this.#saved = { tree: this.#tree.snapshot(), head: this.#head };
  }

  append(leaf: Uint8Array): void {
    this.#tree.append(leaf);
  }

  /** Writes what the tree has grown by and signs its head; inside the transaction of the events. `now` in ms. */
  sign(now: number): void {
    const { controller, generation } = this.row;
    for (const { level, index, hashes } of this.#tree.takeFullTiles()) {
      this.#statements.addTile.run(controller, generation, level, index, hashes);
    }
    const edge = this.#tree.edge();
    this.#head = signedHead(this.row.origin, edge.size, this.#tree.root(), this.#signer);
    this.#statements.setHead.run(controller, generation, Math.floor(now / DAY_MS), edge.size, this.#head);
    this.#statements.setSize.run(edge.size, edge.hashes, controller, generation);
  }

  /** After a commit that failed: the tree is as it was. */
  undo(): void {
    if (this.#saved === undefined) return;
    this.#tree.restore(this.#saved.tree);
    this.#head = this.#saved.head;
  }

  /** The receipt of a position under the latest head; undefined where the log has no such leaf. */
  receipt(position: number): string | undefined {
    const index = position - this.row.base;
    if (index < 0 || index >= this.#tree.size) return undefined;
    const { controller, generation } = this.row;
    const path = this.#tree.inclusionPath(index, (level, n) => {
      const tile = this.#statements.tile.get(controller, generation, level, n);
      return tile === undefined ? new Uint8Array(0) : (tile['hashes'] as Uint8Array);
    });
    return formatReceipt({ index, path, checkpoint: this.#head });
  }
}

export function signedHead(origin: string, size: number, root: Uint8Array, signer: NoteSigner): string {
  return signNote(checkpoint({ origin, size, root }), signer);
}
