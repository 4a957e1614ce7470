/** What every log publishes, checked as a stranger would: with the verifier key, the tiles and the bundles alone. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createPublicKey, hash, verify } from 'node:crypto';
import {
  leafHash, logPolicy, noteVerifier, openNote, parseBundle, parseCheckpoint, parseNote, parseVerifierKey, Tree, verifyReceipt, type Primitives,
} from '#proof'; // prettier-ignore
import { collected } from './actions.js';
import { options, siyliq, somo, unknown, type Engine, type MakePlace, type Place } from './engine.js';
import { recorded } from './ledger-contract.js';

const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const verifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean =>
  verify(
    null,
    message,
    createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' }),
    signature,
  );
const primitives: Primitives = { sha256, verify: verifyEd25519 };

export function transparencyLogContract(makePlace: MakePlace): void {
  let place: Place;
  let store: Engine;

  beforeEach(async () => {
    place = await makePlace();
    store = await place.open(options());
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });

  const fill = async (from: number, to: number) =>
    store.ledger.record(
      siyliq,
      Array.from({ length: to - from }, (_, i) => collected(`${from + i}`, `P${(from + i) % 13}`)),
      { wait: true },
    );

  /** The head, opened with the verifier key. */
  const head = async () => {
    const key = parseVerifierKey(sha256, (await store.log.verifierKey(siyliq, 1))!);
    const note = parseNote((await store.log.checkpoint(siyliq, 1))!);
    if (!key.ok || !note.ok) throw new Error('the head or its key cannot be read');
    expect(openNote(note.value, [noteVerifier(verifyEd25519, key.value)]).ok).toBe(true);
    const read = parseCheckpoint(note.value.text);
    if (!read.ok) throw new Error('not a checkpoint');
    return read.value;
  };

  const entries = async (size: number): Promise<Uint8Array[]> => {
    const all: Uint8Array[] = [];
    for (let tile = 0; tile * 256 < size; tile++) {
      const bundle = parseBundle((await store.log.bundle(siyliq, 1, tile, Math.min(256, size - tile * 256)))!);
      if (!bundle.ok) throw new Error('not a bundle');
      all.push(...bundle.value);
    }
    return all;
  };

  test('an empty log has a signed head of nothing, under the origin of its installation', async () => {
    expect(await head()).toMatchObject({ origin: `depter.example/log/${siyliq}/1`, size: 0 });
    expect(await store.log.checkpoint(siyliq, 2)).toBeUndefined();
    expect(await store.log.checkpoint(unknown, 1)).toBeUndefined();
    expect(await store.log.verifierKey(unknown, 1)).toBeUndefined();
  });

  test.each([1, 255, 256, 257, 700])(
    'of %i entries the root is that of the entries, and the tiles are those of the tree',
    async (size) => {
      await fill(0, size);
      const tree = Tree.empty(sha256);
      const published = await entries(size);
      expect(published.map((entry) => Buffer.from(entry))).toEqual(
        (await store.ledger.entries(siyliq, 0, size)).map(({ entry }) => Buffer.from(entry)),
      );
      for (const entry of published) tree.append(leafHash(sha256, entry));
      const { size: said, root } = await head();
      expect(said).toBe(size);
      expect(Buffer.from(root).equals(tree.root())).toBe(true);
      for (const { level, index, hashes } of tree.takeFullTiles()) {
        expect(Buffer.from((await store.log.tile(siyliq, 1, level, index, 256))!).equals(hashes)).toBe(true);
      }
      for (const [level, hashes] of tree.partialTiles().entries()) {
        const count = Math.floor(size / 256 ** level);
        if (count % 256 === 0) continue;
        const tile = await store.log.tile(siyliq, 1, level, Math.floor(count / 256), count % 256);
        expect(Buffer.from(tile!).equals(hashes)).toBe(true);
      }
    },
  );

  test('what is not there is not served', async () => {
    await fill(0, 300);
    const tiles = [[0, 1, 45], [0, 1, 256], [0, 2, 1], [1, 0, 2], [2, 0, 1], [0, 0, 0], [0, 0, 257], [-1, 0, 1], [0, -1, 1], [0, 0.5, 1]] as const; // prettier-ignore
    for (const [level, index, width] of tiles)
      expect(await store.log.tile(siyliq, 1, level, index, width)).toBeUndefined();
    expect(await store.log.bundle(siyliq, 1, 1, 45)).toBeUndefined();
    expect(await store.log.bundle(siyliq, 2, 0, 256)).toBeUndefined();
    expect(await store.log.bundle(somo, 1, 0, 1)).toBeUndefined();
    expect(await store.log.receipt(siyliq, 300)).toBeUndefined();
    expect(await store.log.receipt(siyliq, -1)).toBeUndefined();
  });

  test('a receipt given with the acknowledgement, and one asked for later, prove the entry', async () => {
    await fill(0, 270);
    const outcomes = await store.ledger.record(siyliq, [collected('a', 'A'), collected('b', 'A')], { receipts: true });
    const key = (await store.log.verifierKey(siyliq, 1))!;
    for (const outcome of outcomes) {
      const { entry, receipt, position } = recorded(outcome);
      expect(verified(receipt!, entry!, key)).toBe(position);
    }
    await fill(270, 600);
    for (const position of [0, 255, 256, 271, 599]) {
      const [read] = await store.ledger.entries(siyliq, position, 1);
      const receipt = (await store.log.receipt(siyliq, position))!;
      expect(verified(receipt, read!.entry, key)).toBe(position);
      const [other] = await store.ledger.entries(siyliq, position === 0 ? 1 : 0, 1);
      expect(verified(receipt, other!.entry, key)).toBeUndefined();
    }
  });

  test('every acknowledgement is covered by the head that stands then', async () => {
    for (let n = 0; n < 5; n++) {
      const [outcome] = await fill(n, n + 1);
      expect((await head()).size).toBeGreaterThan(recorded(outcome).position);
    }
  });

  test('what witnesses cosigned is kept: the first of a size, beside the last head of each day', async () => {
    expect(await store.log.cosigned(siyliq, 1)).toBeUndefined();
    await fill(0, 5);
    const five = (await store.log.checkpoint(siyliq, 1))!;
    await store.log.keepCosigned(siyliq, 1, { size: 5, note: `${five}— w/1 AAAA\n`, cosignedMs: 1_000 });
    await store.log.keepCosigned(siyliq, 1, { size: 5, note: 'another', cosignedMs: 2_000 });
    await fill(5, 9);
    const nine = (await store.log.checkpoint(siyliq, 1))!;
    await store.close();
    store = await place.open(options());
    expect(await store.log.cosigned(siyliq, 1)).toEqual({ size: 5, note: `${five}— w/1 AAAA\n`, cosignedMs: 1_000 });
    await store.log.keepCosigned(siyliq, 1, { size: 9, note: nine, cosignedMs: 3_000 });
    const kept = await store.log.checkpoints(siyliq, 1, -1, 1_000);
    // Day by day: the suite's clock stands on one day, so the head of nothing has given way to the latest.
    expect(kept).toEqual([
      { size: 5, note: `${five}— w/1 AAAA\n`, cosignedMs: 1_000 },
      { size: 9, note: nine, cosignedMs: null },
      { size: 9, note: nine, cosignedMs: 3_000 },
    ]);
    // Page by page, each with all that is of its last size.
    expect(await store.log.checkpoints(siyliq, 1, -1, 1)).toEqual(kept.slice(0, 1));
    expect(await store.log.checkpoints(siyliq, 1, 5, 1)).toEqual(kept.slice(1));
    expect(await store.log.checkpoints(siyliq, 1, 8, 2)).toEqual(kept.slice(1));
    expect(await store.log.checkpoints(siyliq, 1, 9, 1)).toEqual([]);
    expect(await store.log.checkpoints(siyliq, 2, -1, 1_000)).toEqual([]);
    expect(await store.log.checkpoints(unknown, 1, -1, 1_000)).toEqual([]);
  });

  test('opened again the head is the same, and what comes is consistent with it', async () => {
    await fill(0, 530);
    const before = await store.log.checkpoint(siyliq, 1);
    await store.close();
    store = await place.open(options());
    expect(await store.log.checkpoint(siyliq, 1)).toBe(before);
    await fill(530, 600);
    const tree = Tree.empty(sha256);
    for (const entry of await entries(600)) tree.append(leafHash(sha256, entry));
    expect(Buffer.from((await head()).root).equals(tree.root())).toBe(true);
  });

  /** The index that a receipt proves the entry at; undefined where it proves nothing. */
  function verified(receipt: string, entry: Uint8Array, key: string): number | undefined {
    const parsed = parseVerifierKey(sha256, key);
    if (!parsed.ok) throw new Error('not a verifier key');
    const result = verifyReceipt(primitives, logPolicy(parsed.value), receipt, entry);
    return result.ok ? result.value.index : undefined;
  }
}
