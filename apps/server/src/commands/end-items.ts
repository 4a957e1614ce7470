import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Metrics, Problem } from '#host';
import {
  decideCommand,
  heldElsewhere,
  isReference,
  valuesElsewhere,
  type Command as Commanded,
  type EventId,
  type HeldElsewhere,
  type Recorded,
  type SubjectRef,
} from '#ledger';
import { Clock, Destructions, Ledger, TransparencyLog, type DestructionAct, type DestructionOrder } from '#store';
import { refusedAs } from './refused.js';
import { ToldCommands, type Asked, type ToldCommand } from './told-command.js';
import { receiptOf, untilDecided, type ActAnswer } from './until-decided.js';

/**
 * Destroys or depersonalises items of a person, or all of them: decided on all their dossiers, then carried out as a whole,
 * and answered when nothing of it can be read any more. Throws Problem as `ActOnPerson` does.
 */
export class EndItems extends Command<ActAnswer> {
  constructor(readonly asked: Asked & { readonly name: 'destroy' | 'depersonalise' }) {
    super();
  }
}

@CommandHandler(EndItems)
export class EndItemsHandler implements ICommandHandler<EndItems> {
  constructor(
    private readonly commands: ToldCommands,
    private readonly destructions: Destructions,
    private readonly ledger: Ledger,
    private readonly log: TransparencyLog,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  async execute({ asked }: EndItems): Promise<ActAnswer> {
    const { controller, idempotencyKey } = asked;
    const event =
      idempotencyKey === undefined ? undefined : await this.destructions.commandId(controller, idempotencyKey);
    return untilDecided(async () => {
      // What was done once may not be done again, and what the command names may be gone with the person: that it is known is
      // asked before it is read.
      const before = event === undefined ? undefined : await this.ledger.event(controller, event);
      if (before !== undefined) return this.repeated(asked, before);
      let told = await this.decided(asked);
      for (let left = heldOf(told).length; left > 0; left -= 1) {
        if (!(await this.endElsewhere(asked, told))) return undefined;
        told = await this.decided(asked);
      }
      return heldOf(told).length > 0 ? undefined : this.carryOut(asked, orderOf(asked, told, event));
    });
  }

  private async repeated(asked: Asked, { event, position }: Recorded): Promise<ActAnswer> {
    const { controller } = asked;
    if (!(await this.commands.isOf(asked, event))) throw new Problem('conflict');
    this.metrics.actions.inc({ controller, status: 'repeated' });
    return { event: event.id as EventId, position, receipt: await receiptOf(this.log, controller, position) };
  }

  /** The command with all that it is decided on. Throws Problem where it is refused. */
  private async decided(asked: Asked): Promise<ToldCommand> {
    const told = await this.commands.read(asked, '', this.clock.now());
    if (await this.commands.isEnded(asked, told)) throw new Problem('gone');
    const { record, rulebook, command, asOf } = told;
    requireListed(told);
    const outcome = decideCommand(record, rulebook, command, asOf);
    if (outcome.kind !== 'refused') return told;
    this.metrics.refusals.inc({ code: outcome.code });
    throw refusedAs(outcome, await this.commands.namesOf(asked, told, outcome.items));
  }

  /**
   * Of whoever ends as a whole, nothing ties what a client holds about them to them any more: it is ended before, in the
   * client's dossier, one item after another. Nothing brings it back, so each rests on a decision on all that is asked for,
   * read anew after the last; false where a dossier has grown since, and nothing was done.
   */
  private async endElsewhere(asked: Asked, told: ToldCommand): Promise<boolean> {
    const { client, about, item, values } = heldOf(told)[0]!;
    const act = actOf(asked, told, client, { about: { [item]: about }, items: [item] });
    const order = { act, dossiers: [], others: values, expecting: told.expecting };
    return (await this.destructions.destroy(asked.controller, order)).kind !== 'changed';
  }

  /** Undefined where a dossier has grown since it was read. */
  private async carryOut({ controller }: Asked, order: DestructionOrder): Promise<ActAnswer | undefined> {
    const outcome = await this.destructions.destroy(controller, order);
    if (outcome.kind === 'changed') return undefined;
    if (outcome.kind === 'conflict') throw new Problem('conflict');
    const { kind, event, position } = outcome;
    this.metrics.actions.inc({ controller, status: kind });
    return { event, position, receipt: await receiptOf(this.log, controller, position) };
  }
}

/** What clients hold about a person who is to end as a whole. */
function heldOf(told: ToldCommand): readonly HeldElsewhere[] {
  return endingOf(told).items === 'all' ? heldElsewhere(told.record, told.rulebook, told.asOf) : [];
}

/** In the log stand ids that a pack has, and references: of what neither is, this person has nothing. */
function requireListed(told: ToldCommand): void {
  const ending = endingOf(told);
  const { items } = ending;
  const isKnown = (item: string): boolean => told.rulebook.has('item', item) || isReference(item);
  const unknown = items === 'all' ? -1 : items.findIndex((item) => !isKnown(item));
  if (unknown >= 0) throw new Problem('invalid-field', { pointer: `/items/${unknown}` });
  if (ending.name === 'destroy' && !told.rulebook.has('method', ending.method))
    throw new Problem('invalid-field', { pointer: '/method' });
}

function orderOf(asked: Asked, told: ToldCommand, event: EventId | undefined): DestructionOrder {
  const { subject, record, rulebook, asOf, linked, expecting } = told;
  const ending = endingOf(told);
  const { request } = ending;
  const items = ending.items === 'all' ? ending.items : [...ending.items];
  const act = actOf(asked, told, subject, { items, ...(request === undefined ? {} : { request }) });
  return {
    act: { ...act, ...(event === undefined ? {} : { event }) },
    dossiers: linked,
    others: valuesElsewhere(record, rulebook, items, asOf),
    expecting,
  };
}

/** What is recorded in a dossier when it is done. */
function actOf(
  { key, body }: Asked,
  told: ToldCommand,
  subject: SubjectRef,
  said: DestructionAct['data'] | Omit<DestructionAct['data'], 'method'>,
): DestructionAct {
  const ending = endingOf(told);
  const own = { kind: 'own', subject, by: key.id, at: new Date(told.now).toISOString() } as const;
  const medium = body['medium'] as 'electronic' | 'paper' | undefined;
  const data = { ...said, ...(medium === undefined ? {} : { medium }) };
  if (ending.name === 'depersonalise') return { ...own, name: 'depersonalised', data: sorted(data) };
  return { ...own, name: 'destroyed', data: sorted({ ...data, method: ending.method }) };
}

type Ending = Extract<Commanded, { readonly name: 'destroy' | 'depersonalise' }>;

function endingOf({ command }: ToldCommand): Ending {
  if (command.name === 'destroy' || command.name === 'depersonalise') return command;
  throw new RangeError('a command that ends nothing');
}

/** Keys in the order in which they are stored. */
function sorted<T extends object>(data: T): T {
  return Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1))) as T;
}
