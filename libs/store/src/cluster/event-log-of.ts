import type { EventLog } from './event-log.js';
import { EventStoreLog } from './event-log-eventstore.js';
import { PostgresEventLog } from './event-log-postgres.js';
import type { Postgres } from './postgres.js';

/** The event log that the settings name. */
export function eventLogOf(eventstore: string | EventLog | undefined, postgres: Postgres): EventLog {
  if (eventstore === undefined) return new PostgresEventLog(postgres);
  return typeof eventstore === 'string' ? new EventStoreLog({ address: eventstore }) : eventstore;
}
