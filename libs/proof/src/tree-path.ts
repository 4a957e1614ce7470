import { emptyRoot, NodeHasher, type Sha256 } from './hashing.js';

/**
 * Gives a complete node of the binary tree: `height` 0 is the leaves, and node (height, index) covers the leaves from
 * index·2^height up to (index+1)·2^height, all of which exist.
 */
export type ReadNode = (height: number, index: number) => Uint8Array;

/**
 * The tree of one size, read through its complete nodes. Only the right border of a tree is not made of complete
 * nodes; what lies there is folded once and serves every path.
 */
export class SizedTree {
  readonly size: number;
  readonly #sha256: Sha256;
  readonly #hasher: NodeHasher;
  readonly #node: ReadNode;
  readonly #ragged = new Map<number, Uint8Array>();

  constructor(sha256: Sha256, size: number, node: ReadNode) {
    requireSize(size);
    this.size = size;
    this.#sha256 = sha256;
    this.#hasher = new NodeHasher(sha256);
    this.#node = node;
  }

  root(): Uint8Array {
    return this.size === 0 ? new Uint8Array(emptyRoot(this.#sha256)) : this.#border(heightOf(this.size) + 1).slice();
  }

  /** The compact range: the complete subtrees that the size is made of, largest first. */
  edge(): Uint8Array[] {
    const nodes: Uint8Array[] = [];
    for (let height = heightOf(this.size); height >= 0; height--) {
      if (hasBit(this.size, height)) nodes.push(this.#edgeNode(height));
    }
    return nodes;
  }

  /**
   * Inclusion path of a leaf, its sibling first. RFC 6962, 2.1.1. The index must lie in the tree. `node` may reach
   * further than the tree's own reader, which then serves the border alone.
   */
  inclusionPath(index: number, node: ReadNode = this.#node): Uint8Array[] {
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.size)
      throw new RangeError('no such leaf in this tree');
    const path: Uint8Array[] = [];
    for (let height = 0; 2 ** height < this.size; height++) {
      const own = Math.floor(index / 2 ** height);
      const sibling = own % 2 === 0 ? own + 1 : own - 1;
      const complete = (sibling + 1) * 2 ** height <= this.size;
      if (complete) path.push(node(height, sibling));
      else if (sibling * 2 ** height < this.size) path.push(this.#border(height).slice());
    }
    return path;
  }

  /** Consistency proof from an older size, 0 to this one; empty for 0 and for this size. RFC 6962, 2.1.2. */
  consistencyPath(oldSize: number): Uint8Array[] {
    requireSize(oldSize);
    if (oldSize > this.size) throw new RangeError('the older tree is larger');
    if (oldSize === 0 || oldSize === this.size) return [];
    return this.#consistency(oldSize, 0, this.size, true);
  }

  /** SUBPROOF of RFC 6962 over the leaves [low, high): `whole` while the older tree is still all of what was seen. */
  #consistency(old: number, low: number, high: number, whole: boolean): Uint8Array[] {
    if (old === high) return whole ? [] : [this.#range(low, high)];
    const middle = low + 2 ** heightOf(high - low - 1);
    return old <= middle
      ? [...this.#consistency(old, low, middle, whole), this.#range(middle, high)]
      : [...this.#consistency(old, middle, high, false), this.#range(low, middle)];
  }

  /** Root of the leaves [low, high) of a subtree that is complete or ends where the tree ends. */
  #range(low: number, high: number): Uint8Array {
    const height = heightOf(high - low);
    return 2 ** height === high - low ? this.#node(height, low / 2 ** height) : this.#border(height + 1).slice();
  }

  /** Root of the last (size mod 2^height) leaves: the edge's nodes below that height, folded from the smallest. */
  #border(height: number): Uint8Array {
    const known = this.#ragged.get(height);
    if (known !== undefined) return known;
    let folded: Uint8Array | undefined;
    for (let h = 0; h < height; h++) {
      if (!hasBit(this.size, h)) continue;
      const node = this.#edgeNode(h);
      folded = folded === undefined ? node : this.#hasher.pair(node, folded);
    }
    if (folded === undefined) throw new RangeError('nothing lies on that border');
    // A hash function may give a subclass of Uint8Array, whose `slice` need not copy; from here on it is a plain one.
    const root = new Uint8Array(folded);
    this.#ragged.set(height, root);
    return root;
  }

  #edgeNode(height: number): Uint8Array {
    return this.#node(height, Math.floor(this.size / 2 ** (height + 1)) * 2);
  }
}

/** Height of the largest complete subtree that fits `count` leaves: floor(log2(count)), −1 for none. */
export function heightOf(count: number): number {
  let height = -1;
  for (let rest = count; rest >= 1; rest = Math.floor(rest / 2)) height++;
  return height;
}

/** Whether 2^height is one of the powers of two that `size` is the sum of. */
export function hasBit(size: number, height: number): boolean {
  return Math.floor(size / 2 ** height) % 2 === 1;
}

/** Throws unless `size` is a number of leaves that a double counts exactly. */
export function requireSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError('a size is a non-negative safe integer');
}
