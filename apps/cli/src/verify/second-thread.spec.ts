import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { verifyArchive } from '#proof';
import { exported, MadeLog, putTogether, storedEntry, takenApart } from '../../../../libs/proof/testdata/exported.js';
import { FileAccess } from './file-access.js';
import { nodePrimitives } from './primitives.js';
import { helping } from './second-thread.js';

/** Enough that a second thread is worth its start. */
const SIZE = 57_600;
const several = availableParallelism() > 1 ? test : test.skip;

let dir: string;
let genuine: Uint8Array;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'depter-threads-'));
  const log = new MadeLog(Array.from({ length: SIZE }, (_, i) => storedEntry(i)));
  genuine = await exported(log, { first: 0, end: SIZE, head: log.head(SIZE), older: [] });
}, 60_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What is found alone, and beside a second thread; how many entries that has told of. */
async function judged(archive: Uint8Array) {
  const file = join(dir, 'export.tar');
  await writeFile(file, archive);
  const [first, second] = [FileAccess.open(file), FileAccess.open(file)];
  const beside = helping(file);
  const { helper } = beside;
  let asked = 0;
  const counting = helper && {
    ...helper,
    check: (part: Parameters<typeof helper.check>[0], onDone: (entries: number) => void) => {
      asked++;
      return helper.check(part, onDone);
    },
  };
  try {
    const alone = await verifyArchive(nodePrimitives, first);
    const helped = await verifyArchive(nodePrimitives, second, { helper: counting });
    return { asked, alone, helped };
  } finally {
    await beside.close();
    first.close();
    second.close();
  }
}

/** The archive with one byte of one member changed, and a manifest that says so. */
async function changed(name: string): Promise<Uint8Array> {
  const apart = await takenApart(genuine);
  const member = Uint8Array.from(apart.members.get(name)!);
  member[100]! ^= 1;
  apart.members.set(name, member);
  return putTogether(apart);
}

several(
  'a long archive is checked in two threads, and they find what one finds',
  async () => {
    const { asked, alone, helped } = await judged(genuine);
    expect(helped).toEqual(alone);
    expect(alone).toMatchObject({ ok: true, value: { entries: SIZE } });
    expect(asked).toBe(1);
  },
  60_000,
);

several.each(['log/tile/entries/003', 'log/tile/entries/200'])(
  'a changed entry in %s is found in its half, with its place',
  async (name) => {
    const { alone, helped } = await judged(await changed(name));
    expect(alone).toMatchObject({ ok: false, fault: { code: 'entry-mismatch' } });
    expect(helped).toEqual(alone);
  },
  60_000,
);

test('of a short archive nobody helps', async () => {
  const file = join(dir, 'short.tar');
  await writeFile(file, genuine.subarray(0, 1024));
  expect(helping(file).helper).toBeUndefined();
});
