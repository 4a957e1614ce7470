/**
 * The event log in EventStoreDB: one stream for each log, whose revision is the entry's index. Entries are binary events
 * (only those come back byte for byte), a group is one append at the expected revision, and what has no answer is sent
 * again with the same ids, which the server knows.
 */
import { StoreFailure } from '../ports.js';
import { BackOff, pause } from './back-off.js';
import {
  afterWrongSize, EventLog, groupEntriesMax, requireGroup, requireIndex, requireReading, type Appended, type LoggedEntry, type LogName, type NewEntry,
} from './event-log.js'; // prettier-ignore
import { EventStoreClient, type ReadEvent } from './eventstore-client.js';

export interface EventStoreOptions {
  /** A connection string, `esdb://` or `esdb+discover://`. */
  readonly address: string;
  /** Bound of one call of the port, all its tries together. */
  readonly deadlineMs?: number;
  /** A follower that hears nothing for so long asks whether anything was there to hear. */
  readonly quietMs?: number;
}

const DEADLINE_MS = 10_000;
const QUIET_MS = 10_000;
/** How long what was just written may take to be read is looked at this often. */
const UNREAD_MS = 10;
/** How many tries a deadline has room for, where the server does not answer at all. */
const TRIES = 3;

export class EventStoreLog extends EventLog {
  readonly #client: EventStoreClient;
  readonly #deadlineMs: number;
  readonly #quietMs: number;
  readonly #closed = new AbortController();

  /** Throws RangeError on an address that cannot be used; connects with the first call. */
  constructor({ address, deadlineMs = DEADLINE_MS, quietMs = QUIET_MS }: EventStoreOptions) {
    super();
    this.#client = new EventStoreClient(address);
    this.#deadlineMs = deadlineMs;
    this.#quietMs = quietMs;
  }

  override async append(log: LogName, expectedSize: number, group: readonly NewEntry[]): Promise<Appended> {
    requireGroup(expectedSize, group);
    const events = group.map(({ id, subject, type, entry }) => ({
      id: uuidOf(id),
      type,
      data: entry,
      correlation: subject,
    }));
    const { kind } = await this.#trying((ms) => this.#client.append(streamOf(log), expectedSize, events, ms));
    if (kind === 'appended') return { kind, size: expectedSize + group.length };
    await this.#otherSize(log, expectedSize);
    return afterWrongSize(this, log, expectedSize, group);
  }

  /** The server refuses a size already while what it has grown by cannot be read yet. */
  async #otherSize(log: LogName, refused: number): Promise<void> {
    const end = performance.now() + this.#deadlineMs;
    while ((await this.size(log)) === refused) {
      if (performance.now() >= end) throw new StoreFailure('unavailable', 'EventStoreDB refuses its own size', true);
      await pause(UNREAD_MS, this.#closed.signal);
    }
  }

  override async read(log: LogName, from: number, limit: number): Promise<readonly LoggedEntry[]> {
    requireReading(from, limit);
    const events = await this.#trying((ms) => this.#client.read(streamOf(log), from, limit, ms));
    return entriesOf(log, events, from);
  }

  override async *follow(log: LogName, from: number, signal: AbortSignal): AsyncIterable<readonly LoggedEntry[]> {
    requireIndex(from);
    const until = AbortSignal.any([signal, this.#closed.signal]);
    const backOff = new BackOff();
    const lost = async (next: number): Promise<boolean> => (await this.size(log)) > next;
    let next = from;
    while (!until.aborted) {
      try {
        for await (const events of this.#client.subscribe(
          streamOf(log),
          next,
          groupEntriesMax,
          until,
          this.#quietMs,
          lost,
        )) {
          const batch = entriesOf(log, events, next);
          next += batch.length;
          backOff.reset();
          yield batch;
        }
      } catch (failure) {
        if (!(failure instanceof StoreFailure) || !failure.retryable) throw failure;
        await backOff.pause(until);
      }
    }
  }

  override size(log: LogName): Promise<number> {
    return this.#trying((ms) => this.#client.size(streamOf(log), ms));
  }

  override async close(): Promise<void> {
    this.#closed.abort();
    await this.#client.close();
  }

  /** Tries again what may pass, until the deadline: a leader that died has a successor within seconds. */
  async #trying<T>(call: (ms: number) => Promise<T>): Promise<T> {
    const end = performance.now() + this.#deadlineMs;
    const backOff = new BackOff({ firstMs: 50, mostMs: 1000 });
    for (;;) {
      if (this.#closed.signal.aborted) throw new StoreFailure('unavailable', 'the event log is closed', false);
      try {
        return await call(Math.max(1, Math.min(this.#deadlineMs / TRIES, end - performance.now())));
      } catch (failure) {
        if (!(failure instanceof StoreFailure) || !failure.retryable || performance.now() >= end) throw failure;
        await backOff.pause(this.#closed.signal);
        if (performance.now() >= end) throw failure;
      }
    }
  }
}

function streamOf({ controller, generation }: LogName): string {
  return `log.${controller}-${generation}`;
}

/** The 16 bytes as they are: no version of a UUID is claimed. */
function uuidOf(id: Uint8Array): string {
  const hex = Buffer.from(id.buffer, id.byteOffset, id.length).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function entriesOf(log: LogName, events: readonly ReadEvent[], from: number): LoggedEntry[] {
  return events.map(({ revision, id, data }, i) => {
    // A stream that was truncated, or has an age, has lost leaves of the tree.
    if (revision !== from + i) {
      throw new StoreFailure('corrupt', `EventStoreDB: ${streamOf(log)} has no entry ${from + i}`, false);
    }
    return { index: revision, id: Buffer.from(id.replaceAll('-', ''), 'hex'), entry: data };
  });
}
