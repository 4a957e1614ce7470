/** What is under way, so that a stop can let it end. */
import { Injectable } from '@nestjs/common';

@Injectable()
export class Drain {
  private readonly stopping = new AbortController();
  private readonly running = new Set<Promise<unknown>>();

  /** Aborts when the server is asked to stop: a stream then reads no further and ends with what it has. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  get count(): number {
    return this.running.size;
  }

  /** Keeps a piece of work in view until it ends, however it ends. */
  track<T>(work: Promise<T>): Promise<T> {
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    this.running.add(settled);
    void settled.then(() => this.running.delete(settled));
    return work;
  }

  /** Asks all to end and waits for it, at most so many milliseconds; false where some had not ended by then. */
  async stop(withinMs: number): Promise<boolean> {
    this.stopping.abort();
    const deadline = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => deadline.resolve(false), withinMs);
    const ended = Promise.all(this.running).then(() => true);
    const clean = await Promise.race([ended, deadline.promise]);
    clearTimeout(timer);
    return clean;
  }
}
