/** The positions of followers, beside the log in PostgreSQL. */
import { afterAll, beforeAll, describe } from '@jest/globals';
import { migrate, Postgres, PostgresPositions } from '#store';
import { PostgresServer } from '../running/postgres.js';
import { followerPositionsContract } from './follower-positions-contract.js';

describe('in PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
  }, 60_000);
  afterAll(() => server.stop());

  followerPositionsContract('PostgreSQL', async () => {
    const postgres = new Postgres({ url: await server.database(), connectionsMax: 2 });
    await migrate(postgres);
    return { open: () => new PostgresPositions(postgres), remove: () => postgres.close() };
  });
});
