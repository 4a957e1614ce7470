/**
 * The engines that a whole server is tried on: a data folder, and a database of a PostgreSQL that npm brings, with its log
 * in an EventStoreDB of its own where one can be started.
 */
import { Depter } from './depter.js';
import { eventStoreAddress, EventStoreServer } from './eventstore.js';
import { PostgresServer } from './postgres.js';

export interface RunningEngine {
  readonly name: string;
  /** A server's place on this engine, not served yet; and what is to be done when it is disposed of. */
  make(): Promise<{ readonly depter: Depter; dispose(): Promise<void> }>;
}

/** Logs are told apart by their controllers alone, so each database needs a node of its own. */
const ownNodes = eventStoreAddress !== undefined && process.env['DEPTER_TEST_SERVICES'] !== undefined;

export const ENGINES: readonly RunningEngine[] = [
  {
    name: 'a folder',
    make: async () => {
      const depter = await Depter.inNewFolder();
      return { depter, dispose: () => depter.dispose() };
    },
  },
  {
    name: ownNodes ? 'PostgreSQL and EventStoreDB' : 'PostgreSQL',
    make: async () => {
      const server = await PostgresServer.start();
      const eventStore = ownNodes ? await EventStoreServer.start() : undefined;
      const log = eventStore === undefined ? [] : ['--eventstore', eventStore.address];
      const depter = await Depter.onDatabase(await server.database(), log);
      return {
        depter,
        dispose: async () => {
          await depter.dispose();
          await Promise.all([server.stop(), eventStore?.stop()]);
        },
      };
    },
  },
];
