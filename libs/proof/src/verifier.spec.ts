import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  checkpoint,
  cosigner,
  formatReceipt,
  leafHash,
  logPolicy,
  makeVerifierKey,
  noteSigner,
  parseReceipt,
  signNote,
  Tree,
  verifyConsistency,
  verifyInclusion,
  verifyReceipt,
  TiledLog,
  type Ed25519Key,
  type NoteSigner,
  type Policy,
  type Receipt,
} from './index.js';
import { bytes, demoEntry, ed25519, node, seedOf, sha256 } from '../testdata/ed25519.js';

const origin = '127.0.0.1/ledger/demo';
const log = ed25519(origin, seedOf(7));
const rotated = ed25519(origin, seedOf(17));
const other = ed25519('127.0.0.1/ledger/other', seedOf(27));
const witness = ed25519('witness.example.com/w1', seedOf(9));
const witnessKey = makeVerifierKey(sha256, witness.name, witness.publicKey, 'cosignature');

const leaves = Array.from({ length: 600 }, (_, i) => leafHash(sha256, demoEntry(i)));
const tree = Tree.empty(sha256);
for (const leaf of leaves) tree.append(leaf);
const full = tree.takeFullTiles();

function logAt(size: number): TiledLog {
  return new TiledLog(
    sha256,
    size,
    (level, index) => full.find((t) => t.level === level && t.index === index)?.hashes ?? tree.partialTile(level),
  );
}

const logs = Array.from({ length: 601 }, (_, size) => logAt(size));

function at(size: number): TiledLog {
  return logs[size] ?? logAt(size);
}

function keyOf({ name, publicKey }: Ed25519Key): ReturnType<typeof makeVerifierKey> {
  return makeVerifierKey(sha256, name, publicKey);
}

const trust = logPolicy(keyOf(log));
const byLog = noteSigner(sha256, log);

function receiptOf(
  index: number,
  size: number,
  signers: readonly NoteSigner[] = [byLog],
  more: Partial<Receipt> = {},
): string {
  const note = signNote(checkpoint({ origin, size, root: at(size).root() }), ...signers);
  return formatReceipt({ index, path: at(size).inclusionPath(index), checkpoint: note, ...more });
}

function verdict(receipt: Uint8Array | string, entry: Uint8Array, policy: Policy = trust): string {
  const verified = verifyReceipt(node, policy, receipt, entry);
  return verified.ok ? `entry ${verified.value.index} of ${verified.value.head.size}` : verified.code;
}

describe('a receipt', () => {
  test('is written as the specification shows', () => {
    const path = at(3).inclusionPath(0);
    const note = signNote(checkpoint({ origin, size: 3, root: at(3).root() }), byLog);
    const head = ['c2sp.org/tlog-proof@v1', 'index 0', ...path.map((hash) => hash.toBase64())].join('\n');
    expect(receiptOf(0, 3)).toBe(`${head}\n\n${note}`);
    const extra = receiptOf(0, 3, [byLog], { extra: bytes('anything') });
    expect(extra.split('\n').slice(0, 3)).toEqual(['c2sp.org/tlog-proof@v1', 'extra YW55dGhpbmc=', 'index 0']);
    expect(parseReceipt(extra)).toEqual({
      ok: true,
      value: { index: 0, path, checkpoint: note, extra: bytes('anything') },
    });
  });

  test('proves its entry, and no other', () => {
    for (const [index, size] of [
      [0, 1],
      [0, 600],
      [255, 256],
      [256, 257],
      [599, 600],
    ] as const) {
      expect(verdict(receiptOf(index, size), demoEntry(index))).toBe(`entry ${index} of ${size}`);
      expect(verdict(receiptOf(index, size), demoEntry(index + 1))).toBe('root-mismatch');
      expect(verdict(bytes(receiptOf(index, size)), demoEntry(index))).toBe(`entry ${index} of ${size}`);
    }
  });

  test('extra bytes change nothing of what it proves', () => {
    const receipt = receiptOf(5, 600, [byLog], { extra: new Uint8Array(0) });
    expect(verdict(receipt, demoEntry(5))).toBe('entry 5 of 600');
    expect(verdict(receipt.replace('extra ', 'extra AAAA'), demoEntry(5))).toBe('entry 5 of 600');
  });

  const good = receiptOf(5, 600);
  test.each<readonly [string, string | Uint8Array, string]>([
    ['nothing', '', 'receipt-malformed'],
    ['another version', good.replace('@v1', '@v2'), 'receipt-malformed'],
    ['no empty line', good.replace('\n\n', '\n'), 'receipt-malformed'],
    ['no index', good.replace('index 5\n', ''), 'receipt-malformed'],
    ['an index with a zero', good.replace('index 5', 'index 05'), 'receipt-malformed'],
    ['an index below 0', good.replace('index 5', 'index -5'), 'receipt-malformed'],
    ['an index of no double', good.replace('index 5', 'index 9007199254740993'), 'receipt-malformed'],
    ['extra after the index', good.replace('index 5\n', 'index 5\nextra AAAA\n'), 'receipt-malformed'],
    ['extra twice', good.replace('index 5\n', 'extra AAAA\nextra AAAA\nindex 5\n'), 'receipt-malformed'],
    ['extra that is not base64', good.replace('index 5\n', 'extra *\nindex 5\n'), 'receipt-malformed'],
    ['a space after the index', good.replace('index 5', 'index 5 '), 'receipt-malformed'],
    ['a line that is no hash', good.replace('index 5\n', 'index 5\nAAAA\n'), 'receipt-malformed'],
    ['64 hashes', good.replace('\n\n', `\n${`${seedOf(1).toBase64()}\n`.repeat(64)}\n`), 'receipt-malformed'],
    ['a million lines', good.replace('\n\n', '\nA'.repeat(500_000)), 'receipt-malformed'],
    ['carriage returns', good.replaceAll('\n', '\r\n'), 'receipt-malformed'],
    ['bad UTF-8', Uint8Array.of(...bytes(good), 0xff), 'receipt-malformed'],
    ['an index beyond the tree', good.replace('index 5', 'index 600'), 'index-out-of-range'],
    ['another index', good.replace('index 5', 'index 4'), 'root-mismatch'],
    ['a hash more', good.replace('\n\n', `\n${seedOf(1).toBase64()}\n\n`), 'path-length'],
    ['a hash less', good.replace(/[^\n]+\n\n/, '\n'), 'path-length'],
    ['no checkpoint', good.slice(0, good.indexOf('\n\n') + 2), 'note-malformed'],
    ['an unsigned checkpoint', good.slice(0, good.indexOf('—')), 'note-malformed'],
    ['another size', good.replace('\n600\n', '\n601\n'), 'signature-wrong'],
  ])('with %s is refused', (_, receipt, code) => {
    expect(verdict(receipt, demoEntry(5))).toBe(code);
  });

  test('no single bit of it can be changed', () => {
    const raw = bytes(receiptOf(2, 5));
    const entry = demoEntry(2);
    const codes = new Set<string>();
    for (let bit = 0; bit < raw.length * 8; bit++) {
      const changed = raw.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      codes.add(verdict(changed, entry));
    }
    expect([...codes].sort()).toEqual([
      'index-out-of-range',
      'note-malformed',
      'note-unsigned',
      'receipt-malformed',
      'root-mismatch',
      'signature-wrong',
    ]);
  });

  test('what no receipt can hold is not written', () => {
    const note = signNote(checkpoint({ origin, size: 1, root: at(1).root() }), byLog);
    expect(() => formatReceipt({ index: -1, path: [], checkpoint: note })).toThrow(RangeError);
    expect(() => formatReceipt({ index: 0, path: [new Uint8Array(31)], checkpoint: note })).toThrow(RangeError);
    const path = Array.from({ length: 64 }, () => seedOf(1));
    expect(() => formatReceipt({ index: 0, path, checkpoint: note })).toThrow(RangeError);
    expect(() => formatReceipt({ index: 0, path: [], checkpoint: note, extra: new Uint8Array(1 << 20) })).toThrow(
      RangeError,
    );
  });
});

describe('whom a verifier believes', () => {
  test('not a key that it does not know, nor one that signs for another log', () => {
    expect(verdict(receiptOf(5, 600), demoEntry(5), logPolicy(keyOf(rotated)))).toBe('note-unsigned');
    expect(verdict(receiptOf(5, 600), demoEntry(5), logPolicy())).toBe('note-unsigned');
    const foreign = receiptOf(5, 600, [noteSigner(sha256, other)]);
    expect(verdict(foreign, demoEntry(5), logPolicy(keyOf(other)))).toBe('origin-mismatch');
    expect(verdict(foreign, demoEntry(5), logPolicy(keyOf(log), keyOf(other)))).toBe('origin-mismatch');
  });

  test('either key while a key is rotated, and both together', () => {
    const both = logPolicy(keyOf(log), keyOf(rotated));
    for (const signers of [[byLog], [noteSigner(sha256, rotated)], [noteSigner(sha256, rotated), byLog]]) {
      expect(verdict(receiptOf(5, 600, signers), demoEntry(5), both)).toBe('entry 5 of 600');
    }
    expect(verdict(receiptOf(5, 600, [byLog, noteSigner(sha256, rotated)]), demoEntry(5))).toBe('entry 5 of 600');
  });

  test('a signed note that is no checkpoint is none', () => {
    const receipt = formatReceipt({ index: 0, path: [], checkpoint: signNote(`${origin}\n1\n`, byLog) });
    expect(verdict(receipt, demoEntry(0))).toBe('checkpoint-malformed');
  });

  test('a quorum counts the witnesses, and tells when they saw it', () => {
    const quorum: Policy = { ...trust, witnesses: [witnessKey], quorum: { kind: 'witness', key: witnessKey } };
    const seen = (time: number): NoteSigner => cosigner(sha256, witness, time);
    expect(verdict(receiptOf(5, 600), demoEntry(5), quorum)).toBe('quorum-not-met');
    const receipt = receiptOf(5, 600, [byLog, seen(1_800_000_000), seen(1_800_000_060)]);
    expect(verifyReceipt(node, quorum, receipt, demoEntry(5))).toMatchObject({
      ok: true,
      value: { index: 5, log: keyOf(log), cosignatures: [{ witness: witnessKey, timeSeconds: 1_800_000_060 }] },
    });
    expect(verdict(receiptOf(5, 600, [seen(1)]), demoEntry(5), quorum)).toBe('note-unsigned');
    const forged: NoteSigner = { ...seen(1), sign: () => new Uint8Array(72) };
    expect(verdict(receiptOf(5, 600, [byLog, forged]), demoEntry(5), quorum)).toBe('signature-wrong');
    expect(verdict(receiptOf(5, 600, [byLog, forged]), demoEntry(5))).toBe('entry 5 of 600');
  });
});

/** One bit of one of the arrays, turned. */
function flip(arrays: readonly Uint8Array[], bit: number): Uint8Array[] {
  const copies = arrays.map((array) => new Uint8Array(array));
  let at = bit % (copies.reduce((sum, { length }) => sum + length, 0) * 8);
  for (const copy of copies) {
    if (at < copy.length * 8) {
      copy[at >> 3] = (copy[at >> 3] ?? 0) ^ (1 << (at & 7));
      break;
    }
    at -= copy.length * 8;
  }
  return copies;
}

describe('proofs', () => {
  const sizeAndIndex = fc.integer({ min: 1, max: 600 }).chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)));

  test('every inclusion proof verifies; with any bit turned, a hash more or less, or at another index, none', () => {
    fc.assert(
      fc.property(sizeAndIndex, fc.nat(), fc.nat(), ([size, index], bit, elsewhere) => {
        const path = at(size).inclusionPath(index);
        const leaf = leaves[index] ?? new Uint8Array(0);
        const claim = { index, size, leaf, path, root: at(size).root() };
        expect(verifyInclusion(sha256, claim)).toEqual({ ok: true, value: null });
        const [badLeaf, badRoot, ...badPath] = flip([leaf, claim.root, ...path], bit);
        if (badLeaf === undefined || badRoot === undefined) throw new Error('two at least');
        const bad = { ...claim, leaf: badLeaf, root: badRoot, path: badPath };
        expect(verifyInclusion(sha256, bad)).toEqual({ ok: false, code: 'root-mismatch' });
        expect(verifyInclusion(sha256, { ...claim, path: [...path, seedOf(1)] })).toEqual({
          ok: false,
          code: 'path-length',
        });
        expect(verifyInclusion(sha256, { ...claim, path: path.slice(1) }).ok).toBe(size === 1);
        const wrong = elsewhere % size;
        expect(verifyInclusion(sha256, { ...claim, index: wrong }).ok).toBe(wrong === index);
        expect(verifyInclusion(sha256, { ...claim, index: size })).toEqual({ ok: false, code: 'index-out-of-range' });
      }),
      { numRuns: 200 },
    );
  });

  test('every consistency proof verifies; with any bit turned, or a hash more or less, none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 600 }), fc.nat(), (a, b, bit) => {
        const [oldSize, size] = a < b ? [a, b] : [b, a];
        const path = at(size).consistencyPath(oldSize);
        const claim = { oldSize, oldRoot: at(oldSize).root(), size, root: at(size).root(), path };
        expect(verifyConsistency(sha256, claim)).toEqual({ ok: true, value: null });
        const [badOld, badRoot, ...badPath] = flip([claim.oldRoot, claim.root, ...path], bit);
        if (badOld === undefined || badRoot === undefined) throw new Error('two at least');
        expect(verifyConsistency(sha256, { ...claim, oldRoot: badOld, root: badRoot, path: badPath }).ok).toBe(false);
        expect(verifyConsistency(sha256, { ...claim, path: [...path, seedOf(1)] }).ok).toBe(false);
        expect(verifyConsistency(sha256, { ...claim, path: path.slice(1) }).ok).toBe(path.length === 0);
        expect(verifyConsistency(sha256, { ...claim, oldSize: size + 1 })).toEqual({
          ok: false,
          code: 'size-out-of-range',
        });
      }),
      { numRuns: 200 },
    );
  });

  test('numbers that count no leaves are out of range', () => {
    const leaf = seedOf(1);
    for (const size of [0, -1, 0.5, Number.NaN, 2 ** 53, -1n, 1n << 64n]) {
      expect(verifyInclusion(sha256, { index: 0, size, leaf, path: [], root: leaf }).ok).toBe(false);
      expect(verifyInclusion(sha256, { index: size, size: 1, leaf, path: [], root: leaf }).ok).toBe(size === 0);
    }
    const claim = { oldSize: 1, oldRoot: leaf, size: 1n << 64n, root: leaf, path: [] };
    expect(verifyConsistency(sha256, claim)).toEqual({ ok: false, code: 'size-out-of-range' });
    const short = { index: 0, size: 2, leaf, path: [new Uint8Array(31)], root: leaf };
    expect(verifyInclusion(sha256, short)).toEqual({ ok: false, code: 'hash-malformed' });
  });
});
