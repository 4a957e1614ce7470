/**
 * The engines that a whole server is tried on: a data folder, and a database of a PostgreSQL that npm brings, with its log
 * in EventStoreDB where there is one.
 */
import { Depter } from './depter.js';
import { eventStoreAddress } from './eventstore.js';
import { PostgresServer } from './postgres.js';

export interface RunningEngine {
  readonly name: string;
  /** A server's place on this engine, not served yet; and what is to be done when it is disposed of. */
  make(): Promise<{ readonly depter: Depter; dispose(): Promise<void> }>;
}

export const ENGINES: readonly RunningEngine[] = [
  {
    name: 'a folder',
    make: async () => {
      const depter = await Depter.inNewFolder();
      return { depter, dispose: () => depter.dispose() };
    },
  },
  {
    name: eventStoreAddress === undefined ? 'PostgreSQL' : 'PostgreSQL and EventStoreDB',
    make: async () => {
      const server = await PostgresServer.start();
      const log = eventStoreAddress === undefined ? [] : ['--eventstore', eventStoreAddress];
      const depter = await Depter.onDatabase(await server.database(), log);
      return {
        depter,
        dispose: async () => {
          await depter.dispose();
          await server.stop();
        },
      };
    },
  },
];
