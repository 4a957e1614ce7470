import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { openEmbedded } from '#store';
import { options } from './engine.js';
import { journalContract } from './journal-contract.js';

describe('on the embedded engine', () => {
  journalContract(async () => {
    const dir = await mkdtemp(join(tmpdir(), 'depter-contract-'));
    return {
      open: (journal) => openEmbedded({ dir, ...options(), journal }),
      remove: () => rm(dir, { recursive: true }),
    };
  });
});
