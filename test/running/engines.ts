/**
 * The engines that a whole server is tried on: a data folder, and a database of a PostgreSQL that npm brings, with its log
 * in an EventStoreDB of its own where one can be started. Where there is a broker, the latter once more, fed over Kafka.
 */
import { Depter } from './depter.js';
import { DepterOverKafka } from './depter-over-kafka.js';
import { eventStoreAddress, EventStoreServer } from './eventstore.js';
import { PostgresServer } from './postgres.js';

export interface RunningEngine {
  readonly name: string;
  /** A server's place on this engine, for one controller, not served yet; and what is to be done when it is disposed of. */
  make(controller: string): Promise<{ readonly depter: Depter; dispose: () => Promise<void> }>;
}

/** Logs are told apart by their controllers alone, so each database needs a node of its own. */
const ownNodes = eventStoreAddress !== undefined && process.env['DEPTER_TEST_SERVICES'] !== undefined;
const cluster = ownNodes ? 'PostgreSQL and EventStoreDB' : 'PostgreSQL';
const broker = process.env['DEPTER_TEST_KAFKA'];

/** On a database server of its own; `flags` are those about the log. */
async function onCluster(start: (postgres: string, flags: readonly string[]) => Promise<Depter>) {
  const server = await PostgresServer.start();
  const eventStore = ownNodes ? await EventStoreServer.start() : undefined;
  const log = eventStore === undefined ? [] : ['--eventstore', eventStore.address];
  const depter = await start(await server.database(), log);
  return {
    depter,
    dispose: async () => {
      await depter.dispose();
      await Promise.all([server.stop(), eventStore?.stop()]);
    },
  };
}

const FOLDER: RunningEngine = {
  name: 'a folder',
  make: async () => {
    const depter = await Depter.inNewFolder();
    return { depter, dispose: () => depter.dispose() };
  },
};

const CLUSTER: RunningEngine = {
  name: cluster,
  make: () => onCluster((postgres, log) => Depter.onDatabase(postgres, log)),
};

const fedOver = (address: string): RunningEngine => ({
  name: `${cluster}, fed over Kafka`,
  make: (controller) => onCluster((postgres, log) => DepterOverKafka.onBroker(address, controller, postgres, log)),
});

export const ENGINES: readonly RunningEngine[] = [FOLDER, CLUSTER, ...(broker === undefined ? [] : [fedOver(broker)])];
