/**
 * Notices of PostgreSQL (LISTEN), on one connection for all who wait. A notice only wakes: it may be lost with the
 * connection, so whoever waits has a bound after which it looks for itself.
 */
import { BackOff } from './back-off.js';
import type { PostgresSession } from './postgres.js';

const CHANNEL = /^[a-z_]{1,40}$/;

/** Hears the notices of a channel from the moment it was made, also those that come while its owner is busy. */
export class Ear {
  readonly channel: string;
  readonly payload: string | undefined;
  readonly #close: () => void;
  #heard = false;
  #wake: (() => void) | undefined;

  constructor(channel: string, payload: string | undefined, close: (ear: Ear) => void) {
    this.channel = channel;
    this.payload = payload;
    this.#close = () => close(this);
  }

  /** Returns at once where something was heard since the last wait; else at the next notice, after `ms`, or at the signal. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#heard && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          this.#wake = undefined;
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal.addEventListener('abort', done, { once: true });
        this.#wake = done;
      });
    }
    this.#heard = false;
  }

  hear(): void {
    this.#heard = true;
    this.#wake?.();
  }

  close(): void {
    this.#close();
  }
}

export class PostgresNotices {
  readonly #connect: () => Promise<PostgresSession>;
  readonly #closed = new AbortController();
  readonly #channels = new Set<string>();
  readonly #ears = new Set<Ear>();
  #session: PostgresSession | undefined;
  #keeping: Promise<void> | undefined;

  constructor(connect: () => Promise<PostgresSession>) {
    this.#connect = connect;
  }

  /** An ear for a channel, and for one payload where it is given. Whoever made it closes it. */
  listen(channel: string, payload?: string): Ear {
    if (!CHANNEL.test(channel)) throw new RangeError('a channel is small letters and underscores');
    const ear = new Ear(channel, payload, (closed) => this.#ears.delete(closed));
    this.#ears.add(ear);
    if (!this.#channels.has(channel)) {
      this.#channels.add(channel);
      if (this.#session !== undefined) void this.#session.run(`LISTEN ${channel}`).catch(() => undefined);
      this.#keeping ??= this.#keep();
    }
    return ear;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    for (const ear of this.#ears) ear.hear();
    await this.#session?.close();
    await this.#keeping;
  }

  /** Keeps a connection that listens, through every loss of it. */
  async #keep(): Promise<void> {
    const closed = this.#closed.signal;
    const backOff = new BackOff();
    while (!closed.aborted) {
      try {
        const session = await this.#connect();
        this.#session = session;
        session.onNotice((channel, payload) => this.#hear(channel, payload));
        for (const channel of this.#channels) await session.run(`LISTEN ${channel}`);
        backOff.reset();
        // What was said while nobody listened is gone: all look for themselves now.
        for (const ear of this.#ears) ear.hear();
        await ended(AbortSignal.any([session.lost, closed]));
        await session.close();
      } catch {
        // The server is away: those who wait have their bound.
      }
      this.#session = undefined;
      if (!closed.aborted) await backOff.pause(closed);
    }
  }

  #hear(channel: string, payload: string): void {
    for (const ear of this.#ears) {
      if (ear.channel === channel && (ear.payload ?? payload) === payload) ear.hear();
    }
  }
}

async function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
