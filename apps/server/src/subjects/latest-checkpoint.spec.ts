import { describe, expect, it } from '@jest/globals';
import type { ControllerId } from '#ledger';
import { latestCheckpoint } from './latest-checkpoint.js';

const controller = 'kz.autosiyliq' as ControllerId;
const logOf = (...checkpoints: string[]) => ({
  checkpoint: (_: ControllerId, generation: number) => Promise.resolve(checkpoints[generation - 1]),
});

describe('the checkpoint that evidence rests on', () => {
  it('is that of the latest generation', async () => {
    expect(await latestCheckpoint(logOf('first'), controller)).toBe('first');
    expect(await latestCheckpoint(logOf('first', 'second', 'third'), controller)).toBe('third');
  });

  it('is null where the controller has no log', async () => {
    expect(await latestCheckpoint(logOf(), controller)).toBeNull();
  });
});
