import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  checkpoint,
  consistencyProof,
  consistencyTiles,
  cosignatureTime,
  formatAddCheckpoint,
  formatReceipt,
  inclusionProof,
  inclusionTiles,
  leafHash,
  logPolicy,
  makeVerifierKey,
  noteSigner,
  parseAddCheckpoint,
  parseBundle,
  parseCheckpoint,
  parseCosignatures,
  parseNote,
  parsePolicy,
  parseReceipt,
  parseSigningKey,
  parseTilePath,
  parseVerifierKey,
  parseWitnessSize,
  signNote,
  Tree,
  verifierKey,
  verifyCheckpoint,
  verifyReceipt,
  type TilePlace,
} from './index.js';
import { bytes, demoEntry, ed25519, node, publicKeyOf, seedOf, sha256 } from '../testdata/ed25519.js';

const key = ed25519('127.0.0.1/ledger/demo', seedOf(7));
const note = signNote(checkpoint({ origin: key.name, size: 1, root: seedOf(1) }), noteSigner(sha256, key));
const policy = logPolicy(makeVerifierKey(sha256, key.name, key.publicKey));

/** Good messages of every kind, for the mutations to begin from. */
const seeds = [
  note,
  formatReceipt({ index: 1, path: [seedOf(1), seedOf(2)], checkpoint: note, extra: seedOf(3) }),
  formatAddCheckpoint({ oldSize: 1, proof: [seedOf(1)], checkpoint: note }),
  verifierKey(sha256, key.name, key.publicKey),
  `log ${verifierKey(sha256, key.name, key.publicKey)}\nquorum none\n`,
  'tile/0/x001/x234/067.p/8',
].map(bytes);

/** Every parser of this library, by the codes that it may answer with. */
const parsers: Readonly<Record<string, readonly [(data: Uint8Array, text: string) => unknown, readonly string[]]>> = {
  parseNote: [(data) => parseNote(data), ['note-malformed']],
  parseNoteText: [(_, text) => parseNote(text), ['note-malformed']],
  parseCheckpoint: [(_, text) => parseCheckpoint(text), ['checkpoint-malformed']],
  parseReceipt: [(data) => parseReceipt(data), ['receipt-malformed']],
  parseReceiptText: [(_, text) => parseReceipt(text), ['receipt-malformed']],
  parseAddCheckpoint: [(data) => parseAddCheckpoint(data), ['request-malformed']],
  parseCosignatures: [(data) => parseCosignatures(data), ['answer-malformed']],
  parseWitnessSize: [(data) => parseWitnessSize(data), ['answer-malformed']],
  parseBundle: [(data) => parseBundle(data), ['bundle-truncated', 'bundle-too-wide']],
  parseVerifierKey: [
    (_, text) => parseVerifierKey(sha256, text),
    ['key-malformed', 'key-unsupported', 'key-id-mismatch'],
  ],
  parseSigningKey: [
    (_, text) => parseSigningKey(sha256, `PRIVATE+KEY+${text}`, publicKeyOf),
    ['key-malformed', 'key-unsupported', 'key-id-mismatch'],
  ],
  parsePolicy: [
    (data) => parsePolicy(sha256, data),
    [
      'policy-malformed',
      'quorum-missing',
      'key-malformed',
      'key-unsupported',
      'key-id-mismatch',
      'name-unknown',
      'key-duplicate',
      'quorum-twice',
    ],
  ],
  verifyCheckpoint: [
    (data) => verifyCheckpoint(node.verify, policy, data),
    ['note-malformed', 'note-unsigned', 'signature-wrong'],
  ],
  verifyReceipt: [
    (data) => verifyReceipt(node, policy, data, data),
    [
      'receipt-malformed',
      'note-malformed',
      'note-unsigned',
      'signature-wrong',
      'index-out-of-range',
      'path-length',
      'root-mismatch',
    ],
  ],
};

const anything = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 200 }).map(bytes),
  fc
    .array(fc.constantFrom('\n', '\n\n', '— ', ' ', '+', '=', 'index ', 'old ', 'A', '0', '9', key.name))
    .map((parts) => bytes(parts.join(''))),
  fc
    .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('put', 'cut', 'add'))))
    .map(([seed, changes]) => {
      const mutated = [...seed];
      for (const [where, byte, change] of changes.slice(0, 4)) {
        const at = where % (mutated.length + 1);
        if (change === 'put' && at < mutated.length) mutated[at] = byte;
        else if (change === 'cut') mutated.splice(at, byte);
        else mutated.splice(at, 0, byte);
      }
      return Uint8Array.from(mutated);
    }),
);

describe('whatever comes in', () => {
  test.each(Object.entries(parsers))('%s answers with a value or a code of its own', (_, [parse, codes]) => {
    fc.assert(
      fc.property(anything, (data) => {
        const text = Buffer.from(data).toString(data.length % 2 === 0 ? 'utf8' : 'latin1');
        const result = parse(data, text) as { readonly ok: boolean; readonly code?: string };
        expect([...codes, undefined]).toContain(result.ok ? undefined : result.code);
      }),
      { numRuns: 300 },
    );
  });

  test('tile paths and cosignature times are undefined rather than thrown', () => {
    fc.assert(
      fc.property(anything, (data) => {
        const name = parseTilePath(Buffer.from(data).toString('latin1'));
        expect(name === undefined || name.index >= 0).toBe(true);
        const time = cosignatureTime(data);
        expect(time === undefined || Number.isSafeInteger(time)).toBe(true);
      }),
    );
  });
});

describe('tiles to be fetched first', () => {
  const size = 66_000;
  const tree = Tree.empty(sha256);
  const tiles = new Map<string, Uint8Array>();
  for (let i = 0; i < size; i++) tree.append(leafHash(sha256, demoEntry(i)));
  for (const { level, index, hashes } of tree.takeFullTiles()) tiles.set(`${level}/${index}`, hashes);

  /** Proves from the named tiles alone; gives their names, and those of the tiles that were read. */
  function prove(
    places: readonly TilePlace[],
    make: (read: (level: number, index: number, width: number) => Uint8Array) => unknown,
  ): { named: string[]; read: string[] } {
    const named = places.map(({ level, index, width }) => `${level}/${index} ${width}`);
    const read = new Set<string>();
    make((level, index, width) => {
      const name = `${level}/${index} ${width}`;
      if (!named.includes(name)) throw new Error(`${name} was not named`);
      read.add(name);
      return tiles.get(`${level}/${index}`) ?? tree.partialTile(level);
    });
    return { named: named.sort(), read: [...read].sort() };
  }

  test.each([0, 255, 256, 65_535, 65_536, 65_999])('are those that the inclusion proof of %i reads', (index) => {
    const { named, read } = prove(inclusionTiles(size, index), (tile) => inclusionProof(sha256, size, index, tile));
    expect(read).toEqual(named);
  });

  test.each([1, 255, 256, 257, 65_535, 65_536, 65_537, 65_999])('are those that consistency from %i reads', (old) => {
    const { named, read } = prove(consistencyTiles(old, size), (tile) => consistencyProof(sha256, old, size, tile));
    expect(read).toEqual(named);
  });
});
