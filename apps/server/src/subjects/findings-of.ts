import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { findings, type FindingRow } from '#ledger';
import { ListOf } from './list-of.js';
import { pageOf, type ReadPage } from './page.js';
import { PersonReader } from './person-reader.js';

/** What the rules find wrong with what was done to a person. */
export class FindingsOf extends ListOf<FindingRow> {}

@QueryHandler(FindingsOf)
export class FindingsOfHandler implements IQueryHandler<FindingsOf> {
  constructor(private readonly people: PersonReader) {}

  async execute({ controller, subject, moment, paging, key }: FindingsOf): Promise<ReadPage<FindingRow>> {
    const { known, record, rulebook, at, resolvers } = await this.people.see(controller, subject, moment, key.role);
    // Rows have no position of their own: their number in the list is the cursor.
    return { ...pageOf(findings(record, rulebook, at, resolvers), paging, (_, index) => index), known };
  }
}
