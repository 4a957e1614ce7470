/** The boards of a cluster, in PostgreSQL. */
import { afterAll, beforeAll } from '@jest/globals';
import { openPostgresBoards } from '#store';
import { PostgresServer } from '../running/postgres.js';
import { projectionsContract } from './projections-contract.js';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
}, 60_000);
afterAll(() => server.stop());

projectionsContract('PostgreSQL', async () => {
  const url = await server.database();
  return { open: () => openPostgresBoards(url), remove: () => Promise.resolve() };
});
