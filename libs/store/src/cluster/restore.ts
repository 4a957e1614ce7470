/**
 * A database that PostgreSQL's own tools have brought back, made fit to be served: it forgets again what was destroyed
 * since, and nothing that was published is contradicted. Each step may be done again: where it broke off, it is begun anew.
 */
import type { ControllerId } from '#ledger';
import { TiledLog, tileWidth } from '#proof';
import { DestructionJournal, type Journalled } from '../destruction/journal.js';
import type { Run, RunErasure } from '../destruction/run.js';
import { StoreFailure, type Clock, type TransparencyLog } from '../ports.js';
import { sha256 } from '../sealing/hashing.js';
import { idText, randomOwn } from '../sealing/mint.js';
import type { RootKey } from '../sealing/root-key.js';
import {
  forked,
  keysOfLater,
  longestOf,
  missing,
  publishedOf,
  requireKnown,
  requireOurs,
  shortened,
  type Published,
  type Restored,
} from '../tree/published.js';
import { generationOf } from '../tree/keys-ahead.js';
import type { RestoreStep } from '../unfinished-restore.js';
import { continueLog } from './continue-log.js';
import { ClusterControllers } from './controllers.js';
import type { EventLog } from './event-log.js';
import { eventLogOf } from './event-log-of.js';
import { KeyStore } from './key-store.js';
import { createLog, latestLogs, logGenerations, logKeys, type LogRow } from './log-rows.js';
import { holdAgainstEventLog } from './logged.js';
import { migrate } from './migrations.js';
import { Postgres, type PostgresSession } from './postgres.js';
import { RestoreMark } from './restore-mark.js';
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
  /** Whether entries that the event log has lost are given to it again. */
  readonly fillEventLog?: boolean;
  readonly clock: Clock;
  /** For tests of crashes: called at each step. */
  readonly reached?: (step: RestoreStep) => void;
}

/** Dossiers that are looked at together. */
const PAGE = 1000;

/**
 * Throws StoreFailure: `locked` where a server sequences its logs; LogShortened where a log is shorter than what was published, or
 * than the event log; EventLogShortened where the event log is shorter than it; LogForked where what was published has another
 * history. From the first change until it is done no server opens the database: nor one that was refused.
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
    const { postgres, keysPostgres } = this.#parts;
    const texts = [...this.#options.checkpoints, ...this.#journal.map(({ checkpoint }) => checkpoint)];
    const session = await postgres.session();
    try {
      for (const log of await latestLogs(postgres)) await hold(session, log);
      const emptied = await RestoreMark.read(postgres, 'depter.meta');
      const continuing = await RestoreMark.read(keysPostgres, 'depter_keys.meta');
      await emptied.set();
      this.#reached('marked');
      await this.#makeMissing(texts, emptied, continuing);
      const continued = await this.#continueShorter(texts, emptied, continuing);
      const done = { replayed: await this.#replay(), ended: await this.#endWithoutKeys(), continued };
      // The keys' first: until the ledger's is gone nobody has seen the new generation.
      await continuing.remove();
      await emptied.remove();
      return done;
    } finally {
      await session.close();
    }
  }

  #reached(step: RestoreStep): void {
    this.#options.reached?.(step);
  }

  /** Logs that are shorter than they are known to have been go on, each in a new generation, or all is refused. */
  async #continueShorter(
    texts: readonly string[],
    emptied: RestoreMark,
    continuing: RestoreMark,
  ): Promise<Restored['continued']> {
    const { postgres } = this.#parts;
    const behind: { readonly log: LogRow; readonly published: Published; readonly leaves: number }[] = [];
    for (const found of await latestLogs(postgres)) {
      const { size, logged } = await this.#logged(found);
      const log = { ...found, size };
      const published = await this.#published(log, texts);
      if (published === undefined && size === 0 && emptied.has(log.controller)) throw missing(log.controller);
      const leaves = Math.max(published?.size ?? 0, logged);
      if (leaves <= size) continue;
      if (published === undefined || !this.#options.newGeneration)
        throw shortened({ ...log, name: log.controller, laterKeys: [] }, leaves);
      behind.push({ log, published, leaves });
    }
    const continued = [];
    if (behind.length > 0) await continuing.set(...behind.map(({ log }) => log.controller));
    const places = { ...this.#parts, reached: (step: RestoreStep) => this.#reached(step) };
    for (const { log, published, leaves } of behind) {
      const { controller } = log;
      continued.push({ controller, ...(await continueLog(places, log, published, leaves, this.#now)) });
    }
    return continued;
  }

  #logged(log: LogRow): ReturnType<typeof holdAgainstEventLog> {
    const { postgres, eventLog, keys } = this.#parts;
    const fills = this.#options.fillEventLog === true;
    return holdAgainstEventLog({ sequencing: new PostgresSequencing(postgres), eventLog, keys, fills }, log);
  }

  /**
   * Controllers that came after the copy: empty here, and they go on like any that is shorter. Throws LogForked where a log
   * has keys of a later generation, but for those that a restore which broke off has made.
   */
  async #makeMissing(texts: readonly string[], emptied: RestoreMark, continuing: RestoreMark): Promise<void> {
    const { postgres, keys, origin } = this.#parts;
    const there = new Map((await latestLogs(postgres)).map(({ controller, generation }) => [controller, generation]));
    const made = new Set<ControllerId>();
    for (const key of await keys.keysOfLogs()) {
      const [name, number] = [key.controller as ControllerId, generationOf(key)];
      const generation = there.get(name);
      const most = (generation ?? 1) + (continuing.has(name) ? 1 : 0);
      if (number > most) throw keysOfLater(name, generation ?? 0, number);
      if (generation === undefined) made.add(name);
    }
    requireOurs(this.#options.checkpoints, origin);
    requireKnown(texts, origin, new Set([...there.keys(), ...made]));
    if (made.size === 0) return;
    await emptied.set(...made);
    for (const name of made)
      await createLog(postgres, name, origin, await keys.controllerKey(name, 'log-signing 1'), this.#now);
    this.#reached('made');
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
      this.#reached('kept');
      const shredded = await runs.shred(controller, again);
      this.#reached('shredded');
      await runs.sweep(controller, shredded);
      this.#reached('swept');
      const [there] = await postgres.rows('SELECT 1 FROM depter.events WHERE controller = $1 AND id = $2', [
        log.no,
        Buffer.from(run.id, 'base64url'),
      ]);
      // Its events are recorded by the first start, where the log has lost them.
      if (run.act === null || there !== undefined) await runs.forget(controller, run);
    }
    this.#reached('replayed');
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
          this.#reached('ended');
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
    const { postgres, keys, eventLog } = this.#parts;
    const sequencing = new PostgresSequencing(postgres);
    return new ClusterTransparencyLog(postgres, this.#controllers(), sequencing, keys, this.#options.clock, eventLog);
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
