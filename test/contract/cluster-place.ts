/** The cluster engine on a database of its own, for the contract suites; the log lies in EventStoreDB where there is one. */
import { afterAll, beforeAll } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileRootKey, openCluster, type ClusterOptions, type ClusterStore } from '#store';
import { eventStoreAddress } from '../running/eventstore.js';
import { PostgresServer } from '../running/postgres.js';
import type { EngineOptions, Place } from './engine.js';

export interface ClusterPlace extends Place {
  readonly postgres: string;
  readonly dir: string;
  open(options: EngineOptions, more?: Partial<ClusterOptions>): Promise<ClusterStore>;
}

/** One server for the file that calls this, and a database for each place. */
export function clusterPlaces(): () => Promise<ClusterPlace> {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
  }, 60_000);
  afterAll(() => server.stop());

  return async () => {
    const postgres = await server.database();
    const dir = await mkdtemp(join(tmpdir(), 'depter-contract-'));
    FileRootKey.create(dir);
    return {
      postgres,
      dir,
      open: ({ limits, ...options }, more = {}) =>
        openCluster({
          postgres,
          rootKey: FileRootKey.open(dir),
          origin: 'depter.example',
          ...(eventStoreAddress === undefined ? {} : { eventstore: eventStoreAddress }),
          ...(limits === undefined ? {} : { limits }),
          ...options,
          ...more,
        }),
      remove: () => rm(dir, { recursive: true }),
    };
  };
}
