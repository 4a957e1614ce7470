import { join } from 'node:path';
import { builtInPacks, loadControllers, SettableClock, SystemClock, type Config } from '#host';
import { FolderPositions, openEmbedded, type EmbeddedStore, type StoreHealth } from '#store';
import { StoreStatus } from './health/store-status.js';
import type { Parts } from './server-module.js';
import { CloseStore } from './shutdown.js';

class EmbeddedStatus extends StoreStatus {
  constructor(private readonly store: EmbeddedStore) {
    super();
  }
  now(): StoreHealth {
    return this.store.health();
  }
}

class CloseEmbedded extends CloseStore {
  constructor(private readonly store: EmbeddedStore) {
    super();
  }
  close(): Promise<void> {
    return this.store.close();
  }
}

/** Loads the packs and opens the embedded store. Throws PackFilesError, StoreFailure. */
export async function openParts(config: Config): Promise<Parts> {
  const controllers = loadControllers([builtInPacks(), ...config.packs]);
  const clock = config.now === undefined ? new SystemClock() : new SettableClock(config.now);
  const store = await openEmbedded({
    dir: config.data,
    clock,
    rulebookFor: (controller) => controllers.rulebook(controller),
    ...(config.origin === undefined ? {} : { origin: config.origin }),
  });
  return {
    config,
    controllers,
    clock,
    ledger: store.ledger,
    log: store.log,
    vault: store.vault,
    keys: store.keys,
    accessKeys: store.accessKeys,
    positions: new FolderPositions(join(config.data, 'followers')),
    status: new EmbeddedStatus(store),
    close: new CloseEmbedded(store),
  };
}
