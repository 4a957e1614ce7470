/** Accepted events and their places in PostgreSQL. */
import { hashBytes, leafHash, tileBytes, tileWidth } from '#proof';
import type { ControllerId } from '#ledger';
import { StoreFailure } from '../ports.js';
import { sha256 } from '../sealing/hashing.js';
import { rootOf } from '../tree/tile-root.js';
import { pause } from './back-off.js';
import type { LogName } from './event-log.js';
import { DAY_MS, logKeys } from './log-rows.js';
import type { Postgres, PostgresSession, Queries, Row } from './postgres.js';
import { RecentlyAccepted } from './recently-accepted.js';
import {
  Accepted,
  Placement,
  type AcceptedEvent,
  type Lead,
  type PlacedEntry,
  type Step,
  type StoredTree,
} from './sequencing.js';

/** Notified with the controller's id when events were accepted. */
export const PENDING_CHANNEL = 'depter_pending';
/** Notified with the controller's id when events got their places. */
export const PLACED_CHANNEL = 'depter_placed';

/** First key of the advisory locks of sequencers; the second is the controller's number. */
export const LEAD_LOCK = 0x6c6f67;
/** Whoever waits for the lead asks for it this often. */
const LEAD_ASK_MS = 300;
/**
 * Whoever has the lead says so this often, and the server ends its session, and with it the lock, when it has said nothing
 * for so long: a process that was stopped keeps its connections, and nothing else would tell that it is gone.
 */
const LEAD_SAY_MS = 1000;
const LEAD_SILENT_MS = 4000;

const EVENT = 'e.seq, e.id, e.subject, e.type, e.recorded, e.entry, e.leaf';
const SQL = {
  number: { name: 'sequencing-number', text: 'SELECT no FROM depter.controllers WHERE name = $1' },
  pending: {
    name: 'sequencing-pending',
    text: `SELECT string_agg(p.seq::text, ',' ORDER BY p.seq) AS seqs FROM (
        SELECT seq FROM depter.pending WHERE controller = $1 ORDER BY seq LIMIT $2
      ) p`,
  },
  events: { name: 'sequencing-events', text: `SELECT ${EVENT} FROM depter.events e WHERE e.seq = ANY ($1::bigint[])` },
  find: {
    name: 'sequencing-find',
    text: `SELECT i.n, ${EVENT} FROM unnest($2::bytea[]) WITH ORDINALITY AS i (id, n)
      JOIN depter.events e ON e.controller = $1 AND e.id = i.id`,
  },
  base: {
    name: 'sequencing-base',
    text: 'SELECT base FROM depter.generations WHERE controller = $1 AND generation = $2',
  },
  entries: {
    name: 'sequencing-entries',
    text: `SELECT p.position, e.id, e.entry, e.leaf FROM depter.placed p JOIN depter.events e USING (seq)
      WHERE p.controller = $1 AND p.position >= $2 AND p.position < $3 ORDER BY p.position`,
  },
  leafTile: {
    name: 'sequencing-leaf-tile',
    text: 'SELECT hashes FROM depter.tiles WHERE controller = $1 AND generation = $2 AND level = 0 AND n = $3',
  },
  /**
   * One statement, so one transaction and one answer: all the rest hangs on the row of the generation, which moves only
   * from the size that the step starts from, and while it has the keys that signed it.
   */
  place: {
    name: 'sequencing-place',
    text: `WITH moved AS (
        UPDATE depter.generations SET size = $4, edge = $5
        WHERE controller = $1 AND generation = $2 AND size = $3 AND keys = $13 RETURNING base
      ), places AS (
        INSERT INTO depter.placed (controller, position, seq)
        SELECT $1, moved.base + $3::bigint + s.n - 1, s.seq FROM moved, unnest($6::bigint[]) WITH ORDINALITY AS s (seq, n)
      ), done AS (
        DELETE FROM depter.pending p USING moved WHERE p.controller = $1 AND p.seq = ANY ($6::bigint[])
      ), finished AS (
        INSERT INTO depter.tiles (controller, generation, level, n, hashes)
        SELECT $1, $2, t.level, t.n, t.hashes FROM moved, unnest($7::integer[], $8::bigint[], $9::bytea[]) AS t (level, n, hashes)
      ), head AS (
        INSERT INTO depter.heads (controller, generation, day, size, note)
        SELECT $1, $2, greatest($10::integer, (SELECT max(day) FROM depter.heads WHERE controller = $1 AND generation = $2)), $4, $11
        FROM moved ON CONFLICT (controller, generation, day) DO UPDATE SET size = excluded.size, note = excluded.note
      )
      SELECT pg_notify('${PLACED_CHANNEL}', $12) FROM moved`,
  },
};

export class PostgresSequencing implements Accepted, Placement {
  readonly #postgres: Postgres;
  readonly #recent: RecentlyAccepted;
  readonly #numbers = new Map<ControllerId, number>();

  constructor(postgres: Postgres, recent = new RecentlyAccepted()) {
    this.#postgres = postgres;
    this.#recent = recent;
  }

  async pending(log: LogName, limit: number): Promise<readonly AcceptedEvent[]> {
    const no = await this.#number(log);
    this.#recent.keep(no);
    const [row] = await this.#postgres.rows(SQL.pending, [no, limit]);
    const seqs = ((row?.['seqs'] as string | null | undefined) ?? '').split(',').filter(Boolean).map(Number);
    const events = seqs.map((seq) => this.#recent.get(no, seq));
    const unread = seqs.filter((_, i) => events[i] === undefined);
    if (unread.length === 0) return events as readonly AcceptedEvent[];
    const read = (await this.#postgres.rows(SQL.events, [unread])).map(eventOf);
    for (const { seq, entry, leaf } of read) {
      if (Buffer.compare(leafHash(sha256, entry), leaf) !== 0) throw damaged(log, `the accepted event ${seq}`);
    }
    return [...events.filter((event) => event !== undefined), ...read].sort((a, b) => a.seq - b.seq);
  }

  async find(log: LogName, ids: readonly Uint8Array[]): Promise<readonly (AcceptedEvent | undefined)[]> {
    const found: (AcceptedEvent | undefined)[] = ids.map(() => undefined);
    for (const row of await this.#postgres.rows(SQL.find, [await this.#number(log), ids])) {
      found[(row['n'] as number) - 1] = eventOf(row);
    }
    return found;
  }

  listen(log: LogName) {
    return this.#postgres.notices.listen(PENDING_CHANNEL, log.controller);
  }

  async stored(log: LogName): Promise<StoredTree> {
    const no = await this.#number(log);
    return this.#postgres.reading((queries) => readStored(queries, no, log));
  }

  async entries(log: LogName, from: number, to: number): Promise<readonly PlacedEntry[]> {
    const no = await this.#number(log);
    const [generation] = await this.#postgres.rows(SQL.base, [no, log.generation]);
    if (generation === undefined) throw damaged(log, 'no state');
    const rows = await placedRows(this.#postgres, no, generation['base'] as number, from, to, log);
    return rows.map((row) => ({
      id: row['id'] as Uint8Array,
      entry: row['entry'] as Uint8Array,
      leaf: row['leaf'] as Uint8Array,
    }));
  }

  async leafTile(log: LogName, n: number): Promise<Uint8Array | undefined> {
    const [row] = await this.#postgres.rows(SQL.leafTile, [await this.#number(log), log.generation, n]);
    return row?.['hashes'] as Uint8Array | undefined;
  }

  async place(log: LogName, { from, events, growth, keys }: Step): Promise<'placed' | 'overtaken'> {
    const { size, edge, tiles, head } = growth;
    const latest = events.reduce((most, { recorded }) => Math.max(most, recorded), 0);
    const rows = await this.#postgres.rows(SQL.place, [
      await this.#number(log), log.generation, from, size, edge,
      events.map(({ seq }) => seq),
      tiles.map(({ level }) => level), tiles.map(({ index }) => index), tiles.map(({ hashes }) => hashes),
      Math.floor(latest / DAY_MS), head, log.controller, keys,
    ]); // prettier-ignore
    this.#recent.placed(await this.#number(log), events);
    return rows.length === 1 ? 'placed' : 'overtaken';
  }

  async lead(log: LogName, signal: AbortSignal): Promise<Lead | undefined> {
    const no = await this.#number(log);
    const session = await this.#postgres.session();
    try {
      await session.run(`SET idle_session_timeout = ${LEAD_SILENT_MS}`);
      const until = AbortSignal.any([signal, session.lost]);
      while (!until.aborted) {
        const [row] = await session.rows('SELECT pg_try_advisory_lock($1, $2) AS got', [LEAD_LOCK, no]);
        if (row?.['got'] === true) return leadOver(session, () => this.#recent.forget(no));
        await pause(LEAD_ASK_MS, until);
      }
      await session.close();
      return undefined;
    } catch (failure) {
      await session.close();
      throw failure;
    }
  }

  async #number({ controller }: LogName): Promise<number> {
    let no = this.#numbers.get(controller);
    if (no === undefined) {
      const [row] = await this.#postgres.rows(SQL.number, [controller]);
      if (row === undefined) throw new StoreFailure('unavailable', `${controller} has no log`, false);
      no = row['no'] as number;
      this.#numbers.set(controller, no);
    }
    return no;
  }
}

function leadOver(session: PostgresSession, ended: () => void): Lead {
  const released = new AbortController();
  const saying = (async () => {
    const until = AbortSignal.any([session.lost, released.signal]);
    while (!until.aborted) {
      await pause(LEAD_SAY_MS, until);
      if (!until.aborted) await session.rows('SELECT 1').catch(() => session.close());
    }
  })();
  return {
    lost: session.lost,
    release: async () => {
      released.abort();
      ended();
      await session.close();
      await saying;
    },
  };
}

export async function readStored(queries: Queries, no: number, log: LogName): Promise<StoredTree> {
  const [generation] = await queries.rows(
    'SELECT base, size, origin, verifier_key, edge FROM depter.generations WHERE controller = $1 AND generation = $2',
    [no, log.generation],
  );
  const [head] = await queries.rows(
    'SELECT note FROM depter.heads WHERE controller = $1 AND generation = $2 ORDER BY size DESC, day DESC LIMIT 1',
    [no, log.generation],
  );
  if (generation === undefined || head === undefined) throw damaged(log, 'no state');
  const size = generation['size'] as number;
  const base = generation['base'] as number;
  const unfinished = await leavesFrom(queries, no, base, Math.floor(size / tileWidth) * tileWidth, size, log);
  const last =
    size % tileWidth === 0 && size > 0 ? await leavesFrom(queries, no, base, size - 1, size, log) : unfinished;
  return {
    size,
    edge: generation['edge'] as Uint8Array,
    partialTiles: [Buffer.concat(unfinished), ...(await upperTiles(queries, no, size, log))],
    head: head['note'] as string,
    origin: generation['origin'] as string,
    keys: await logKeys(queries, no, log.generation, generation['verifier_key'] as string),
    lastLeaf: last.at(-1),
  };
}

/** Hashes of the leaves of an unfinished tile, by index. */
async function leavesFrom(
  queries: Queries,
  no: number,
  base: number,
  from: number,
  to: number,
  log: LogName,
): Promise<Uint8Array[]> {
  return (await placedRows(queries, no, base, from, to, log)).map((row) => row['leaf'] as Uint8Array);
}

/** What has the places of these indexes, all of them. */
async function placedRows(
  queries: Queries,
  no: number,
  base: number,
  from: number,
  to: number,
  log: LogName,
): Promise<readonly Row[]> {
  const rows = await queries.rows(SQL.entries, [no, base + from, base + to]);
  rows.forEach((row, i) => {
    if (row['position'] !== base + from + i) throw damaged(log, `place of entry ${from + i}`);
  });
  if (rows.length !== to - from) throw damaged(log, `place of entry ${from + rows.length}`);
  return rows;
}

/** The unfinished tiles above the leaves: their hashes are the roots of the full tiles below. */
async function upperTiles(queries: Queries, no: number, size: number, log: LogName): Promise<Uint8Array[]> {
  const tiles: Uint8Array[] = [];
  for (let level = 1; Math.floor(size / tileWidth ** level) > 0; level++) {
    const count = Math.floor(size / tileWidth ** level);
    const from = Math.floor(count / tileWidth) * tileWidth;
    const rows = await queries.rows(
      `SELECT hashes FROM depter.tiles WHERE controller = $1 AND generation = $2 AND level = $3 AND n >= $4 AND n < $5
        ORDER BY n`,
      [no, log.generation, level - 1, from, count],
    );
    if (rows.length !== count - from) throw damaged(log, `tiles of level ${level - 1}`);
    const roots = rows.map((row) => {
      const hashes = row['hashes'] as Uint8Array;
      if (hashes.length !== tileBytes) throw damaged(log, `a tile of level ${level - 1}`);
      return rootOf(hashes);
    });
    tiles.push(Buffer.concat(roots, roots.length * hashBytes));
  }
  return tiles;
}

function eventOf(row: Row): AcceptedEvent {
  const subject = row['subject'] as Buffer;
  return {
    seq: row['seq'] as number,
    id: row['id'] as Uint8Array,
    subject: subject.length === 0 ? null : subject.toString('base64url'),
    type: row['type'] as string,
    recorded: row['recorded'] as number,
    entry: row['entry'] as Uint8Array,
    leaf: row['leaf'] as Uint8Array,
  };
}

function damaged({ controller, generation }: LogName, place: string): StoreFailure {
  return new StoreFailure('corrupt', `the database is damaged: log ${controller}/${generation}, ${place}`, false);
}
