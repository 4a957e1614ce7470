import { describe, expect, test } from '@jest/globals';
import {
  bundle,
  checkpoint,
  emptyRoot,
  formatNote,
  formatReceipt,
  leafHash,
  logPolicy,
  nodeHash,
  parseBundle,
  parseNote,
  parseVerifierKey,
  formatVerifierKey,
  Tree,
  verifyCheckpoint,
  verifyConsistency,
  verifyReceipt,
  TiledLog,
} from './index.js';
import { bytes, node, read, sha256 } from '../testdata/ed25519.js';

/** A log of 15 entries that Tessera wrote, with its signed checkpoint at every size. */
interface GoldenLog {
  readonly vkey: string;
  readonly entries: readonly string[];
  readonly bundle3_hex: string;
  readonly tile0_15_hex: string;
  readonly checkpoints: Readonly<Record<string, string>>;
}

const golden = JSON.parse(read('golden-log.json')) as GoldenLog;
const entries = golden.entries.map(bytes);
const sizes = Object.keys(golden.checkpoints).map(Number);
const key = parseVerifierKey(sha256, golden.vkey);
if (!key.ok) throw new Error(key.code);
const policy = logPolicy(key.value);

function treeOf(size: number): Tree {
  const tree = Tree.empty(sha256);
  for (const entry of entries.slice(0, size)) tree.append(leafHash(sha256, entry));
  return tree;
}

function signed(size: number): string {
  return golden.checkpoints[size] ?? '';
}

test('hashes are those of RFC 6962', () => {
  expect(emptyRoot(sha256).toHex()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(leafHash(sha256, bytes('one')).toHex()).toBe(
    'd0d7360ab79f58ab1e1e3fe64ad77e2ea0bc07e36b5f46ed2223edd9298df9e9',
  );
  const [one, two] = entries.map((entry) => leafHash(sha256, entry));
  if (one === undefined || two === undefined) throw new Error('the golden log has two entries');
  expect(nodeHash(sha256, one, two)).toEqual(treeOf(2).root());
});

test('the verifier key is written as it was read', () => {
  expect(formatVerifierKey(key.value)).toBe(golden.vkey);
});

test('bundle and tile are those of the log, byte by byte', () => {
  expect(bundle(entries.slice(0, 3)).toHex()).toBe(golden.bundle3_hex);
  expect(bundle(entries.slice(0, 3)).toHex()).toBe('00036f6e65000374776f00057468726565');
  expect(parseBundle(Uint8Array.fromHex(golden.bundle3_hex), 3)).toEqual({ ok: true, value: entries.slice(0, 3) });
  expect(treeOf(15).partialTile(0).toHex()).toBe(golden.tile0_15_hex);
});

describe('the checkpoint of every size', () => {
  test('there are 16', () => {
    expect(sizes).toEqual(Array.from({ length: 16 }, (_, size) => size));
  });

  test.each(sizes)('%i is verified, and its text and note are written as they were read', (size) => {
    const verdict = verifyCheckpoint(node.verify, policy, signed(size));
    expect(verdict).toMatchObject({ ok: true, value: { head: { size, root: treeOf(size).root() }, log: key.value } });
    const note = parseNote(signed(size));
    if (!note.ok) throw new Error(note.code);
    expect(note.value.text).toBe(checkpoint({ origin: key.value.name, size, root: treeOf(size).root() }));
    expect(formatNote(note.value)).toBe(signed(size));
  });

  test('gives a good receipt of each of its entries, and follows from each before it', () => {
    for (const size of sizes) {
      const log = new TiledLog(sha256, size, () => treeOf(15).partialTile(0));
      for (const [index, entry] of entries.slice(0, size).entries()) {
        const receipt = formatReceipt({ index, path: log.inclusionPath(index), checkpoint: signed(size) });
        expect(verifyReceipt(node, policy, receipt, entry)).toMatchObject({ ok: true, value: { index } });
      }
      for (let oldSize = 0; oldSize <= size; oldSize++) {
        const path = log.consistencyPath(oldSize);
        const claim = { oldSize, oldRoot: treeOf(oldSize).root(), size, root: log.root(), path };
        expect(verifyConsistency(sha256, claim)).toEqual({ ok: true, value: null });
      }
    }
  });
});
