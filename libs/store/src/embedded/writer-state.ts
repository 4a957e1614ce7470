/** What the writer owns: both databases, the trees and signing keys of all logs. It alone writes. */
import type { DatabaseSync } from 'node:sqlite';
import { DestructionJournal, JOURNAL_NAME } from '../destruction/journal.js';
import { StoreFailure } from '../ports.js';
import { GroupCommit, type CommitHooks } from './commit.js';
import { createControllerKeys } from './controller-keys.js';
import { createLog } from './create-log.js';
import { ControllerLog, LogStatements, type LogRow } from './controller-log.js';
import { GrowingLog } from '../tree/growing-log.js';
import { FileRootKey, type RootKey } from '../sealing/root-key.js';
import { createTables, openForWriting, requireVersions, wasCarried, type Databases } from './schema.js';
import { logSigners, rotateLogKey } from './key-rotation.js';
import { LateValues } from './late-values.js';
import { NewKeys } from './new-keys.js';
import { RunWriter } from './run-writer.js';
import type { Place } from './shred.js';
import { checkLog } from './startup-check.js';
import type { Errand, ErrandResults, LogState, WriterSettings } from './writer-port.js';
import { readGroup, type Answer } from './group-frame.js';

export class WriterState {
  readonly #dbs: Databases;
  readonly #root: RootKey;
  readonly #logs = new Map<number, ControllerLog>();
  readonly #statements: LogStatements;
  readonly #newKeys: NewKeys;
  readonly #commit: GroupCommit;
  readonly #runs: RunWriter;

  private constructor(dbs: Databases, root: RootKey, hooks: CommitHooks) {
    this.#dbs = dbs;
    this.#root = root;
    this.#statements = new LogStatements(dbs.ledger);
    const late = new LateValues(dbs.ledger);
    this.#newKeys = new NewKeys(dbs.keys, root);
    this.#commit = new GroupCommit(dbs, this.#logs, this.#newKeys, hooks, late);
    this.#runs = new RunWriter(dbs, root, late, hooks.reached);
  }

  /** Opens and checks the folder; throws StoreFailure `corrupt` before anything is served from what is damaged. */
  static open({ dir, origin, journal }: WriterSettings, hooks: CommitHooks): WriterState {
    const dbs = openForWriting(dir);
    createTables(dbs, origin);
    requireVersions(dbs);
    if (wasCarried(dbs.ledger))
      throw new StoreFailure('unavailable', 'the data of this folder was carried to a database', false);
    checkOrigin(dbs.ledger, origin);
    if (journal !== undefined) keepJournal(dbs.ledger, journal);
    const state = new WriterState(dbs, FileRootKey.open(dir), hooks);
    for (const row of logRows(dbs.ledger)) state.#openLog(row);
    state.#runs.endOld((controller) => state.#nameOf(controller));
    return state;
  }

  get logs(): LogState[] {
    return [...this.#logs.values()].map((log) => stateOf(log));
  }

  /** Records a group, all of it or nothing. */
  commit(bytes: Uint8Array): Answer[] {
    return this.#commit.commit(readGroup(bytes));
  }

  run(errand: Errand): ErrandResults[keyof ErrandResults] {
    switch (errand.kind) {
      case 'open-controller':
        return this.#openController(errand.name, errand.now);
      case 'make-keys':
        return this.#newKeys.make(this.#nameOf(errand.controller), errand.count);
      case 'receipts':
        return errand.positions.map((position) => this.#logs.get(errand.controller)?.receipt(position));
      case 'keep-run':
        return this.#runs.keep(this.#placeOf(errand.controller), errand.run);
      case 'shred':
        return this.#runs.shred(this.#placeOf(errand.controller), errand.id, errand.now);
      case 'sweep':
        return this.#runs.sweep(this.#placeOf(errand.controller), errand.id, errand.now);
      case 'truncate':
        return this.#runs.truncated();
      case 'forget-run':
        this.#runs.forget(this.#placeOf(errand.controller), errand.id);
        return null;
      case 'add-access-key': {
        const { hash, id, controller, role, subject, created } = errand.row;
        const insert = this.#dbs.ledger.prepare(
          'INSERT INTO access_keys SELECT ?, coalesce(max(no), 0) + 1, ?, ?, ?, ?, ?, NULL FROM access_keys',
        );
        insert.run(hash, id, controller, role, subject, created);
        return null;
      }
      case 'rotate-log-key': {
        const log = this.#logs.get(errand.controller);
        if (log === undefined) throw new StoreFailure('unavailable', 'the controller has no log', false);
        rotateLogKey(this.#dbs, this.#root, log.row, errand, (signers) => log.signAnew(signers, errand.now));
        return null;
      }
      case 'keep-cosigned': {
        const { controller, generation, checkpoint } = errand;
        const insert = this.#dbs.ledger.prepare('INSERT INTO cosigned VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
        insert.run(controller, generation, checkpoint.size, checkpoint.cosignedMs, checkpoint.note);
        return null;
      }
    }
  }

  /** The write-ahead log goes into the database, so that a folder at rest is two files; where it cannot, it stays. */
  close(): void {
    try {
      this.#dbs.ledger.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // The disk is full, perhaps. All that was acknowledged is in the log, which the next start reads.
    }
    this.#dbs.ledger.close();
    this.#dbs.keys.close();
  }

  #nameOf(controller: number): string {
    const log = this.#logs.get(controller);
    if (log === undefined) throw new StoreFailure('corrupt', 'a controller without a log: ledger.db', false);
    return log.row.name;
  }

  #placeOf(controller: number): Place {
    return { controller, name: this.#nameOf(controller) };
  }

  #openLog(row: LogRow): void {
    const { tree, head } = checkLog(this.#dbs.ledger, this.#statements, row);
    const signers = logSigners(this.#dbs, this.#root, row);
    this.#logs.set(
      row.controller,
      new ControllerLog(row, new GrowingLog(row.origin, tree, signers, head), this.#statements),
    );
  }

  #openController(name: string, now: number): LogState {
    const found = [...this.#logs.values()].find((log) => log.row.name === name);
    if (found !== undefined) return stateOf(found);
    createControllerKeys(this.#dbs.keys, this.#root, name);
    this.#openLog(createLog(this.#dbs, this.#root, name, now));
    return stateOf([...this.#logs.values()].find((log) => log.row.name === name)!);
  }
}

function stateOf(log: ControllerLog): LogState {
  const { controller, name, generation, base } = log.row;
  return { controller, name, generation, base, size: log.size };
}

/** The latest generation of every controller's log. */
function logRows(ledger: DatabaseSync): LogRow[] {
  const rows = ledger.prepare(
    `SELECT c.no, c.name, g.generation, g.base, g.origin, g.verifier_key FROM controllers c JOIN generations g ON
       g.controller = c.no AND g.generation = (SELECT max(generation) FROM generations WHERE controller = c.no)`,
  );
  return rows.all().map((row) => ({
    controller: row['no'] as number,
    name: row['name'] as string,
    generation: row['generation'] as number,
    base: row['base'] as number,
    origin: row['origin'] as string,
    verifierKey: row['verifier_key'] as string,
  }));
}

/** The origin is part of every head that was ever signed: a folder keeps the one that it was made with. */
function checkOrigin(ledger: DatabaseSync, origin: string): void {
  const made = ledger.prepare(`SELECT value FROM meta WHERE name = 'origin'`).get()?.['value'];
  if (made === undefined) throw new StoreFailure('corrupt', 'the data folder is damaged: no origin', false);
  if (origin !== '' && made !== origin) {
    throw new StoreFailure('unavailable', 'the data folder was made with another origin', false);
  }
}

/** Makes the journal that the folder had not yet; one that it had is never made again. */
function keepJournal(ledger: DatabaseSync, path: string): void {
  if (ledger.prepare('SELECT value FROM meta WHERE name = ?').get(JOURNAL_NAME)?.['value'] === path) return;
  DestructionJournal.make(path);
  ledger.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(JOURNAL_NAME, path);
}
