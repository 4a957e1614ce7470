import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Controllers, Problem } from '#host';
import { masked, today, type ClockRow, type ControllerId, type FindingRow, type Position } from '#ledger';
import { Ledger, Projections, type BoardCursor, type BoardRow } from '#store';
import { POSITION_WAIT_MS } from '../settings.js';
import type { Moment } from '../subjects/moment.js';
import { CLOCK_STATES, FINDING_STATES, type BoardPaging } from './board-page.js';

export type BoardName = 'clocks' | 'findings' | 'due';

/** What of a board is asked for; no states mean all. */
export interface BoardQuestion {
  readonly controller: ControllerId;
  readonly board: BoardName;
  readonly states: readonly string[];
  readonly paging: BoardPaging;
}

/** Up to where boards count, on the day that they count for. */
export interface BoardStanding {
  readonly known: Position | string;
  readonly day: string;
}

/** Whoever has just written reads it, where the projector is as quick as it mostly is. */
const HOPE_MS = 250;
const LOOK_EVERY_MS = 20;

/** Reads what a projector keeps. */
@Injectable()
export class BoardsReader {
  constructor(
    private readonly ledger: Ledger,
    private readonly projections: Projections,
    private readonly controllers: Controllers,
  ) {}

  /**
   * Up to where the boards of today count; undefined where another day, or less of the log than they hold, is asked for:
   * then nobody's rows are told.
   */
  async standing(controller: ControllerId, { asKnown, asked, now }: Moment): Promise<BoardStanding | undefined> {
    const day = this.today(controller, now);
    if (asked !== undefined && asked !== day) return undefined;
    const { settled } = await this.projections.progress(controller);
    if (typeof asKnown === 'number' && asKnown < settled - 1) return undefined;
    if (typeof asKnown === 'string' && Date.parse(asKnown) < now) return undefined;
    const known = settled === 0 ? new Date(now).toISOString() : settled - 1;
    return { known, day };
  }

  /** Waits until the boards show a position; throws Problem `unavailable` where that takes too long. */
  async await(controller: ControllerId, position: Position | undefined, now: number): Promise<void> {
    const size = position === undefined ? await this.ledger.size(controller) : position + 1;
    const deadline = performance.now() + (position === undefined ? HOPE_MS : POSITION_WAIT_MS);
    while (!(await this.isThere(controller, size, now))) {
      if (performance.now() > deadline) {
        if (position === undefined) return;
        throw new Problem('unavailable', {}, { 'retry-after': '1' });
      }
      await delay(LOOK_EVERY_MS);
    }
  }

  async rows(query: BoardQuestion, day: string): Promise<readonly BoardRow<ClockRow | FindingRow>[]> {
    const { controller, board, states, paging } = query;
    const { after, limit } = paging;
    // One more than the page tells whether there is another.
    const page = { limit: limit + 1, ...(after !== undefined && { after: after satisfies BoardCursor }) };
    const rows: readonly BoardRow<ClockRow | FindingRow>[] =
      board === 'findings'
        ? await this.projections.findings(controller, wanted(states, FINDING_STATES), page)
        : await this.projections.clocks(controller, day, board === 'due' ? 'due' : 'on', wanted(states, CLOCK_STATES), page); // prettier-ignore
    return rows.map((one) => ({ ...one, row: masked(one.row) }));
  }

  async latest(controller: ControllerId): Promise<Position> {
    return (await this.ledger.size(controller)) - 1;
  }

  private async isThere(controller: ControllerId, size: number, now: number): Promise<boolean> {
    const { settled } = await this.projections.progress(controller);
    return settled >= size && !(await this.projections.isDue(controller, this.today(controller, now)));
  }

  private today(controller: ControllerId, now: number): string {
    return today(now, this.controllers.rulebook(controller)?.zone ?? 'UTC');
  }
}

function wanted<State extends string>(states: readonly string[], all: readonly State[]): readonly State[] {
  return states.length === 0 ? all : all.filter((state) => states.includes(state));
}
