import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Controllers, Problem } from '#host';
import { linkedSubjects, momentOf, subjectRef, type ControllerId, type EventId, type Recorded, type SubjectRef } from '#ledger'; // prettier-ignore
import { Clock, Ledger, TransparencyLog, type AccessKey } from '#store';

export interface ReceiptAnswer {
  /** Whose event it is; null for one of the controller. */
  readonly subject: SubjectRef | null;
  readonly receipt: string;
}

/** The receipt of an event, for a key that may have it; for another there is no such event. */
export class ReceiptOf extends Query<ReceiptAnswer> {
  constructor(
    readonly controller: ControllerId,
    readonly event: string,
    readonly key: AccessKey,
  ) {
    super();
  }
}

const EVENT_ID = /^[A-Za-z0-9_-]{22}$/;

@QueryHandler(ReceiptOf)
export class ReceiptOfHandler implements IQueryHandler<ReceiptOf> {
  constructor(
    private readonly ledger: Ledger,
    private readonly log: TransparencyLog,
    private readonly controllers: Controllers,
    private readonly clock: Clock,
  ) {}

  async execute({ controller, event, key }: ReceiptOf): Promise<ReceiptAnswer> {
    const found = EVENT_ID.test(event) ? await this.ledger.event(controller, event as EventId) : undefined;
    if (found === undefined || !(await this.mayHave(controller, found, key))) throw new Problem('not-found');
    const receipt = await this.log.receipt(controller, found.position);
    if (receipt === undefined) throw new Problem('unavailable');
    return { subject: found.event.subject === null ? null : (subjectRef(found.event.subject) ?? null), receipt };
  }

  /** To an emitter, of what its own key sent first (`wire.md`, Who may); Depter's own events were sent by none. */
  private async mayHave(controller: ControllerId, { event }: Recorded, key: AccessKey): Promise<boolean> {
    switch (key.role) {
      case 'emitter':
        return (await this.ledger.senderOf(controller, event.id as EventId)) === key.id;
      case 'subject':
        return (
          key.subject !== null && event.subject !== null && (await this.own(controller, key.subject)).has(event.subject)
        );
      case 'officer':
      case 'regulator':
      case 'auditor':
        return true;
      case 'admin':
        return false;
    }
  }

  /** The dossiers that are the person: those whose links count, never all that some link reaches. */
  private async own(controller: ControllerId, subject: SubjectRef): Promise<ReadonlySet<string>> {
    const record = await this.ledger.person(controller, subject);
    const rulebook = this.controllers.rulebook(controller);
    if (record === undefined || rulebook === undefined) return new Set();
    const asOf = new Date(this.clock.now()).toISOString();
    return linkedSubjects(record, momentOf(record, rulebook, { asOf, asKnown: undefined }));
  }
}
