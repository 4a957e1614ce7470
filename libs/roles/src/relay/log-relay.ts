/** Tells one controller's news over Kafka, for as long as the process runs. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Kafka } from 'kafkajs';
import { describeFailure } from '#host';
import type { ControllerId, Position, SubjectRef } from '#ledger';
import type { FollowerPositions, Ledger } from '#store';
import { BackOff, pause } from '../pause.js';
import { Stopped, type SureProducer } from '../kafka/sure-producer.js';
import { hasTopic } from '../kafka/topic-check.js';
import { eventsTopic } from '../kafka/topics.js';
import type { PartHealth } from '../role-health.js';
import type { Reporter } from './reporter.js';

/** Names under which positions are kept: entries told, and the last day told, in days since the epoch. */
const FOLLOWER = 'relay';
const DAYS = 'relay-days';
/** Another relay moved the position: it is left alone for so long, in milliseconds. */
const ELSEWHERE_MS = 15_000;
const RECHECK_MS = 5_000;
/** How often it is looked whether a new day has begun. */
const DAY_CHECK_MS = 30_000;
const DAY_MS = 86_400_000;
const PAGE = 1_000;

type State = 'starting' | 'relaying' | 'elsewhere' | 'topic-missing' | 'broker-gone' | 'store-failing' | 'stopped';

export interface RelayParts {
  readonly kafka: Kafka;
  readonly producer: SureProducer;
  readonly ledger: Ledger;
  readonly positions: FollowerPositions;
  readonly reporter: Reporter;
}

export class LogRelay {
  private readonly stopping = new AbortController();
  private readonly topic: string;
  private readonly log: Logger;
  private running: Promise<unknown> | undefined;
  private state: State = 'starting';

  constructor(
    private readonly controller: ControllerId,
    private readonly parts: RelayParts,
  ) {
    this.topic = eventsTopic(controller);
    this.log = new Logger(`relay ${controller}`);
  }

  start(): void {
    this.running ??= this.untilStopped(async () => {
      await this.topicThere();
      const days = new AbortController();
      const following = this.follow().finally(() => days.abort());
      await Promise.all([following, this.tellDays(days.signal)]);
    });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.state = 'stopped';
  }

  /** `lag`: entries of the log that are not told yet. */
  async health(): Promise<PartHealth> {
    const state = this.state === 'relaying' && this.parts.producer.failing ? 'broker-gone' : this.state;
    const { ledger, positions } = this.parts;
    const lag = await Promise.all([ledger.size(this.controller), positions.position(this.controller, FOLLOWER)]).then(
      ([size, position]) => Math.max(0, size - position),
      () => null,
    );
    // What another process relays is no fault of this one.
    const ready = state === 'relaying' || state === 'elsewhere';
    return { ready, state, lag, misconfigured: state === 'topic-missing' };
  }

  private async untilStopped(work: () => Promise<void>): Promise<void> {
    const { signal } = this.stopping;
    const backOff = new BackOff();
    while (!signal.aborted) {
      try {
        await work();
        backOff.reset();
      } catch (error) {
        if (error instanceof Stopped) return;
        if (this.state !== 'store-failing') this.log.warn(`failed: ${JSON.stringify(describeFailure(error))}`);
        this.state = 'store-failing';
        await backOff.wait(signal);
      }
    }
  }

  /** Resolves when the topic is there: a client asked to send to one that is not would try without end. */
  private async topicThere(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const found = await hasTopic(this.parts.kafka, this.topic).catch(() => undefined);
      if (found === true) break;
      const state = found === false ? 'topic-missing' : 'broker-gone';
      if (this.state !== state)
        this.log.warn(found === false ? `${this.topic} is not there` : 'the brokers do not answer');
      this.state = state;
      await pause(RECHECK_MS, signal);
    }
    if (signal.aborted) throw new Stopped();
    this.state = 'relaying';
  }

  /** Follows the log; the position is stored when the brokers have acknowledged all news before it. */
  private async follow(): Promise<void> {
    const { ledger, positions, producer, reporter } = this.parts;
    const { signal } = this.stopping;
    let position = await positions.position(this.controller, FOLLOWER);
    for await (const entries of ledger.follow(this.controller, position, signal)) {
      const messages = await reporter.ofEntries(entries);
      if (messages.length > 0) await producer.send(this.topic, messages, signal);
      const next = entries.at(-1)!.position + 1;
      if (!(await positions.advance(this.controller, FOLLOWER, position, next))) return this.leaveItToAnother();
      position = next;
    }
  }

  /** News that time alone brings: once a day, of every person of the log. */
  private async tellDays(signal: AbortSignal): Promise<void> {
    const { positions, producer, reporter } = this.parts;
    while (!signal.aborted) {
      const day = reporter.today();
      const [from, to] = [await positions.position(this.controller, DAYS), numberOf(day)];
      // The first day needs no telling: every entry's news are as of today.
      for await (const subject of from > 0 && from < to ? this.subjects() : []) {
        if (signal.aborted) return;
        const messages = await reporter.ofDay(subject, dayOf(from), day);
        if (messages.length > 0) await producer.send(this.topic, messages, signal);
        await nextTurn();
      }
      if (from < to && !(await positions.advance(this.controller, DAYS, from, to))) return;
      await pause(DAY_CHECK_MS, signal);
    }
  }

  private async *subjects(): AsyncGenerator<SubjectRef> {
    const seen = new Set<string>();
    for (let from: Position = 0; ;) {
      const page = await this.parts.ledger.entries(this.controller, from, PAGE);
      if (page.length === 0) return;
      for (const { event } of page) {
        if (event.subject === null || event.type === 'accessed' || seen.has(event.subject)) continue;
        seen.add(event.subject);
        yield event.subject as SubjectRef;
      }
      from = page.at(-1)!.position + 1;
    }
  }

  private async leaveItToAnother(): Promise<void> {
    this.state = 'elsewhere';
    this.log.warn('another process relays this log');
    await pause(ELSEWHERE_MS, this.stopping.signal);
  }
}

function numberOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

function dayOf(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}
