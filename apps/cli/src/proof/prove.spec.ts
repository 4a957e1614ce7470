/** `depter proof` of a served log that was continued: of either generation, and by the key that was published. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { logPolicy, makeVerifierKey, verifyReceipt } from '#proof';
import { MadeLog, origin, storedEntry } from '../../../../libs/proof/testdata/exported.js';
import { depter, type Said } from '../../../../test/running/command-line.js';
import { nodePrimitives } from '../verify/primitives.js';

const first = new MadeLog(Array.from({ length: 300 }, (_, i) => storedEntry(i)));
const second = new MadeLog(
  Array.from({ length: 5 }, (_, i) => storedEntry(i, 'x')),
  origin.replace(/1$/, '2'),
  28,
);
const forged = new MadeLog(first.entries, origin, 66);
const GENERATIONS = [first, second];

let server: Server;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'depter-prove-'));
  server = createServer((request, response) => {
    void answer(request.url!).then((found) => {
      response.statusCode = found === undefined ? 404 : 200;
      response.end(found);
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  await new Promise((done) => void server.close(done));
  await rm(dir, { recursive: true });
});

async function answer(url: string): Promise<string | Uint8Array | undefined> {
  const [, generation, path] = /^\/log\/kz\.test\/(\d+)\/(.+)$/.exec(url) ?? [];
  const log = GENERATIONS[Number(generation) - 1];
  if (log === undefined || path === undefined) return undefined;
  if (path === 'vkey') return `${log.vkey}\n`;
  if (path === 'keys') return JSON.stringify({ keys: [{ key: log.vkey, introduction: null }] });
  if (path === 'checkpoint') return log.head().note;
  const [, level, index, width = '256'] = /^tile\/(\d)\/(\d{3})(?:\.p\/(\d+))?$/.exec(path) ?? [];
  return level === undefined ? undefined : log.tile(Number(level), Number(index), Number(width));
}

function proof(...args: string[]): Promise<Said> {
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [what = '', ...more] = args;
  const of = ['--url', address, '--controller', 'kz.test'];
  return depter('proof', what, ...of, ...more);
}

test.each([
  ['the latest', [], second, 4],
  ['an earlier one', ['--generation', '1'], first, 290],
] as const)('an entry of %s', async (_, more, log, index) => {
  const said = await proof('inclusion', '--index', `${index}`, ...more);
  expect(said.status).toBe(0);
  const policy = logPolicy(makeVerifierKey(nodePrimitives.sha256, log.key.name, log.key.publicKey, 'note'));
  expect(verifyReceipt(nodePrimitives, policy, said.out, log.entries[index]!)).toMatchObject({ ok: true, value: { index } }); // prettier-ignore
});

test('an entry that the generation has not, and a generation that the log has not', async () => {
  expect((await proof('inclusion', '--index', '5')).status).toBe(1);
  expect((await proof('inclusion', '--index', '5', '--generation', '3')).status).toBe(1);
});

test('a kept checkpoint is held against the generation that it is of', async () => {
  await writeFile(join(dir, 'kept'), first.head(200).note);
  const said = await proof('consistency', '--checkpoint', join(dir, 'kept'));
  expect(said).toMatchObject({ status: 0, out: expect.stringMatching(/^good: the 200 entries of then are the first of 300\n/) }); // prettier-ignore
});

test('a log under another key than the one that was published proves nothing', async () => {
  for (const [vkey, status] of [
    [first.vkey, 0],
    [forged.vkey, 1],
  ] as const)
    // prettier-ignore
    expect((await proof('inclusion', '--index', '5', '--generation', '1', '--vkey', vkey)).status).toBe(status);
});
