/**
 * EventStoreDB, where there is one. `DEPTER_TEST_EVENTSTORE` is the address of a running node, for suites that share one;
 * nodes of their own come from the `eventstored` on the path, else from the official image where a Docker engine answers.
 * Where there is none, or that variable is empty, the tests that need one are skipped and say so.
 */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll } from '@jest/globals';
import { dockerAnswers, ServerContainer } from './docker.js';
import { EventStoreServer, living, START_MS, type EventStoreNode } from './eventstore-server.js';
import { imageOf } from './images.js';
import { suiteIf } from './suite-if.js';

const named = process.env['DEPTER_TEST_EVENTSTORE'];

/** The node that the environment names. */
export const eventStoreAddress = named === '' ? undefined : named;

/** Whether nodes can be started by the command, those of a cluster too. */
export const hasEventStored = named !== '' && isOnPath('eventstored');

function isOnPath(command: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Starts one; undefined where none can be started here. */
export const startEventStore: (() => Promise<EventStoreNode>) | undefined = await howToStart();

async function howToStart(): Promise<(() => Promise<EventStoreNode>) | undefined> {
  if (named === '') return undefined;
  if (hasEventStored) return () => EventStoreServer.start();
  return (await dockerAnswers()) ? () => EventStoreContainer.start() : undefined;
}

export const HOW_TO_GET_EVENTSTORE = `for EventStoreDB: \`eventstored\` 24.6 on the path, or a Docker engine that gets ${imageOf('eventstore')}`;

/** A suite on a node that others may use, too; without one it is skipped, under a name that says how to get one. */
export function onEventStore(name: string, suite: (address: () => string) => void): void {
  const address = eventStoreAddress;
  if (address !== undefined) suiteIf(true, name, '', () => suite(() => address));
  else onOwnEventStore(name, (node) => suite(() => node().address));
}

/** A suite that kills the node, one of its own. */
export function onOwnEventStore(name: string, suite: (node: () => EventStoreNode) => void): void {
  suiteIf(startEventStore !== undefined, name, HOW_TO_GET_EVENTSTORE, () => {
    let node: EventStoreNode;
    beforeAll(async () => {
      node = await startEventStore!();
    }, START_MS);
    afterAll(() => node.stop());
    suite(() => node);
  });
}

class EventStoreContainer implements EventStoreNode {
  private constructor(private readonly container: ServerContainer) {}

  static async start(): Promise<EventStoreContainer> {
    const environment = { EVENTSTORE_INSECURE: 'true', EVENTSTORE_CLUSTER_SIZE: '1' };
    const container = await ServerContainer.start('eventstore', 2113, () => environment);
    await living(container.host, container.port, () => false);
    return new EventStoreContainer(container);
  }

  get address(): string {
    return `esdb://${this.container.host}:${this.container.port}?tls=false`;
  }

  kill(): Promise<void> {
    return this.container.kill();
  }

  async restart(): Promise<void> {
    await this.container.startAgain();
    await living(this.container.host, this.container.port, () => false);
  }

  stop(): Promise<void> {
    return this.container.remove();
  }
}
