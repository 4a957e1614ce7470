import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { checkpoint, leafHash, noteSigner, signNote, Tree } from '#proof';

const GROUP = 1000;
const ORIGIN = 'bench.example/log/kz.bench/1';

/**
 * Microseconds an event that the log's tree costs, as the writer does it: the leaf's hash, its place in the tree, and for
 * each group the finished tiles, the edge and the signed head.
 */
export function treeCostMicroseconds(entries: readonly Uint8Array[]): number {
  const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer');
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signer = noteSigner(sha256, {
    name: ORIGIN,
    publicKey: new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  });
  const tree = Tree.empty(sha256);
  const begun = performance.now();
  for (let start = 0; start < entries.length; start += GROUP) {
    for (const entry of entries.slice(start, start + GROUP)) tree.append(leafHash(sha256, entry));
    tree.takeFullTiles();
    tree.edge();
    signNote(checkpoint({ origin: ORIGIN, size: tree.size, root: tree.root() }), signer);
  }
  return ((performance.now() - begun) * 1000) / entries.length;
}
