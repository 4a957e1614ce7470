import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ControllerId, OwnAction, SubjectRef, View } from '#ledger';
import { Clock, Ledger, type AccessKey } from '#store';

/**
 * Records that somebody reads a person, durably: it has to be done before the answer goes out, and where it cannot be done
 * nothing is answered (`design.md`, Record).
 */
export class RecordAccess extends Command<void> {
  constructor(
    readonly controller: ControllerId,
    readonly subject: SubjectRef,
    readonly view: View,
    readonly key: AccessKey,
    /** The day that was asked for, where one was. */
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

@CommandHandler(RecordAccess)
export class RecordAccessHandler implements ICommandHandler<RecordAccess> {
  constructor(
    private readonly ledger: Ledger,
    private readonly clock: Clock,
  ) {}

  async execute({ controller, subject, view, key, asOf }: RecordAccess): Promise<void> {
    const accessed: OwnAction = {
      kind: 'own',
      name: 'accessed',
      subject,
      by: key.id,
      at: new Date(this.clock.now()).toISOString(),
      data: { ...(asOf === undefined ? {} : { 'as-of': asOf }), role: key.role, view },
    };
    // Durable is enough: nobody is answered with its place.
    await this.ledger.record(controller, [accessed], { pending: true });
  }
}
