/** Takes in one controller's topic, for as long as the process runs, whatever happens to the brokers. */
import { Logger } from '@nestjs/common';
import type { Consumer, Kafka } from 'kafkajs';
import { describeFailure } from '#host';
import type { ControllerId } from '#ledger';
import { StoreFailure } from '#store';
import type { ActionAnswer } from '../intake/answer.js';
import { UNREADABLE } from '../intake/record-actions-handler.js';
import type { PartHealth } from '../role-health.js';
import { takeBatch, type Taking } from './batch.js';
import { BackOff, pause } from '../pause.js';
import { RETRY } from './client.js';
import { refusedMessage } from './refused-message.js';
import type { SureProducer } from './sure-producer.js';
import { checkTopics, type TopicFault } from './topic-check.js';
import { actionsTopic, intakeGroup, refusedTopic } from './topics.js';

/** A member that says nothing for so long has lost its partitions to the others, in milliseconds. */
const SESSION_MS = 10_000;
const HEARTBEAT_MS = 1_500;
/** Not heard of the brokers for so long, we are cut off. */
const SILENT_MS = 6_000;
/** How often topics that are not as they must be are looked at again. */
const RECHECK_MS = 5_000;
/** Partitions taken in at once: their groups share the store's commits. Each by itself is serial. */
const PARTITIONS_AT_ONCE = 8;

type State = 'starting' | 'consuming' | 'broker-gone' | 'store-failing' | 'stopped' | TopicFault;

export class TopicIntake {
  private readonly stopping = new AbortController();
  private readonly topic: string;
  private readonly log: Logger;
  private running: Promise<void> | undefined;
  private state: State = 'starting';
  private isStoreFailing = false;
  private heardAt = 0;
  /** Messages behind, by partition. */
  private readonly lags = new Map<number, number>();

  constructor(
    private readonly kafka: Kafka,
    private readonly controller: ControllerId,
    private readonly producer: SureProducer,
    private readonly record: (texts: readonly Uint8Array[]) => Promise<readonly ActionAnswer[]>,
  ) {
    this.topic = actionsTopic(controller);
    this.log = new Logger(`kafka-intake ${controller}`);
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Ends after the group under way; what is not committed by then comes again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.enter('stopped');
  }

  health(): PartHealth {
    const isSilent = this.state === 'consuming' && performance.now() - this.heardAt > SILENT_MS;
    const state = isSilent
      ? 'broker-gone'
      : this.state === 'consuming' && this.isStoreFailing
        ? 'store-failing'
        : this.state;
    const lag = [...this.lags.values()].reduce((total, behind) => total + behind, 0);
    const misconfigured = state === 'retention' || state === 'topic-missing';
    return { ready: state === 'consuming', state, lag: state === 'starting' ? null : lag, misconfigured };
  }

  private async run(): Promise<void> {
    const backOff = new BackOff();
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const fault = await checkTopics(this.kafka, this.controller);
        if (fault === undefined) {
          await this.consume(() => backOff.reset());
        } else {
          this.enter(fault);
          await pause(RECHECK_MS, signal);
          continue;
        }
      } catch (error) {
        this.log.debug(JSON.stringify(describeFailure(error)));
      }
      if (signal.aborted) return;
      this.enter('broker-gone');
      await backOff.wait(signal);
    }
  }

  /** Consumes until it is stopped, or until the client gives up; the client itself waits for a broker that is gone. */
  private async consume(joined: () => void): Promise<void> {
    const consumer = this.kafka.consumer({
      groupId: intakeGroup(this.controller),
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: 3 * SESSION_MS,
      maxWaitTimeInMs: 500,
      allowAutoTopicCreation: false,
      retry: RETRY,
    });
    const ended = Promise.withResolvers<void>();
    const end = (): void => ended.resolve();
    this.watch(consumer, joined, end);
    this.stopping.signal.addEventListener('abort', end, { once: true });
    try {
      await consumer.connect();
      // Where no offset was ever committed, from the first message: none is passed over.
      await consumer.subscribe({ topics: [this.topic], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
        eachBatch: async (payload) => {
          const { partition } = payload.batch;
          await takeBatch(payload, this.taking(partition));
          this.lags.set(partition, Math.max(0, Number(payload.batch.offsetLag())));
        },
      });
      if (!this.stopping.signal.aborted) await ended.promise;
    } finally {
      this.stopping.signal.removeEventListener('abort', end);
      await consumer.disconnect().catch(() => undefined);
    }
  }

  private watch(consumer: Consumer, joined: () => void, end: () => void): void {
    const heard = (): void => {
      this.heardAt = performance.now();
      if (this.state !== 'stopped') this.enter('consuming');
    };
    const { GROUP_JOIN, HEARTBEAT, FETCH, START_BATCH_PROCESS, CRASH } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload }) => {
      const mine = new Set(payload.memberAssignment[this.topic]);
      for (const partition of this.lags.keys()) if (!mine.has(partition)) this.lags.delete(partition);
      joined();
      heard();
    });
    consumer.on(HEARTBEAT, heard);
    consumer.on(FETCH, heard);
    consumer.on(START_BATCH_PROCESS, ({ payload }) => {
      this.lags.set(payload.partition, Math.max(0, Number(payload.offsetLagLow)));
    });
    consumer.on(CRASH, ({ payload }) => {
      this.enter('broker-gone');
      if (!payload.restart) end();
    });
  }

  private taking(partition: number): Taking {
    const { topic } = this;
    return {
      record: (texts, stopped) => this.untilRecorded(texts, () => stopped() || this.stopping.signal.aborted),
      refuse: (refused) =>
        this.producer.send(
          refusedTopic(this.controller),
          refused.map(({ offset, answer }) => refusedMessage({ topic, partition, offset }, answer)),
          this.stopping.signal,
        ),
    };
  }

  /** A store that failed is asked again: the messages are safe where they are, and nothing may be passed over. */
  private async untilRecorded(
    texts: readonly Uint8Array[],
    stopped: () => boolean,
  ): Promise<readonly ActionAnswer[] | undefined> {
    const backOff = new BackOff();
    while (!stopped()) {
      try {
        const answers = await this.record(texts);
        this.isStoreFailing = false;
        return answers;
      } catch (error) {
        // What is a fault of ours does not pass: asked again for ever, one message would hold up the topic.
        if (!(error instanceof StoreFailure)) return this.oneByOne(texts, stopped, error);
        if (!this.isStoreFailing) this.log.warn(`recording failed: ${JSON.stringify(describeFailure(error))}`);
        this.isStoreFailing = true;
        await backOff.wait(this.stopping.signal);
      }
    }
    return undefined;
  }

  /** Finds the message that cannot be taken, which alone is refused. */
  private async oneByOne(
    texts: readonly Uint8Array[],
    stopped: () => boolean,
    error: unknown,
  ): Promise<readonly ActionAnswer[] | undefined> {
    if (texts.length <= 1) {
      this.log.error(`a message cannot be taken: ${JSON.stringify(describeFailure(error))}`);
      return texts.map(() => UNREADABLE);
    }
    const answers: ActionAnswer[] = [];
    for (const text of texts) {
      const answered = await this.untilRecorded([text], stopped);
      if (answered === undefined) return undefined;
      answers.push(...answered);
    }
    return answers;
  }

  private enter(state: State): void {
    if (this.state === state) return;
    this.state = state;
    if (state === 'retention') {
      this.log.warn(
        `${this.topic} keeps messages longer than 7 days: set retention.ms; nothing is taken from it until then`,
      );
    } else if (state === 'topic-missing') {
      this.log.warn(`${this.topic} or ${refusedTopic(this.controller)} is not there`);
    } else if (state === 'broker-gone') this.log.warn('the brokers do not answer');
    else this.log.log(state);
  }
}
