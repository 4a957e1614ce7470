/**
 * Keys that are newer than the logs beside them: a ledger was brought back older than its keys, and whoever opened it would
 * begin a log once more that was published.
 */
import { StoreFailure } from '../ports.js';
import type { LogAsFound } from '../destruction/journal.js';

/** A key of a log: its controller, and the kind that says of which generation. */
export interface KeyOfLog {
  readonly controller: string;
  readonly kind: string;
}

/** Which generation a key is of, whatever its number there. */
export function generationOf({ kind }: Pick<KeyOfLog, 'kind'>): number {
  return parseInt(kind.split(' ')[1]!, 10);
}

/**
 * Throws StoreFailure `corrupt`. A controller's keys come before its log, and those of people only after it: where `hasPeople`,
 * the log was there.
 */
export async function requireAsFarAsKeys(
  keys: readonly KeyOfLog[],
  logs: readonly LogAsFound[],
  hasPeople: (controller: string) => boolean | Promise<boolean>,
): Promise<void> {
  for (const key of keys) {
    const { controller } = key;
    const log = logs.find(({ name }) => name === controller);
    if (log === undefined ? !(await hasPeople(controller)) : generationOf(key) <= log.generation) continue;
    const has = log === undefined ? 'is not there' : `has come to generation ${log.generation}`;
    const far = `the log of ${controller} ${has}, and its keys are of ${log === undefined ? 'people in it' : 'a later one'}`;
    throw new StoreFailure('corrupt', `an older copy that was not restored: ${far}. Run depter restore on it`, false);
  }
}
