import type { Config } from '#host';
import { MAX_ACTION_BYTES } from '#ledger';

/** Injection token of the settings, which are plain data and have no class. */
export const CONFIG = Symbol('config');
export type { Config };

/** Limits of what comes in (`wire.md`); that of one action is the reader's own. */
export { MAX_ACTION_BYTES };
export const MAX_BATCH_ACTIONS = 1_000;
/** A batch of the largest actions, with room for what stands between them. */
export const MAX_BATCH_BYTES = MAX_BATCH_ACTIONS * (MAX_ACTION_BYTES + 64);
/** Large bodies held at once, over all requests; a body's first 64 KiB do not count. One of the largest always fits. */
export const BODY_BUDGET_BYTES = 80 * 1024 * 1024;
/** Bodies that are not actions: a person to find, a key to make, a time to set. */
export const MAX_SMALL_BODY_BYTES = 16 * 1024;
/** Rows of a list at most, and where no limit is asked for. */
export const MAX_ROWS = 1_000;
/** How long `?position=N` waits for N, in milliseconds. */
export const POSITION_WAIT_MS = 10_000;
