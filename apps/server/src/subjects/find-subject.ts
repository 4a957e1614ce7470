import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Controllers, Problem } from '#host';
import { identityOf, ranked, today, type ControllerId, type Person, type SubjectRef } from '#ledger';
import { Clock, Ledger } from '#store';

/** The reference of a person's highest-ranking linked dossier. */
export class FindSubject extends Query<SubjectRef> {
  constructor(
    readonly controller: ControllerId,
    readonly person: Person,
  ) {
    super();
  }
}

@QueryHandler(FindSubject)
export class FindSubjectHandler implements IQueryHandler<FindSubject> {
  constructor(
    private readonly ledger: Ledger,
    private readonly controllers: Controllers,
    private readonly clock: Clock,
  ) {}

  async execute({ controller, person }: FindSubject): Promise<SubjectRef> {
    const rulebook = this.controllers.rulebook(controller);
    const found = await this.ledger.find(controller, ranked(person));
    const record = found === undefined ? undefined : await this.ledger.person(controller, found);
    if (found === undefined || record === undefined || rulebook === undefined) throw new Problem('not-found');
    const asOf = today(this.clock.now(), rulebook.zone);
    return identityOf(record, rulebook, { asOf, asKnown: undefined }).subject;
  }
}
