import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  leafHash,
  tileBytes,
  tileRoot,
  TiledLog,
  Tree,
  TreeFailure,
  verifyConsistency,
  verifyInclusion,
  widthAt,
  type Edge,
  type ReadTile,
} from './index.js';
import { demoEntry, sha256 } from '../testdata/ed25519.js';
import { merkleConsistency, merklePath, merkleRoot } from '../testdata/rfc6962.js';

const noTile = (level: number, index: number): never => {
  throw new Error(`tile ${level}/${index} was asked for`);
};

/** Everything a log has published: full tiles as they came, and the unfinished ones of its present size. */
class Published {
  readonly tree = Tree.empty(sha256);
  readonly full = new Map<string, Uint8Array>();
  readonly asked: string[] = [];

  grow(leaf: Uint8Array): void {
    this.tree.append(leaf);
    for (const { level, index, hashes } of this.tree.takeFullTiles()) this.full.set(`${level}/${index}`, hashes);
  }

  readonly read = (level: number, index: number): Uint8Array => {
    this.asked.push(`${level}/${index}`);
    return this.full.get(`${level}/${index}`) ?? this.tree.partialTile(level);
  };

  /** Reads with the exact width, as of a smaller size. */
  readonly readWidth: ReadTile = (level, index, width) => this.read(level, index).slice(0, width * 32);
}

/** Hashes as text: comparing texts is far quicker than comparing arrays byte by byte. */
function hex(hashes: readonly Uint8Array[]): string[] {
  return hashes.map((hash) => hash.toHex());
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof TreeFailure ? error.code : String(error);
  }
  return 'none';
}

describe('sizes at which tiles end, up to 70,000', () => {
  const stops = [0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000];
  const log = new Published();
  const leaves: Uint8Array[] = [];
  const heads: { edge: Edge; partialTiles: Uint8Array[]; root: Uint8Array }[] = [];

  beforeAll(() => {
    for (const stop of stops) {
      for (let i = leaves.length; i < stop; i++) {
        const leaf = leafHash(sha256, demoEntry(i));
        leaves.push(leaf);
        log.grow(leaf);
      }
      heads.push({ edge: log.tree.edge(), partialTiles: log.tree.partialTiles(), root: log.tree.root() });
    }
  });

  test('the root of 70,000 is the stated one', () => {
    expect(heads.at(-1)?.root.toBase64()).toBe('8D7IjJMKuRKVBUNgp6g89VYyJtMlNr9okT4cEZjDReg=');
  });

  test('70,000 leaves lie in the tiles that the specification counts', () => {
    const count = (level: number): number => [...log.full.keys()].filter((key) => key.startsWith(`${level}/`)).length;
    expect([0, 1, 2].map(count)).toEqual([273, 1, 0]);
    expect([0, 1, 2].map((level) => log.tree.partialTile(level).length / 32)).toEqual([112, 17, 1]);
    expect([...log.full.values()].every(({ length }) => length === tileBytes)).toBe(true);
    const [first, second] = [0, 1].map((index) => tileRoot(sha256, log.full.get(`0/${index}`) ?? new Uint8Array(0)));
    expect(log.full.get('1/0')?.subarray(0, 64).toHex()).toBe(`${first?.toHex()}${second?.toHex()}`);
    expect(() => tileRoot(sha256, new Uint8Array(32))).toThrow(RangeError);
    expect([widthAt(70_000, 0, 272), widthAt(70_000, 0, 273), widthAt(70_000, 0, 274)]).toEqual([256, 112, 0]);
  });

  test.each(stops.map((size, i) => [size, i] as const))('%i: root, edge and proofs', (size, i) => {
    const head = heads[i];
    if (head === undefined) throw new Error('no head');
    const root = merkleRoot(leaves.slice(0, size));
    expect(head.root).toEqual(new Uint8Array(root));
    expect(head.edge.hashes.length / 32).toBe(size.toString(2).replaceAll('0', '').length);
    const resumed = Tree.resume(sha256, head.edge, head.partialTiles);
    expect(resumed.root()).toEqual(head.root);
    const tiled = new TiledLog(sha256, size, log.readWidth);
    expect(tiled.root()).toEqual(head.root);
    const indexes = [0, 1, 254, 255, 256, 511, 65_535, size >> 1, size - 2, size - 1].filter((x) => x >= 0 && x < size);
    for (const index of indexes) {
      const path = tiled.inclusionPath(index);
      expect(resumed.inclusionPath(index, log.read)).toEqual(path);
      const leaf = leaves[index] ?? noTile(0, index);
      expect(verifyInclusion(sha256, { index, size, leaf, path, root })).toEqual({ ok: true, value: null });
    }
    for (const [j, oldSize] of stops.slice(0, i + 1).entries()) {
      const oldRoot = heads[j]?.root ?? new Uint8Array(0);
      const path = tiled.consistencyPath(oldSize);
      expect(verifyConsistency(sha256, { oldSize, oldRoot, size, root, path })).toEqual({ ok: true, value: null });
    }
  });

  test('a tree taken up again grows as if it had never been put down', () => {
    const at = stops.indexOf(511);
    const head = heads[at];
    if (head === undefined) throw new Error('no head');
    const tree = Tree.resume(sha256, head.edge, head.partialTiles);
    for (const leaf of leaves.slice(511, 65_537)) tree.append(leaf);
    expect(tree.root()).toEqual(heads[stops.indexOf(65_537)]?.root);
    const tiles = tree.takeFullTiles();
    expect(tiles.map(({ level, index }) => `${level}/${index}`).slice(0, 2)).toEqual(['0/1', '0/2']);
    for (const { level, index, hashes } of tiles) {
      expect(hashes.toHex()).toBe(log.full.get(`${level}/${index}`)?.toHex());
    }
    expect(tree.takeFullTiles()).toEqual([]);
  });

  test('many paths into one old tile read it, and those that vouch for it, once', () => {
    const head = heads.at(-1);
    if (head === undefined) throw new Error('no head');
    const tree = Tree.resume(sha256, head.edge, head.partialTiles);
    log.asked.length = 0;
    for (let index = 512; index < 768; index++) tree.inclusionPath(index, log.read);
    expect(log.asked).toEqual(['0/2', '1/0']);
  });

  test('a damaged tile is found before it makes a false path', () => {
    const head = heads.at(-1);
    if (head === undefined) throw new Error('no head');
    const damaged = (level: number, index: number): Uint8Array => {
      const tile = log.read(level, index).slice();
      if (level === 0) tile[0] = (tile[0] ?? 0) ^ 1;
      return tile;
    };
    const tree = Tree.resume(sha256, head.edge, head.partialTiles);
    expect(codeOf(() => tree.inclusionPath(5, damaged))).toBe('tile-mismatch');
    expect(codeOf(() => new TiledLog(sha256, 70_000, damaged).inclusionPath(5))).toBe('tile-mismatch');
    expect(codeOf(() => tree.inclusionPath(5, () => new Uint8Array(8191)))).toBe('tile-malformed');
    for (const length of [0, 31, 32 * 111, 32 * 112 + 1, 8193]) {
      expect(codeOf(() => new TiledLog(sha256, 70_000, () => new Uint8Array(length)).root())).toBe('tile-malformed');
    }
  });

  test('a damaged edge is not taken up', () => {
    const { edge, partialTiles } = heads[stops.indexOf(257)] ?? noTile(0, 0);
    const resume = (changed: Edge, tiles: readonly (Uint8Array | undefined)[]): string =>
      codeOf(() => Tree.resume(sha256, changed, tiles));
    expect(resume(edge, partialTiles)).toBe('none');
    expect(resume({ ...edge, size: 258 }, partialTiles)).toBe('tile-malformed');
    expect(resume({ ...edge, size: -1 }, partialTiles)).toBe('edge-malformed');
    expect(resume({ ...edge, size: 1.5 }, partialTiles)).toBe('edge-malformed');
    expect(resume(edge, [])).toBe('tile-malformed');
    expect(resume(edge, [...partialTiles, new Uint8Array(32)])).toBe('tile-malformed');
    expect(resume(edge, [new Uint8Array(32), partialTiles[1]])).toBe('edge-mismatch');
    expect(resume({ ...edge, hashes: edge.hashes.slice(32) }, partialTiles)).toBe('edge-mismatch');
  });
});

describe('against the definitions of RFC 6962', () => {
  const leaves = Array.from({ length: 70 }, (_, i) => leafHash(sha256, demoEntry(i)));

  test('every path and every proof of the first 70 sizes is the very one', () => {
    const log = new Published();
    for (const leaf of leaves) {
      log.grow(leaf);
      const { size } = log.tree;
      const present = leaves.slice(0, size);
      const tiled = new TiledLog(sha256, size, log.readWidth);
      expect(log.tree.root()).toEqual(new Uint8Array(merkleRoot(present)));
      for (let index = 0; index < size; index++) {
        const path = hex(merklePath(index, present));
        expect(hex(log.tree.inclusionPath(index, noTile))).toEqual(path);
      }
      for (let old = 1; old < size; old++) {
        const proof = hex(merkleConsistency(old, present));
        expect(hex(tiled.consistencyPath(old))).toEqual(proof);
      }
    }
  });
});

describe('snapshots', () => {
  test('whatever is appended, restored and taken, the tree is that of the leaves that stayed', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 400 }) }),
      fc.record({ do: fc.constant('snapshot' as const) }),
      fc.record({ do: fc.constant('restore' as const) }),
      fc.record({ do: fc.constant('take' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const tree = Tree.empty(sha256);
        let leaves: Uint8Array[] = [];
        let saved = { snapshot: tree.snapshot(), leaves };
        let next = 0;
        for (const current of steps) {
          if (current.do === 'append') {
            const added = Array.from({ length: current.count }, () => leafHash(sha256, demoEntry(next++)));
            leaves = [...leaves, ...added];
            for (const leaf of added) tree.append(leaf);
          } else if (current.do === 'snapshot') {
            saved = { snapshot: tree.snapshot(), leaves };
          } else if (current.do === 'restore') {
            tree.restore(saved.snapshot);
            leaves = saved.leaves;
          } else {
            tree.takeFullTiles();
          }
        }
        const plain = new Published();
        for (const leaf of leaves) plain.grow(leaf);
        expect(tree.size).toBe(leaves.length);
        expect(tree.edge()).toEqual(plain.tree.edge());
        expect(tree.partialTiles().filter(({ length }) => length > 0)).toEqual(
          plain.tree.partialTiles().filter(({ length }) => length > 0),
        );
        for (let index = 0; index < leaves.length; index += 97) {
          expect(tree.inclusionPath(index, plain.read)).toEqual(plain.tree.inclusionPath(index, plain.read));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('tiles finished after a snapshot are forgotten with it, those before are not', () => {
    const tree = Tree.empty(sha256);
    const leaf = leafHash(sha256, demoEntry(0));
    for (let i = 0; i < 300; i++) tree.append(leaf);
    const snapshot = tree.snapshot();
    for (let i = 0; i < 300; i++) tree.append(leaf);
    tree.restore(snapshot);
    expect(tree.takeFullTiles().map(({ index }) => index)).toEqual([0]);
  });

  test('an older snapshot is refused, since its tiles have been written over', () => {
    const tree = Tree.empty(sha256);
    const older = tree.snapshot();
    const latest = tree.snapshot();
    tree.restore(latest);
    expect(() => tree.restore(older)).toThrow(RangeError);
  });
});

test('what is no leaf, or not in the tree, is a fault of the caller', () => {
  const tree = Tree.empty(sha256);
  expect(() => tree.append(new Uint8Array(31))).toThrow(RangeError);
  expect(tree.size).toBe(0);
  tree.append(new Uint8Array(32));
  expect(() => tree.inclusionPath(1, noTile)).toThrow(RangeError);
  expect(() => tree.inclusionPath(-1, noTile)).toThrow(RangeError);
  expect(() => new TiledLog(sha256, 1, () => new Uint8Array(32)).consistencyPath(2)).toThrow(RangeError);
});
