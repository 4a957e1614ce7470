/** The views of a controller itself that are lists of its own: recipients, staff, register, editions. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import {
  packs,
  recipients,
  register,
  staff,
  type ControllerId,
  type PackRow,
  type RecipientRow,
  type RegisterRow,
  type StaffRow,
} from '#ledger';
import { Controllers } from '#host';
import { Projections, type AccessKey } from '#store';
import type { Moment } from '../subjects/moment.js';
import { pageOf, type Page, type Paging } from '../subjects/page.js';
import { BoardsReader } from './boards-reader.js';
import { MattersReader, type SeenMatters } from './matters-reader.js';

/** An edition; while everybody is looked at again, the newest in force says how many dossiers are left. */
export type EditionRow = PackRow & { readonly reevaluating?: number };

interface Rows {
  /** `outstanding` is told of today alone: the boards, which count it, know no other day. */
  readonly recipients: Omit<RecipientRow, 'outstanding'> & { readonly outstanding?: number };
  readonly staff: StaffRow;
  readonly register: RegisterRow;
  readonly packs: EditionRow;
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
  constructor(
    private readonly matters: MattersReader,
    private readonly boards: BoardsReader,
    private readonly projections: Projections,
    private readonly controllers: Controllers,
  ) {}

  async execute(query: ControllerViewOf): Promise<Page<Rows[ControllerView]>> {
    const seen = await this.matters.see(query.controller, query.moment, query.key.role);
    // Rows have no position of their own: their number in the list is the cursor.
    return pageOf(await this.rows(query, seen), query.paging, (_, index) => index);
  }

  private async rows(query: ControllerViewOf, seen: SeenMatters): Promise<readonly Rows[ControllerView][]> {
    const { record, rulebook, at, resolvers } = seen;
    switch (query.view) {
      case 'recipients':
        return this.recipients(query, seen);
      case 'staff':
        return staff(record, rulebook, at, resolvers);
      case 'register':
        return register(record, rulebook, at, resolvers);
      case 'packs':
        return this.editions(query, seen);
    }
  }

  private async recipients(
    { controller, moment }: ControllerViewOf,
    { record, rulebook, at, resolvers }: SeenMatters,
  ): Promise<readonly Rows['recipients'][]> {
    if ((await this.boards.standing(controller, moment)) !== undefined) {
      return recipients(record, rulebook, at, resolvers, await this.projections.outstanding(controller));
    }
    return recipients(record, rulebook, at, resolvers).map((row) => {
      const { outstanding: _, ...rest } = row;
      return rest;
    });
  }

  private async editions(
    { controller, day, moment }: ControllerViewOf,
    { rulebook }: SeenMatters,
  ): Promise<readonly EditionRow[]> {
    const editions = packs(rulebook, day);
    if (moment.asked !== undefined || moment.asKnown !== undefined) return editions;
    const left = await this.projections.reevaluating(controller, this.controllers.fingerprint);
    const inForce = rulebook.edition(day)?.id;
    const isInForce = ({ pack, edition }: EditionRow): boolean => pack === rulebook.controller && edition === inForce;
    return editions.map((row) => (left > 0 && isInForce(row) ? { ...row, reevaluating: left } : row));
  }
}
