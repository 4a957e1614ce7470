/** Sends until the brokers have acknowledged. */
import { CompressionTypes, Partitioners, type Kafka, type Message, type Producer } from 'kafkajs';
import { BackOff } from '../pause.js';

/** Thrown where the sender stopped before all was acknowledged. */
export class Stopped extends Error {
  constructor() {
    super('stopped before the brokers acknowledged');
    this.name = 'Stopped';
  }
}

/**
 * One idempotent producer, all replicas asked, one request in flight. A producer that failed is never used again: the
 * broker may hold the sequence number of what it answered for too late, and would take the next message under it for a
 * repeat. So what is sent may stand twice, never not at all; each message has an id of its own to know that by.
 */
export class SureProducer {
  private producer: Promise<Producer> | undefined;
  private last: Promise<unknown> = Promise.resolve();
  /** Whether the last attempt failed. */
  failing = false;

  constructor(private readonly kafka: Kafka) {}

  /** Resolves when all are acknowledged; throws Stopped where the signal came first. Calls wait for each other. */
  send(topic: string, messages: readonly Message[], signal: AbortSignal): Promise<void> {
    const sent = this.last.then(() => this.untilSent(topic, messages, signal));
    this.last = sent.catch(() => undefined);
    return sent;
  }

  private async untilSent(topic: string, messages: readonly Message[], signal: AbortSignal): Promise<void> {
    const backOff = new BackOff();
    while (!signal.aborted) {
      try {
        const producer = await (this.producer ??= this.connect());
        await producer.send({ topic, messages: [...messages], acks: -1, compression: CompressionTypes.GZIP });
        this.failing = false;
        return;
      } catch {
        this.failing = true;
        await this.discard();
        await backOff.wait(signal);
      }
    }
    throw new Stopped();
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 5 },
    });
    await producer.connect();
    return producer;
  }

  private async discard(): Promise<void> {
    const failed = this.producer;
    this.producer = undefined;
    await failed?.then((producer) => producer.disconnect()).catch(() => undefined);
  }

  /** Lets the connections go, after what is under way. */
  async close(): Promise<void> {
    await this.last;
    await this.discard();
  }
}
