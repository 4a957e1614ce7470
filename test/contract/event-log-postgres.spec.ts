import { afterAll, beforeAll, describe } from '@jest/globals';
import { migrate, Postgres, type EventLog } from '#store';
import { OwnedLog } from '../running/event-logs.js';
import { PostgresServer } from '../running/postgres.js';
import { eventLogContract, eventLogFaults } from './event-log-contract.js';

describe('the event log in PostgreSQL', () => {
  let server: PostgresServer;
  let url: string;

  beforeAll(async () => {
    server = await PostgresServer.start();
    url = await server.database();
  }, 60_000);
  afterAll(() => server.stop());

  const open = (deadlineMs?: number) => async (): Promise<EventLog> => {
    const postgres = new Postgres({ url, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
    await migrate(postgres);
    return new OwnedLog(postgres);
  };

  eventLogContract(open());
  eventLogFaults(
    open(2000),
    () => server.kill(),
    () => server.restart(),
  );
});
