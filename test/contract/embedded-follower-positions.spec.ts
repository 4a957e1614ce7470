/** The positions of followers, in a folder. */
import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderPositions, StoreFailure } from '#store';
import { siyliq } from './engine.js';
import { followerPositionsContract, type PositionsPlace } from './follower-positions-contract.js';

async function folder(): Promise<PositionsPlace & { readonly dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'depter-positions-'));
  return { dir, open: () => new FolderPositions(join(dir, 'followers')), remove: () => rm(dir, { recursive: true }) };
}

followerPositionsContract('folder', folder);

describe('a folder of positions', () => {
  it('does not begin anew where a file is damaged', async () => {
    const place = await folder();
    await writeFile(join(place.dir, `relay.${siyliq}`), 'seven\n');
    await expect(new FolderPositions(place.dir).position(siyliq, 'relay')).rejects.toThrow(StoreFailure);
    await place.remove();
  });
});
