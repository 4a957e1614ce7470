import { describe, expect, test } from '@jest/globals';
import {
  formatManifest, logPolicy, parseNote, formatNote, parsePolicy, parseVerifierKey, tarHeader, tarPadding, tileRoot, leafHash, verifyArchive, openArchiveParts, verifierKey,
  type PartHelper, type Policy,
} from './index.js'; // prettier-ignore
import {
  byWitness, exported, exportedPerson, inFile, MadeLog, origin, people, putTogether, recordedAt, storedEntry, takenApart, witness, type Apart, type Plan,
} from '../testdata/exported.js'; // prettier-ignore
import { bytes, ed25519, node, seedOf, sha256 } from '../testdata/ed25519.js';

const SIZE = 700;
const entries = Array.from({ length: SIZE }, (_, i) => storedEntry(i));
const log = new MadeLog(entries);
const plan: Plan = { first: 100, end: 650, head: log.head(SIZE, byWitness), older: [log.head(256), log.head(600)] };
const genuine = await exported(log, plan);
const person = await exportedPerson(log, { ...plan, end: 200 }, people[1]!);

/** The same key over another history: entry 300 is another one. */
const forked = new MadeLog(entries.map((entry, i) => (i === 300 ? storedEntry(i, 'x') : entry)));
const grown = new MadeLog([...entries, storedEntry(SIZE)]);
/** Another controller's log, honestly signed. */
const other = new MadeLog(entries, 'depter.example/log/kz.other/1', 27);
/** The same entries, signed by somebody who has not the key. */
const resigned = new MadeLog(entries, origin, 66);

const vkey = (line: string) => {
  const key = parseVerifierKey(sha256, line);
  if (!key.ok) throw new Error(key.code);
  return key.value;
};
const believed = logPolicy(vkey(log.vkey));
const witnessed = ((): Policy => {
  const read = parsePolicy(
    sha256,
    `log ${log.vkey}\nwitness w ${verifierKey(sha256, witness.name, witness.publicKey, 'cosignature')}\nquorum w\n`,
  );
  if (!read.ok) throw new Error(read.code);
  return read.value;
})();

/** Who checks the second half of an archive, as another thread does. */
const helperWith = (archive: Parameters<typeof inFile>[0]): PartHelper => ({
  bundlesMin: 1,
  check: async (part, onDone) => (await openArchiveParts(node, inFile(archive)))(part, onDone),
});

describe('an export', () => {
  test.each([
    [
      'of a period',
      genuine,
      { entries: 550, olderCheckpoints: 2, unproved: ['readme.en.txt', 'packs/kz.test@2026.json', 'manifest.json'] },
    ],
    [
      'of one person',
      person,
      { entries: 34, olderCheckpoints: 0, unproved: ['subject/evidence.json', 'manifest.json'] },
    ],
  ])('%s is verified, and says whose key it took and what the log does not vouch for', async (_, archive, report) => {
    const alone = await verifyArchive(node, inFile(archive));
    expect(alone).toMatchObject({ ok: true, value: { ...report, keys: 'of the archive' } });
    const progress: number[] = [];
    const onProgress = (done: number): unknown => progress.push(done);
    expect(await verifyArchive(node, inFile(archive), { helper: helperWith(archive), onProgress })).toEqual(alone);
    expect(Math.max(...progress)).toBe(report.entries);
    const given = await verifyArchive(node, inFile(archive), { policy: witnessed });
    expect(given).toMatchObject({
      ok: true,
      value: { keys: 'given', checkpoint: { cosignatures: [{ timeSeconds: 1_790_000_000 }] } },
    });
  });

  test.each([1, 255, 256, 257, 511, 512, 513, 65_536, 65_537])('of all of %i entries is verified', async (size) => {
    const all = new MadeLog(Array.from({ length: size }, (_, i) => storedEntry(i)));
    const older = [1, 255, 256, size - 1].filter((one) => one < size).map((one) => all.head(one));
    const archive = await exported(all, { first: 0, end: size, head: all.head(), older });
    const seen: number[] = [];
    const judged = await verifyArchive(node, inFile(archive), {
      policy: believed,
      onProgress: (done) => seen.push(done),
    });
    expect(judged).toMatchObject({ ok: true, value: { entries: size } });
    expect(seen.at(-1)).toBe(size);
    expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
  });

  test.each([[0, 0], [700, 700], [256, 256], [255, 257], [511, 513], [0, 1], [699, 700]])('of entries %i to %i alone is verified', async (first, end) => {
    const archive = await exported(log, { first, end, head: log.head(), older: [] });
    expect(await verifyArchive(node, inFile(archive), { policy: believed })).toMatchObject({ ok: true, value: { entries: end - first } });
  }); // prettier-ignore

  test('is of the same bytes, whenever it is made', async () => {
    expect(Buffer.from(await exported(log, plan)).equals(genuine)).toBe(true);
  });

  test('is not made of a log that does not hold', async () => {
    const spoilt = new MadeLog(entries);
    spoilt.bundle = (index, width) => forked.bundle(index, width);
    await expect(exported(spoilt, plan)).rejects.toThrow('entry-mismatch at entry 300 (tile/entries/001)');
  });
});

/** One tampering: what is done to the archive, and what the verifier says of it. */
interface Tampering {
  readonly what: string;
  readonly code: string;
  readonly place: string | RegExp;
  readonly policy?: Policy;
  readonly edit?: (apart: Apart) => void;
  /** The manifest is left as it was, which a hand that knows less would do. */
  readonly honest?: boolean;
  readonly raw?: (archive: Uint8Array) => Uint8Array;
}

const bundleName = 'log/tile/entries/001';
const edge = 'the right edge of the tree of 700 entries';

/** The entries of a bundle, changed, with right lengths before them. */
function rebundled(apart: Apart, change: (list: Uint8Array[]) => Uint8Array[], name = bundleName): void {
  const old = apart.members.get(name)!;
  const list: Uint8Array[] = [];
  for (let at = 0; at < old.length;) {
    const end: number = at + 2 + (old[at]! << 8) + old[at + 1]!;
    list.push(old.slice(at + 2, end));
    at = end;
  }
  const parts = change(list).flatMap((entry) => [Uint8Array.of(entry.length >> 8, entry.length & 255), entry]);
  apart.members.set(name, Uint8Array.from(Buffer.concat(parts)));
}

const flipped = (content: Uint8Array, at: number): Uint8Array => content.map((byte, i) => (i === at ? byte ^ 1 : byte));
const flip = (name: string, at: number) => (apart: Apart) =>
  void apart.members.set(name, flipped(apart.members.get(name)!, at));
type Edit = (apart: Apart) => void;
const put = (name: string, content: string | Uint8Array): Edit => {
  return (apart) => void apart.members.set(name, typeof content === 'string' ? bytes(content) : content);
};
const drop = (name: string) => (apart: Apart) => void apart.members.delete(name);
const say = (change: Partial<Apart['manifest']>) => (apart: Apart) =>
  void (apart.manifest = { ...apart.manifest, ...change });
const all =
  (...edits: ((apart: Apart) => void)[]) =>
  (apart: Apart): void => {
    for (const edit of edits) edit(apart);
  };

/** Entry 300 is another, and the tile of its bundle has its hash. */
function retiled(apart: Apart): void {
  rebundled(apart, (list) => list.with(44, storedEntry(300, 'x')));
  const tile = apart.members.get('log/tile/0/001')!;
  tile.set(leafHash(sha256, storedEntry(300, 'x')), 44 * 32);
}

const TAMPERINGS: readonly Tampering[] = [
  // Entries.
  { what: 'an entry is changed', edit: (a) => rebundled(a, (l) => l.with(44, flipped(l[44]!, 9))), code: 'entry-mismatch', place: 'entry 300 (tile/entries/001)' },
  { what: 'an entry is changed by one who forgets the manifest', honest: true, edit: (a) => rebundled(a, (l) => l.with(44, flipped(l[44]!, 9))), code: 'entry-mismatch', place: 'entry 300 (tile/entries/001)' },
  { what: 'an entry is removed', edit: (a) => rebundled(a, (l) => l.toSpliced(44, 1)), code: 'entry-mismatch', place: 'entry 300 (tile/entries/001)' },
  { what: 'the last entry of a bundle is removed', edit: (a) => rebundled(a, (l) => l.slice(0, -1)), code: 'bundle-truncated', place: 'entry 511 (tile/entries/001)' },
  { what: 'an entry stands twice', edit: (a) => rebundled(a, (l) => l.toSpliced(44, 0, l[44]!)), code: 'entry-mismatch', place: 'entry 301 (tile/entries/001)' },
  { what: 'two entries change places', edit: (a) => rebundled(a, (l) => l.with(3, l[4]!).with(4, l[3]!)), code: 'entry-mismatch', place: 'entry 259 (tile/entries/001)' },
  { what: 'an entry is added', edit: (a) => rebundled(a, (l) => [...l, l[0]!]), code: 'bundle-width', place: 'tile/entries/001' },
  { what: 'an entry is cut', edit: (a): void => put(bundleName, a.members.get(bundleName)!.slice(0, -5))(a), code: 'bundle-truncated', place: 'entry 511 (tile/entries/001)' },
  { what: 'an entry is back-dated', edit: (a) => rebundled(a, (l) => l.with(0, bytes(Buffer.from(l[0]!).toString().replaceAll('T04', 'T01')))), code: 'entry-mismatch', place: 'entry 256 (tile/entries/001)' },
  { what: 'the length before an entry is another', edit: flip(bundleName, 1), code: 'entry-mismatch', place: 'entry 256 (tile/entries/001)' },
  { what: 'a bundle is left out', edit: drop(bundleName), code: 'missing', place: 'tile/entries/001' },
  { what: 'a bundle stands in the place of another', edit: (a): void => put(bundleName, a.members.get('log/tile/entries/000')!)(a), code: 'entry-mismatch', place: 'entry 256 (tile/entries/001)' },
  { what: 'the last bundle is that of another history', edit: (a) => rebundled(a, (l) => l.with(5, storedEntry(517, 'x')), 'log/tile/entries/002.p/188'), code: 'entry-mismatch', place: 'entry 517 (tile/entries/002.p/188)' },
  // Tiles.
  { what: 'a hash of a tile is changed', edit: flip('log/tile/0/001', 77), code: 'tile-mismatch', place: 'tile/0/001' },
  { what: 'an entry is changed together with its tile', edit: retiled, code: 'tile-mismatch', place: 'tile/0/001' },
  { what: 'an entry is changed together with all tiles above it', edit: (a) => { retiled(a); a.members.get('log/tile/1/000.p/2')!.set(tileRoot(sha256, a.members.get('log/tile/0/001')!), 32); }, code: 'root-mismatch', place: edge },
  { what: 'a hash at the edge is changed', edit: flip('log/tile/0/002.p/188', 77), code: 'root-mismatch', place: edge },
  { what: 'a tile is cut', edit: (a): void => put('log/tile/0/001', a.members.get('log/tile/0/001')!.slice(0, -32))(a), code: 'tile-malformed', place: 'tile/0/001' },
  { what: 'a tile has a hash more', edit: (a): void => put('log/tile/1/000.p/2', Uint8Array.from([...a.members.get('log/tile/1/000.p/2')!, ...new Uint8Array(32)]))(a), code: 'tile-malformed', place: 'tile/1/000.p/2' },
  { what: 'a tile is left out', edit: drop('log/tile/0/000'), code: 'missing', place: 'tile/0/000' },
  { what: 'the edge is left out', edit: drop('log/tile/1/000.p/2'), code: 'missing', place: 'tile/1/000.p/2' },
  { what: 'two tiles change places', edit: (a) => { const [x, y] = [a.members.get('log/tile/0/000')!, a.members.get('log/tile/0/001')!]; all(put('log/tile/0/000', y), put('log/tile/0/001', x))(a); }, code: 'tile-mismatch', place: 'tile/0/000' },
  // Checkpoints.
  { what: 'the head has another size', edit: put('log/checkpoint', log.head().note.replace('\n700\n', '\n701\n')), code: 'signature-wrong', place: 'log/checkpoint' },
  { what: 'the head has another root', edit: put('log/checkpoint', log.head().note.replace(/\n700\n./, (x) => `${x.slice(0, -1)}${x.endsWith('A') ? 'B' : 'A'}`)), code: 'signature-wrong', place: 'log/checkpoint' },
  { what: 'the head has the signature of another', edit: put('log/checkpoint', `${log.head().note.split('\n\n')[0]}\n\n${log.head(600).note.split('\n\n')[1]}`), code: 'signature-wrong', place: 'log/checkpoint' },
  { what: 'the head has no signature that is known', edit: put('log/checkpoint', other.head().note), code: 'note-unsigned', place: 'log/checkpoint' },
  { what: 'the head is no note', edit: put('log/checkpoint', 'nothing\n'), code: 'note-malformed', place: 'log/checkpoint' },
  { what: 'the head is left out', edit: drop('log/checkpoint'), code: 'missing', place: 'log/checkpoint' },
  { what: 'an older head is replayed', edit: put('log/checkpoint', log.head(600).note), code: 'manifest-mismatch', place: 'manifest.json, size' },
  { what: 'an older head is replayed, and the manifest with it', edit: all(put('log/checkpoint', log.head(600).note), say({ size: 600, end: 600 })), code: 'missing', place: 'tile/0/002.p/88' },
  { what: 'a newer head stands over older tiles', edit: all(put('log/checkpoint', grown.head().note), say({ size: 701 })), code: 'missing', place: 'tile/0/002.p/189' },
  { what: 'an older head is of a fork', edit: put('log/checkpoints/600', forked.head(600).note), code: 'fork', place: 'log/checkpoints/600' },
  { what: 'an older head of the same size is of a fork', edit: put('log/checkpoints/700', forked.head().note), code: 'fork', place: 'log/checkpoints/700' },
  { what: 'the head is of a fork', edit: put('log/checkpoint', forked.head().note), code: 'root-mismatch', place: edge },
  { what: 'an older head is newer than the head', edit: put('log/checkpoints/701', grown.head().note), code: 'checkpoint-newer', place: 'log/checkpoints/701' },
  { what: 'an older head has the name of another', edit: (a): void => put('log/checkpoints/599', a.members.get('log/checkpoints/600')!)(a), code: 'manifest-mismatch', place: 'log/checkpoints/599' },
  { what: 'an older head is of another log', edit: put('log/checkpoints/256', other.head(256).note), code: 'note-unsigned', place: 'log/checkpoints/256' },
  // Witnesses.
  { what: 'the cosignature is taken away', policy: witnessed, edit: put('log/checkpoint', log.head().note), code: 'quorum-not-met', place: 'log/checkpoint' },
  { what: 'the cosignature is of another head', policy: witnessed, edit: put('log/checkpoint', log.head().note + log.head(600, byWitness).note.split('\n').at(-2)! + '\n'), code: 'signature-wrong', place: 'log/checkpoint' },
  { what: 'the cosignature is moved in time', policy: witnessed, edit: (a) => { const note = parseNote(a.members.get('log/checkpoint')!); if (!note.ok) throw new Error(); const signatures = note.value.signatures.map((line, i) => (i === 1 ? { ...line, signature: flipped(line.signature, 7) } : line)); put('log/checkpoint', formatNote({ text: note.value.text, signatures }))(a); }, code: 'signature-wrong', place: 'log/checkpoint' },
  // Controller, generation, key.
  { what: 'it is said to be of another controller', edit: say({ controller: 'kz.other' }), code: 'manifest-mismatch', place: 'manifest.json, origin' },
  { what: 'it is said to be of another log', edit: say({ controller: 'kz.other', origin: other.key.name }), code: 'origin-mismatch', place: 'log/checkpoint' },
  { what: 'it is said to be of another generation', edit: say({ generation: 2 }), code: 'manifest-mismatch', place: 'manifest.json, origin' },
  { what: 'it is said to be of another log and generation', edit: say({ generation: 2, origin: origin.replace(/1$/, '2') }), code: 'origin-mismatch', place: 'log/checkpoint' },
  { what: 'head and key are those of another controller', edit: all(put('log/checkpoint', other.head().note), put('log/vkey', `${other.vkey}\n`)), code: 'origin-mismatch', place: 'log/checkpoint' },
  { what: 'the key is another', edit: put('log/vkey', `${resigned.vkey}\n`), code: 'note-unsigned', place: 'log/checkpoint' },
  { what: 'all of it is signed anew by another key', policy: believed, edit: all(put('log/checkpoint', resigned.head().note), drop('log/checkpoints/256'), drop('log/checkpoints/600'), put('log/vkey', `${resigned.vkey}\n`)), code: 'key-unknown', place: 'log/vkey' },
  { what: 'a key is added beside the right one', policy: believed, edit: put('log/vkey', `${log.vkey}\n${resigned.vkey}\n`), code: 'key-unknown', place: 'log/vkey' },
  { what: 'the key is spoilt', edit: flip('log/vkey', origin.length + 14), code: 'key-malformed', place: 'log/vkey' },
  { what: 'the key is that of a witness', edit: put('log/vkey', `${verifierKey(sha256, origin, ed25519(origin, seedOf(9)).publicKey, 'cosignature')}\n`), code: 'key-malformed', place: 'log/vkey' },
  { what: 'there is no key', edit: put('log/vkey', ''), code: 'key-malformed', place: 'log/vkey' },
  // The period.
  { what: 'the first entries of the period are not counted', edit: say({ first: 103 }), code: 'period-mismatch', place: 'entry 102 (tile/entries/000)' },
  { what: 'the last entries of the period are not counted', edit: say({ end: 640 }), code: 'period-mismatch', place: 'entry 640 (tile/entries/002.p/188)' },
  { what: 'entries from before the period are counted', edit: say({ first: 90 }), code: 'period-mismatch', place: 'entry 90 (tile/entries/000)' },
  { what: 'the period is said to be longer', edit: say({ before: recordedAt(680) }), code: 'period-mismatch', place: 'entry 650 (tile/entries/002.p/188)' },
  { what: 'the period is said to have no end', edit: say({ before: null, to: null }), code: 'period-mismatch', place: 'entry 650 (tile/entries/002.p/188)' },
  { what: 'the days are other ones than the instants', edit: say({ from: '2026-01-03' }), code: 'manifest-malformed', place: 'manifest.json' },
  { what: 'more entries are counted than there are', edit: say({ end: 900 }), code: 'manifest-malformed', place: 'manifest.json' },
  // Members.
  { what: 'a readme is changed', honest: true, edit: flip('readme.en.txt', 3), code: 'member-changed', place: 'readme.en.txt' },
  { what: 'a pack is changed', honest: true, edit: flip('packs/kz.test@2026.json', 0), code: 'member-changed', place: 'packs/kz.test@2026.json' },
  { what: 'a pack is left out', honest: true, edit: drop('packs/kz.test@2026.json'), code: 'missing', place: 'packs/kz.test@2026.json' },
  { what: 'a readme is longer', honest: true, edit: put('readme.en.txt', 'What this is not.\n'), code: 'member-changed', place: 'readme.en.txt' },
  { what: 'a member is added', honest: true, edit: put('more.txt', 'x'), code: 'unexpected', place: 'more.txt' },
  { what: 'a bundle is added that nobody asked for', edit: (a): void => put('log/tile/entries/007', a.members.get(bundleName)!)(a), code: 'unexpected', place: 'log/tile/entries/007' },
  { what: 'a tile is added that nobody asked for', edit: (a): void => put('log/tile/0/009', a.members.get('log/tile/0/001')!)(a), code: 'unexpected', place: 'log/tile/0/009' },
  { what: 'the manifest has a field more', raw: (x) => remade(x, (text) => text.replace('"first"', '"zeroth": 0,\n "first"')), code: 'manifest-malformed', place: 'manifest.json' },
  { what: 'the manifest says a thing twice', raw: (x) => remade(x, (text) => text.replace('"first": 100', '"first": 90,\n "first": 100')), code: 'manifest-malformed', place: 'manifest.json' },
  { what: 'the manifest is of another format', raw: (x) => remade(x, (text) => text.replace('depter-export/1', 'depter-export/2')), code: 'manifest-malformed', place: 'manifest.json' },
  // The archive itself.
  { what: 'the archive is cut', raw: (x) => x.slice(0, x.length >> 1), code: 'archive-truncated', place: /^(log|tile|after)/ },
  { what: 'the end is cut', raw: (x) => x.slice(0, -512), code: 'archive-truncated', place: 'after manifest.json' },
  { what: 'something follows the end', raw: (x) => Uint8Array.from([...x, ...new Uint8Array(512)]), code: 'archive-trailing', place: 'the end' },
  { what: 'the archive is empty', raw: () => new Uint8Array(0), code: 'archive-truncated', place: 'after its beginning' },
  { what: 'a header is changed', raw: (x) => flipped(x, 136), code: 'archive-malformed', place: 'the header after its beginning' },
  { what: 'a padding is not empty', raw: (x) => flipped(x, 1000), code: 'archive-malformed', place: 'the padding of readme.en.txt' },
  { what: 'a member stands twice', raw: (x) => Uint8Array.from([...tarHeader('readme.en.txt', 0), ...x]), code: 'member-twice', place: 'readme.en.txt' },
  { what: 'a member lies outside', raw: (x) => Uint8Array.from([...outside(), ...x]), code: 'member-name', place: 'the member after its beginning' },
  { what: 'there is no manifest', raw: withoutManifest, code: 'missing', place: 'manifest.json' },
]; // prettier-ignore

/** The archive with the text of its manifest changed. */
function remade(archive: Uint8Array, change: (text: string) => string): Uint8Array {
  const at = archive.length - 1024 - manifestBlocks(archive);
  const size = Number.parseInt(Buffer.from(archive.slice(at + 124, at + 135)).toString(), 8);
  const text = bytes(change(Buffer.from(archive.slice(at + 512, at + 512 + size)).toString()));
  const parts = [
    archive.slice(0, at),
    tarHeader('manifest.json', text.length),
    text,
    tarPadding(text.length),
    new Uint8Array(1024),
  ];
  return Uint8Array.from(Buffer.concat(parts));
}

function withoutManifest(archive: Uint8Array): Uint8Array {
  const at = archive.length - 1024 - manifestBlocks(archive);
  return Uint8Array.from([...archive.slice(0, at), ...new Uint8Array(1024)]);
}

/** Bytes of the manifest, the last member, with its header and padding. */
function manifestBlocks(archive: Uint8Array): number {
  return archive.length - 1024 - Buffer.from(archive).lastIndexOf('manifest.json\0');
}

/** A header that names a place above the folder, with a right checksum. */
function outside(): Uint8Array {
  const header = tarHeader('xx/evil', 0);
  header.set(bytes('../evil'), 0);
  header.set(bytes('        '), 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(bytes(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return header;
}

describe('of what is tampered with', () => {
  test('there are more than thirty kinds, each told apart', () => {
    expect(TAMPERINGS.length).toBeGreaterThan(60);
    expect(new Set(TAMPERINGS.map(({ what }) => what)).size).toBe(TAMPERINGS.length);
  });

  test.each(TAMPERINGS.map((one) => [one.what, one] as const))(
    '%s',
    async (_, { edit, honest, raw, policy, code, place }) => {
      const apart = await takenApart(genuine);
      edit?.(apart);
      const archive = raw === undefined ? putTogether(apart, honest) : raw(genuine);
      const judged = await verifyArchive(node, inFile(archive), { policy });
      expect(judged).toMatchObject({ ok: false, fault: { code } });
      expect(await verifyArchive(node, inFile(archive), { policy, helper: helperWith(archive) })).toEqual(judged);
      const said = judged.ok ? '' : judged.fault.place;
      if (typeof place === 'string') expect(said).toBe(place);
      else expect(said).toMatch(place);
    },
  );

  test.each([
    ['an entry is changed', flip('subject/100.entry', 30), 'root-mismatch', 'entry 100 (subject/100.entry)'],
    ['a receipt is of another entry', (a: Apart): void => put('subject/100.receipt', a.members.get('subject/103.receipt')!)(a), 'root-mismatch', 'entry 100 (subject/100.entry)'],
    ['entry and receipt have the number of another', (a: Apart): void => all(put('subject/101.entry', a.members.get('subject/103.entry')!), put('subject/101.receipt', a.members.get('subject/103.receipt')!))(a), 'manifest-mismatch', 'entry 101 (subject/101.entry)'],
    ["another person's entry is among them", all(put('subject/101.entry', entries[101]!), put('subject/101.receipt', log.receipt(101, plan.head))), 'subject-mismatch', 'entry 101 (subject/101.entry)'],
    ['an entry is from before the period', all(put('subject/97.entry', entries[97]!), put('subject/97.receipt', log.receipt(97, plan.head))), 'period-mismatch', 'entry 97 (subject/97.entry)'],
    ['an entry is from before the period, and counted', all(put('subject/97.entry', entries[97]!), put('subject/97.receipt', log.receipt(97, plan.head)), say({ first: 90 })), 'period-mismatch', 'entry 97 (subject/97.entry)'],
    ['the period is said to begin later', say({ since: recordedAt(102) }), 'period-mismatch', 'entry 100 (subject/100.entry)'],
    ['the period is said to end sooner', say({ before: recordedAt(199) }), 'period-mismatch', 'entry 199 (subject/199.entry)'],
    ['a receipt stands under another head', put('subject/100.receipt', log.receipt(100, log.head(600))), 'fork', 'subject/100.receipt, checkpoint'],
    ['a receipt stands under the head of a fork', put('subject/100.receipt', forked.receipt(100, forked.head())), 'fork', 'subject/100.receipt, checkpoint'],
    ['a receipt is left out', drop('subject/100.receipt'), 'missing', 'subject/100.receipt'],
    ['a receipt is spoilt', put('subject/100.receipt', 'c2sp.org/tlog-proof@v2\n'), 'receipt-malformed', 'entry 100 (subject/100.entry)'],
    ['an entry is left out', drop('subject/100.entry'), 'unexpected', 'subject/100.receipt'],
    ['they are said to be of another person', say({ subjects: [people[0]!] }), 'subject-mismatch', 'entry 100 (subject/100.entry)'],
  ] as const)('of one person: %s', async (_, edit, code, place) => {
    const apart = await takenApart(person);
    edit(apart);
    expect(await verifyArchive(node, inFile(putTogether(apart)), { policy: believed })).toEqual({ ok: false, fault: { code, place } });
  }); // prettier-ignore

  test('what the log does not vouch for may be anything, and is told', async () => {
    const apart = await takenApart(person);
    put('subject/evidence.json', '{"verdict":"another"}\n')(apart);
    put('packs/kz.law.yaml', 'anything\n')(apart);
    const judged = await verifyArchive(node, inFile(putTogether(apart)), { policy: believed });
    const unproved = ['subject/evidence.json', 'packs/kz.law.yaml', 'manifest.json'];
    expect(judged).toMatchObject({ ok: true, value: { unproved } });
  });

  test('the same archive put together again by the same hand is good', async () => {
    const apart = await takenApart(genuine);
    expect(Buffer.from(putTogether(apart)).equals(genuine)).toBe(true);
    expect(formatManifest(apart.manifest)).toContain('"first": 100');
  });

  test('any one byte', async () => {
    // Bytes of the padding of headers, of contents, of everything: none may pass, whatever is said of it.
    for (let at = 5; at < genuine.length; at += 1_511) {
      const judged = await verifyArchive(node, inFile(flipped(genuine, at)), { policy: believed });
      expect([at, judged.ok]).toEqual([at, false]);
    }
  });
});
