import { afterAll, beforeAll, describe } from '@jest/globals';
import { EventStoreLog, migrate, Postgres, PostgresEventLog } from '#store';
import { onEventStore } from '../running/eventstore.js';
import { PostgresServer } from '../running/postgres.js';
import { sequencerContract } from './sequencer-contract.js';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
}, 60_000);
afterAll(() => server.stop());

describe('the sequencer on PostgreSQL alone', () => {
  const postgres: Postgres[] = [];
  afterAll(() => Promise.all(postgres.map((one) => one.close())));

  sequencerContract(async () => {
    const url = await server.database();
    const own = new Postgres({ url });
    postgres.push(own);
    await migrate(own);
    return { url, eventLog: new PostgresEventLog(own) };
  });
});

onEventStore('the sequencer on PostgreSQL and EventStoreDB', (address) => {
  sequencerContract(async () => ({
    url: await server.database(),
    eventLog: new EventStoreLog({ address: address() }),
  }));
});
