/**
 * What SQLite alone makes of the same work: the bytes of a log that was fed, inserted into the same table with plain indexes
 * by id and by dossier, in groups of the same limits, under the same pragmas. No tree, no vault, no keys, no thread.
 */
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';

/** Limits of the writer's groups (`design.md`, The way of one action). */
const GROUP_EVENTS = 1000;
const GROUP_BYTES = 512 * 1024;
const SAMPLE = 50_000;
const PRAGMAS = `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA mmap_size = 0;
  PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 10000; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY`;

const TABLE = `
CREATE TABLE events (
  at INTEGER PRIMARY KEY, id BLOB NOT NULL, subject BLOB NOT NULL, accessed INTEGER NOT NULL,
  recorded INTEGER NOT NULL, entry BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_id ON events (id);
CREATE INDEX events_dossier ON events (subject) WHERE accessed = 0;
CREATE INDEX events_accesses ON events (subject) WHERE accessed = 1;`;

type Event = Record<string, SQLOutputValue>;

export interface RawResult {
  readonly events: number;
  readonly seconds: number;
  readonly entryBytes: number;
  /** Some of the entries. */
  readonly sample: readonly Uint8Array[];
}

/** `data` is a folder that no server holds; `scratch` an empty one on the same disk. At most `limit` events. */
export function rawInserts(data: string, scratch: string, limit: number): RawResult {
  const from = new DatabaseSync(join(data, 'ledger.db'), { readOnly: true });
  const to = new DatabaseSync(join(scratch, 'raw.db'));
  to.exec(PRAGMAS);
  to.exec(TABLE);
  const insert = to.prepare(
    'INSERT INTO events (at, id, subject, accessed, recorded, entry) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const sample: Uint8Array[] = [];
  let [events, seconds, entryBytes] = [0, 0, 0];
  for (const group of groups(from, limit)) {
    const begun = performance.now();
    to.exec('BEGIN IMMEDIATE');
    for (const { at, id, subject, accessed, recorded, entry } of group) {
      insert.run(
        at as number,
        id as Uint8Array,
        subject as Uint8Array,
        accessed as number,
        recorded as number,
        entry as Uint8Array,
      );
    }
    to.exec('COMMIT');
    seconds += (performance.now() - begun) / 1000;
    events += group.length;
    for (const { entry } of group) {
      entryBytes += (entry as Uint8Array).length;
      if (sample.length < SAMPLE) sample.push(entry as Uint8Array);
    }
  }
  from.close();
  to.close();
  return { events, seconds, entryBytes, sample };
}

function* groups(from: DatabaseSync, limit: number): Generator<Event[]> {
  const rows = from.prepare('SELECT at, id, subject, accessed, recorded, entry FROM events ORDER BY at LIMIT ?');
  let group: Event[] = [];
  let bytes = 0;
  for (const row of rows.iterate(limit) as Iterable<Event>) {
    group.push(row);
    bytes += (row['entry'] as Uint8Array).length;
    if (group.length < GROUP_EVENTS && bytes < GROUP_BYTES) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) yield group;
}
