/** The stores that suites of one server are tried on: a data folder, and a database of a PostgreSQL of their own. */
import { PostgresServer } from './postgres.js';

export interface StartedStore {
  /** The server's flags that say where the store is. */
  readonly flags: readonly string[];
  stop(): Promise<void>;
}
export type StartStore = () => Promise<StartedStore>;

export const STORES: readonly { readonly name: string; readonly start: StartStore }[] = [
  { name: 'a folder', start: async () => ({ flags: [], stop: async () => {} }) },
  {
    name: 'PostgreSQL',
    start: async () => {
      const server = await PostgresServer.start();
      return { flags: ['--postgres', await server.database()], stop: () => server.stop() };
    },
  },
];
