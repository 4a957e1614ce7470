/**
 * The embedded engine: a data folder of two SQLite databases, a root key and a lock, with one process that owns it, one
 * thread in it that writes, and this one that prepares and reads.
 */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ControllerId } from '#ledger';
import type { AccessKeys, Clock, Keys, Ledger, StoreFailure, StoreHealth, TransparencyLog, Vault } from '../ports.js';
import { Destroyer, ShreddingKeys } from '../destruction/destroyer.js';
import { DestructionJournal, JOURNAL_NAME, type LogAsFound } from '../destruction/journal.js';
import type { Destructions } from '../destructions.js';
import { EmbeddedAccessKeys } from './access-keys.js';
import { answering, patient } from './answering.js';
import { Controllers } from './controllers.js';
import type { RulesOf } from '../sealing/controller.js';
import { Growth } from './growth.js';
import { Intake, type IntakeLimits } from './intake.js';
import { KeyRing } from './key-ring.js';
import { KeySupply } from './key-supply.js';
import { Known } from './known.js';
import { EmbeddedLedger } from './ledger.js';
import { ListedReferences } from './listed-references.js';
import { FolderLock } from './lock.js';
import { asStoreFailure } from './failure.js';
import { LogReader } from './log-reader.js';
import { PersonReader } from './person-reader.js';
import { Repeats } from './repeats.js';
import { EmbeddedRuns } from './runs.js';
import { FileRootKey } from '../sealing/root-key.js';
import { isHalfRestored, KEYS_OF_LOGS, openForReading, type Readers } from './schema.js';
import { EmbeddedTransparencyLog } from './tlog.js';
import { requireAsFarAsKeys, type KeyOfLog } from '../tree/keys-ahead.js';
import { unfinishedRestore } from '../unfinished-restore.js';
import { EmbeddedVault } from './vault.js';
import type { RunMoment } from './writer-port.js';
import { WriterThread } from './writer-thread.js';

export interface EmbeddedOptions {
  /** The data folder, made if it is not there. */
  readonly dir: string;
  /** First part of every log's name, fixed when the folder is made; `localhost` if it is never said. */
  readonly origin?: string;
  /** The packs of each controller. Give the same object as long as they are the same: what is listed is looked up once. */
  readonly rulebookFor: RulesOf;
  readonly clock: Clock;
  /** Who holds the folder, for the answer to whoever finds it held: `server`, `feed`. */
  readonly role?: string;
  readonly limits?: Partial<IntakeLimits>;
  /**
   * The file, off this machine, that destructions are copied to before they are acknowledged. The folder keeps it: whoever
   * opens it without saying so copies them there, too.
   */
  readonly journal?: string | undefined;
  /** For tests of crashes: the writer stands still for so long between the commit of the keys and that of the group. */
  readonly stallAfterKeysMs?: number;
  /** For tests of crashes: the writer stands still at that moment of a destruction, for ever. */
  readonly stallAt?: RunMoment;
}

const LIMITS: IntakeLimits = { queuedActions: 10_000, queuedBytes: 16 * 1024 * 1024 };

export class EmbeddedStore {
  readonly ledger: Ledger;
  readonly log: TransparencyLog;
  readonly vault: Vault;
  readonly keys: Keys;
  readonly destructions: Destructions;
  readonly accessKeys: AccessKeys;
  readonly #lock: FolderLock;
  readonly #readers: Readers;
  readonly #thread: WriterThread;
  readonly #intake: Intake;
  readonly #controllers: Controllers;
  readonly #destroyer: Destroyer;
  readonly #growth = new Growth();
  #closing: Promise<void> | undefined;

  constructor(
    lock: FolderLock,
    readers: Readers,
    thread: WriterThread,
    controllers: Controllers,
    options: EmbeddedOptions,
    root: FileRootKey,
    journal: DestructionJournal | undefined,
  ) {
    this.#lock = lock;
    this.#readers = readers;
    this.#thread = thread;
    this.#controllers = controllers;
    const ring = new KeyRing(readers.keys, root);
    const supply = new KeySupply((controller, count) => thread.run({ kind: 'make-keys', controller, count }));
    const known = new Known(readers.ledger, new KeyRing(readers.intakeKeys, root), supply);
    const log = new LogReader(readers.ledger);
    const growth = this.#growth;
    this.#intake = new Intake(
      { thread, controllers, known, repeats: new Repeats(ring), clock: options.clock },
      { ...LIMITS, ...options.limits },
      Math.max(0, ...controllers.all.map((controller) => log.lastRecorded(controller))),
      ({ id }) => growth.grown(id),
    );
    const people = new PersonReader(readers.ledger, log);
    const listed = new ListedReferences(readers.ledger);
    const parts = { controllers, intake: this.#intake, log, people, listed, growth };
    this.ledger = answering(new EmbeddedLedger(parts, readers.ledger));
    this.log = answering(new EmbeddedTransparencyLog(controllers, readers.ledger, log, thread, options.clock));
    this.vault = patient(new EmbeddedVault(controllers, readers.ledger, new KeyRing(readers.intakeKeys, root)));
    const { clock } = options;
    const runs = answering(new EmbeddedRuns(controllers, this.#intake, thread, readers.ledger, clock));
    const { ledger, log: proofs } = this;
    const controller = (id: ControllerId) => Promise.resolve(controllers.known(id));
    this.#destroyer = new Destroyer({
      ledger,
      log: proofs,
      runs,
      clock,
      controller,
      journal,
      rulesOf: controllers.rulesOf,
    });
    this.destructions = this.#destroyer;
    this.keys = new ShreddingKeys(runs, this.#destroyer);
    this.accessKeys = answering(new EmbeddedAccessKeys(thread, readers.ledger, options.clock));
  }

  health(): StoreHealth {
    const { failure } = this.#intake;
    return {
      ready: failure === undefined,
      queued: this.#intake.queued,
      logs: this.#controllers.all.map(({ id, size }) => ({ controller: id, size })),
      ...(failure !== undefined && { failure: failure.code }),
    };
  }

  get lost(): Promise<StoreFailure> {
    return this.#thread.lost;
  }

  /** Goes on with the destructions that the last process had begun. */
  resume(): Promise<void> {
    return this.#destroyer.resume();
  }

  /** Refuses what comes, answers what was taken, then lets the folder go. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#destroyer.close();
    this.#intake.refuse();
    await this.#controllers.settled();
    // Whoever waited for a controller hands over in this turn.
    await setImmediate();
    await this.#intake.drain();
    this.#growth.end();
    // Before the writer, whose last checkpoint would wait for a reader.
    this.#readers.ledger.close();
    this.#readers.keys.close();
    this.#readers.intakeKeys.close();
    await this.#thread.close();
    this.#lock.release();
  }
}

/**
 * Opens a data folder, made if need be. Throws StoreFailure: `locked` where another process holds it, naming the owner;
 * `corrupt`, naming the place, where it is damaged; `unavailable` where it was made with another origin.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedStore> {
  const { dir, origin = '', clock, rulebookFor, role = 'server', stallAfterKeysMs = 0, stallAt } = options;
  const more = {
    ...(stallAt === undefined ? {} : { stallAt }),
    ...(options.journal === undefined ? {} : { journal: resolve(options.journal) }),
  };
  const lock = takeFolder(dir, role);
  try {
    if (isHalfRestored(dir)) throw unfinishedRestore();
    // A folder with keys and no root has lost it: a new one would open nothing.
    if (!FileRootKey.exists(dir) && !existsSync(join(dir, 'keys.db'))) FileRootKey.create(dir);
    for (const file of ['keys.db', 'ledger.db']) makePrivate(join(dir, file));
    const root = FileRootKey.open(dir);
    const { thread, logs } = await WriterThread.start({ dir, origin, stallAfterKeysMs, ...more });
    const readers = openForReading(dir);
    const open = (name: string) => thread.run({ kind: 'open-controller', name, now: Math.floor(clock.now()) });
    const controllers = new Controllers(rulebookFor, readers.keys, root, logs, open);
    const journal = journalOf(readers);
    try {
      const found = logs.map(({ name, generation, base, size }) => ({ name, generation, leaves: size - base }));
      journal?.requireAsFar(found);
      await requireKeysKnown(readers, found);
    } catch (failure) {
      for (const reader of [readers.ledger, readers.keys, readers.intakeKeys]) reader.close();
      await thread.close();
      throw failure;
    }
    const store = new EmbeddedStore(lock, readers, thread, controllers, options, root, journal);
    await store.resume();
    return store;
  } catch (failure) {
    lock.release();
    throw asStoreFailure(failure);
  }
}

function requireKeysKnown({ keys }: Readers, found: readonly LogAsFound[]): Promise<void> {
  const all = keys.prepare(KEYS_OF_LOGS).all() as unknown as readonly KeyOfLog[];
  const person = keys.prepare(`SELECT 1 FROM keys WHERE controller = ? AND dossier <> x'' LIMIT 1`);
  return requireAsFarAsKeys(all, found, (controller) => person.get(controller) !== undefined);
}

/** Whoever opens the folder, what is ended goes to the journal that it has. */
function journalOf({ ledger }: Readers): DestructionJournal | undefined {
  const kept = ledger.prepare('SELECT value FROM meta WHERE name = ?').get(JOURNAL_NAME)?.['value'];
  return kept === undefined ? undefined : new DestructionJournal(kept as string);
}

/** The folder, made if need be, closed to all but its owner, and held. */
function takeFolder(dir: string, role: string): FolderLock {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    // One that was made by hand, or is a volume, is open to others; where it is not ours to close, its owner sees to that.
    if (statSync(dir).uid === process.getuid?.()) chmodSync(dir, 0o700);
    return FolderLock.take(dir, role);
  } catch (failure) {
    throw asStoreFailure(failure);
  }
}

/** A database's file before SQLite makes it; what SQLite makes beside it has the same mode. */
function makePrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  if (statSync(path).uid === process.getuid?.()) chmodSync(path, 0o600);
}
