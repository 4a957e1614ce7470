import { setTimeout as delay } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Metrics, Problem } from '#host';
import { decideCommand, type Action, type CommandName, type ControllerId, type EventId, type Position } from '#ledger';
import { Clock, Ledger, StoreFailure, TransparencyLog, type AccessKey, type Expectation } from '#store';
import { refusedAs } from './refused.js';
import { ToldCommands, type ToldCommand } from './told-command.js';

/** What is answered to a command that was carried out. One that waits for its place in the log has no position. */
export type ActAnswer =
  | { readonly event: EventId; readonly position: Position; readonly receipt: string }
  | { readonly event: EventId; readonly receipt: 'pending' };

/**
 * Something that Depter is asked to do itself to a person: decided on all their dossiers, and recorded only where these are
 * still what they were. Throws Problem: what is wrong with the command, why it is refused, or `changed` where the dossiers
 * grew again and again.
 */
export class ActOnPerson extends Command<ActAnswer> {
  constructor(
    readonly controller: ControllerId,
    readonly subject: string,
    readonly name: CommandName,
    /** The body, which is of the form that the command has. */
    readonly body: Readonly<Record<string, unknown>>,
    readonly key: AccessKey,
    readonly named: {
      /** Depter's reference of the request that is answered. */
      readonly request?: string | undefined;
      /** By which the same command is known when it comes again. */
      readonly idempotencyKey?: string | undefined;
    },
  ) {
    super();
  }
}

/** A command is decided so often before whoever asks is told that the dossier grows. */
const TRIES = 8;
/** Between two tries, longer each time: in a cluster what was accepted needs a moment until it can be read. */
const PAUSE_MS = 20;

@CommandHandler(ActOnPerson)
export class ActOnPersonHandler implements ICommandHandler<ActOnPerson> {
  constructor(
    private readonly told: ToldCommands,
    private readonly ledger: Ledger,
    private readonly log: TransparencyLog,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  async execute(act: ActOnPerson): Promise<ActAnswer> {
    const id = act.named.idempotencyKey ?? randomUUID();
    for (let tries = 0; tries < TRIES; tries++) {
      if (tries > 0) await delay(PAUSE_MS * tries);
      const told = await this.told.read(act, id, this.clock.now());
      const answer = await this.decided(act, told);
      if (answer !== undefined) return answer;
    }
    throw new Problem('changed');
  }

  /** Undefined where a dossier has grown since it was read, and all is to be decided again. */
  private async decided(act: ActOnPerson, told: ToldCommand): Promise<ActAnswer | undefined> {
    const { record, rulebook, command, asOf } = told;
    const outcome = decideCommand(record, rulebook, command, asOf);
    if (outcome.kind === 'unknown-request') throw new Problem('not-found');
    if (outcome.kind === 'accepted') return this.record(act, told.action(), told.expecting);
    // What was done once may not be done again: the same command is told what became of it all the same.
    const before = await this.knownBefore(act, told);
    if (before !== undefined) return before;
    this.metrics.refusals.inc({ code: outcome.code });
    throw refusedAs(outcome, await this.told.namesOf(act, told, outcome.items));
  }

  /** What became of the same command when it came before. */
  private async knownBefore(act: ActOnPerson, told: ToldCommand): Promise<ActAnswer | undefined> {
    if (act.named.idempotencyKey === undefined || !told.isWhole) return undefined;
    return this.record(act, told.action(), NEVER_SO(told));
  }

  private async record(act: ActOnPerson, action: Action, expecting: Expectation): Promise<ActAnswer | undefined> {
    const { controller, key } = act;
    const options = { receipts: true, pending: true, sender: key.id, expecting };
    const [outcome] = await this.ledger.record(controller, [action], options).catch((failure: unknown) => {
      if (failure instanceof StoreFailure && failure.code === 'changed') return [];
      throw failure;
    });
    if (outcome === undefined) return undefined;
    switch (outcome.kind) {
      case 'recorded':
      case 'repeated': {
        const { kind, event, position } = outcome;
        this.metrics.actions.inc({ controller, status: kind });
        const made = outcome.kind === 'recorded' ? outcome.receipt : undefined;
        const receipt = made ?? (await this.log.receipt(controller, position));
        if (receipt === undefined) throw new Problem('unavailable', {}, { 'retry-after': '1' });
        return { event, position, receipt };
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

/** More events than any dossier has: nothing new is recorded on that, and what is known is told. */
const NEVER_SO = ({ record }: ToldCommand): Expectation => new Map([[record.subject, 2 ** 32 - 1]]);
