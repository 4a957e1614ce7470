/** The cluster engine on a database of its own, for the contract suites; the log lies in EventStoreDB where there is one. */
import { afterAll, beforeAll } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreLog, FileRootKey, openCluster, type ClusterOptions, type ClusterStore, type EventLog } from '#store';
import { ApartLog } from '../running/event-logs.js';
import { eventStoreAddress } from '../running/eventstore.js';
import { PostgresServer } from '../running/postgres.js';
import type { EngineOptions, Place } from './engine.js';

export interface ClusterPlace extends Place {
  readonly postgres: string;
  readonly dir: string;
  /** The option that says where the log lies. */
  eventLog(): { readonly eventstore?: EventLog };
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
    const first = randomInt(1, 2 ** 30);
    const eventLog = () =>
      eventStoreAddress === undefined
        ? {}
        : { eventstore: new ApartLog(new EventStoreLog({ address: eventStoreAddress }), first) };
    return {
      postgres,
      dir,
      eventLog,
      open: ({ limits, ...options }, more = {}) =>
        openCluster({
          postgres,
          rootKey: FileRootKey.open(dir),
          origin: 'depter.example',
          ...eventLog(),
          ...(limits === undefined ? {} : { limits }),
          ...options,
          ...more,
        }),
      remove: () => rm(dir, { recursive: true }),
    };
  };
}
