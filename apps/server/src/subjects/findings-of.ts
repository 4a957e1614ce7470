import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { findings, linkedSubjects, momentOf, type FindingRow } from '#ledger';
import { ListOf } from './list-of.js';
import { pageOf, type Page } from './page.js';
import { PersonReader } from './person-reader.js';

/** What the rules find wrong with what was done to a person. */
export class FindingsOf extends ListOf<FindingRow> {}

@QueryHandler(FindingsOf)
export class FindingsOfHandler implements IQueryHandler<FindingsOf> {
  constructor(private readonly people: PersonReader) {}

  async execute({ controller, subject, moment, paging, key }: FindingsOf): Promise<Page<FindingRow>> {
    const { record, rulebook } = await this.people.open(controller, subject);
    const at = { asOf: moment.asOf, asKnown: moment.asKnown };
    const linked = linkedSubjects(record, momentOf(record, rulebook, at));
    const resolvers = await this.people.resolvers(controller, record, linked, key.role);
    // Rows have no position of their own: their number in the list is the cursor.
    return pageOf(findings(record, rulebook, at, resolvers), paging, (_, index) => index);
  }
}
