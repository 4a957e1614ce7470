/**
 * The log of the cluster engine: the bytes of each controller's events in the order that the tree signs. It is the one
 * place where order is decided, so that whoever grows the tree may be doubled, paused or dead.
 */
import type { ControllerId } from '#ledger';

/** One log of one controller; its length is the size of the tree. */
export interface LogName {
  readonly controller: ControllerId;
  readonly generation: number;
}

/** An event on its way into the log. */
export interface NewEntry {
  /** The 16 bytes of the event's id. */
  readonly id: Uint8Array;
  /** The reference of the dossier, as the event has it; null of the controller's own events. */
  readonly subject: string | null;
  /** The event's type, such as `collected`: a name for those who look at the log with the server's own tools. */
  readonly type: string;
  /** The stored event; what is read later is these bytes. */
  readonly entry: Uint8Array;
}

export interface LoggedEntry {
  /** Index in the log, which is the leaf's in the tree. */
  readonly index: number;
  readonly id: Uint8Array;
  readonly entry: Uint8Array;
}

/** What became of a group: it is in the log, whose size is now (or was, when it came first) `size`, or none of it is. */
export type Appended =
  { readonly kind: 'appended'; readonly size: number } | { readonly kind: 'wrong-size'; readonly size: number };

export const groupEntriesMax = 1000;
/** Sum of the entries' bytes: a mebibyte, the most that EventStoreDB appends at once, less what it adds to each event. */
export const groupBytesMax = 900 * 1024;

const ID_BYTES = 16;
const TYPE = /^[a-z][a-z-]{0,31}$/;

/**
 * Laws. A group is appended as a whole or not at all, and only where the log has exactly the expected size; of two that
 * expect the same size one is `appended`, the other gets `wrong-size` with the size that it met. The same group at the
 * same expected size is answered as the first time, whatever came after it: who does not know what became of an append
 * repeats it. A group that is only partly there is `wrong-size`. What was `appended` survives the server's death. Bytes
 * come back as they went in, at indexes without a gap from 0. A log that nobody has appended to has the size 0.
 *
 * Every call ends within the deadline of its adapter, with a StoreFailure: `unavailable` (retryable: the server is away,
 * slow, or has no leader; an append may nevertheless have happened), `full`, `corrupt`. A group that breaks the bounds
 * is a RangeError before anything is sent.
 */
export abstract class EventLog {
  abstract append(log: LogName, expectedSize: number, group: readonly NewEntry[]): Promise<Appended>;

  /** Entries from an index on, at most `limit` (1 to 1,000), fewer at the end of the log. */
  abstract read(log: LogName, from: number, limit: number): Promise<readonly LoggedEntry[]>;

  /**
   * Batches from an index on, then what is appended, none missing and none twice, until the signal, which ends it without
   * an error. While the server is away it waits and takes up where it was; it throws only what waiting does not mend.
   */
  abstract follow(log: LogName, from: number, signal: AbortSignal): AsyncIterable<readonly LoggedEntry[]>;

  abstract size(log: LogName): Promise<number>;

  /** Ends every call and follower that is under way. */
  abstract close(): Promise<void>;
}

/** Throws RangeError on a group, or an expected size, that no log takes. */
export function requireGroup(expectedSize: number, group: readonly NewEntry[]): void {
  requireIndex(expectedSize);
  if (group.length < 1 || group.length > groupEntriesMax) {
    throw new RangeError(`a group has 1 to ${groupEntriesMax} entries, not ${group.length}`);
  }
  let bytes = 0;
  for (const { id, type, entry } of group) {
    if (id.length !== ID_BYTES || id.every((byte) => byte === 0)) throw new RangeError('an id has 16 bytes, not all 0');
    if (!TYPE.test(type)) throw new RangeError('a type is up to 32 small letters and hyphens');
    if (entry.length === 0) throw new RangeError('an entry has at least one byte');
    bytes += entry.length;
  }
  if (bytes > groupBytesMax) throw new RangeError(`the entries of a group have at most ${groupBytesMax} bytes`);
}

/** Throws RangeError on what is no index, or no limit, of a reading. */
export function requireReading(from: number, limit: number): void {
  requireIndex(from);
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > groupEntriesMax) {
    throw new RangeError(`a reading has a limit of 1 to ${groupEntriesMax}`);
  }
}

/** Throws RangeError on what is no index of a log. */
export function requireIndex(index: number): void {
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError('an index is a non-negative safe integer');
}

/**
 * The answer where the log has another size than expected: the group may have come before, with an answer that was lost.
 * It is known by its ids, all of them and in their order.
 */
export async function afterWrongSize(
  log: EventLog,
  name: LogName,
  expectedSize: number,
  group: readonly NewEntry[],
): Promise<Appended> {
  const there = await log.read(name, expectedSize, group.length);
  if (there.length === group.length && group.every(({ id }, i) => Buffer.compare(id, there[i]!.id) === 0)) {
    return { kind: 'appended', size: expectedSize + group.length };
  }
  return { kind: 'wrong-size', size: await log.size(name) };
}
