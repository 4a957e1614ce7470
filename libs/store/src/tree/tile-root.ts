import { hashBytes, nodeHash } from '#proof';
import { sha256 } from '../sealing/hashing.js';

/** Root of a full tile of 256 hashes: its hash in the tile above. 255 node hashes. */
export function rootOf(tile: Uint8Array): Uint8Array {
  let nodes: Uint8Array[] = [];
  for (let at = 0; at < tile.length; at += hashBytes) nodes.push(tile.subarray(at, at + hashBytes));
  while (nodes.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i + 1 < nodes.length; i += 2) above.push(nodeHash(sha256, nodes[i]!, nodes[i + 1]!));
    nodes = above;
  }
  return nodes[0]!;
}
