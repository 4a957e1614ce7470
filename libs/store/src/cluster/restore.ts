/**
 * A database that PostgreSQL's own tools have brought back, made fit to be served: it forgets again what was destroyed
 * since, and nothing that was published is contradicted. Each step may be done again: where it broke off, it is begun anew.
 */
import { decode, type ControllerId } from '#ledger';
import { TiledLog, tileWidth } from '#proof';
import { DestructionJournal, type Journalled } from '../destruction/journal.js';
import type { Run, RunErasure } from '../destruction/run.js';
import { StoreFailure, type Clock, type TransparencyLog } from '../ports.js';
import { sha256 } from '../sealing/hashing.js';
import { logKeyKind } from '../sealing/log-key.js';
import { idText, randomOwn } from '../sealing/mint.js';
import type { RootKey } from '../sealing/root-key.js';
import { continuation, continuedEntry, nextOrigin } from '../tree/continuation.js';
import {
  forked,
  longestOf,
  missing,
  publishedOf,
  requireKnown,
  shortened,
  type Published,
  type Restored,
} from '../tree/published.js';
import { ClusterControllers } from './controllers.js';
import type { EventLog } from './event-log.js';
import { eventLogOf } from './event-log-of.js';
import { KeyStore } from './key-store.js';
import { createLog, DAY_MS, latestLogs, logGenerations, logKeys, type LogRow } from './log-rows.js';
import { migrate } from './migrations.js';
import { Postgres, type PostgresSession } from './postgres.js';
import { ClusterRuns } from './runs.js';
import { LEAD_LOCK, PostgresSequencing } from './sequencing-postgres.js';
import { forgetIdentity, sweepDossier } from './sweep.js';
import { ClusterTransparencyLog } from './tlog.js';

export interface ClusterRestoreOptions {
  /** The restored database, which no server or worker uses. */
  readonly postgres: string;
  readonly keysPostgres?: string | undefined;
  readonly eventstore?: string | EventLog | undefined;
  readonly rootKey: RootKey;
  /** As of `RestoreOptions`. */
  readonly journal?: string | undefined;
  readonly checkpoints: readonly string[];
  readonly newGeneration: boolean;
  readonly clock: Clock;
}

/** Dossiers that are looked at together. */
const PAGE = 1000;

/**
 * Throws StoreFailure: `locked` where a server sequences its logs; LogShortened where a log is shorter than what was published, or
 * than the event log; LogForked where what was published has another history. Nothing was changed then but keys and tables.
 */
export async function restoreCluster(options: ClusterRestoreOptions): Promise<Restored> {
  const postgres = new Postgres({ url: options.postgres });
  const keysPostgres = new Postgres({ url: options.keysPostgres ?? options.postgres });
  const eventLog = eventLogOf(options.eventstore, postgres);
  try {
    const [origin] = await postgres.rows(`SELECT value FROM depter.meta WHERE name = 'origin'`).catch(() => []);
    if (origin === undefined) throw new StoreFailure('unavailable', 'the database holds no store to restore', false);
    await migrate(postgres);
    const keys = await KeyStore.open(keysPostgres, options.rootKey);
    return await new Restoring(
      { postgres, keysPostgres, eventLog, keys, origin: origin['value'] as string },
      options,
    ).run();
  } finally {
    await eventLog.close();
    await Promise.all([postgres.close(), keysPostgres.close()]);
  }
}

interface Parts {
  readonly postgres: Postgres;
  readonly keysPostgres: Postgres;
  readonly eventLog: EventLog;
  readonly keys: KeyStore;
  readonly origin: string;
}

class Restoring {
  readonly #parts: Parts;
  readonly #options: ClusterRestoreOptions;
  readonly #journal: readonly Journalled[];
  readonly #now: number;

  constructor(parts: Parts, options: ClusterRestoreOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#journal = options.journal === undefined ? [] : new DestructionJournal(options.journal).read();
    this.#now = Math.floor(options.clock.now());
  }

  async run(): Promise<Restored> {
    const texts = [...this.#options.checkpoints, ...this.#journal.map(({ checkpoint }) => checkpoint)];
    const session = await this.#parts.postgres.session();
    try {
      const made = await this.#makeMissing(texts);
      const logs = await latestLogs(this.#parts.postgres);
      for (const log of logs) await hold(session, log);
      const behind: { readonly log: LogRow; readonly published: Published; readonly leaves: number }[] = [];
      for (const log of logs) {
        const published = await this.#published(log, texts);
        if (published === undefined && made.has(log.controller)) throw missing(log.controller);
        const leaves = Math.max(published?.size ?? 0, await this.#sequenced(log));
        if (leaves <= log.size) continue;
        if (published === undefined || !this.#options.newGeneration)
          throw shortened({ ...log, name: log.controller, laterKeys: [] }, leaves);
        behind.push({ log, published, leaves });
      }
      const continued = [];
      for (const one of behind) continued.push(await this.#continue(one.log, one.published, one.leaves));
      return { replayed: await this.#replay(), ended: await this.#endWithoutKeys(), continued };
    } finally {
      await session.close();
    }
  }

  /** Controllers that came after the copy: empty here, and they go on like any that is shorter. Gives their names. */
  async #makeMissing(texts: readonly string[]): Promise<ReadonlySet<string>> {
    const { postgres, keysPostgres, keys, origin } = this.#parts;
    const there = new Set<string>((await latestLogs(postgres)).map(({ controller }) => controller));
    const rows = await keysPostgres.rows(
      `SELECT controller FROM depter_keys.controller_keys WHERE kind = 'log-signing 1'`,
    );
    const made = new Set(rows.map(({ controller }) => controller as ControllerId).filter((name) => !there.has(name)));
    requireKnown(texts, origin, new Set([...there, ...made]));
    for (const name of made)
      await createLog(postgres, name, origin, await keys.controllerKey(name, 'log-signing 1'), this.#now);
    return made;
  }

  /** The longest that the log is known to have been. All that is known to have been published is held against the copy. */
  async #published(log: LogRow, texts: readonly string[]): Promise<Published | undefined> {
    const { postgres } = this.#parts;
    const generations = await logGenerations(postgres, log.no);
    const copied = await Promise.all(
      generations.map(async (one) => {
        const keys = await logKeys(postgres, one.no, one.generation, one.verifierKey);
        return { ...one, name: one.controller, laterKeys: keys.slice(1).map(({ verifierKey }) => verifierKey) };
      }),
    );
    const published = publishedOf(texts, copied);
    const proofs = this.#proofs();
    for (const one of published) {
      const of = copied.find(({ generation }) => generation === one.generation)!;
      if (one.size <= of.size && !Buffer.from(await rootAt(proofs, of, one.size)).equals(one.root))
        throw forked(of, one);
    }
    return longestOf(published, log.generation);
  }

  /**
   * How many entries the event log has of those that the copy can place no more: another server keeps it, and it was not brought
   * back with the database.
   */
  async #sequenced(log: LogRow): Promise<number> {
    const { eventLog, postgres } = this.#parts;
    const name = { controller: log.controller, generation: log.generation };
    const size = await eventLog.size(name);
    if (size <= log.size) return log.size;
    const [next] = await eventLog.read(name, log.size, 1);
    const sequencing = new PostgresSequencing(postgres);
    const [known] = next === undefined ? [] : await sequencing.find(name, [next.id]);
    return known === undefined ? size : log.size;
  }

  async #continue(old: LogRow, published: Published, leaves: number): Promise<Restored['continued'][number]> {
    const { eventLog, keys, postgres } = this.#parts;
    const [generation, base] = [old.generation + 1, old.base + leaves];
    const kind = logKeyKind(generation, 1);
    await keys.addControllerKey(old.controller, kind, randomOwn(32));
    const seed = await keys.controllerKey(old.controller, kind);
    const id = randomOwn(16);
    let first = { id, entry: continuedEntry(id, published, this.#now) };
    const name = { controller: old.controller, generation };
    const appended = await eventLog.append(name, 0, [{ ...first, subject: null, type: 'continued' }]);
    if (appended.kind === 'wrong-size') {
      // Of a restore that broke off here.
      const [there] = await eventLog.read(name, 0, 1);
      if (appended.size !== 1 || there === undefined || decode(there.entry).type !== 'continued')
        throw new StoreFailure('corrupt', `the event log knows generation ${generation} of ${old.controller}`, false);
      first = { id: Buffer.from(there.id), entry: there.entry };
    }
    const made = continuation(nextOrigin(old), seed, first, this.#now);
    await postgres.transaction(async (queries) => {
      const [row] = await queries.rows(
        `INSERT INTO depter.events (controller, id, subject, accessed, recorded, type, entry, leaf)
          VALUES ($1, $2, '', false, $3, 'continued', $4, $5) RETURNING seq`,
        [old.no, made.id, this.#now, made.entry, made.leaf],
      );
      await queries.run('INSERT INTO depter.placed VALUES ($1, $2, $3)', [old.no, base, row!['seq'] as number]);
      await queries.run(
        `INSERT INTO depter.generations (controller, generation, base, size, origin, verifier_key, edge)
          VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [old.no, generation, base, made.size, made.origin, made.verifierKey, made.edge],
      );
      await queries.run('INSERT INTO depter.heads (controller, generation, day, size, note) VALUES ($1, $2, $3, $4, $5)', [
        old.no, generation, Math.floor(this.#now / DAY_MS), made.size, made.head,
      ]); // prettier-ignore
    });
    return { controller: old.controller, generation, base };
  }

  /** What was destroyed since the copies were made goes again, before anybody can read it. */
  async #replay(): Promise<number> {
    const { postgres, keys } = this.#parts;
    const runs = new ClusterRuns(postgres, this.#controllers(), keys, this.#options.clock);
    const logs = new Map((await latestLogs(postgres)).map((log) => [log.controller, log]));
    for (const { controller, run } of this.#journal) {
      const log = logs.get(controller);
      if (log === undefined) continue;
      const erased = await Promise.all(run.erased.map((one) => this.#renamed(one)));
      const again: Run = { ...run, expecting: null, state: 'ordered', erased };
      await runs.forget(controller, run);
      await runs.keep(controller, again);
      await runs.sweep(controller, await runs.shred(controller, again));
      const [there] = await postgres.rows('SELECT 1 FROM depter.events WHERE controller = $1 AND id = $2', [
        log.no,
        Buffer.from(run.id, 'base64url'),
      ]);
      // Its events are recorded by the first start, where the log has lost them.
      if (run.act === null || there !== undefined) await runs.forget(controller, run);
    }
    return this.#journal.length;
  }

  /** The name of a key that these keys have not is never given to another. */
  async #renamed(one: RunErasure): Promise<RunErasure> {
    const name = async (id: string): Promise<string> => {
      const bytes = Buffer.from(id, 'base64url');
      const rows = await this.#parts.keysPostgres.rows('SELECT 1 FROM depter_keys.keys WHERE id = $1 LIMIT 1', [bytes]);
      return rows.length === 0 ? idText(randomOwn(16)) : id;
    };
    return { ...one, survivorsKey: await name(one.survivorsKey), wholeKey: await name(one.wholeKey) };
  }

  /** A dossier has its key before it is there: one without has been ended, by whatever the keys are newer. */
  async #endWithoutKeys(): Promise<number> {
    const { postgres, keysPostgres } = this.#parts;
    let ended = 0;
    for (const { no, controller } of await latestLogs(postgres)) {
      for (let after: Uint8Array = new Uint8Array(0); ;) {
        const rows = await postgres.rows(
          `SELECT subject FROM depter.dossiers WHERE controller = $1 AND hmac IS NOT NULL AND subject > $2
            ORDER BY subject LIMIT ${PAGE}`,
          [no, after],
        );
        if (rows.length === 0) break;
        const subjects = rows.map(({ subject }) => subject as Buffer);
        after = subjects.at(-1)!;
        const having = await keysPostgres.rows(
          `SELECT dossier FROM depter_keys.keys WHERE controller = $1 AND dossier = ANY ($2::bytea[]) AND label = ''`,
          [controller, subjects],
        );
        const living = new Set(having.map(({ dossier }) => (dossier as Buffer).toString('hex')));
        for (const subject of subjects) {
          if (living.has(subject.toString('hex'))) continue;
          await postgres.transaction(async (queries) => {
            await forgetIdentity(queries, { no }, subject);
            await sweepDossier(queries, { no }, subject, { texts: 0, values: 0 });
          });
          ended += 1;
        }
      }
    }
    return ended;
  }

  #controllers(): ClusterControllers {
    const { postgres, keys, origin } = this.#parts;
    return new ClusterControllers(postgres, keys, origin, this.#options.clock, () => undefined);
  }

  #proofs(): TransparencyLog {
    const { postgres, keys } = this.#parts;
    const sequencing = new PostgresSequencing(postgres);
    return new ClusterTransparencyLog(postgres, this.#controllers(), sequencing, keys, this.#options.clock);
  }
}

/** Whoever sequences a log leads it: while one does, nothing is restored. */
async function hold(session: PostgresSession, { no, controller }: LogRow): Promise<void> {
  const [row] = await session.rows('SELECT pg_try_advisory_lock($1, $2) AS got', [LEAD_LOCK, no]);
  if (row?.['got'] !== true)
    throw new StoreFailure('locked', `a server or worker on this database sequences the log of ${controller}`, false);
}

/** Root over the first `size` entries, of the tiles on its right edge. */
async function rootAt(
  log: Pick<TransparencyLog, 'tile'>,
  { controller, generation }: Pick<LogRow, 'controller' | 'generation'>,
  size: number,
): Promise<Uint8Array> {
  const tiles = new Map<string, Uint8Array>();
  for (let level = 0; Math.floor(size / tileWidth ** level) > 0; level++) {
    const hashes = Math.floor(size / tileWidth ** level);
    const index = Math.floor((hashes - 1) / tileWidth);
    const width = hashes - index * tileWidth;
    const tile = await log.tile(controller, generation, level, index, width);
    if (tile === undefined)
      throw new StoreFailure('corrupt', `the log ${controller}/${generation} has no tile ${level}/${index}`, false);
    tiles.set(`${level}/${index}`, tile);
  }
  return new TiledLog(sha256, size, (level, index) => tiles.get(`${level}/${index}`)!).root();
}
