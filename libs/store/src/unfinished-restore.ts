/** A restore that broke off: what it leaves is marked, and opened by nobody before the restore has come to its end. */
import { StoreFailure } from './ports.js';

/** Name of the mark in `meta`: of the ledger from before the first change until after the last. */
export const RESTORING = 'restoring';

/** Moments at which a test cuts a restore; `logged` is of an event log beside the database. */
export const RESTORE_STEPS = [
  'marked', 'made', 'keyed', 'logged', 'continued', 'kept', 'shredded', 'swept', 'replayed', 'ended',
] as const; // prettier-ignore
export type RestoreStep = (typeof RESTORE_STEPS)[number];

export function unfinishedRestore(): StoreFailure {
  return new StoreFailure('corrupt', 'a restore was begun here and not finished. Run depter restore again', false);
}
