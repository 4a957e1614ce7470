import type { ControllerId } from '#ledger';
import type { TransparencyLog } from '#store';

/** The generation of a controller's log that grows; undefined where it has none. Generations have no gap and are few. */
export async function latestGeneration(
  log: Pick<TransparencyLog, 'verifierKey'>,
  controller: ControllerId,
): Promise<number | undefined> {
  for (let generation = 1; ; generation += 1) {
    if ((await log.verifierKey(controller, generation)) === undefined)
      return generation === 1 ? undefined : generation - 1;
  }
}
