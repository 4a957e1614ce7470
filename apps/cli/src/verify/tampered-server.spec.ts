/** A server that shows another log than it has signed: each kind of it is told by `depter verify URL`, with its place. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundle, leafHash, tilePath, tileRoot, verifierKey } from '#proof';
import { byWitness, MadeLog, origin, storedEntry, witness } from '../../../../libs/proof/testdata/exported.js';
import { depter, type Said } from '../../../../test/running/command-line.js';
import { nodePrimitives } from './primitives.js';

const { sha256 } = nodePrimitives;
const SIZE = 700;
const entries = Array.from({ length: SIZE }, (_, i) => storedEntry(i));
const log = new MadeLog(entries);
/** The same key over another history: entry 300 is another one. */
const forked = new MadeLog(entries.map((entry, i) => (i === 300 ? storedEntry(i, 'x') : entry)));
const grown = new MadeLog([...entries, storedEntry(SIZE)]);
const other = new MadeLog(entries, 'depter.example/log/kz.other/1', 27);
const second = new MadeLog(entries, origin.replace(/1$/, '2'), 28);
const resigned = new MadeLog(entries, origin, 66);

/** What a server answers, by its path under the log. */
type Answers = Map<string, Uint8Array | string>;
const PATHS = [[0, 0, 256], [0, 1, 256], [0, 2, 188], [1, 0, 2]] as const; // prettier-ignore
const bundlePath = (n: number): string => tilePath('entries', n, n === 2 ? 188 : 256);
const listOf = (n: number, of: MadeLog = log) => of.entries.slice(n * 256, Math.min(SIZE, n * 256 + 256));
const heads = (...notes: readonly string[]): string =>
  JSON.stringify({ checkpoints: notes.map((checkpoint, i) => ({ size: i, cosigned: null, checkpoint })) });
const keys = (...lines: readonly string[]): string =>
  JSON.stringify({ keys: lines.map((key) => ({ key, introduction: null })) });

async function answersOf(of: MadeLog): Promise<Answers> {
  const answers: Answers = new Map<string, Uint8Array | string>([
    ['checkpoint', of.head(SIZE).note],
    ['checkpoints', heads(of.head(256).note, of.head(600).note, of.head(SIZE).note)],
    ['keys', keys(of.vkey)],
    ['vkey', `${of.vkey}\n`],
  ]);
  for (const [level, index, width] of PATHS) answers.set(tilePath(level, index, width), (await of.tile(level, index, width))!); // prettier-ignore
  for (const n of [0, 1, 2]) answers.set(bundlePath(n), bundle(listOf(n, of)));
  return answers;
}

let server: Server;
let answers: Answers;
beforeAll(async () => {
  server = createServer((request, response) => {
    const found = answers.get(request.url!.replace('/log/kz.test/1/', ''));
    response.statusCode = found === undefined ? 404 : 200;
    response.end(found);
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
});
afterAll(() => new Promise((done) => void server.close(done)));

async function verified(...more: string[]): Promise<Pick<Said, 'status' | 'out'>> {
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/log/kz.test/1`;
  const { status, out } = await depter('verify', address, ...more);
  return { status, out };
}

const flipped = (content: Uint8Array, at: number): Uint8Array => content.map((byte, i) => (i === at ? byte ^ 1 : byte));
const put = (path: string, content: string | Uint8Array) => (a: Answers) => void a.set(path, content);
/** A bundle of any number of entries, as no honest log has it. */
const rebundled = (n: number, change: (list: Uint8Array[]) => Uint8Array[]) => {
  const parts = change(listOf(n)).flatMap((one) => [Uint8Array.of(one.length >> 8, one.length & 255), one]);
  return put(bundlePath(n), Uint8Array.from(Buffer.concat(parts)));
};
const edit = (path: string, change: (bytes: Uint8Array) => Uint8Array) => (a: Answers) =>
  void a.set(path, change(a.get(path) as Uint8Array));
const swapped = (x: string, y: string) => (a: Answers) => {
  const [one, two] = [a.get(x)!, a.get(y)!];
  a.set(x, two).set(y, one);
};
const all =
  (...edits: readonly ((a: Answers) => void)[]) =>
  (a: Answers): void => {
    for (const one of edits) one(a);
  };
const changed = (index: number) => (list: Uint8Array[]) => list.with(index, flipped(list[index]!, 9));
const [TILE, TILE_0, EDGE, UPPER] = [tilePath(0, 1), tilePath(0, 0), tilePath(0, 2, 188), tilePath(1, 0, 2)];
const ENTRY = storedEntry(300, 'x');
const retiled = all(
  rebundled(1, (list) => list.with(44, ENTRY)),
  edit(TILE, (tile) =>
    Uint8Array.from([...tile.slice(0, 44 * 32), ...leafHash(sha256, ENTRY), ...tile.slice(45 * 32)]),
  ),
);
const edge = 'the right edge of the tree of 700 entries';

/** What is done, the fault that is told, and whether it is told without entries, too. */
const TAMPERINGS: readonly (readonly [string, (a: Answers) => void, string, 'hashes' | 'entries'])[] = [
  ['an entry is changed', rebundled(1, changed(44)), 'entry-mismatch at entry 300 (tile/entries/001)', 'entries'],
  ['an entry is removed', rebundled(1, (l) => l.toSpliced(44, 1)), 'entry-mismatch at entry 300 (tile/entries/001)', 'entries'],
  ['the last entry is removed', rebundled(2, (l) => l.slice(0, -1)), 'bundle-truncated at entry 699 (tile/entries/002.p/188)', 'entries'],
  ['an entry stands twice', rebundled(1, (l) => l.toSpliced(44, 0, l[44]!)), 'entry-mismatch at entry 301 (tile/entries/001)', 'entries'],
  ['two entries change places', rebundled(1, (l) => l.with(3, l[4]!).with(4, l[3]!)), 'entry-mismatch at entry 259 (tile/entries/001)', 'entries'],
  ['an entry is added', rebundled(1, (l) => [...l, l[0]!]), 'bundle-width at tile/entries/001', 'entries'],
  ['a bundle is withheld', (a) => void a.delete(bundlePath(1)), 'missing at tile/entries/001', 'entries'],
  ['two bundles change places', swapped(bundlePath(0), bundlePath(1)), 'entry-mismatch at entry 0 (tile/entries/000)', 'entries'],
  ['an entry is changed together with its tile', retiled, 'tile-mismatch at tile/0/001', 'hashes'],
  ['an entry is changed together with all tiles', all(retiled, (a) => (a.get(UPPER) as Uint8Array).set(tileRoot(sha256, a.get(TILE) as Uint8Array), 32)), `root-mismatch at ${edge}`, 'hashes'],
  ['a hash is changed', edit(TILE, (tile) => flipped(tile, 77)), 'tile-mismatch at tile/0/001', 'hashes'],
  ['a hash at the edge is changed', edit(EDGE, (tile) => flipped(tile, 77)), `root-mismatch at ${edge}`, 'hashes'],
  ['a tile is cut', edit(TILE, (tile) => tile.slice(0, -32)), 'tile-malformed at tile/0/001', 'hashes'],
  ['a tile is withheld', (a) => void a.delete(TILE_0), 'missing at tile/0/000', 'hashes'],
  ['the edge is withheld', (a) => void a.delete(UPPER), 'missing at tile/1/000.p/2', 'hashes'],
  ['two tiles change places', swapped(TILE_0, TILE), 'tile-mismatch at tile/0/000', 'hashes'],
  ['the head has another size', put('checkpoint', log.head().note.replace('\n700\n', '\n701\n')), 'signature-wrong at checkpoint', 'hashes'],
  ['the head has another root', put('checkpoint', log.head().note.replace(/\n700\n./, (x) => `${x.slice(0, -1)}${x.endsWith('A') ? 'B' : 'A'}`)), 'signature-wrong at checkpoint', 'hashes'],
  ['the head has the signature of an older one', put('checkpoint', `${log.head().note.split('\n\n')[0]}\n\n${log.head(600).note.split('\n\n')[1]}`), 'signature-wrong at checkpoint', 'hashes'],
  ['the head is no note', put('checkpoint', 'nothing\n'), 'note-malformed at checkpoint', 'hashes'],
  ['the head is withheld', (a) => void a.delete('checkpoint'), 'note-malformed at checkpoint', 'hashes'],
  ['the head is of a fork', put('checkpoint', forked.head().note), `root-mismatch at ${edge}`, 'hashes'],
  ['a newer head stands over older tiles', put('checkpoint', grown.head().note), 'missing at tile/0/002.p/189', 'hashes'],
  ['a kept checkpoint is of a fork', put('checkpoints', heads(log.head(256).note, forked.head(600).note)), 'fork at checkpoints, number 2, of size 600', 'hashes'],
  ['a kept checkpoint of the same size is of a fork', put('checkpoints', heads(forked.head().note)), 'fork at checkpoints, number 1, of size 700', 'hashes'],
  ['a kept checkpoint is of another log', put('checkpoints', heads(other.head(256).note)), 'note-unsigned at checkpoints, number 1', 'hashes'],
  ['a kept checkpoint is changed', put('checkpoints', heads(log.head(256).note.replace('\n256\n', '\n255\n'))), 'signature-wrong at checkpoints, number 1', 'hashes'],
  ['the head is signed by another key', put('checkpoint', resigned.head().note), 'note-unsigned at checkpoint', 'hashes'],
  ['the key is another', put('keys', keys(resigned.vkey)), 'note-unsigned at checkpoint', 'hashes'],
]; // prettier-ignore

test('what is shown as it is, is good', async () => {
  answers = await answersOf(log);
  for (const more of [[], ['--key', 'k'], ['--key', 'k', '--vkey', log.vkey]])
    expect(await verified(...more)).toMatchObject({ status: 0, out: expect.stringMatching(/^good/) });
});

test.each(TAMPERINGS)('%s', async (_, tamper, fault, told) => {
  answers = await answersOf(log);
  tamper(answers);
  const bad = { status: 1, out: `bad: ${fault}\n` };
  expect(await verified('--key', 'k')).toEqual(bad);
  // To whom only the hashes are shown, what is done to entries alone cannot be told.
  if (told === 'hashes') expect(await verified()).toEqual(bad);
  else expect((await verified()).status).toBe(0);
});

test.each([['of another controller', other], ['of another generation', second]])(
  'a whole log %s, honestly signed, is not the one that was asked for',
  async (_, shown) => {
    answers = await answersOf(shown);
    const bad = { status: 1, out: 'bad: origin-mismatch at keys\n' };
    for (const more of [[], ['--key', 'k'], ['--vkey', shown.vkey]]) expect(await verified(...more)).toEqual(bad);
    expect((await verified('--vkey', log.vkey)).status).toBe(1);
  },
); // prettier-ignore

test('a whole log under another key is not the one that was published', async () => {
  answers = await answersOf(resigned);
  expect(await verified('--vkey', log.vkey)).toEqual({ status: 1, out: 'bad: note-unsigned at checkpoint\n' });
});

test('who of the witnesses asked for has cosigned the head is told, with the time; without them it is bad', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'depter-policy-'));
  const policy = join(dir, 'policy');
  const cosigns = verifierKey(sha256, witness.name, witness.publicKey, 'cosignature');
  await writeFile(policy, `log ${log.vkey}\nwitness w ${cosigns}\nquorum w\n`);
  answers = await answersOf(log);
  expect((await verified()).out).toContain('  cosigned      by nobody that was asked for\n');
  expect(await verified('--policy', policy)).toEqual({ status: 1, out: 'bad: quorum-not-met at checkpoint\n' });
  answers.set('checkpoint', log.head(SIZE, byWitness).note);
  const told = `  cosigned      ${witness.name} at ${new Date(1_790_000_000_000).toISOString()}\n`;
  expect(await verified('--policy', policy)).toMatchObject({ status: 0, out: expect.stringContaining(told) });
  await rm(dir, { recursive: true });
});
