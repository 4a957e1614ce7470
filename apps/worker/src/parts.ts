import {
  builtInPacks,
  loadControllers,
  openStore,
  SettableClock,
  SystemClock,
  type Config,
  type Controllers,
} from '#host';
import type {
  AccessKeys,
  Clock,
  Destructions,
  FollowerPositions,
  Ledger,
  Projections,
  StoreHealth,
  TransparencyLog,
} from '#store';

/** How the store is asked how it is, and let go. */
export abstract class StoreHandle {
  abstract health(): StoreHealth;
  abstract close(): Promise<void>;
}

/** What is made before Nest starts: what is wrong with it is said plainly, and stops the start. */
export interface WorkerParts {
  readonly config: Config;
  readonly controllers: Controllers;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly destructions: Destructions;
  readonly log: TransparencyLog;
  readonly accessKeys: AccessKeys;
  readonly positions: FollowerPositions;
  readonly projections: Projections;
  readonly close: StoreHandle;
}

/**
 * Loads the packs and opens the store. A data folder has one owner: a worker on one stands in the place of a server; on a
 * database any number work beside each other. Throws PackFilesError, ConfigError, StoreFailure.
 */
export async function openParts(config: Config): Promise<WorkerParts> {
  const controllers = loadControllers([builtInPacks(), ...config.packs]);
  const clock = config.now === undefined ? new SystemClock() : new SettableClock(config.now);
  const store = await openStore(config, controllers, clock, 'worker');
  const { ledger, destructions, log, accessKeys, positions, projections } = store;
  return { config, controllers, clock, ledger, destructions, log, accessKeys, positions, projections, close: store };
}
