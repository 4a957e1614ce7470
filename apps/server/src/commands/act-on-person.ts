import { randomUUID } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Metrics, Problem } from '#host';
import { ACTION_OF, decideCommand, judgeForm, type Action } from '#ledger';
import { Eraser } from '#roles';
import { Clock, Ledger, StoreFailure, TransparencyLog, type Expectation } from '#store';
import { refusedAs } from './refused.js';
import { ToldCommands, type Asked, type ToldCommand } from './told-command.js';
import { receiptOf, untilDecided, type ActAnswer } from './until-decided.js';

/**
 * Something that Depter is asked to do itself to a person: decided on all their dossiers, and recorded only where these are
 * still what they were. Throws Problem: what is wrong with the command, why it is refused, or `changed` where the dossiers
 * grew again and again.
 */
export class ActOnPerson extends Command<ActAnswer> {
  constructor(readonly asked: Asked) {
    super();
  }
}

@CommandHandler(ActOnPerson)
export class ActOnPersonHandler implements ICommandHandler<ActOnPerson> {
  constructor(
    private readonly commands: ToldCommands,
    private readonly ledger: Ledger,
    private readonly log: TransparencyLog,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly eraser: Eraser,
  ) {}

  async execute({ asked }: ActOnPerson): Promise<ActAnswer> {
    const id = asked.idempotencyKey ?? randomUUID();
    return untilDecided(async () => {
      const told = await this.commands.read(asked, id, this.clock.now());
      if (await this.commands.isEnded(asked, told)) throw new Problem('gone');
      return this.decided(asked, told, id);
    });
  }

  /** Undefined where a dossier has grown since it was read. */
  private async decided(asked: Asked, told: ToldCommand, id: string): Promise<ActAnswer | undefined> {
    const { record, rulebook, command, asOf, expecting } = told;
    const outcome = decideCommand(record, rulebook, command, asOf);
    if (outcome.kind === 'unknown-request') throw new Problem('not-found');
    if (outcome.kind === 'accepted') {
      const answer = await this.record(asked, await this.commands.action(asked, told, id), expecting);
      if (answer !== undefined) await this.free(asked, told, answer);
      return withForm(told, answer);
    }
    // What was done once may not be done again: the same command is told what became of it all the same.
    if (asked.idempotencyKey !== undefined && told.isWhole) {
      const before = await this.record(asked, await this.commands.action(asked, told, id), NEVER_SO(told));
      if (before !== undefined) return before;
    }
    this.metrics.refusals.inc({ code: outcome.code });
    throw refusedAs(outcome, await this.commands.namesOf(asked, told, outcome.items));
  }

  /** What was recorded may have ended what a reported destruction waits for: answered when Depter's own copy is gone. */
  private async free({ controller }: Asked, { expecting }: ToldCommand, answer: ActAnswer): Promise<void> {
    const subjects = [...expecting.keys()];
    if (!this.eraser.waitsFor(controller, subjects)) return;
    if (answer.receipt === 'pending') this.eraser.settleWhenPlaced(controller, answer.event, subjects);
    else await this.eraser.settle(controller);
  }

  private async record(asked: Asked, action: Action, expecting: Expectation): Promise<ActAnswer | undefined> {
    const { controller, key } = asked;
    const options = { receipts: true, pending: true, sender: key.id, expecting };
    const [outcome] = await this.ledger.record(controller, [action], options).catch((failure: unknown) => {
      if (failure instanceof StoreFailure && failure.code === 'changed') return [];
      throw failure;
    });
    if (outcome === undefined) return undefined;
    switch (outcome.kind) {
      case 'recorded': {
        const { event, position, receipt } = outcome;
        this.metrics.actions.inc({ controller, status: 'recorded' });
        return { event, position, receipt: receipt ?? (await receiptOf(this.log, controller, position)) };
      }
      case 'repeated': {
        const { event, position } = outcome;
        // Where the content was erased only the id is compared: another command of that key is none of this.
        const first = await this.ledger.event(controller, event);
        if (first?.event.type !== ACTION_OF[asked.name]) throw new Problem('conflict');
        this.metrics.actions.inc({ controller, status: 'repeated' });
        return { event, position, receipt: await receiptOf(this.log, controller, position) };
      }
      case 'accepted':
        this.metrics.actions.inc({ controller, status: 'recorded' });
        return { event: outcome.event, receipt: 'pending' };
      case 'conflict':
      case 'gone':
        throw new Problem(outcome.kind);
      case 'unwritable':
        throw outcome.failure;
    }
  }
}

/** A request is open however it came; what it lacks is answered, and what is still to be looked at in it. */
function withForm({ command, rulebook, asOf }: ToldCommand, answer: ActAnswer | undefined): ActAnswer | undefined {
  if (answer === undefined || command.name !== 'request') return answer;
  const { right, channel, medium = 'electronic' } = command;
  const { 'by-representative': byRepresentative = false } = command;
  const form = { right, channel, medium, byRepresentative, hasDocument: 'document' in command, isIdentified: false };
  const { defects, toCheck } = judgeForm(form, rulebook, asOf);
  return {
    ...answer,
    ...(defects.length === 0 ? {} : { defects }),
    ...(toCheck.length === 0 ? {} : { toCheck }),
  };
}

/** More events than any dossier has: nothing new is recorded on that, and what is known is told. */
const NEVER_SO = ({ subject }: ToldCommand): Expectation => new Map([[subject, 2 ** 32 - 1]]);
