import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { trail } from '#ledger';
import { Ledger, TransparencyLog } from '#store';
import { ListOf } from './list-of.js';
import { pageOf, type ReadPage } from './page.js';
import { PersonReader } from './person-reader.js';
import { proven, type ProvenTrailRow } from './proven.js';

/** Every event of a person, decoded, in order of position. */
export class TrailOf extends ListOf<ProvenTrailRow> {}

@QueryHandler(TrailOf)
export class TrailOfHandler implements IQueryHandler<TrailOf> {
  constructor(
    private readonly people: PersonReader,
    private readonly ledger: Ledger,
    private readonly log: TransparencyLog,
  ) {}

  async execute({ controller, subject, moment, paging, key }: TrailOf): Promise<ReadPage<ProvenTrailRow>> {
    const { known, record, rulebook, at, resolvers } = await this.people.see(controller, subject, moment, key.role);
    const page = pageOf(trail(record, rulebook, at, resolvers), paging, (row) => row.position);
    return { ...page, known, rows: await proven(this.ledger, this.log, controller, page.rows) };
  }
}
