/** A controller's topics on a real broker, as an operator would make them, and what stands in them. */
import { Kafka, logLevel, Partitioners, type Consumer, type Message, type Producer } from 'kafkajs';

export interface Received {
  readonly partition: number;
  readonly offset: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  json<T>(): T;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export class KafkaTopics {
  readonly kafka: Kafka;
  readonly actions: string;
  readonly refused: string;
  readonly events: string;
  private producer: Producer | undefined;
  private readonly consumers: Consumer[] = [];

  constructor(
    broker: string,
    private readonly controller: string,
  ) {
    this.kafka = new Kafka({
      brokers: [broker],
      logLevel: logLevel.NOTHING,
      retry: { retries: 20, maxRetryTime: 2_000 },
    });
    this.actions = `depter.actions.v1.${controller}`;
    this.refused = `depter.refused.v1.${controller}`;
    this.events = `depter.events.v1.${controller}`;
  }

  /** New and empty ones, whatever an earlier suite has left. */
  async make(retentionMs = DAY_MS, partitions = 3): Promise<void> {
    const entry = (topic: string, numPartitions: number) => ({
      topic,
      numPartitions,
      replicationFactor: 1,
      configEntries: [{ name: 'retention.ms', value: String(retentionMs) }],
    });
    await this.withAdmin(async (admin) => {
      const topics = [entry(this.actions, partitions), entry(this.refused, 1), entry(this.events, 1)];
      const names = topics.map(({ topic }) => topic);
      const there = async () => {
        const found = new Set(await admin.listTopics());
        return names.filter((name) => found.has(name));
      };
      const old = await there();
      if (old.length > 0) await admin.deleteTopics({ topics: old });
      await admin.deleteGroups([`depter.intake.v1.${this.controller}`]).catch(() => undefined);
      await until('old topics to go', async () => (await there()).length === 0);
      // Asked again where the answer was late: the topics may be there by then.
      await until('new topics', async () => {
        await admin.createTopics({ topics }).catch(() => undefined);
        return (await there()).length === names.length;
      });
    });
  }

  async setRetention(retentionMs: number): Promise<void> {
    const configEntries = [{ name: 'retention.ms', value: String(retentionMs) }];
    await this.withAdmin((admin) =>
      admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name: this.actions, configEntries }] }),
    );
  }

  async withAdmin<T>(use: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      return await use(admin);
    } finally {
      await admin.disconnect();
    }
  }

  /** Offsets that intake has committed, and those where the topic ends, summed over the partitions. */
  async progress(): Promise<{ readonly committed: number; readonly end: number }> {
    return this.withAdmin(async (admin) => {
      const [group] = await admin.fetchOffsets({
        groupId: `depter.intake.v1.${this.controller}`,
        topics: [this.actions],
      });
      const ends = await admin.fetchTopicOffsets(this.actions);
      const sum = (offsets: readonly { readonly offset: string }[]): number =>
        offsets.reduce((total, { offset }) => total + Math.max(0, Number(offset)), 0);
      return { committed: sum(group?.partitions ?? []), end: sum(ends) };
    });
  }

  async send(...messages: readonly Message[]): Promise<void> {
    if (this.producer === undefined) {
      this.producer = this.kafka.producer({ idempotent: true, createPartitioner: Partitioners.DefaultPartitioner });
      await this.producer.connect();
    }
    await this.producer.send({ topic: this.actions, messages: [...messages], acks: -1 });
  }

  /** Reads a topic from its start, on and on, into the list that it gives. */
  async collect(topic: string): Promise<readonly Received[]> {
    const received: Received[] = [];
    const consumer = this.kafka.consumer({ groupId: `test-${Math.random().toString(36).slice(2)}` });
    this.consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        const text = message.value?.toString() ?? '';
        const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
        received.push({
          partition,
          offset: message.offset,
          headers: Object.fromEntries(headers) as Record<string, string>,
          text,
          json: <T>() => JSON.parse(text) as T,
        });
      },
    });
    return received;
  }

  async close(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.disconnect()));
    await this.producer?.disconnect();
  }
}

/** Asks until the answer is one, for so long at most, in milliseconds. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 90_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
