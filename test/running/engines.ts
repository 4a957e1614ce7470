/**
 * The engines that a whole server is tried on: a data folder; a database of a PostgreSQL that npm brings; and that database
 * with all that stands beside it when one machine is outgrown, fed over Kafka, its log in an EventStoreDB of its own. Where
 * there is a broker and no EventStoreDB, what comes over Kafka is tried on the database alone.
 */
import { Depter } from './depter.js';
import { DepterOverKafka } from './depter-over-kafka.js';
import { HOW_TO_GET_EVENTSTORE, startEventStore } from './eventstore.js';
import type { EventStoreNode } from './eventstore-server.js';
import { HOW_TO_GET_KAFKA, kafkaAddress } from './kafka-address.js';
import { PostgresServer } from './postgres.js';
import { suiteIf } from './suite-if.js';

export interface RunningEngine {
  readonly name: string;
  /** A server's place on this engine, for one controller, not served yet; and what is to be done when it is disposed of. */
  make(controller: string): Promise<{ readonly depter: Depter; dispose: () => Promise<void> }>;
}

/** On a database server, and where it is wanted an EventStoreDB, of its own: logs there are told apart by controllers alone. */
async function onCluster(
  start: (postgres: string, flags: readonly string[]) => Promise<Depter>,
  startNode?: () => Promise<EventStoreNode>,
) {
  const server = await PostgresServer.start();
  const eventStore = await startNode?.();
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

const DATABASE: RunningEngine = {
  name: 'PostgreSQL',
  make: () => onCluster((postgres) => Depter.onDatabase(postgres)),
};

const fedOver = (broker: string, name: string, startNode?: () => Promise<EventStoreNode>): RunningEngine => ({
  name: `${name}, fed over Kafka`,
  make: (controller) =>
    onCluster((postgres, log) => DepterOverKafka.onBroker(broker, controller, postgres, log), startNode),
});

const WHOLE = 'PostgreSQL and EventStoreDB';
const broker = await kafkaAddress();
const fed =
  broker === undefined
    ? []
    : [startEventStore === undefined ? fedOver(broker, 'PostgreSQL') : fedOver(broker, WHOLE, startEventStore)];
const ENGINES: readonly RunningEngine[] = [FOLDER, DATABASE, ...fed];
const missing = [
  ...(broker === undefined ? [HOW_TO_GET_KAFKA] : []),
  ...(startEventStore === undefined ? [HOW_TO_GET_EVENTSTORE] : []),
];

/** A suite on every engine; on one that cannot be had here it is skipped, under a name that says how to get it. */
export function onEveryEngine(name: (engine: string) => string, suite: (engine: RunningEngine) => void): void {
  for (const engine of ENGINES) suiteIf(true, name(engine.name), '', () => suite(engine));
  if (missing.length === 0) return;
  const nowhere = { name: WHOLE, make: () => Promise.reject(new Error('not to be had')) };
  suiteIf(false, name(`${WHOLE}, fed over Kafka`), missing.join('; '), () => suite(nowhere));
}
