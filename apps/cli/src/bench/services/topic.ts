/** A topic of simulated actions, as emitters would fill it. */
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import type { ControllerId } from '#ledger';
import { actionsTopic, intakeGroup, refusedTopic } from '#roles';
import { simulate } from '../../simulate/simulation.js';

const { Kafka: Client, logLevel, Partitioners } = kafkajs;

/** Those of the compose file. */
const PARTITIONS = 6;
const RETENTION_MS = 86_400_000;
const AT_ONCE = 1000;
const LOOK_MS = 100;

export function clientOf(address: string): Kafka {
  return new Client({ brokers: address.split(','), logLevel: logLevel.NOTHING });
}

/** Actions of a lender, as JSON texts. */
export function actionsOf(controller: ControllerId, actions: number, persons: number): Buffer[] {
  const settings = { persons, seed: 'services', controller, from: '2026-01-01', to: '2026-06-30', actions };
  return [...simulate(settings)].map((line) => Buffer.from(line.trimEnd()));
}

export class Topic {
  readonly controller: ControllerId;
  readonly #kafka: Kafka;

  constructor(address: string, controller: ControllerId) {
    this.controller = controller;
    this.#kafka = clientOf(address);
  }

  async make(): Promise<void> {
    const configEntries = [{ name: 'retention.ms', value: String(RETENTION_MS) }];
    const topics = [
      { topic: actionsTopic(this.controller), numPartitions: PARTITIONS, replicationFactor: 1, configEntries },
      { topic: refusedTopic(this.controller), numPartitions: 1, replicationFactor: 1, configEntries },
    ];
    await this.#asAdmin(async (admin) => {
      await admin.createTopics({ topics, waitForLeaders: false });
      // The client itself gives up on a broker that is slow to tell of what it made.
      for (const { topic } of topics) while (!(await isLed(admin, topic))) await sleep(LOOK_MS);
    });
  }

  async fill(texts: readonly Uint8Array[]): Promise<void> {
    const producer = this.#kafka.producer({ idempotent: true, createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    try {
      for (let from = 0; from < texts.length; from += AT_ONCE) {
        const messages = texts.slice(from, from + AT_ONCE).map((value, i) => ({
          value: value as Buffer,
          partition: (from + i) % PARTITIONS,
        }));
        await producer.send({ topic: actionsTopic(this.controller), messages, acks: -1 });
      }
    } finally {
      await producer.disconnect();
    }
  }

  /** Whether intake has committed all that stands in the topic. */
  async isTaken(count: number): Promise<boolean> {
    return this.#asAdmin(async (admin) => {
      const groupId = intakeGroup(this.controller);
      const [group] = await admin.fetchOffsets({ groupId, topics: [actionsTopic(this.controller)] });
      const offsets = group?.partitions.map(({ offset }) => Math.max(0, Number(offset))) ?? [];
      return offsets.reduce((sum, offset) => sum + offset, 0) === count;
    });
  }

  /** Reads the topic from its start with a group of its own; how many seconds `count` messages took from when it had joined. */
  async readAlone(count: number): Promise<number> {
    const consumer = this.#kafka.consumer({ groupId: `depter.bench.${this.controller}`, maxWaitTimeInMs: 100 });
    const { promise: done, resolve } = Promise.withResolvers<number>();
    let begun = 0;
    let left = count;
    consumer.on(consumer.events.GROUP_JOIN, () => (begun = performance.now()));
    await consumer.connect();
    try {
      await consumer.subscribe({ topics: [actionsTopic(this.controller)], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          left -= batch.messages.length;
          if (left <= 0) resolve((performance.now() - begun) / 1000);
        },
      });
      return await done;
    } finally {
      await consumer.disconnect();
    }
  }

  async delete(): Promise<void> {
    const topics = [actionsTopic(this.controller), refusedTopic(this.controller)];
    await this.#asAdmin((admin) => admin.deleteTopics({ topics })).catch(() => undefined);
  }

  async #asAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.#kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

async function isLed(admin: Admin, topic: string): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0));
  } catch {
    return false;
  }
}
