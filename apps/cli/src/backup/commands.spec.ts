/** What `depter restore` is given by mistake is told, and nothing is made: least of all a folder in which somebody is back. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MadeLog, storedEntry } from '../../../../libs/proof/testdata/exported.js';
import { depter } from '../../../../test/running/command-line.js';

let dir: string;
let ledger: string;
let keys: string;
const path = (name: string): string => join(dir, name);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'depter-restore-'));
  await depter('key', 'add', '--data', path('data'), '--controller', 'kz.autosiyliq', '--role', 'officer');
  const made = await depter('backup', '--data', path('data'), '--to', path('ledgers'), '--keys-to', path('keys'));
  [ledger, keys] = made.out.trim().split('\n') as [string, string];
  await writeFile(path('text'), 'nothing of that kind\n');
  await writeFile(path('json'), '{"some":"thing"}\n');
  await writeFile(path('elsewhere'), new MadeLog([storedEntry(0)]).head().note);
  await writeFile(path('cut'), '\n{"controller":"kz.autosi\n');
}, 60_000);
afterAll(() => rm(dir, { recursive: true }));

async function restored(...more: string[]): Promise<{ status: number; err: string; made: boolean }> {
  const given = ['--ledger', ledger, '--keys', keys, '--root-key', path('data/root.key'), '--data', path('again')];
  const { status, err } = await depter('restore', ...given, ...more);
  const made = existsSync(path('again/ledger.db'));
  await rm(path('again'), { recursive: true, force: true });
  return { status, err, made };
}

test.each([
  ['--ledger', 'nothing', 2, 'The file given to --ledger cannot be read.'],
  ['--keys', 'nothing', 2, 'The file given to --keys cannot be read.'],
  ['--root-key', 'nothing', 2, 'The file given to --root-key cannot be read.'],
  ['--destruction-journal', 'nothing', 2, 'The file given to --destruction-journal cannot be read.'],
  ['--checkpoint', 'nothing', 2, 'The file given to --checkpoint cannot be read.'],
  ['--checkpoint', 'json', 2, 'A file given to --checkpoint holds none'],
  ['--checkpoint', 'elsewhere', 1, 'a checkpoint that was given is of depter.example/log/kz.test/1'],
  ['--destruction-journal', 'text', 3, 'what was given as the journal of destructions is none'],
  ['--destruction-journal', 'json', 3, 'what was given as the journal of destructions is none'],
  ['--ledger', 'text', 3, 'damaged'],
  ['--keys', 'text', 3, 'damaged'],
])('%s: %s', async (flag, file, status, said) => {
  expect(await restored(flag, path(file))).toEqual({ status, err: expect.stringContaining(said), made: false });
});

test('a journal whose last line was cut is one', async () => {
  expect(await restored('--destruction-journal', path('cut'))).toMatchObject({ status: 0, made: true });
});
