import type { StoreHealth } from '#store';

/** How the store is now; whoever opens the store says how to ask it. */
export abstract class StoreStatus {
  abstract now(): StoreHealth;
}
