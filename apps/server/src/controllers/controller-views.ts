/** The views of a controller itself: those rows without a person, and what is about none. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import {
  controllerClocks,
  controllerFindings,
  packs,
  recipients,
  register,
  staff,
  type ClockRow,
  type ControllerId,
  type FindingRow,
  type PackRow,
  type RecipientRow,
  type RegisterRow,
  type StaffRow,
} from '#ledger';
import type { AccessKey } from '#store';
import type { Moment } from '../subjects/moment.js';
import { pageOf, type Page, type Paging } from '../subjects/page.js';
import { MattersReader, type SeenMatters } from './matters-reader.js';

interface Rows {
  readonly clocks: ClockRow;
  readonly findings: FindingRow;
  /** How many orders a recipient has not confirmed only a projection over all persons knows: it is not said. */
  readonly recipients: Omit<RecipientRow, 'outstanding'>;
  readonly staff: StaffRow;
  readonly register: RegisterRow;
  readonly packs: PackRow;
}

export type ControllerView = keyof Rows;

/** One page of a view of a controller. */
export class ControllerViewOf extends Query<Page<Rows[ControllerView]>> {
  constructor(
    readonly controller: ControllerId,
    readonly view: ControllerView,
    readonly moment: Moment,
    /** The day in the controller's zone. */
    readonly day: string,
    readonly paging: Paging,
    readonly key: AccessKey,
  ) {
    super();
  }
}

@QueryHandler(ControllerViewOf)
export class ControllerViewOfHandler implements IQueryHandler<ControllerViewOf> {
  constructor(private readonly matters: MattersReader) {}

  async execute(query: ControllerViewOf): Promise<Page<Rows[ControllerView]>> {
    const seen = await this.matters.see(query.controller, query.moment, query.key.role);
    // Rows have no position of their own: their number in the list is the cursor.
    return pageOf(rowsOf(query.view, seen, query.day), query.paging, (_, index) => index);
  }
}

function rowsOf(
  view: ControllerView,
  { record, rulebook, at, resolvers }: SeenMatters,
  day: string,
): readonly Rows[ControllerView][] {
  switch (view) {
    case 'clocks':
      return controllerClocks(record, rulebook, at, resolvers);
    case 'findings':
      return controllerFindings(record, rulebook, at, resolvers);
    case 'recipients':
      return recipients(record, rulebook, at, resolvers).map((row) => {
        const { outstanding: _, ...rest } = row;
        return rest;
      });
    case 'staff':
      return staff(record, rulebook, at, resolvers);
    case 'register':
      return register(record, rulebook, at, resolvers);
    case 'packs':
      return packs(rulebook, day);
  }
}
