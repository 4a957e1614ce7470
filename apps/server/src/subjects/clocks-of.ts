import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { clocks, type ClockRow } from '#ledger';
import { ListOf } from './list-of.js';
import { pageOf, type ReadPage } from './page.js';
import { PersonReader } from './person-reader.js';

/** What is owed to a person or about them: running, met, late. */
export class ClocksOf extends ListOf<ClockRow> {}

@QueryHandler(ClocksOf)
export class ClocksOfHandler implements IQueryHandler<ClocksOf> {
  constructor(private readonly people: PersonReader) {}

  async execute({ controller, subject, moment, paging, key }: ClocksOf): Promise<ReadPage<ClockRow>> {
    const { known, record, rulebook, at, resolvers } = await this.people.see(controller, subject, moment, key.role);
    // Rows have no position of their own: their number in the list is the cursor.
    return { ...pageOf(clocks(record, rulebook, at, resolvers), paging, (_, index) => index), known };
  }
}
