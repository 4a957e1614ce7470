import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Controllers } from '#host';
import {
  findings,
  today,
  type ControllerId,
  type EventId,
  type FindingRow,
  type PersonRecord,
  type SubjectRef,
} from '#ledger';
import { Clock, Ledger } from '#store';

/**
 * What one action opened: the findings of its person that would not be there without it. Whoever sends an action learns
 * that, and nothing else of the person.
 */
export class FindingsOfAction extends Query<readonly FindingRow[]> {
  constructor(
    readonly controller: ControllerId,
    readonly subject: SubjectRef,
    readonly event: EventId,
  ) {
    super();
  }
}

@QueryHandler(FindingsOfAction)
export class FindingsOfActionHandler implements IQueryHandler<FindingsOfAction> {
  constructor(
    private readonly ledger: Ledger,
    private readonly controllers: Controllers,
    private readonly clock: Clock,
  ) {}

  async execute({ controller, subject, event }: FindingsOfAction): Promise<readonly FindingRow[]> {
    const rulebook = this.controllers.rulebook(controller);
    const record = await this.ledger.person(controller, subject);
    if (rulebook === undefined || record === undefined) return [];
    const at = { asOf: today(this.clock.now(), rulebook.zone), asKnown: undefined };
    const before = findings(without(record, event), rulebook, at).map((row) => JSON.stringify(row));
    return findings(record, rulebook, at).filter((row) => {
      // Taken away one by one: of two equal rows the one that was there before is not the action's.
      const known = before.indexOf(JSON.stringify(row));
      if (known !== -1) before.splice(known, 1);
      return known === -1;
    });
  }
}

/** The record as if the action had not come: without its event, and without the others made from it. */
function without(record: PersonRecord, event: string): PersonRecord {
  const isOf = (id: string): boolean => id === event || record.firsts.get(id) === event;
  const dossiers = record.dossiers.map((dossier) => ({
    ...dossier,
    events: dossier.events.filter((recorded) => !isOf(recorded.event.id)),
  }));
  return { ...record, dossiers };
}
