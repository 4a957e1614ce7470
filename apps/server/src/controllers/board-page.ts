/** Pages of a board: what a controller's own matters and everybody's rows have in one order. */
import type { FastifyRequest } from 'fastify';
import { isDay, isReference } from '#ledger';
import { compareCursors, type BoardCursor, type BoardRow } from '#store';
import { count, read, wholeNumber } from '../parameters.js';
import { MAX_ROWS } from '../settings.js';

export const CLOCK_STATES = ['running', 'met', 'late', 'extended', 'paused', 'superseded'] as const;
export const FINDING_STATES = ['open', 'closed'] as const;

/** Stands for the day of a clock that is never due: it comes after every day. */
export const LAST = '~';

export interface BoardPaging {
  readonly after: BoardCursor | undefined;
  readonly limit: number;
}

/** Reads `after`, the cursor in an earlier answer's `next`, and `limit`. Throws Problem `invalid-field` with the name. */
export function boardPagingOf(request: FastifyRequest): BoardPaging {
  return { after: read(request, 'after', cursorOf), limit: count(request, 'limit', 1, MAX_ROWS) ?? MAX_ROWS };
}

/** Reads `state`: one, or several with commas; none means all. Throws Problem `invalid-field`. */
export function statesOf(request: FastifyRequest, known: readonly string[]): readonly string[] {
  const named = read(request, 'state', (text) => {
    const states = text.split(',');
    return states.every((state) => known.includes(state)) ? states : undefined;
  });
  return named ?? [];
}

/** A row of a person names the dossier; one of the controller's own matters does not. */
export type ShownRow<Row> = Row | ({ readonly subject: string } & Row);

/** The page of two lists in order, the second of which ends where the page does. */
export function mergeBoards<Row>(
  own: readonly BoardRow<Row>[],
  others: readonly BoardRow<Row>[],
  { after, limit }: BoardPaging,
): { readonly rows: readonly ShownRow<Row>[]; readonly next?: string } {
  const left = own.filter(({ cursor }) => after === undefined || compareCursors(cursor, after) > 0);
  const all = [...left, ...others].sort((a, b) => compareCursors(a.cursor, b.cursor));
  const page = all.slice(0, limit);
  const last = page.at(-1);
  const rows = page.map(({ subject, row }) => (subject === '' ? row : { subject, ...row }));
  return last === undefined || all.length <= limit ? { rows } : { rows, next: textOf(last.cursor) };
}

/** As it stands in an address: day, dossier and number, with dots. */
function textOf({ day, subject, ordinal }: BoardCursor): string {
  return `${day === LAST ? 'never' : day}.${subject}.${ordinal}`;
}

function cursorOf(text: string): BoardCursor | undefined {
  const [day, subject, number, ...more] = text.split('.');
  const ordinal = wholeNumber(number ?? '');
  if (day === undefined || subject === undefined || ordinal === undefined || more.length > 0) return undefined;
  if ((day !== 'never' && !isDay(day)) || (subject !== '' && !isReference(subject))) return undefined;
  return { day: day === 'never' ? LAST : day, subject, ordinal };
}
