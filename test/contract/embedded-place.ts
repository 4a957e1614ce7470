/** The embedded engine on a folder of its own, for the contract suites. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '#store';
import type { Place } from './engine.js';

export async function embeddedPlace(): Promise<Place & { readonly dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'depter-contract-'));
  return {
    dir,
    open: (options) => openEmbedded({ dir, origin: 'depter.example', ...options }),
    remove: () => rm(dir, { recursive: true }),
  };
}
