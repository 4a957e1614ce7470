import { setImmediate as nextTurn } from 'node:timers/promises';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { linkedSubjects, momentOf, trail, type TrailRow } from '#ledger';
import { TransparencyLog } from '#store';
import { ListOf } from './list-of.js';
import { pageOf, type Page } from './page.js';
import { PersonReader } from './person-reader.js';

/** Receipts are made for at most so long in one turn: a page may have a thousand, and others are waiting. */
const SLICE_MS = 8;

/** A row of the trail with what proves it: the stored bytes, base64, and a receipt under the latest checkpoint. */
export interface ProvenTrailRow extends TrailRow {
  readonly receipt: string | null;
  readonly entry: string;
}

/** Every event of a person, decoded, in order of position. */
export class TrailOf extends ListOf<ProvenTrailRow> {}

@QueryHandler(TrailOf)
export class TrailOfHandler implements IQueryHandler<TrailOf> {
  constructor(
    private readonly people: PersonReader,
    private readonly log: TransparencyLog,
  ) {}

  async execute({ controller, subject, moment, paging, key }: TrailOf): Promise<Page<ProvenTrailRow>> {
    const { record, rulebook } = await this.people.open(controller, subject);
    const at = { asOf: moment.asOf, asKnown: moment.asKnown };
    const linked = linkedSubjects(record, momentOf(record, rulebook, at));
    const resolvers = await this.people.resolvers(controller, record, linked, key.role);
    const page = pageOf(trail(record, rulebook, at, resolvers), paging, (row) => row.position);
    const entries = new Map(
      record.dossiers.flatMap((dossier) => dossier.events.map(({ position, entry }) => [position, entry] as const)),
    );
    const rows: ProvenTrailRow[] = [];
    let sliceEnd = performance.now() + SLICE_MS;
    for (const row of page.rows) {
      if (performance.now() > sliceEnd) {
        await nextTurn();
        sliceEnd = performance.now() + SLICE_MS;
      }
      const entry = Buffer.from(entries.get(row.position) ?? []).toString('base64');
      rows.push({ ...row, receipt: (await this.log.receipt(controller, row.position)) ?? null, entry });
    }
    return { ...page, rows };
  }
}
