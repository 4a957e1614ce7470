/**
 * Carries a data folder to a database: log, tree, vault and keys, byte for byte, so that every receipt and every sealed
 * text holds as before. Keys and log are written first, in steps that can be done again; all the rest is one transaction.
 * Before it is committed the folder is marked as carried, and opens no more: of two stores that grow one log, one forks it.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { leafHash, Tree } from '#proof';
import { decode, type ControllerId } from '#ledger';
import { openEmbedded } from '../embedded/engine.js';
import { laterKeys } from '../embedded/key-rotation.js';
import { FolderLock } from '../embedded/lock.js';
import { CARRIED, isCarried, openForWriting, POSITIONS, type Databases } from '../embedded/schema.js';
import { FolderPositions } from '../follower-positions.js';
import { StoreFailure, type Clock } from '../ports.js';
import { sha256 } from '../sealing/hashing.js';
import { controllerContext, keyContext, type ControllerKeyKind } from '../sealing/key-context.js';
import { FileRootKey } from '../sealing/root-key.js';
import { rootOfHead } from '../tree/head.js';
import { groupBytesMax, groupEntriesMax, type EventLog, type NewEntry } from './event-log.js';
import { eventLogOf } from './event-log-of.js';
import { KeyStore } from './key-store.js';
import { migrate } from './migrations.js';
import { Postgres, type Queries, type SqlValue } from './postgres.js';

export interface CarryOptions {
  readonly dir: string;
  readonly postgres: string;
  readonly keysPostgres?: string;
  readonly eventstore?: string | EventLog;
  readonly clock: Clock;
  /** Called with the events that are in the new log so far. */
  readonly onProgress?: (events: number) => void;
}

interface Log {
  readonly no: number;
  readonly controller: ControllerId;
  readonly generation: number;
  readonly base: number;
  readonly size: number;
  readonly origin: string;
  readonly verifierKey: string;
  readonly edge: Uint8Array;
}

/** How many events were carried. Throws StoreFailure: `unavailable` where the database holds a store already. */
export async function carryFolder(options: CarryOptions): Promise<number> {
  const { dir, clock } = options;
  if (!existsSync(join(dir, 'ledger.db')))
    throw new StoreFailure('unavailable', 'there is no data in the folder', false);
  const postgres = new Postgres({ url: options.postgres });
  const keysPostgres = new Postgres({ url: options.keysPostgres ?? options.postgres });
  let lock: FolderLock | undefined;
  try {
    await migrate(postgres);
    const [there] = await postgres.rows('SELECT 1 FROM depter.controllers LIMIT 1');
    if (there !== undefined) throw new StoreFailure('unavailable', 'the database holds a store already', false);
    // Opened once as always: its damage is found, and what was begun to be shredded is ended.
    if (!isCarried(dir))
      await (await openEmbedded({ dir, clock, rulebookFor: () => undefined, role: 'migrate' })).close();
    lock = FolderLock.take(dir, 'migrate');
    const dbs = openForWriting(dir);
    try {
      return await new Carriage(dbs, dir, postgres, keysPostgres).carry(options);
    } finally {
      dbs.ledger.close();
      dbs.keys.close();
    }
  } finally {
    lock?.release();
    await Promise.all([postgres.close(), keysPostgres.close()]);
  }
}

class Carriage {
  readonly #dbs: Databases;
  readonly #dir: string;
  readonly #postgres: Postgres;
  readonly #keysPostgres: Postgres;
  readonly #logs: readonly Log[];
  /** Number of the event at position 0, by controller. */
  readonly #starts = new Map<number, number>();
  readonly #numbers: number;

  constructor(dbs: Databases, dir: string, postgres: Postgres, keysPostgres: Postgres) {
    this.#dbs = dbs;
    this.#dir = dir;
    this.#postgres = postgres;
    this.#keysPostgres = keysPostgres;
    this.#logs = logsOf(dbs.ledger);
    let next = 1;
    for (const no of new Set(this.#logs.map((log) => log.no))) {
      this.#starts.set(no, next);
      next += Math.max(...this.#logs.filter((log) => log.no === no).map(({ base, size }) => base + size));
    }
    this.#numbers = next;
  }

  async carry({ eventstore, onProgress }: CarryOptions): Promise<number> {
    await this.#carryKeys();
    const eventLog = eventLogOf(eventstore, this.#postgres);
    let events = 0;
    try {
      for (const log of this.#logs) {
        await this.#carryLog(eventLog, log, (more) => {
          events += more;
          onProgress?.(events);
        });
      }
    } finally {
      await eventLog.close();
    }
    await this.#postgres.transaction(async (queries) => {
      await this.#carryLedger(queries);
      await this.#carryVault(queries);
      await this.#carryFollowers(queries);
      this.#dbs.ledger.exec(CARRIED);
    });
    return events;
  }

  /** Dossiers' keys come under an epoch; their contexts are the same, so what they sealed opens as before. */
  async #carryKeys(): Promise<void> {
    const root = FileRootKey.open(this.#dir);
    const store = await KeyStore.open(this.#keysPostgres, root);
    for (const row of this.#dbs.keys.prepare('SELECT controller, kind, wrapped FROM controller_keys').all()) {
      const [controller, kind] = [row['controller'] as string, row['kind'] as ControllerKeyKind];
      const key = root.unwrap(row['wrapped'] as Uint8Array, controllerContext(controller, kind));
      await store.addControllerKey(controller, kind, key);
    }
    const keys = this.#dbs.keys.prepare('SELECT id, label, controller, dossier, wrapped FROM keys ORDER BY controller');
    for (const rows of chunks(keys.iterate() as Iterable<Readonly<Record<string, unknown>>>)) {
      const byController = Map.groupBy(rows, (row) => row['controller'] as string);
      for (const [controller, those] of byController) {
        await store.add(
          controller,
          those.map((row) => {
            const [id, label, dossier] = [
              row['id'] as Uint8Array,
              row['label'] as string,
              row['dossier'] as Uint8Array,
            ];
            return {
              id,
              label,
              dossier,
              key: root.unwrap(row['wrapped'] as Uint8Array, keyContext(controller, dossier, id, label)),
            };
          }),
        );
      }
    }
  }

  /** Appends a log as it is; begun before and broken off, it goes on where it was. */
  async #carryLog(eventLog: EventLog, log: Log, onEntries: (count: number) => void): Promise<void> {
    const head = this.#dbs.ledger
      .prepare('SELECT note FROM heads WHERE controller = ? AND generation = ? ORDER BY size DESC, day DESC LIMIT 1')
      .get(log.no, log.generation)?.['note'] as string;
    const signed = rootOfHead(head, { ...log, laterKeys: laterKeys(this.#dbs.ledger, log) }, log.size);
    if ('fault' in signed) throw damaged(log, signed.fault);
    const tree = Tree.empty(sha256);
    const name = { controller: log.controller, generation: log.generation };
    for (const group of groups(entriesOf(this.#dbs.ledger, log))) {
      const answer = await eventLog.append(name, tree.size, group);
      if (answer.kind === 'wrong-size') {
        throw new StoreFailure('unavailable', `the event log of ${log.controller} holds something else already`, false);
      }
      for (const { entry } of group) tree.append(leafHash(sha256, entry));
      onEntries(group.length);
    }
    if (!Buffer.from(signed.root).equals(tree.root())) throw damaged(log, 'root of the head');
  }

  async #carryLedger(queries: Queries): Promise<void> {
    const { ledger } = this.#dbs;
    const origin = ledger.prepare(`SELECT value FROM meta WHERE name = 'origin'`).get()!['value'] as string;
    await queries.run(`INSERT INTO depter.meta (name, value) VALUES ('origin', $1)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value`, [origin]); // prettier-ignore
    await this.#copy(queries, 'SELECT no, name FROM controllers', 'controllers (no, name)', ['integer', 'text']);
    await this.#copy(
      queries,
      `SELECT g.controller, g.generation, g.base, g.size, g.origin, g.verifier_key, g.edge, coalesce(max(k.no), 1)
        FROM generations g LEFT JOIN log_keys k ON k.controller = g.controller AND k.generation = g.generation
        GROUP BY g.controller, g.generation`,
      'generations (controller, generation, base, size, origin, verifier_key, edge, keys)',
      ['integer', 'integer', 'bigint', 'bigint', 'text', 'text', 'bytea', 'integer'],
    );
    await this.#copy(
      queries,
      'SELECT controller, generation, no, verifier_key, since, until, introduction FROM log_keys',
      'log_keys (controller, generation, no, verifier_key, since, until, introduction)',
      ['integer', 'integer', 'integer', 'text', 'bigint', 'bigint', 'text'],
    );
    await this.#copy(
      queries,
      'SELECT controller, generation, level, n, hashes FROM tiles',
      'tiles (controller, generation, level, n, hashes)',
      ['integer', 'integer', 'integer', 'bigint', 'bytea'],
    );
    await this.#copy(
      queries,
      'SELECT controller, generation, day, size, note FROM heads',
      'heads (controller, generation, day, size, note)',
      ['integer', 'integer', 'integer', 'bigint', 'text'],
    );
    await this.#copy(
      queries,
      'SELECT controller, generation, size, cosigned, note FROM cosigned',
      'cosigned (controller, generation, size, cosigned, note)',
      ['integer', 'integer', 'bigint', 'bigint', 'text'],
    );
    await this.#copy(
      queries,
      'SELECT e.at, e.id, e.subject, e.accessed, e.recorded, e.entry, s.first FROM events e LEFT JOIN splits s ON s.at = e.at',
      'events (seq, controller, id, subject, accessed, recorded, type, entry, leaf, first_seq)',
      ['bigint', 'integer', 'bytea', 'bytea', 'boolean', 'bigint', 'text', 'bytea', 'bytea', 'bigint'],
      (row) => {
        const entry = row['entry'] as Uint8Array;
        const [at, first] = [row['at'] as number, row['first'] as number | null];
        return [
          this.#seq(at), controllerOf(at), row['id'], row['subject'], row['accessed'] === 1, row['recorded'],
          decode(entry).type, entry, leafHash(sha256, entry), first === null ? null : this.#seq(first),
        ]; // prettier-ignore
      },
    );
    await this.#copy(queries, 'SELECT at FROM events', 'placed (controller, position, seq)', ['integer', 'bigint', 'bigint'], (row) => {
      const at = row['at'] as number;
      return [controllerOf(at), at % POSITIONS, this.#seq(at)];
    }); // prettier-ignore
    await queries.rows(`SELECT setval('depter.events_seq_seq', $1)`, [this.#numbers]);
  }

  async #carryVault(queries: Queries): Promise<void> {
    const bytea = 'bytea';
    await this.#copy(
      queries,
      'SELECT controller, subject, kind, hmac, key, box FROM dossiers',
      'dossiers (controller, subject, kind, hmac, key, box)',
      ['integer', bytea, 'smallint', bytea, bytea, bytea],
    );
    await this.#copy(queries, 'SELECT controller, hmac, ref FROM refs', 'refs (controller, hmac, ref)', [
      'integer',
      bytea,
      bytea,
    ]);
    await this.#copy(
      queries,
      'SELECT controller, owner, ref, hmac, key, box FROM ref_texts',
      'ref_texts (controller, owner, ref, hmac, key, box)',
      ['integer', bytea, bytea, bytea, bytea, bytea],
    );
    const numbered = (row: SqliteRow, ...names: string[]) => [
      this.#seq(row['at'] as number),
      ...names.map((name) => row[name]),
    ];
    await this.#copy(queries, 'SELECT at, label, key, box FROM sealed', 'sealed (seq, label, key, box)', ['bigint', 'text', bytea, bytea],
      (row) => numbered(row, 'label', 'key', 'box')); // prettier-ignore
    await this.#copy(
      queries,
      'SELECT at, key, digest, sender FROM digests',
      'digests (seq, key, digest, sender)',
      ['bigint', bytea, bytea, 'integer'],
      (row) => numbered(row, 'key', 'digest', 'sender'),
    );
    await this.#copy(
      queries,
      'SELECT d.controller, l.subject, l.other FROM links l JOIN dossiers d ON d.subject = l.subject',
      'links (controller, subject, other)',
      ['integer', bytea, bytea],
    );
    await this.#copy(
      queries,
      'SELECT d.controller, t.client, t.contact, t.about FROM ties t JOIN dossiers d ON d.subject = t.client',
      'ties (controller, client, contact, about)',
      ['integer', bytea, bytea, bytea],
    );
    await this.#copy(queries, 'SELECT d.controller, i.dossier, i.label, i.day, i.instant, i.zone FROM destroyed_items i JOIN dossiers d ON d.subject = i.dossier',
      'destroyed_items (controller, dossier, label, day, instant, zone)', ['integer', bytea, 'text', 'text', 'text', 'text']); // prettier-ignore
    await this.#copy(queries, 'SELECT controller, id, run FROM destructions', 'destructions (controller, id, run)', ['integer', bytea, 'text']); // prettier-ignore
    await this.#copy(queries, 'SELECT at, event, subject FROM owed_destructions', 'owed_destructions (controller, seq, event, subject)', ['integer', 'bigint', bytea, bytea],
      (row) => [controllerOf(row['at'] as number), this.#seq(row['at'] as number), row['event'], row['subject']]); // prettier-ignore
    await this.#copy(queries, 'SELECT controller, subject FROM corrected_links', 'corrected_links (controller, subject)', ['integer', bytea]); // prettier-ignore
    await this.#copy(queries, 'SELECT target, at FROM corrections', 'corrections (controller, target, seq)', ['integer', bytea, 'bigint'],
      (row) => [controllerOf(row['at'] as number), row['target'], this.#seq(row['at'] as number)]); // prettier-ignore
    await this.#copy(
      queries,
      'SELECT hash, no, id, controller, role, subject, created, ended FROM access_keys',
      'access_keys (hash, no, id, controller, role, subject, created, ended)',
      [bytea, 'integer', bytea, 'text', 'text', bytea, 'bigint', 'bigint'],
    );
    await queries.rows(
      `SELECT setval('depter.access_keys_no_seq', (SELECT coalesce(max(no), 0) + 1 FROM depter.access_keys), false)`,
    );
  }

  async #carryFollowers(queries: Queries): Promise<void> {
    const dir = join(this.#dir, 'followers');
    const positions = new FolderPositions(dir);
    for (const name of existsSync(dir) ? readdirSync(dir) : []) {
      const at = name.indexOf('.');
      const [follower, controller] = [name.slice(0, at), name.slice(at + 1) as ControllerId];
      if (!this.#logs.some((log) => log.controller === controller)) continue;
      await queries.run('INSERT INTO depter.followers (controller, follower, position) VALUES ($1, $2, $3)', [
        controller, follower, await positions.position(controller, follower),
      ]); // prettier-ignore
    }
  }

  /** Copies the rows of a query into a table, whose columns have the types given, some at a time. */
  async #copy(
    queries: Queries,
    select: string,
    table: string,
    types: readonly string[],
    columns: (row: SqliteRow) => readonly unknown[] = Object.values,
  ): Promise<void> {
    const arrays = types.map((type, i) => `$${i + 1}::${type}[]`).join(', ');
    const insert = `INSERT INTO depter.${table} OVERRIDING SYSTEM VALUE SELECT * FROM unnest(${arrays})`;
    for (const rows of chunks(this.#dbs.ledger.prepare(select).iterate() as Iterable<SqliteRow>)) {
      const values = rows.map(columns);
      await queries.run(insert, types.map((_, i) => values.map((row) => row[i] as SqlValue))); // prettier-ignore
    }
  }

  #seq(at: number): number {
    return this.#starts.get(controllerOf(at))! + (at % POSITIONS);
  }
}

type SqliteRow = Readonly<Record<string, unknown>>;

function controllerOf(at: number): number {
  return Math.floor(at / POSITIONS);
}

function logsOf(ledger: DatabaseSync): Log[] {
  const rows = ledger.prepare(
    `SELECT c.no, c.name, g.generation, g.base, g.size, g.origin, g.verifier_key, g.edge FROM controllers c
      JOIN generations g ON g.controller = c.no ORDER BY c.no, g.generation`,
  );
  return rows.all().map((row) => ({
    no: row['no'] as number,
    controller: row['name'] as ControllerId,
    generation: row['generation'] as number,
    base: row['base'] as number,
    size: row['size'] as number,
    origin: row['origin'] as string,
    verifierKey: row['verifier_key'] as string,
    edge: row['edge'] as Uint8Array,
  }));
}

function* entriesOf(ledger: DatabaseSync, { no, base, size }: Log): Generator<NewEntry> {
  const rows = ledger.prepare('SELECT id, subject, entry FROM events WHERE at >= ? AND at < ? ORDER BY at');
  const first = no * POSITIONS + base;
  for (const row of rows.iterate(first, first + size)) {
    const subject = Buffer.from(row['subject'] as Uint8Array);
    const entry = row['entry'] as Uint8Array;
    yield {
      id: row['id'] as Uint8Array,
      subject: subject.length === 0 ? null : subject.toString('base64url'),
      type: decode(entry).type,
      entry,
    };
  }
}

function* groups(entries: Iterable<NewEntry>): Generator<NewEntry[]> {
  let group: NewEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (group.length === groupEntriesMax || bytes + entry.entry.length > groupBytesMax) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(entry);
    bytes += entry.entry.length;
  }
  if (group.length > 0) yield group;
}

function* chunks<T>(rows: Iterable<T>, rowsMax = 1000): Generator<T[]> {
  let chunk: T[] = [];
  for (const row of rows) {
    chunk.push(row);
    if (chunk.length < rowsMax) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function damaged({ controller, generation }: Log, place: string): StoreFailure {
  return new StoreFailure('corrupt', `the data folder is damaged: log ${controller}/${generation}, ${place}`, false);
}
