/** A log as whoever grows it holds it: the tree in memory, the head signed with every step. */
import { checkpoint, formatReceipt, signNote, type FullTile, type NoteSigner, type ReadFullTile, type Tree, type TreeSnapshot } from '#proof'; // prettier-ignore

/** What is to be stored of a step, all of it or nothing. */
export interface Growth {
  /** Leaves of the tree. */
  readonly size: number;
  readonly edge: Uint8Array;
  /** The tiles that were completed. */
  readonly tiles: readonly FullTile[];
  /** The signed checkpoint. */
  readonly head: string;
}

/** Whoever signs, and until when, in ms since the epoch; null: for good. */
export interface TimedSigner {
  readonly signer: NoteSigner;
  readonly untilMs: number | null;
}

export class GrowingLog {
  readonly origin: string;
  readonly #tree: Tree;
  #signers: readonly TimedSigner[];
  #head: string;
  #saved: { tree: TreeSnapshot; head: string } | undefined;

  constructor(origin: string, tree: Tree, signers: readonly TimedSigner[], head: string) {
    this.origin = origin;
    this.#tree = tree;
    this.#signers = signers;
    this.#head = head;
  }

  get size(): number {
    return this.#tree.size;
  }

  /** How many keys the log has had. */
  get keys(): number {
    return this.#signers.length;
  }

  get head(): string {
    return this.#head;
  }

  /** What `undo` comes back to. */
  begin(): void {
    this.#saved = { tree: this.#tree.snapshot(), head: this.#head };
  }

  /** Appends a leaf by its hash. */
  append(leaf: Uint8Array): void {
    this.#tree.append(leaf);
  }

  /** Signs the head of what was appended; the tiles are given once. `now` in ms: who signs then. */
  grow(now: number): Growth {
    const tiles = this.#tree.takeFullTiles();
    const { size, hashes } = this.#tree.edge();
    this.#head = this.#signed(now);
    return { size, edge: hashes, tiles, head: this.#head };
  }

  /** The head as it is, signed by others: those of a key's rotation. */
  signAnew(signers: readonly TimedSigner[], now: number): string {
    this.#signers = signers;
    this.#head = this.#signed(now);
    return this.#head;
  }

  #signed(now: number): string {
    const signers = this.#signers.filter(({ untilMs }) => untilMs === null || now < untilMs);
    return signedHead(this.origin, this.#tree.size, this.#tree.root(), ...signers.map(({ signer }) => signer));
  }

  /** After a step that was not stored: the log is as it was at `begin`. */
  undo(): void {
    if (this.#saved === undefined) return;
    this.#tree.restore(this.#saved.tree);
    this.#head = this.#saved.head;
  }

  /** The receipt of a leaf under the latest head; undefined where the tree has no such leaf. */
  receipt(index: number, readTile: ReadFullTile): string | undefined {
    if (index < 0 || index >= this.#tree.size) return undefined;
    return formatReceipt({ index, path: this.#tree.inclusionPath(index, readTile), checkpoint: this.#head });
  }
}

export function signedHead(origin: string, size: number, root: Uint8Array, ...signers: readonly NoteSigner[]): string {
  return signNote(checkpoint({ origin, size, root }), ...signers);
}
