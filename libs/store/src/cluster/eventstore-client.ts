/**
 * The client of EventStoreDB: with its batches and its packages the only file that knows it, so that `@kurrent/kurrentdb-client` can
 * follow. What the client 6.2.1 does not do is done here: a deadline for every call (its readings ignore theirs), errors of
 * closed codes without what was sent, and subscriptions that are known to be lost.
 */
import type {
  BACKWARDS, Credentials, END, EventStoreDBClient, FORWARDS, ResolvedEvent, START,
} from '@eventstore/db-client'; // prettier-ignore
import { StoreFailure } from '../ports.js';
import { appendBatch } from './eventstore-batch.js';
import { eventstore } from './eventstore-package.js';

/** An event as it is sent: its bytes are stored as they are, and come back so. */
export interface SentEvent {
  /** Written as a UUID. */
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  /** What the server's own projection by correlation groups events by; null for none. */
  readonly correlation: string | null;
}

export interface ReadEvent {
  readonly revision: number;
  readonly id: string;
  readonly data: Uint8Array;
}

export type StreamAppend = { readonly kind: 'appended' } | { readonly kind: 'wrong-revision' };

/** How much longer than the client's own deadline ours waits: finding a leader is not in the client's. */
const GRACE_MS = 500;
/** A server without TLS takes no user, but only calls with one avoid the client's batches (see `#appendOneByOne`). */
const NOBODY: Credentials = { username: 'insecure', password: 'insecure' };

export class EventStoreClient {
  readonly #client: EventStoreDBClient;
  readonly #credentials: Credentials;

  /**
   * `address` is a connection string (`esdb://` or `esdb+discover://`), with the user and password where there is TLS.
   * Throws RangeError, which does not quote it, where it cannot be used.
   */
  constructor(address: string) {
    if (/[?&]throwonappendfailure=/i.test(address))
      throw new RangeError('EventStoreDB: throwOnAppendFailure is not to be set');
    this.#credentials = credentialsOf(address);
    try {
      this.#client = eventstore().EventStoreDBClient.connectionString(address);
    } catch {
      throw new RangeError('EventStoreDB: the connection string cannot be read');
    }
    calmReconnection(this.#client);
  }

  /** Appends to a stream that has exactly `expectedSize` events. */
  async append(stream: string, expectedSize: number, events: readonly SentEvent[], ms: number): Promise<StreamAppend> {
    try {
      const batch = appendBatch(this.#client, this.#credentials, stream, expectedSize, events, ms);
      const answer = await within(batch, ms + GRACE_MS);
      if (answer.kind !== 'refused') return answer;
    } catch (failure) {
      throw eventStoreFailure(failure);
    }
    return this.#appendOneByOne(stream, expectedSize, events, ms);
  }

  /**
   * Where a batch is refused: the same in messages of their own, whose refusals the client understands, and goes to the
   * leader where this is not it. Always with credentials: without them the client takes its batch append, which keeps one
   * map of promises for the whole process, where one failure can reject what belongs to others and throws outside any
   * promise.
   */
  async #appendOneByOne(
    stream: string,
    expectedSize: number,
    events: readonly SentEvent[],
    ms: number,
  ): Promise<StreamAppend> {
    const sent = events.map(({ id, type, data, correlation }) =>
      eventstore().binaryEvent({
        id,
        type,
        data,
        ...(correlation === null ? {} : { metadata: { $correlationId: correlation } }),
      }),
    );
    const appending = this.#client.appendToStream(stream, sent, {
      expectedRevision: expectedSize === 0 ? eventstore().NO_STREAM : BigInt(expectedSize - 1),
      credentials: this.#credentials,
      requiresLeader: true,
      deadline: ms,
    });
    try {
      await within(appending, ms + GRACE_MS);
      return { kind: 'appended' };
    } catch (failure) {
      if (failure instanceof eventstore().WrongExpectedVersionError) return { kind: 'wrong-revision' };
      throw eventStoreFailure(failure);
    }
  }

  /** Events from a revision on; none where there is no such stream. */
  read(stream: string, from: number, count: number, ms: number): Promise<ReadEvent[]> {
    return this.#collect(
      stream,
      {
        direction: eventstore().FORWARDS,
        fromRevision: from === 0 ? eventstore().START : BigInt(from),
        maxCount: count,
      },
      ms,
    );
  }

  /** How many events the stream has. */
  async size(stream: string, ms: number): Promise<number> {
    const [last] = await this.#collect(
      stream,
      { direction: eventstore().BACKWARDS, fromRevision: eventstore().END, maxCount: 1 },
      ms,
    );
    return last === undefined ? 0 : last.revision + 1;
  }

  /**
   * Batches of what the stream has from a revision on and of what comes, until the signal. Throws when the subscription is
   * lost; after `quietMs` without an event it throws where `lost` says so: nothing else tells of a connection that is
   * only half there.
   */
  async *subscribe(
    stream: string,
    from: number,
    batchMax: number,
    signal: AbortSignal,
    quietMs: number,
    lost: (next: number) => Promise<boolean>,
  ): AsyncIterable<ReadEvent[]> {
    const subscription = this.#client.subscribeToStream(
      stream,
      {
        fromRevision: from === 0 ? eventstore().START : BigInt(from - 1),
        credentials: this.#credentials,
        requiresLeader: true,
      },
      { highWaterMark: batchMax },
    );
    const state = new SubscriptionState(subscription);
    let next = from;
    try {
      while (!signal.aborted) {
        const batch: ReadEvent[] = [];
        while (batch.length < batchMax) {
          const event = take(subscription);
          if (event === null) break;
          batch.push(event);
        }
        if (batch.length > 0) {
          next = batch.at(-1)!.revision + 1;
          yield batch;
          continue;
        }
        if (state.failure !== undefined) throw eventStoreFailure(state.failure);
        const quiet = await state.change(quietMs, signal);
        if (quiet && (await lost(next))) throw unavailable('the subscription is lost');
      }
    } finally {
      void subscription.unsubscribe().catch(() => undefined);
      subscription.destroy();
    }
  }

  async close(): Promise<void> {
    await within(this.#client.dispose(), GRACE_MS).catch(() => undefined);
  }

  #collect(
    stream: string,
    where: {
      direction: typeof FORWARDS | typeof BACKWARDS;
      fromRevision: typeof START | typeof END | bigint;
      maxCount: number;
    },
    ms: number,
  ): Promise<ReadEvent[]> {
    return new Promise((resolve, reject) => {
      const reading = this.#client.readStream(stream, {
        ...where,
        credentials: this.#credentials,
        requiresLeader: true,
      });
      const read: ReadEvent[] = [];
      const timer = setTimeout(() => {
        void reading.cancel().catch(() => undefined);
        reject(unavailable('a reading took too long'));
      }, ms);
      reading.on('data', (event: ResolvedEvent) => {
        const one = readEvent(event);
        if (one !== undefined) read.push(one);
      });
      reading.on('end', () => {
        clearTimeout(timer);
        resolve(read);
      });
      reading.on('error', (failure: unknown) => {
        clearTimeout(timer);
        if (failure instanceof eventstore().StreamNotFoundError) resolve([]);
        else reject(eventStoreFailure(failure));
      });
    });
  }
}

type Subscribed = ReturnType<EventStoreDBClient['subscribeToStream']>;

/** What became of a subscription, and a way to wait for the next change of it. */
class SubscriptionState {
  failure: unknown;
  #wake: (() => void) | undefined;

  constructor(subscription: Subscribed) {
    const over = (failure: unknown) => {
      this.failure ??= failure;
      this.#wake?.();
    };
    subscription.on('readable', () => this.#wake?.());
    subscription.on('error', over);
    subscription.on('end', () => over(unavailable('the subscription ended')));
    subscription.on('close', () => over(unavailable('the subscription closed')));
  }

  /** True where `ms` went by without a change. */
  async change(ms: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    return new Promise((resolve) => {
      const done = (quiet: boolean) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        this.#wake = undefined;
        resolve(quiet);
      };
      const onAbort = () => done(false);
      const timer = setTimeout(() => done(true), ms);
      signal.addEventListener('abort', onAbort, { once: true });
      this.#wake = () => done(false);
    });
  }
}

function take(subscription: Subscribed): ReadEvent | null {
  for (;;) {
    const event = subscription.read() as ResolvedEvent | null;
    if (event === null) return null;
    const read = readEvent(event);
    if (read !== undefined) return read;
  }
}

function readEvent({ event }: ResolvedEvent): ReadEvent | undefined {
  if (event === undefined) return undefined;
  // Bytes that were not sent as bytes would have been parsed by now: this log is not ours.
  if (!(event.data instanceof Uint8Array))
    throw new StoreFailure('corrupt', 'EventStoreDB: an event is not binary', false);
  return { revision: Number(event.revision), id: event.id, data: event.data };
}

/** The user of the connection string; without TLS any will do. */
function credentialsOf(address: string): Credentials {
  const [, username, password] = /^esdb(?:\+discover)?:\/\/([^:@/]+):([^@/]+)@/.exec(address) ?? [];
  if (username !== undefined && password !== undefined)
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  if (!/[?&]tls=false\b/i.test(address))
    throw new RangeError('EventStoreDB: over TLS a user and a password are needed');
  return NOBODY;
}

/**
 * The client looks for a new leader in a promise that nobody holds; where none is found its rejection would end the
 * process. The next call finds out by itself.
 */
function calmReconnection(client: EventStoreDBClient): void {
  const inner = client as unknown as { handleError: (channel: unknown, error: unknown) => Promise<void> };
  const reconnect = inner.handleError;
  inner.handleError = (channel, error) => reconnect(channel, error).catch(() => undefined);
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable('a call took too long')), ms);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Away, busy, without a leader, cancelled, or a failure of the server that it does not explain: all may pass. The client's
 * messages are left out, since they may quote what was sent.
 */
function eventStoreFailure(failure: unknown): Error {
  if (failure instanceof StoreFailure || failure instanceof RangeError) return failure;
  if (failure instanceof eventstore().AccessDeniedError)
    return new StoreFailure('unavailable', 'EventStoreDB refuses the user', false);
  if (failure instanceof eventstore().StreamDeletedError)
    return new StoreFailure('corrupt', 'EventStoreDB: a log was deleted', false);
  const type = (failure as { type?: unknown } | null)?.type;
  return unavailable(typeof type === 'string' ? type : 'no connection');
}

function unavailable(what: string): StoreFailure {
  return new StoreFailure('unavailable', `EventStoreDB is not to be had: ${what}`, true);
}
