import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { Drain } from '#host';
import { CONFIG, type Config } from './settings.js';

/** How the store is closed, once nothing can ask it any more. */
export abstract class CloseStore {
  abstract close(): Promise<void>;
}

/** How long what is answered already may take to reach its client, in milliseconds. */
const LAST_BYTES_MS = 1_000;

/**
 * A stop, in order: new requests are refused (503), streams end with what they have read, at most for `drain-seconds`; then
 * the connections close, by force where a client does not let go; the store closes last.
 */
@Injectable()
export class Shutdown implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly drain: Drain,
    private readonly store: CloseStore,
    private readonly adapters: HttpAdapterHost<FastifyAdapter>,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    const clean = await this.drain.stop(this.config['drain-seconds'] * 1000);
    const { server } = this.adapters.httpAdapter.getInstance();
    server.closeIdleConnections();
    if (clean) setTimeout(() => server.closeAllConnections(), LAST_BYTES_MS).unref();
    else server.closeAllConnections();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
