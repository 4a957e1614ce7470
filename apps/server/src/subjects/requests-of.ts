import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { requests, type RequestRow } from '#ledger';
import { ListOf } from './list-of.js';
import { pageOf, type ReadPage } from './page.js';
import { PersonReader } from './person-reader.js';

/** What a person asked, with the reference by which commands name it. */
export class RequestsOf extends ListOf<RequestRow> {}

@QueryHandler(RequestsOf)
export class RequestsOfHandler implements IQueryHandler<RequestsOf> {
  constructor(private readonly people: PersonReader) {}

  async execute({ controller, subject, moment, paging, key }: RequestsOf): Promise<ReadPage<RequestRow>> {
    const { known, record, rulebook, at, resolvers } = await this.people.see(controller, subject, moment, key.role);
    // Rows have no position of their own: their number in the list is the cursor.
    return { ...pageOf(requests(record, rulebook, at, resolvers), paging, (_, index) => index), known };
  }
}
