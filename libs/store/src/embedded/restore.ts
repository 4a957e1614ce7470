/**
 * A data folder made of backups. Before it can be opened it forgets again what was destroyed since, and nothing that was
 * published is contradicted: a log that is shorter than what was published is refused, or goes on in a new generation.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { DestructionJournal, type Journalled } from '../destruction/journal.js';
import type { RunErasure } from '../destruction/run.js';
import { StoreFailure, type Clock } from '../ports.js';
import { idText, randomOwn } from '../sealing/mint.js';
import { FileRootKey } from '../sealing/root-key.js';
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
import { generationOf, type KeyOfLog } from '../tree/keys-ahead.js';
import { laterKeys } from './key-rotation.js';
import { continueLog } from './continue-log.js';
import { asStoreFailure } from './failure.js';
import { createLog } from './create-log.js';
import { LateValues } from './late-values.js';
import { FolderLock } from './lock.js';
import { RunWriter } from './run-writer.js';
import {
  createTables,
  isHalfRestored,
  KEYS_OF_LOGS,
  openForWriting,
  requireVersions,
  RESTORING_FILE,
  type Databases,
} from './schema.js';
import { StoredTree } from './stored-tree.js';
import { Sweeper } from './sweep.js';
import { RESTORING, type RestoreStep } from '../unfinished-restore.js';

export interface RestoreOptions {
  /** Files. */
  readonly ledger: string;
  readonly keys: string;
  readonly rootKey: string;
  /** A folder that is empty or not there, or that a restore which broke off has left. */
  readonly dir: string;
  /** The journal of destructions. */
  readonly journal?: string | undefined;
  /** Checkpoints that were published, as texts: of witnesses, monitors, receipts. */
  readonly checkpoints: readonly string[];
  /** Whether a log that is shorter than what was published goes on in a new generation. */
  readonly newGeneration: boolean;
  readonly clock: Clock;
  /** For tests of crashes: called at each step. */
  readonly reached?: (step: RestoreStep) => void;
}

/** A generation of a log, as the folder has it. */
export interface StoredLog {
  readonly no: number;
  readonly name: string;
  readonly generation: number;
  readonly base: number;
  readonly size: number;
  readonly origin: string;
  readonly verifierKey: string;
}

/**
 * Throws StoreFailure: `unavailable` where the folder is not empty, `corrupt` where a copy is no database, LogShortened where a log is shorter than what was published,
 * LogForked where what was published is of a later generation or has another history than the copy.
 */
export function restoreFolder(options: RestoreOptions): Restored {
  const { dir } = options;
  if (!isFree(dir)) throw new StoreFailure('unavailable', 'the folder to restore into is not empty', false);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  let restored = false;
  const lock = FolderLock.take(dir, 'restore');
  try {
    copyInto(dir, options);
    options.reached?.('marked');
    const dbs = openForWriting(dir);
    try {
      createTables(dbs, '');
      requireVersions(dbs);
      const done = new Restoring(dbs, FileRootKey.open(dir), options).run();
      dbs.ledger.prepare('DELETE FROM meta WHERE name = ?').run(RESTORING);
      restored = true;
      return done;
    } finally {
      dbs.ledger.close();
      dbs.keys.close();
    }
  } catch (failure) {
    throw asStoreFailure(failure);
  } finally {
    lock.release();
    // A folder that was refused must not be opened by mistake.
    if (!restored) empty(dir);
  }
}

/** What an owner leaves in a folder where nothing was made yet. */
const LOCK_FILES = new Set(['lock.db', 'lock.db-journal', 'owner.json']);

function isFree(dir: string): boolean {
  return !existsSync(dir) || readdirSync(dir).every((name) => LOCK_FILES.has(name)) || isHalfRestored(dir);
}

function empty(dir: string, but: ReadonlySet<string> = new Set()): void {
  for (const name of readdirSync(dir)) if (!but.has(name)) rmSync(join(dir, name), { recursive: true, force: true });
}

/** The ledger is marked before it has its name: from the first byte on nobody opens the folder until all is done. */
function copyInto(dir: string, { ledger, keys, rootKey }: RestoreOptions): void {
  const part = join(dir, RESTORING_FILE);
  // The mark of what broke off goes last.
  empty(dir, new Set([...LOCK_FILES, 'ledger.db', RESTORING_FILE]));
  copyFileSync(ledger, part);
  empty(dir, new Set([...LOCK_FILES, RESTORING_FILE]));
  const db = new DatabaseSync(part);
  try {
    db.prepare(`INSERT INTO meta VALUES (?, '') ON CONFLICT DO NOTHING`).run(RESTORING);
  } finally {
    db.close();
  }
  copyFileSync(keys, join(dir, 'keys.db'));
  copyFileSync(rootKey, join(dir, 'root.key'));
  renameSync(part, join(dir, 'ledger.db'));
  for (const name of ['ledger.db', 'keys.db', 'root.key']) chmodSync(join(dir, name), 0o600);
}

class Restoring {
  readonly #dbs: Databases;
  readonly #root: FileRootKey;
  readonly #options: RestoreOptions;
  readonly #journal: readonly Journalled[];

  constructor(dbs: Databases, root: FileRootKey, options: RestoreOptions) {
    this.#dbs = dbs;
    this.#root = root;
    this.#options = options;
    this.#journal = options.journal === undefined ? [] : new DestructionJournal(options.journal).read();
  }

  run(): Restored {
    const now = Math.floor(this.#options.clock.now());
    const texts = [...this.#options.checkpoints, ...this.#journal.map(({ checkpoint }) => checkpoint)];
    const made = this.#makeMissing(texts, now);
    const logs = storedLogs(this.#dbs.ledger);
    const continued: { controller: string; generation: number; base: number }[] = [];
    for (const log of logs) {
      const published = this.#published(log, texts);
      if (published === undefined && made.has(log.name)) throw missing(log.name);
      if (published === undefined || published.size <= log.size) continue;
      if (!this.#options.newGeneration) throw shortened({ ...log, laterKeys: [] }, published.size);
      const base = continueLog(this.#dbs, this.#root, log, published, now);
      continued.push({ controller: log.name, generation: log.generation + 1, base });
      this.#reached('continued');
    }
    return { replayed: this.#replay(logs), ended: this.#endWithoutKeys(logs), continued };
  }

  #reached(step: RestoreStep): void {
    this.#options.reached?.(step);
  }

  /**
   * Controllers that came after the copy of the ledger: their logs would begin once more, under the same key, at the next
   * start. They are empty here, and go on like any that is shorter than what was published. Gives their names.
   */
  #makeMissing(texts: readonly string[], now: number): ReadonlySet<string> {
    const { ledger, keys } = this.#dbs;
    const there = new Map(storedLogs(ledger).map(({ name, generation }) => [name, generation]));
    const kinds = keys.prepare(KEYS_OF_LOGS).all() as unknown as readonly KeyOfLog[];
    const made = new Set<string>();
    for (const row of kinds) {
      const [name, number] = [row.controller, generationOf(row)];
      if (number > (there.get(name) ?? 1)) throw keysOfLater(name, there.get(name) ?? 0, number);
      if (!there.has(name)) made.add(name);
    }
    for (const name of made) createLog(this.#dbs, this.#root, name, now);
    if (made.size > 0) this.#reached('made');
    const origin = ledger.prepare(`SELECT value FROM meta WHERE name = 'origin'`).get()!['value'] as string;
    requireOurs(this.#options.checkpoints, origin);
    requireKnown(texts, origin, new Set([...there.keys(), ...made]));
    return made;
  }

  /** The longest that the log is known to have been. All that is known to have been published is held against the copy. */
  #published(log: StoredLog, texts: readonly string[]): Published | undefined {
    const { ledger } = this.#dbs;
    const generations = generationsOf(ledger, log);
    const copied = generations.map((one) => ({ ...one, laterKeys: laterKeys(ledger, one) }));
    const published = publishedOf(texts, copied);
    const trees = new Map(generations.map((one) => [one.generation, { of: one, tree: new StoredTree(ledger, one) }]));
    for (const one of published) {
      const { of, tree } = trees.get(one.generation)!;
      if (one.size <= of.size && !Buffer.from(tree.rootAt(one.size)).equals(one.root)) throw forked(log, one);
    }
    return longestOf(published, log.generation);
  }

  /** What was destroyed since the copies were made goes again, before anybody can read it. */
  #replay(logs: readonly StoredLog[]): number {
    const writer = new RunWriter(this.#dbs, this.#root, new LateValues(this.#dbs.ledger));
    const there = this.#dbs.ledger.prepare('SELECT 1 FROM events_by_id WHERE id = ?');
    for (const { controller, run } of this.#journal) {
      const log = logs.find(({ name }) => name === controller);
      if (log === undefined) continue;
      const place = { controller: log.no, name: log.name };
      const id = Buffer.from(run.id, 'base64url');
      writer.forget(place, id);
      writer.keep(place, {
        ...run,
        expecting: null,
        state: 'ordered',
        erased: run.erased.map((one) => this.#renamed(one)),
      });
      this.#reached('kept');
      writer.shred(place, id, run.shreddedMs);
      this.#reached('shredded');
      writer.sweep(place, id, run.sweptMs);
      this.#reached('swept');
      // Its events are recorded by the first start, where the log has lost them.
      if (run.act === null || there.get(id) !== undefined) writer.forget(place, id);
    }
    this.#reached('replayed');
    return this.#journal.length;
  }

  /** The name of a key that these keys have not is never given to another. */
  #renamed(one: RunErasure): RunErasure {
    const has = this.#dbs.keys.prepare('SELECT 1 FROM keys WHERE id = ?');
    const name = (id: string): string =>
      has.get(Buffer.from(id, 'base64url')) === undefined ? idText(randomOwn(16)) : id;
    return { ...one, survivorsKey: name(one.survivorsKey), wholeKey: name(one.wholeKey) };
  }

  /** A dossier has its key before it is there: one without has been ended, by whatever the keys are newer. */
  #endWithoutKeys(logs: readonly StoredLog[]): number {
    const sweeper = new Sweeper(this.#dbs.ledger);
    const key = this.#dbs.keys.prepare(`SELECT 1 FROM keys WHERE dossier = ? AND controller = ? AND label = ''`);
    const names = new Map(logs.map(({ no, name }) => [no, name]));
    const living = this.#dbs.ledger.prepare('SELECT controller, subject FROM dossiers WHERE hmac IS NOT NULL').all();
    let ended = 0;
    for (const row of living) {
      const [controller, subject] = [row['controller'] as number, row['subject'] as Uint8Array];
      if (key.get(subject, names.get(controller) ?? '') !== undefined) continue;
      this.#dbs.ledger.exec('BEGIN IMMEDIATE');
      sweeper.forgetIdentity(controller, subject);
      sweeper.dossier(controller, subject, { identifiers: 0, texts: 0, values: 0 });
      this.#dbs.ledger.exec('COMMIT');
      ended += 1;
      this.#reached('ended');
    }
    sweeper.truncate();
    return ended;
  }
}

/** The latest generation of every log. */
function storedLogs(ledger: DatabaseSync): readonly StoredLog[] {
  return ledger
    .prepare(`${GENERATIONS} WHERE g.generation = (SELECT max(generation) FROM generations WHERE controller = c.no)`)
    .all()
    .map(logOf);
}

function generationsOf(ledger: DatabaseSync, { no }: StoredLog): readonly StoredLog[] {
  return ledger.prepare(`${GENERATIONS} WHERE c.no = ? ORDER BY g.generation`).all(no).map(logOf);
}

const GENERATIONS = `SELECT c.no, c.name, g.generation, g.base, g.size, g.origin, g.verifier_key
  FROM controllers c JOIN generations g ON g.controller = c.no`;

function logOf(row: Readonly<Record<string, SQLOutputValue>>): StoredLog {
  return {
    no: row['no'] as number,
    name: row['name'] as string,
    generation: row['generation'] as number,
    base: row['base'] as number,
    size: row['size'] as number,
    origin: row['origin'] as string,
    verifierKey: row['verifier_key'] as string,
  };
}
