import { emptyRoot, equalBytes, hashBytes, NodeHasher, type Sha256 } from './hashing.js';
import { accept, reject, type Result } from './result.js';

/** A count of leaves as other logs may have it; a number must be a safe integer. */
export type Size = number | bigint;

export type InclusionCode = 'index-out-of-range' | 'hash-malformed' | 'path-length' | 'root-mismatch';

export type ConsistencyCode =
  'size-out-of-range' | 'hash-malformed' | 'path-length' | 'old-root-mismatch' | 'root-mismatch';

/** A leaf, the path beside it (its sibling first), and the tree in which it is said to be. */
export interface InclusionClaim {
  readonly index: Size;
  readonly size: Size;
  readonly leaf: Uint8Array;
  readonly path: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** Two heads of a log, and the path that shows the newer one to begin with the older one's leaves. */
export interface ConsistencyClaim {
  readonly oldSize: Size;
  readonly oldRoot: Uint8Array;
  readonly size: Size;
  readonly root: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/** Whether the leaf with this hash has that index in the tree. RFC 9162, 2.1.3.2; the hashing is RFC 6962's. */
export function verifyInclusion(sha256: Sha256, claim: InclusionClaim): Result<null, InclusionCode> {
  const index = exact(claim.index);
  const size = exact(claim.size);
  if (index === undefined || size === undefined || index >= size) return reject('index-out-of-range');
  if (![claim.leaf, claim.root, ...claim.path].every(isHash)) return reject('hash-malformed');
  const hasher = new NodeHasher(sha256);
  let own = index;
  let last = size - 1n;
  let root = claim.leaf;
  for (const sibling of claim.path) {
    if (last === 0n) return reject('path-length');
    if (own % 2n === 1n || own === last) {
      root = hasher.pair(sibling, root);
      [own, last] = climb(own, last);
    } else {
      root = hasher.pair(root, sibling);
    }
    own >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) return reject('path-length');
  return equalBytes(root, claim.root) ? accept(null) : reject('root-mismatch');
}

/**
 * Whether the newer head begins with the older one's leaves. RFC 9162, 2.1.4.2. From size 0, or to the same size, the
 * path is empty; the root of size 0 is known and must be given as it is. Two heads of one size are only compared.
 */
export function verifyConsistency(sha256: Sha256, claim: ConsistencyClaim): Result<null, ConsistencyCode> {
  const oldSize = exact(claim.oldSize);
  const size = exact(claim.size);
  if (oldSize === undefined || size === undefined || oldSize > size) return reject('size-out-of-range');
  if (oldSize === size && oldSize > 0n) {
    if (claim.path.length > 0) return reject('path-length');
    return equalBytes(claim.oldRoot, claim.root) ? accept(null) : reject('root-mismatch');
  }
  if (![claim.oldRoot, claim.root, ...claim.path].every(isHash)) return reject('hash-malformed');
  if (oldSize === 0n) return verifyFromNothing(emptyRoot(sha256), size, claim);
  return foldConsistency(new NodeHasher(sha256), oldSize, size, claim);
}

/** Any tree follows from the empty one, whose root everyone knows. */
function verifyFromNothing(empty: Uint8Array, size: bigint, claim: ConsistencyClaim): Result<null, ConsistencyCode> {
  if (claim.path.length > 0) return reject('path-length');
  if (!equalBytes(claim.oldRoot, empty)) return reject('old-root-mismatch');
  return size > 0n || equalBytes(claim.root, empty) ? accept(null) : reject('root-mismatch');
}

function foldConsistency(
  hasher: NodeHasher,
  oldSize: bigint,
  size: bigint,
  claim: ConsistencyClaim,
): Result<null, ConsistencyCode> {
  // Of a complete older tree the first node is its root, which the prover leaves out.
  const complete = (oldSize & (oldSize - 1n)) === 0n;
  const [first, ...rest] = complete ? [claim.oldRoot, ...claim.path] : claim.path;
  if (first === undefined) return reject('path-length');
  let own = oldSize - 1n;
  let last = size - 1n;
  while (own % 2n === 1n) {
    own >>= 1n;
    last >>= 1n;
  }
  let oldRoot = first;
  let root = first;
  for (const node of rest) {
    if (last === 0n) return reject('path-length');
    if (own % 2n === 1n || own === last) {
      oldRoot = hasher.pair(node, oldRoot);
      root = hasher.pair(node, root);
      [own, last] = climb(own, last);
    } else {
      root = hasher.pair(root, node);
    }
    own >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) return reject('path-length');
  if (!equalBytes(oldRoot, claim.oldRoot)) return reject('old-root-mismatch');
  return equalBytes(root, claim.root) ? accept(null) : reject('root-mismatch');
}

/** Skips the levels at which a node of the right border has no sibling. */
function climb(own: bigint, last: bigint): [bigint, bigint] {
  while (own % 2n === 0n && own !== 0n) {
    own >>= 1n;
    last >>= 1n;
  }
  return [own, last];
}

function exact(size: Size): bigint | undefined {
  if (typeof size === 'number' && !Number.isSafeInteger(size)) return undefined;
  const value = BigInt(size);
  return value >= 0n && value < 1n << 64n ? value : undefined;
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === hashBytes;
}
