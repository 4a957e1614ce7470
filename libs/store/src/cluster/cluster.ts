/**
 * The cluster engine: PostgreSQL accepts and answers, an event log decides the order. Any number of processes open one
 * database at once; those with the role `sequencer` place what all of them accept.
 */
import { resolve } from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { ControllerId } from '#ledger';
import { Destroyer, ShreddingKeys } from '../destruction/destroyer.js';
import { DestructionJournal, JOURNAL_NAME } from '../destruction/journal.js';
import type { Destructions } from '../destructions.js';
import { StoreFailure, type AccessKeys, type Clock, type Keys, type Ledger, type Store, type StoreHealth, type TransparencyLog, type Vault } from '../ports.js'; // prettier-ignore
import type { Controller, RulesOf } from '../sealing/controller.js';
import type { RootKey } from '../sealing/root-key.js';
import { Acceptor } from './accept.js';
import { ClusterAccessKeys } from './access-keys.js';
import { ClusterControllers } from './controllers.js';
import type { EventLog, LogName } from './event-log.js';
import { eventLogOf } from './event-log-of.js';
import { CLUSTER_LIMITS, ClusterIntake, type ClusterLimits } from './intake.js';
import type { FollowerPositions } from '../follower-positions.js';
import { PostgresPositions } from './follower-positions.js';
import { KeyStore } from './key-store.js';
import { ClusterLedger } from './ledger.js';
import { ListedReferences } from './listed-references.js';
import { signersOf } from './log-keys.js';
import { latestLogs } from './log-rows.js';
import { migrate } from './migrations.js';
import { PersonReader } from './person-reader.js';
import { Placements } from './placements.js';
import { Postgres } from './postgres.js';
import { RecentlyAccepted } from './recently-accepted.js';
import { requireRestored } from './restore-mark.js';
import { Sequencer } from './sequencer.js';
import { ClusterRuns } from './runs.js';
import { PostgresSequencing } from './sequencing-postgres.js';
import { ClusterTransparencyLog } from './tlog.js';
import { ClusterVault } from './vault.js';
import { requireAsFarAsKeys } from '../tree/keys-ahead.js';

export interface ClusterOptions {
  /** Address of the database, `postgres://…`. */
  readonly postgres: string;
  /** Address of the keys' database; the same one where it is not said. */
  readonly keysPostgres?: string;
  /** Address of EventStoreDB, `esdb://…`, or a log that is closed with the store; without it the log lies in PostgreSQL. */
  readonly eventstore?: string | EventLog;
  /** The same for every process on the database. */
  readonly rootKey: RootKey;
  /** First part of every log's name, fixed when the database is made; `localhost` if it is never said. */
  readonly origin?: string;
  /** The packs of each controller. Give the same object as long as they are the same: what is listed is looked up once. */
  readonly rulebookFor: RulesOf;
  readonly clock: Clock;
  /** The file that destructions are copied to before they are acknowledged. */
  readonly journal?: string | undefined;
  /** Whether this process places what is accepted; it does where it is not said. */
  readonly sequences?: boolean;
  readonly limits?: Partial<ClusterLimits>;
  /** Bound of one statement. */
  readonly deadlineMs?: number;
}

/** Controllers that other processes made are looked for this often, and the sizes of logs are brought up to date. */
const REFRESH_MS = 1000;
const KEY_CONNECTIONS = 4;

const PENDING = {
  name: 'cluster-pending',
  text: 'SELECT count(*) AS n FROM (SELECT FROM depter.pending WHERE controller = $1 LIMIT $2) p',
};

export class ClusterStore implements Store {
  readonly ledger: Ledger;
  readonly log: TransparencyLog;
  readonly vault: Vault;
  readonly keys: Keys;
  readonly destructions: Destructions;
  readonly accessKeys: AccessKeys;
  /** Positions of followers that act outside the store. */
  readonly positions: FollowerPositions;
  readonly #postgres: Postgres;
  readonly #keysPostgres: Postgres;
  readonly #eventLog: EventLog;
  readonly #destroyer: Destroyer;
  readonly #keyStore: KeyStore;
  readonly #sequencing: PostgresSequencing;
  readonly #controllers: ClusterControllers;
  readonly #placements: Placements;
  readonly #intake: ClusterIntake;
  readonly #closed = new AbortController();
  readonly #stopped = new AbortController();
  readonly #sequencers = new Map<ControllerId, { readonly sequencer: Sequencer; readonly ended: Promise<void> }>();
  #fault: StoreFailure | undefined;
  #refreshing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: ClusterParts, options: ClusterOptions, recordedMs: number) {
    const { postgres, keysPostgres, eventLog, keyStore, controllers, journal } = parts;
    this.#postgres = postgres;
    this.#keysPostgres = keysPostgres;
    this.#eventLog = eventLog;
    this.#keyStore = keyStore;
    this.#controllers = controllers;
    const recent = new RecentlyAccepted();
    this.#sequencing = new PostgresSequencing(postgres, recent);
    const log = new ClusterTransparencyLog(postgres, controllers, this.#sequencing, keyStore, options.clock, eventLog); // prettier-ignore
    this.#placements = new Placements(postgres);
    this.#intake = new ClusterIntake(
      {
        acceptor: new Acceptor(postgres, keyStore, recent),
        controllers,
        placements: this.#placements,
        clock: options.clock,
        countPending: (controller, most) => this.#countPending(controller, most),
        receipt: (controller, position) => log.receiptOf(controller, position),
      },
      { ...CLUSTER_LIMITS, ...options.limits },
      recordedMs,
    );
    this.ledger = new ClusterLedger({
      postgres,
      controllers,
      intake: this.#intake,
      people: new PersonReader(),
      listed: new ListedReferences(postgres),
      closed: this.#closed.signal,
    });
    this.log = log;
    this.vault = new ClusterVault(postgres, controllers, keyStore);
    const { clock } = options;
    const runs = new ClusterRuns(postgres, controllers, keyStore, clock);
    const { ledger } = this;
    const { rulesOf } = controllers;
    const controller = (id: ControllerId) => controllers.known(id);
    this.#destroyer = new Destroyer({ ledger, log, runs, clock, controller, journal, rulesOf });
    this.destructions = this.#destroyer;
    this.keys = new ShreddingKeys(runs, this.#destroyer);
    this.accessKeys = new ClusterAccessKeys(postgres, options.clock);
    this.positions = new PostgresPositions(postgres);
    if (options.sequences !== false) controllers.onAdded((controller) => this.#sequence(controller));
    this.#refreshing = this.#refresh();
  }

  /** Never: whatever of a cluster is gone may come again, and health tells. */
  readonly lost = new Promise<StoreFailure>(() => undefined);

  health(): StoreHealth {
    const failure = this.#fault ?? this.#intake.failure ?? this.#sequencingFailure();
    return {
      ready: failure === undefined,
      queued: this.#intake.queued,
      logs: this.#controllers.all.map(({ id, size }) => ({ controller: id, size })),
      ...(failure !== undefined && { failure: failure.code }),
    };
  }

  /**
   * Tries what is stored of the logs that this process sequences. Throws StoreFailure `corrupt`, naming the place. While a
   * server is away that is left to whoever takes the lead: what comes is taken meanwhile.
   */
  async check(): Promise<void> {
    const checks = await Promise.allSettled([...this.#sequencers.values()].map(({ sequencer }) => sequencer.check()));
    for (const check of checks) {
      if (check.status === 'fulfilled') continue;
      const failure = check.reason as unknown;
      if (!(failure instanceof StoreFailure) || !failure.retryable) throw failure;
    }
  }

  /** Goes on with the destructions that some process had begun. */
  resume(): Promise<void> {
    return this.#destroyer.resume();
  }

  /** Goes on with destructions that another process leaves behind. */
  watch(): void {
    this.#destroyer.watch();
  }

  /** Gives every key of a dossier a new epoch, and destroys the old one. */
  renewEpoch(): Promise<void> {
    return this.#keyStore.renewEpoch();
  }

  /** Refuses what comes, answers what was taken, then lets the servers go. */
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
    this.#closed.abort();
    this.#placements.close();
    this.#stopped.abort();
    await Promise.all([...this.#sequencers.values()].map(({ ended }) => ended));
    await this.#refreshing;
    await this.#eventLog.close();
    await Promise.all([this.#postgres.close(), this.#keysPostgres.close()]);
  }

  #sequence({ id, generation }: Controller): void {
    if (this.#sequencers.has(id)) return;
    const log: LogName = { controller: id, generation };
    const sequencer = new Sequencer({
      log,
      eventLog: this.#eventLog,
      accepted: this.#sequencing,
      placement: this.#sequencing,
      signersOf: (keys) => signersOf(this.#keyStore, id, generation, keys),
    });
    const ended = sequencer.run(this.#stopped.signal).catch((failure: unknown) => {
      // What does not pass by waiting: intake goes on up to its bound, and health tells.
      if (!(failure instanceof StoreFailure)) throw failure;
      this.#fault = failure;
    });
    this.#sequencers.set(id, { sequencer, ended });
  }

  #sequencingFailure(): StoreFailure | undefined {
    for (const { sequencer } of this.#sequencers.values()) {
      if (sequencer.state.kind === 'failing') return sequencer.state.failure;
    }
    return undefined;
  }

  async #countPending(controller: Controller, most: number): Promise<number> {
    const [row] = await this.#postgres.rows(PENDING, [controller.no, most]);
    return (row?.['n'] as number | undefined) ?? 0;
  }

  async #refresh(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      await sleep(REFRESH_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.#controllers.refresh();
      } catch (failure) {
        // PostgreSQL is away; the next look comes soon.
        if (!(failure instanceof StoreFailure)) throw failure;
      }
    }
  }
}

interface ClusterParts {
  readonly postgres: Postgres;
  readonly keysPostgres: Postgres;
  readonly eventLog: EventLog;
  readonly keyStore: KeyStore;
  readonly controllers: ClusterControllers;
  readonly journal: DestructionJournal | undefined;
}

/**
 * Opens the database, made if need be. Throws StoreFailure: `unavailable` where a server is not to be had or the database
 * was made with another origin; `corrupt` where its keys are under another root, it belongs to a newer version, or what is
 * stored of a log does not hold, which names the place.
 */
export async function openCluster(options: ClusterOptions): Promise<ClusterStore> {
  const { origin = '', clock, rulebookFor, eventstore, deadlineMs } = options;
  const bounds = deadlineMs === undefined ? {} : { deadlineMs };
  const postgres = new Postgres({ url: options.postgres, ...bounds });
  const keysUrl = options.keysPostgres ?? options.postgres;
  const keysPostgres = new Postgres({ url: keysUrl, connectionsMax: KEY_CONNECTIONS, ...bounds });
  let eventLog: EventLog | undefined;
  let store: ClusterStore | undefined;
  try {
    await migrate(postgres);
    await requireRestored(postgres);
    const keyStore = await KeyStore.open(keysPostgres, options.rootKey);
    const made = await keepOrigin(postgres, origin);
    const controllers = new ClusterControllers(postgres, keyStore, made, clock, rulebookFor);
    await controllers.refresh();
    eventLog = eventLogOf(eventstore, postgres);
    const [last] = await postgres.rows('SELECT recorded FROM depter.events ORDER BY seq DESC LIMIT 1');
    const recordedMs = (last?.['recorded'] as number | undefined) ?? 0;
    const journal = await keepJournal(postgres, options.journal);
    const logs = await latestLogs(postgres);
    const found = logs.map((log) => ({ name: log.controller, generation: log.generation, leaves: log.size }));
    journal?.requireAsFar(found);
    await requireAsFarAsKeys(await keyStore.keysOfLogs(), found, (controller) => keyStore.hasPeople(controller));
    const parts = { postgres, keysPostgres, eventLog, keyStore, controllers, journal };
    store = new ClusterStore(parts, options, recordedMs);
    await store.check();
    await store.resume();
    store.watch();
    return store;
  } catch (failure) {
    if (store !== undefined) {
      await store.close();
      throw failure;
    }
    await eventLog?.close();
    await Promise.all([postgres.close(), keysPostgres.close()]);
    throw failure;
  }
}

/** The origin is part of every head that was ever signed: a database keeps the one that it was made with. */
async function keepOrigin(postgres: Postgres, origin: string): Promise<string> {
  const first = origin === '' ? 'localhost' : origin;
  await postgres.run(`INSERT INTO depter.meta (name, value) VALUES ('origin', $1) ON CONFLICT DO NOTHING`, [first]);
  const [row] = await postgres.rows(`SELECT value FROM depter.meta WHERE name = 'origin'`);
  const made = row?.['value'] as string;
  if (origin !== '' && made !== origin) {
    throw new StoreFailure('unavailable', 'the database was made with another origin', false);
  }
  return made;
}

/**
 * The journal that is named, or else the one that the database has: whoever ends a destruction copies it there, or leaves
 * it to who can. It is made where it is first named, and never again.
 */
async function keepJournal(postgres: Postgres, named: string | undefined): Promise<DestructionJournal | undefined> {
  const [row] = await postgres.rows('SELECT value FROM depter.meta WHERE name = $1', [JOURNAL_NAME]);
  const kept = row?.['value'] as string | undefined;
  const path = named === undefined ? kept : resolve(named);
  if (path === undefined || path === kept) return path === undefined ? undefined : new DestructionJournal(path);
  const journal = DestructionJournal.make(path);
  await postgres.run(
    'INSERT INTO depter.meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    [JOURNAL_NAME, path],
  );
  return journal;
}
