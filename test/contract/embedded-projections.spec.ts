/** The boards of a data folder: a file and a thread of their own. */
import { describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SubjectRef } from '#ledger';
import { BOARDS_FILE, ThreadedBoards } from '#store';
import { siyliq } from './engine.js';
import { projectionsContract, type BoardsPlace } from './projections-contract.js';

async function folder(): Promise<BoardsPlace & { readonly dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'depter-boards-'));
  return { dir, open: async () => new ThreadedBoards(dir), remove: () => rm(dir, { recursive: true }) };
}

projectionsContract('folder', folder);

describe('the boards of a folder', () => {
  it('make nothing until somebody asks for them, and then a file for their owner alone', async () => {
    const place = await folder();
    const boards = await place.open();
    expect(await readdir(place.dir)).toEqual([]);
    await boards.progress(siyliq);
    expect((await stat(join(place.dir, BOARDS_FILE))).mode & 0o777).toBe(0o600);
    await boards.close();
    await place.remove();
  });

  it.each([
    ['is damaged', async (path: string) => writeFile(path, 'this is no database, and longer than a header'.repeat(40))],
    [
      'is of another version',
      async (path: string) => {
        const { DatabaseSync } = await import('node:sqlite');
        const database = new DatabaseSync(path);
        database.exec('PRAGMA user_version = 77');
        database.close();
      },
    ],
  ])('begin anew where the file %s', async (_, spoil) => {
    const place = await folder();
    const first = await place.open();
    await first.touch(siyliq, 0, {
      subjects: new Set(['A'.repeat(22) as SubjectRef]),
      everybody: false,
      position: 3,
      last: 'entry 2',
    });
    await first.close();
    await spoil(join(place.dir, BOARDS_FILE));
    const boards = await place.open();
    expect(await boards.progress(siyliq)).toMatchObject({ version: 0, position: 0 });
    await boards.close();
    await place.remove();
  });

  it('answer nothing once they are closed', async () => {
    const place = await folder();
    const boards = await place.open();
    await boards.progress(siyliq);
    await boards.close();
    await expect(boards.progress(siyliq)).rejects.toThrow('the store is closed');
    await place.remove();
  });
});
