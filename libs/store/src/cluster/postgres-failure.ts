/**
 * What a failure of PostgreSQL is to the callers of the store. The server's own messages and details quote what was
 * stored, so nothing of them goes further than its code and the place where it happened.
 */
import pg from 'pg';
import { StoreFailure } from '../ports.js';

const FULL = new Set(['53100', '53200']);
const CORRUPT = new Set(['XX001', 'XX002']);
/** Serialisation failure, deadlock, lock not available, statement cancelled: another try may pass. */
const TRANSIENT = new Set(['40001', '40P01', '55P03', '57014', '25P03', '25P04', '25006']);

/** A failure of a statement that another try does not mend: a bug, told without what it was told of. */
export class StatementRefused extends Error {
  constructor(
    readonly sqlstate: string,
    /** The name of the constraint that refused, where one did. */
    readonly constraint: string | undefined,
    statement: string,
  ) {
    super(
      `PostgreSQL refused a statement: ${sqlstate}${constraint === undefined ? '' : ` ${constraint}`} (${statement})`,
    );
    this.name = 'StatementRefused';
  }
}

/** `statement` is the statement's name or text with placeholders: it holds no values. */
export function postgresFailure(failure: unknown, statement: string): Error {
  if (failure instanceof StoreFailure || failure instanceof StatementRefused) return failure;
  if (failure instanceof pg.DatabaseError && failure.code !== undefined) {
    return failureOf(failure.code, failure.constraint, statement);
  }
  if (failure instanceof RangeError || failure instanceof TypeError) return failure;
  // What is left comes of the connection: refused, reset, timed out, closed under a query.
  const code = (failure as { code?: unknown } | null)?.code;
  return unavailable(typeof code === 'string' ? code : 'connection');
}

function failureOf(sqlstate: string, constraint: string | undefined, statement: string): Error {
  if (FULL.has(sqlstate)) return new StoreFailure('full', `PostgreSQL has no room left (${sqlstate})`, true);
  if (CORRUPT.has(sqlstate))
    return new StoreFailure('corrupt', `PostgreSQL found its data damaged (${sqlstate})`, false);
  // 08 connection, 53 resources, 57P shutdown and start-up, 58 system.
  if (TRANSIENT.has(sqlstate) || /^(08|53|57P|58)/.test(sqlstate)) return unavailable(sqlstate);
  return new StatementRefused(sqlstate, constraint, statement);
}

function unavailable(code: string): StoreFailure {
  return new StoreFailure('unavailable', `PostgreSQL is not to be had (${code})`, true);
}
