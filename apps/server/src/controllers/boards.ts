/** Clocks and findings of a controller: its own, and those of everybody, which a projection keeps. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { controllerClocks, controllerFindings, type ClockRow, type ControllerId, type FindingRow, type Position } from '#ledger'; // prettier-ignore
import type { AccessKey, BoardRow } from '#store';
import { knownAt, type Moment } from '../subjects/moment.js';
import { LAST, mergeBoards, type BoardPaging, type ShownRow } from './board-page.js';
import { BoardsReader, type BoardName } from './boards-reader.js';
import { MattersReader } from './matters-reader.js';

export interface BoardAnswer {
  readonly rows: readonly ShownRow<ClockRow | FindingRow>[];
  readonly next?: string;
  readonly known: Position | string;
}

/** One page of a board. */
export class BoardOf extends Query<BoardAnswer> {
  constructor(
    readonly controller: ControllerId,
    readonly board: BoardName,
    readonly moment: Moment,
    /** Empty: all. */
    readonly states: readonly string[],
    readonly paging: BoardPaging,
    readonly key: AccessKey,
  ) {
    super();
  }
}

@QueryHandler(BoardOf)
export class BoardOfHandler implements IQueryHandler<BoardOf> {
  constructor(
    private readonly matters: MattersReader,
    private readonly reader: BoardsReader,
  ) {}

  async execute(query: BoardOf): Promise<BoardAnswer> {
    const { controller, moment, paging } = query;
    const standing = await this.reader.standing(controller, moment);
    const own = await this.own(query, standing?.known ?? moment.asKnown);
    const others = standing === undefined ? [] : await this.reader.rows(query, standing.day);
    const known = standing?.known ?? knownAt(moment, await this.reader.latest(controller));
    return { ...mergeBoards<ClockRow | FindingRow>(own, others, paging), known };
  }

  /** Rows without a person, each with its place on the board. */
  private async own(query: BoardOf, asKnown: Moment['asKnown']): Promise<readonly BoardRow<ClockRow | FindingRow>[]> {
    const { controller, board, moment, states, key } = query;
    const { record, rulebook, at, resolvers } = await this.matters.see(controller, { ...moment, asKnown }, key.role);
    const rows =
      board === 'findings'
        ? controllerFindings(record, rulebook, at, resolvers)
        : controllerClocks(record, rulebook, at, resolvers);
    const dayOf = (row: ClockRow | FindingRow): string =>
      board === 'due' && 'due' in row ? (row.due ?? LAST) : row.on;
    return rows
      .map((row, ordinal) => ({
        subject: '' as BoardRow<unknown>['subject'],
        cursor: { day: dayOf(row), subject: '', ordinal },
        row,
      })) // prettier-ignore
      .filter(({ row }) => states.length === 0 || states.includes(row.state));
  }
}
