import { hash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { leafHash, Tree, type ReadFullTile } from './index.js';

const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');
const text = new TextEncoder();

function entry(i: number): Uint8Array {
  return text.encode(`{"i":${i},"type":"ProcessingRecorded","v":1}`);
}

describe('Tree', () => {
  test('has the stated root at 70,000 leaves', () => {
    const tree = Tree.empty(sha256);
    for (let i = 0; i < 70_000; i++) tree.append(leafHash(sha256, entry(i)));
    expect(tree.root().toBase64()).toBe('8D7IjJMKuRKVBUNgp6g89VYyJtMlNr9okT4cEZjDReg=');
    const none: ReadFullTile = () => {
      throw new Error();
    };
    expect(tree.inclusionPath(69_999, none)).toHaveLength(9);
    expect(tree.takeFullTiles()).toHaveLength(274);
    const again = Tree.resume(sha256, tree.edge(), tree.partialTiles());
    expect(again.root()).toEqual(tree.root());
  });
});
