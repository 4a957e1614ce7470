import type { IncomingMessage } from 'node:http';
import { Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Drain, keyOf, May, Metrics, Problem } from '#host';
import type { ControllerId } from '#ledger';
import { RecordActions, splitBatch, Turns, type ActionAnswer } from '#roles';
import { Ledger, TransparencyLog, type AccessKey } from '#store';
import { choice } from '../parameters.js';
import {
  BODY_BUDGET_BYTES,
  CONFIG,
  MAX_ACTION_BYTES,
  MAX_BATCH_ACTIONS,
  MAX_BATCH_BYTES,
  type Config,
} from '../settings.js';
import { ActionStream } from './action-stream.js';
import { BodyBudget, Cut, mediaTypeOf, withBody } from './body.js';
import { FindingsOfAction } from './findings-of-action.js';
import { lineAnswer, placeOf } from './line-answer.js';

/** A few streams have several groups under way, so that judging and writing overlap; many overlap anyway, and hold little. */
const FEW_STREAMS = 16;
const OF_FEW = { groupsAtOnce: 3, groupLines: 500 };
const OF_MANY = { groupsAtOnce: 1, groupLines: 100 };
/** Groups of all streams under way at once. */
const TURNS = 8;

type Taken = Exclude<ActionAnswer, { status: 'refused' }>;

@Controller('v1/:controller/actions')
export class ActionsController {
  private readonly budget = new BodyBudget(BODY_BUDGET_BYTES, MAX_ACTION_BYTES);
  private readonly turns = new Turns(TURNS);
  private streams = 0;

  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly ledger: Ledger,
    private readonly log: TransparencyLog,
    private readonly drain: Drain,
    private readonly metrics: Metrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Takes actions in, one, a batch or a stream, as the content type says. */
  @Post()
  @May('actions')
  async take(
    @Param('controller') controller: ControllerId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const key = keyOf(request);
    switch (mediaTypeOf(request.raw)) {
      case 'application/cloudevents+json':
        return this.whole(request, reply, MAX_ACTION_BYTES, (text) =>
          this.takeOne(controller, key, text, request, reply),
        );
      case 'application/cloudevents-batch+json':
        return this.whole(request, reply, MAX_BATCH_BYTES, (text) => this.takeBatch(controller, key, text, reply));
      case 'application/x-ndjson':
        return this.drain.track(this.takeStream(controller, key, request, reply));
      default:
        throw new Problem('unsupported-media-type');
    }
  }

  private async takeOne(
    controller: ControllerId,
    key: AccessKey,
    text: Buffer,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const findings = choice(request, 'findings', ['true', 'false']) === 'true';
    const options = { receipts: true, wait: false, pending: true };
    const [answer] = await this.commands.execute(new RecordActions(controller, [text], key, options));
    if (answer === undefined) throw new Error('an action has no answer');
    if (answer.status === 'refused') throw new Problem(answer.code, placeOf(answer));
    const { code, ...told } = await this.told(controller, answer);
    void reply
      .code(code)
      .header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(JSON.stringify({ ...told, ...(findings ? { findings: await this.findingsOf(controller, answer) } : {}) }));
  }

  /** What a single action is answered, without findings. One that waits for its place in the log has no position. */
  private async told(controller: ControllerId, answer: Taken) {
    const { event } = answer;
    if ('pending' in answer) {
      const entry = Buffer.from(answer.entry).toString('base64');
      return { code: 202, status: 'recorded', event, entry, receipt: 'pending' };
    }
    const { status, position } = answer;
    const { entry, receipt } = await this.proofOf(controller, answer);
    const code = status === 'recorded' ? 201 : 200;
    return { code, status, event, position, entry: Buffer.from(entry).toString('base64'), receipt };
  }

  /** A repeat gets the entry of the first event, and a receipt of today. */
  private async proofOf(
    controller: ControllerId,
    answer: Exclude<Taken, { pending: true }>,
  ): Promise<{ entry: Uint8Array; receipt: string }> {
    const entry = answer.entry ?? (await this.ledger.event(controller, answer.event))?.entry;
    const receipt = answer.receipt ?? (await this.log.receipt(controller, answer.position));
    if (entry === undefined || receipt === undefined) throw new Problem('unavailable');
    return { entry, receipt };
  }

  private async findingsOf(controller: ControllerId, answer: Taken): Promise<readonly unknown[]> {
    if (answer.subject === null) return [];
    return this.queries.execute(new FindingsOfAction(controller, answer.subject, answer.event));
  }

  private async takeBatch(controller: ControllerId, key: AccessKey, text: Buffer, reply: FastifyReply): Promise<void> {
    const batch = splitBatch(text, MAX_BATCH_ACTIONS);
    if (batch.kind === 'malformed') throw new Problem('malformed', { pointer: '' });
    if (batch.kind === 'too-many') throw new Problem('too-large', { pointer: '' });
    const texts = batch.elements.map((element) => (element.length > MAX_ACTION_BYTES ? undefined : element));
    const answers = await this.commands.execute(
      new RecordActions(controller, texts, key, { receipts: false, wait: false }),
    );
    void reply
      .code(200)
      .header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(JSON.stringify(answers.map((answer, i) => lineAnswer(i + 1, answer))));
  }

  private async takeStream(
    controller: ControllerId,
    key: AccessKey,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const stream = new ActionStream(request.raw, reply.raw, {
      maxActionBytes: MAX_ACTION_BYTES,
      stallMs: this.config['stall-seconds'] * 1000,
      refusedOnly: choice(request, 'answers', ['refused', 'all']) === 'refused',
      stop: this.drain.signal,
      groupLines: () => this.shareOfStream().groupLines,
      groupsAtOnce: () => this.shareOfStream().groupsAtOnce,
      turn: () => this.turns.take(),
      begin: () => reply.hijack(),
      record: (texts, wait) =>
        this.commands.execute(new RecordActions(controller, texts, key, { receipts: false, wait })),
    });
    this.metrics.streams.set((this.streams += 1));
    try {
      await stream.run();
    } catch (error) {
      if (reply.raw.headersSent || error instanceof Cut) cut(request.raw, reply);
      else throw error;
    } finally {
      this.metrics.streams.set((this.streams -= 1));
    }
  }

  private shareOfStream(): typeof OF_FEW {
    return this.streams > FEW_STREAMS ? OF_MANY : OF_FEW;
  }

  /** Reads a whole body for its use; where the client is gone, nobody is answered. */
  private async whole(
    request: FastifyRequest,
    reply: FastifyReply,
    maxBytes: number,
    use: (body: Buffer) => Promise<void>,
  ): Promise<void> {
    const limits = { maxBytes, stallMs: this.config['stall-seconds'] * 1000, budget: this.budget };
    try {
      await this.drain.track(withBody(request.raw, limits, use));
    } catch (error) {
      if (!(error instanceof Cut)) throw error;
      cut(request.raw, reply);
    }
  }
}

/** Ends a connection whose client stalled or went away; what was not answered is not known to it. */
function cut(request: IncomingMessage, reply: FastifyReply): void {
  reply.hijack();
  request.destroy();
  reply.raw.destroy();
}
