import type { ControllerId } from '#ledger';
import type { TransparencyLog } from '#store';

/**
 * The checkpoint of a controller's latest generation, under which new events stand; null where there is none. Generations
 * follow each other without a gap, and are few: each begins with a backup that was restored.
 */
export async function latestCheckpoint(
  log: Pick<TransparencyLog, 'checkpoint'>,
  controller: ControllerId,
): Promise<string | null> {
  let latest: string | null = null;
  for (let generation = 1; ; generation += 1) {
    const checkpoint = await log.checkpoint(controller, generation);
    if (checkpoint === undefined) return latest;
    latest = checkpoint;
  }
}
