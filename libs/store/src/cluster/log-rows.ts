/** The logs that a database holds: their numbers, generations, origins and heads. */
import { Tree } from '#proof';
import type { ControllerId } from '#ledger';
import { StoreFailure, type LogKey } from '../ports.js';
import { sha256, signerOf, verifierKeyOf } from '../sealing/hashing.js';
import { logKeysOf } from '../sealing/log-key.js';
import { signedHead } from '../tree/growing-log.js';
import type { Postgres, Queries, Row } from './postgres.js';

export const DAY_MS = 86_400_000;
const FIRST_GENERATION = 1;

export interface LogRow {
  /** The controller's number in the tables. */
  readonly no: number;
  readonly controller: ControllerId;
  readonly generation: number;
  /** Position of the first leaf. */
  readonly base: number;
  /** Leaves of the tree that were placed. */
  readonly size: number;
  readonly origin: string;
  readonly verifierKey: string;
}

const SQL = {
  keys: {
    name: 'log-keys',
    text: `SELECT verifier_key, since, until, introduction FROM depter.log_keys
      WHERE controller = $1 AND generation = $2 ORDER BY no`,
  },
  latest: {
    name: 'logs-latest',
    text: `SELECT c.no, c.name, g.generation, g.base, g.size, g.origin, g.verifier_key FROM depter.controllers c
      JOIN depter.generations g ON g.controller = c.no WHERE c.name = $1 ORDER BY g.generation DESC LIMIT 1`,
  },
};

/** The latest generation of a controller's log; undefined where it has none. */
export async function latestLog(queries: Queries, controller: ControllerId): Promise<LogRow | undefined> {
  const [row] = await queries.rows(SQL.latest, [controller]);
  return row && logRowOf(row);
}

/** The latest generation of every controller's log. */
export async function latestLogs(queries: Queries): Promise<LogRow[]> {
  const rows = await queries.rows(
    `SELECT DISTINCT ON (c.no) c.no, c.name, g.generation, g.base, g.size, g.origin, g.verifier_key
      FROM depter.controllers c JOIN depter.generations g ON g.controller = c.no ORDER BY c.no, g.generation DESC`,
  );
  return rows.map(logRowOf);
}

/** All generations of a log, the first one first. */
export async function logGenerations(queries: Queries, no: number): Promise<LogRow[]> {
  const rows = await queries.rows(
    `SELECT c.no, c.name, g.generation, g.base, g.size, g.origin, g.verifier_key FROM depter.controllers c
      JOIN depter.generations g ON g.controller = c.no WHERE c.no = $1 ORDER BY g.generation`,
    [no],
  );
  return rows.map(logRowOf);
}

/**
 * Makes a controller, the first generation of its log and the signed head of the empty tree; gives the log that is there
 * where another was faster, which must have been made with the same key. `origin` is the installation's, `now` in ms.
 */
export async function createLog(
  postgres: Postgres,
  controller: ControllerId,
  origin: string,
  seed: Uint8Array,
  now: number,
): Promise<LogRow> {
  const logOrigin = `${origin}/log/${controller}/${FIRST_GENERATION}`;
  const verifierKey = verifierKeyOf(logOrigin, seed);
  const head = signedHead(logOrigin, 0, Tree.empty(sha256).root(), signerOf(verifierKey, seed));
  return postgres.transaction(async (queries) => {
    // Numbers are given without gaps, one at a time.
    await queries.run('LOCK TABLE depter.controllers IN SHARE ROW EXCLUSIVE MODE');
    const there = await latestLog(queries, controller);
    if (there !== undefined) {
      if (there.generation === FIRST_GENERATION && there.verifierKey !== verifierKey) {
        throw new StoreFailure('corrupt', `the log of ${controller} was made with another key`, false);
      }
      return there;
    }
    const [{ no } = { no: 0 }] = await queries.rows('SELECT coalesce(max(no), 0) + 1 AS no FROM depter.controllers');
    await queries.run('INSERT INTO depter.controllers (no, name) VALUES ($1, $2)', [no as number, controller]);
    await queries.run(
      `INSERT INTO depter.generations (controller, generation, base, size, origin, verifier_key, edge)
        VALUES ($1, $2, 0, 0, $3, $4, '')`,
      [no as number, FIRST_GENERATION, logOrigin, verifierKey],
    );
    await queries.run('INSERT INTO depter.heads (controller, generation, day, size, note) VALUES ($1, $2, $3, 0, $4)', [
      no as number,
      FIRST_GENERATION,
      Math.floor(now / DAY_MS),
      head,
    ]);
    return (await latestLog(queries, controller))!;
  });
}

/** All keys of a generation, the first one first. `verifierKey` is that of the generation. */
export async function logKeys(
  queries: Queries,
  no: number,
  generation: number,
  verifierKey: string,
): Promise<readonly LogKey[]> {
  const rows = await queries.rows(SQL.keys, [no, generation]);
  return logKeysOf(rows, verifierKey);
}

function logRowOf(row: Row): LogRow {
  return {
    no: row['no'] as number,
    controller: row['name'] as ControllerId,
    generation: row['generation'] as number,
    base: row['base'] as number,
    size: row['size'] as number,
    origin: row['origin'] as string,
    verifierKey: row['verifier_key'] as string,
  };
}
