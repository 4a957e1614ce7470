import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { linkedSubjects, momentOf, today, type KeyRole, type Recorded, type View } from '#ledger';
import type { Day } from '#packs';
import { Ledger } from '#store';
import { ListOf } from './list-of.js';
import { knownAt } from './moment.js';
import { pageOf, type ReadPage } from './page.js';
import { PersonReader } from './person-reader.js';

export interface AccessRow {
  /** The key that read. */
  readonly by: string | null;
  readonly role: KeyRole;
  readonly view: View;
  readonly on: Day;
}

/** Who read what of a person, in order of position; this reading is in the next answer. */
export class AccessOf extends ListOf<AccessRow> {}

@QueryHandler(AccessOf)
export class AccessOfHandler implements IQueryHandler<AccessOf> {
  constructor(
    private readonly people: PersonReader,
    private readonly ledger: Ledger,
  ) {}

  async execute({ controller, subject, moment, paging }: AccessOf): Promise<ReadPage<AccessRow>> {
    const { record, rulebook, latest } = await this.people.open(controller, subject);
    const { before, day, instant } = momentOf(record, rulebook, { asOf: moment.asOf, asKnown: moment.asKnown });
    const found: Recorded[] = [];
    for (const linked of linkedSubjects(record, momentOf(record, rulebook, moment))) {
      const dossier = record.dossiers.find((one) => one.subject === linked);
      if (dossier !== undefined) found.push(...(await this.ledger.accesses(controller, dossier.subject)));
    }
    const known = found
      .filter(({ event, position }) => position < before && isKnownBy(event.recorded, moment.asKnown))
      .filter(({ event }) =>
        instant === undefined ? today(Date.parse(event.at), rulebook.zone) <= day : event.at <= instant,
      )
      .sort((a, b) => a.position - b.position);
    const page = pageOf(known, paging, (row) => row.position);
    return {
      ...page,
      known: knownAt(moment, Math.max(latest, known.at(-1)?.position ?? -1)),
      rows: page.rows.flatMap((recorded) => rowOf(recorded, rulebook.zone)),
    };
  }
}

/** A reading is known by its own stamp too: the record of a person, which says what is known, holds no readings. */
function isKnownBy(recorded: string, asKnown: number | string | undefined): boolean {
  return typeof asKnown !== 'string' || recorded <= asKnown;
}

function rowOf({ event }: Recorded, zone: string): AccessRow[] {
  if (event.type !== 'accessed') return [];
  return [{ by: event.by, role: event.data.role, view: event.data.view, on: today(Date.parse(event.at), zone) }];
}
