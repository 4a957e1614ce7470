import { builtInPacks, loadControllers, openStore, SettableClock, SystemClock, type Config } from '#host';
import type { Store, StoreHealth } from '#store';
import { StoreStatus } from './health/store-status.js';
import type { Parts } from './server-module.js';
import { CloseStore } from './shutdown.js';

class StatusOfStore extends StoreStatus {
  constructor(private readonly store: Store) {
    super();
  }
  now(): StoreHealth {
    return this.store.health();
  }
}

class CloseOfStore extends CloseStore {
  constructor(private readonly store: Store) {
    super();
  }
  close(): Promise<void> {
    return this.store.close();
  }
}

/** Loads the packs and opens the store. Throws PackFilesError, ConfigError, StoreFailure. */
export async function openParts(config: Config): Promise<Parts> {
  const controllers = loadControllers([builtInPacks(), ...config.packs]);
  const clock = config.now === undefined ? new SystemClock() : new SettableClock(config.now);
  const store = await openStore(config, controllers, clock, 'server');
  // Every log is there from the start: who reads one over HTTP makes none.
  try {
    for (const controller of controllers.all()) await store.ledger.record(controller, []);
  } catch (failure) {
    await store.close();
    throw failure;
  }
  return {
    config,
    controllers,
    clock,
    ledger: store.ledger,
    log: store.log,
    vault: store.vault,
    keys: store.keys,
    destructions: store.destructions,
    accessKeys: store.accessKeys,
    positions: store.positions,
    projections: store.projections,
    status: new StatusOfStore(store),
    close: new CloseOfStore(store),
    lost: store.lost,
  };
}
