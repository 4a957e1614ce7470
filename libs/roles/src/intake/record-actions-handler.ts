import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Controllers, describeFailure, Metrics } from '#host';
import { linkingOf, readAction, readJson, type Action, type ControllerId, type Refusal } from '#ledger';
import { Clock, Ledger, type Outcome } from '#store';
import { Eraser } from '../eraser/eraser.js';
import type { ActionAnswer, RefusedAnswer } from './answer.js';
import { RecordActions } from './record-actions.js';

/** Judging goes on at most so long in one turn, so that other requests are not kept waiting (`design.md`, two threads). */
const SLICE_MS = 8;
/** The clock is looked at once for so many actions. */
const LOOK_EVERY = 16;

/** When Depter's own copy may have to follow: actions that name two numbers join dossiers, mostly of which nothing was destroyed. */
type Erases = 'at-once' | 'soon' | 'no';

const ERASING: ReadonlySet<string> = new Set(['destroyed', 'depersonalised', 'linked', 'unlinked', 'corrected']);

@CommandHandler(RecordActions)
export class RecordActionsHandler implements ICommandHandler<RecordActions> {
  constructor(
    private readonly ledger: Ledger,
    private readonly controllers: Controllers,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly eraser: Eraser,
  ) {}

  async execute(command: RecordActions): Promise<readonly ActionAnswer[]> {
    const { refused, erases, outcomes } = await this.recorded(command);
    let next = 0;
    const recorded = await outcomes;
    await this.erase(command, erases, recorded);
    const answers = refused.map((one) => one ?? answerOf(recorded[next++]));
    this.count(command.controller, answers);
    return answers;
  }

  /** Hands over what is understood. Not awaited here: whoever waits must not keep the actions in memory. */
  private async recorded({ controller, texts, key, options }: RecordActions): Promise<{
    readonly refused: readonly (RefusedAnswer | undefined)[];
    readonly erases: Erases;
    readonly outcomes: Promise<readonly Outcome[]>;
  }> {
    const { actions, refused } = await this.judge(controller, texts);
    // Whoever holds a folder writes into it without a key.
    const sent = key === null || key.id === '' ? options : { ...options, sender: key.id };
    const outcomes = actions.length === 0 ? Promise.resolve([]) : this.ledger.record(controller, actions, sent);
    // A failure is met by whoever awaits it.
    outcomes.catch(() => undefined);
    const erases = actions.some(({ name }) => ERASING.has(name)) ? 'at-once' : actions.some(joins) ? 'soon' : 'no';
    return { refused, erases, outcomes };
  }

  /** Whoever says that something was destroyed is answered when Depter's own copy is gone; a stream does not wait. */
  private async erase(
    { controller, options }: RecordActions,
    erases: Erases,
    outcomes: readonly Outcome[],
  ): Promise<void> {
    const subjects = outcomes.flatMap((one) =>
      (one.kind === 'recorded' || one.kind === 'accepted') && one.subject !== null ? [one.subject] : [],
    );
    const isFree = this.eraser.waitsFor(controller, subjects);
    if (!isFree && erases === 'no') return;
    const unplaced = outcomes.findLast((one) => one.kind === 'accepted');
    if (unplaced !== undefined) return this.eraser.settleWhenPlaced(controller, unplaced.event, subjects);
    const isWaitedFor = options.wait !== true && (isFree || erases === 'at-once');
    const settled = this.eraser.settle(controller, isWaitedFor);
    if (isWaitedFor) await settled;
  }

  private async judge(
    controller: ControllerId,
    texts: readonly (Uint8Array | undefined)[],
  ): Promise<{ actions: Action[]; refused: (RefusedAnswer | undefined)[] }> {
    const zone = this.controllers.rulebook(controller)?.zone ?? 'UTC';
    const reading = { controller, now: this.clock.now(), zone };
    const actions: Action[] = [];
    const refused: (RefusedAnswer | undefined)[] = [];
    let sliceEnd = performance.now() + SLICE_MS;
    for (const [i, text] of texts.entries()) {
      if (i % LOOK_EVERY === LOOK_EVERY - 1 && performance.now() > sliceEnd) {
        await nextTurn();
        sliceEnd = performance.now() + SLICE_MS;
      }
      if (text === undefined) {
        refused.push({ status: 'refused', code: 'too-large', pointer: '' });
        continue;
      }
      const json = readJson(text);
      const read = json.refusal ? json : readAction(json.ok, reading);
      refused.push(read.refusal ? refusal(read.refusal) : undefined);
      if (read.ok) actions.push(read.ok);
    }
    return { actions, refused };
  }

  private count(controller: ControllerId, answers: readonly ActionAnswer[]): void {
    const totals = { recorded: 0, repeated: 0, refused: 0 };
    for (const answer of answers) {
      totals[answer.status] += 1;
      if (answer.status === 'refused') this.metrics.refusals.inc({ code: answer.code });
    }
    for (const [status, count] of Object.entries(totals)) {
      if (count > 0) this.metrics.actions.inc({ controller, status }, count);
    }
  }
}

function joins({ data }: Action): boolean {
  return 'person' in data && linkingOf(data.person).length > 0;
}

function refusal({ code, pointer, detail }: Refusal): RefusedAnswer {
  return { status: 'refused', code, pointer, detail };
}

function answerOf(outcome: Outcome | undefined): ActionAnswer {
  if (outcome === undefined) throw new Error('an action has no outcome');
  switch (outcome.kind) {
    case 'recorded': {
      const { event, position, subject, entry, receipt } = outcome;
      if (entry === undefined) return { status: 'recorded', event, position, subject };
      return { status: 'recorded', event, position, subject, entry, ...(receipt === undefined ? {} : { receipt }) };
    }
    case 'repeated':
      return { status: 'repeated', event: outcome.event, position: outcome.position, subject: outcome.subject };
    case 'accepted': {
      const { event, subject, entry } = outcome;
      return { status: 'recorded', pending: true, event, subject, entry };
    }
    case 'conflict':
      return { status: 'refused', code: 'conflict' };
    case 'gone':
      return { status: 'refused', code: 'gone' };
    case 'unwritable':
      LOG.error(`an action cannot be written: ${JSON.stringify(describeFailure(outcome.failure))}`);
      return UNREADABLE;
  }
}

const LOG = new Logger('intake');

/** What is told where this version cannot understand an action, by a fault of its own: the action alone is refused. */
export const UNREADABLE: RefusedAnswer = { status: 'refused', code: 'malformed', pointer: '' };
