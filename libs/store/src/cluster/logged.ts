/**
 * A restored database held against the event log that another server keeps, which was brought back by itself or not at all:
 * what both know is placed, and what only one of them knows is found.
 */
import { decode } from '#ledger';
import { EventLogShortened } from '../tree/published.js';
import type { EventLog } from './event-log.js';
import type { KeyStore } from './key-store.js';
import { signersOf } from './log-keys.js';
import type { LogRow } from './log-rows.js';
import { Sequencer } from './sequencer.js';
import type { PostgresSequencing } from './sequencing-postgres.js';
import { checkLastEntries } from './startup-check.js';

/** Entries of at most 16 KiB each: any so many are within the bounds of a group. */
const FILLED_AT_ONCE = 50;

export interface Logged {
  /** Entries that have a place in the database. */
  readonly size: number;
  /** Entries of the event log; more than `size` where the database has lost some, or never had them. */
  readonly logged: number;
}

/**
 * Places what the event log has beyond the database and the database had accepted. Throws EventLogShortened where the event
 * log has fewer entries than have a place, unless `fills`, which gives it them again; StoreFailure `corrupt` where the two differ.
 */
export async function holdAgainstEventLog(
  {
    sequencing,
    eventLog,
    keys,
    fills,
  }: {
    readonly sequencing: PostgresSequencing;
    readonly eventLog: EventLog;
    readonly keys: KeyStore;
    readonly fills: boolean;
  },
  log: LogRow,
): Promise<Logged> {
  const { controller, generation } = log;
  const name = { controller, generation };
  const before = await eventLog.size(name);
  if (before < log.size) {
    if (!fills) throw new EventLogShortened({ ...log, name: controller }, before);
    // Another installation's, or another history's, is not added to.
    await checkLastEntries(name, before, sequencing, eventLog);
    await fill(sequencing, eventLog, log, before);
  }
  const sequencer = new Sequencer({
    log: name,
    eventLog,
    accepted: sequencing,
    placement: sequencing,
    signersOf: (those) => signersOf(keys, controller, generation, those),
  });
  const size = await sequencer.placeLogged(new AbortController().signal);
  return { size, logged: Math.max(size, before) };
}

async function fill(
  sequencing: PostgresSequencing,
  eventLog: EventLog,
  { controller, generation, size }: LogRow,
  from: number,
): Promise<void> {
  const name = { controller, generation };
  for (let at = from; at < size; at += FILLED_AT_ONCE) {
    const placed = await sequencing.entries(name, at, Math.min(size, at + FILLED_AT_ONCE));
    const group = placed.map(({ id, entry }) => {
      const { subject, type } = decode(entry);
      return { id, subject, type, entry };
    });
    const answer = await eventLog.append(name, at, group);
    if (answer.kind === 'wrong-size') throw new EventLogShortened({ name: controller, generation, size }, answer.size);
  }
}
