import type { FastifyRequest } from 'fastify';
import type { Position } from '#ledger';
import { count } from '../parameters.js';
import { MAX_ROWS } from '../settings.js';

export interface Paging {
  /** The position of the last row that the client has, or a cursor of an earlier answer. */
  readonly after: number | undefined;
  readonly limit: number;
}

/** Reads `after` and `limit`. Throws Problem `invalid-field` with the parameter's name. */
export function pagingOf(request: FastifyRequest): Paging {
  return {
    after: count(request, 'after', 0, Number.MAX_SAFE_INTEGER),
    limit: count(request, 'limit', 1, MAX_ROWS) ?? MAX_ROWS,
  };
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** What `after` is to be for the rows that follow; absent where none do. */
  readonly next?: number;
}

/** A page, and the moment of the log up to which it was read. */
export interface ReadPage<Row> extends Page<Row> {
  readonly known: Position | string;
}

/** The page of a list whose rows are told apart by `placeOf`, which grows along the list. */
export function pageOf<Row>(
  all: readonly Row[],
  { after, limit }: Paging,
  placeOf: (row: Row, index: number) => number,
): Page<Row> {
  const start = after === undefined ? 0 : all.findIndex((row, i) => placeOf(row, i) > after);
  if (start === -1) return { rows: [] };
  const rows = all.slice(start, start + limit);
  const last = rows.at(-1);
  const isLast = start + rows.length >= all.length;
  return last === undefined || isLast ? { rows } : { rows, next: placeOf(last, start + rows.length - 1) };
}
