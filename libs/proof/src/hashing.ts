/**
 * RFC 6962 hashing over an injected SHA-256, so that the same code runs on a server and in a browser.
 * The hash function must be synchronous, must not keep its argument, and must return 32 fresh bytes.
 */
export type Sha256 = (data: Uint8Array) => Uint8Array;

/** The same, its 32 bytes written to `target` from `at`: where many hashes end in one array, none is made for itself. */
export type Sha256Into = (data: Uint8Array, target: Uint8Array, at: number) => void;

/** For whoever was given nothing faster. */
export function writing(sha256: Sha256): Sha256Into {
  return (data, target, at) => target.set(sha256(data), at);
}

/** Width of every hash in the tree, in bytes. */
export const hashBytes = 32;

/** Leaf of an entry: SHA-256(0x00 ‖ entry). RFC 6962, 2.1. */
export function leafHash(sha256: Sha256, entry: Uint8Array): Uint8Array {
  const prefixed = new Uint8Array(1 + entry.length);
  prefixed.set(entry, 1);
  return sha256(prefixed);
}

/** Node over two hashes of 32 bytes each: SHA-256(0x01 ‖ left ‖ right). RFC 6962, 2.1. */
export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  return new NodeHasher(sha256).pair(left, right);
}

/** Root of the tree without leaves: SHA-256 of nothing. RFC 6962, 2.1. */
export function emptyRoot(sha256: Sha256): Uint8Array {
  return sha256(new Uint8Array(0));
}

/** Hashes nodes through one reused buffer: growing a tree is one such call a leaf, so its allocations count. */
export class NodeHasher {
  readonly #sha256: Sha256;
  readonly #sha256Into: Sha256Into;
  readonly #block = new Uint8Array(1 + 2 * hashBytes);

  constructor(sha256: Sha256, sha256Into: Sha256Into = writing(sha256)) {
    this.#sha256 = sha256;
    this.#sha256Into = sha256Into;
    this.#block[0] = 0x01;
  }

  /** Node over two hashes that lie apart; each must be 32 bytes. */
  pair(left: Uint8Array, right: Uint8Array): Uint8Array {
    if (left.length !== hashBytes || right.length !== hashBytes) throw new RangeError('a node is made of two hashes');
    this.#block.set(left, 1);
    this.#block.set(right, 1 + hashBytes);
    return this.#sha256(this.#block);
  }

  /** Node over two hashes that lie side by side in `bytes` from `from`, written to the same bytes from `to`. */
  adjacent(bytes: Uint8Array, from: number, to: number): void {
    // So few bytes are copied sooner than a view of them is made.
    for (let i = 0; i < 2 * hashBytes; i++) this.#block[1 + i] = bytes[from + i]!;
    this.#sha256Into(this.#block, bytes, to);
  }
}

/** Whether two byte strings are the same. Everything compared here is public, so the time it takes tells nothing. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
