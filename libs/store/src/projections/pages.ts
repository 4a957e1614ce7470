/** A page of several states is put together from one page of each: every one of them comes from the index, in order. */
import type { ClockRow } from '#ledger';
import type { BoardCursor, BoardRow } from './port.js';

type ClockState = ClockRow['state'];

/** Rows stored in one state whose last day lies in a span; `from` is included, `before` is not. */
export interface Span {
  readonly stored: ClockState;
  readonly shown: ClockState;
  readonly from?: string;
  readonly before?: string;
}

/** States that end by themselves when the last day is over. */
const PASSING = ['running', 'extended'] as const;

/** Where clocks lie that read as one of the states on a day: nothing is written when one becomes late. */
export function spansOf(states: readonly ClockState[], today: string): readonly Span[] {
  return [...new Set(states)].flatMap((state): Span[] => {
    switch (state) {
      case 'running':
      case 'extended':
        return [{ stored: state, shown: state, from: today }];
      case 'late':
        return [
          { stored: 'late', shown: 'late' },
          ...PASSING.map((stored) => ({ stored, shown: 'late' as const, before: today })),
        ];
      case 'met':
      case 'paused':
      case 'superseded':
        return [{ stored: state, shown: state }];
    }
  });
}

/** The first rows of several pages, each of which is in order. */
export function mergePages<Row>(pages: readonly (readonly BoardRow<Row>[])[], limit: number): readonly BoardRow<Row>[] {
  return pages
    .flat()
    .sort((a, b) => compareCursors(a.cursor, b.cursor))
    .slice(0, limit);
}

export function compareCursors(a: BoardCursor, b: BoardCursor): number {
  return compare(a.day, b.day) || compare(a.subject, b.subject) || a.ordinal - b.ordinal;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
