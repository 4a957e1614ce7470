/** Reads the log of a controller in order of position. */
import { decode, type EventId, type LogEntry, type Position, type Recorded, type SubjectRef } from '#ledger';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { Alike } from './alike.js';
import { endOf, placeOf, positionOf } from './controllers.js';
import { OF_DOSSIER, WITH_ID } from './schema.js';
import type { Controller } from '../sealing/controller.js';
import { idBytes } from '../sealing/mint.js';

const NO_SUBJECT = new Uint8Array(0);

export class LogReader {
  readonly #sql: Readonly<Record<'entries' | 'event' | 'dossier' | 'accesses' | 'last', StatementSync>>;

  constructor(ledger: DatabaseSync) {
    this.#sql = {
      entries: ledger.prepare('SELECT at, entry FROM events WHERE at >= ? AND at < ? ORDER BY at LIMIT ?'),
      event: ledger.prepare(`SELECT at, entry FROM events WHERE ${WITH_ID} AND at >= ? AND at < ?`),
      dossier: ledger.prepare(`SELECT at, CAST(entry AS TEXT) FROM events WHERE at ${OF_DOSSIER} ORDER BY at`),
      accesses: ledger.prepare(
        'SELECT at, entry FROM events WHERE subject = ? AND accessed = 1 AND at >= ? AND at < ? ORDER BY at',
      ),
      last: ledger.prepare('SELECT recorded FROM events WHERE at >= ? AND at < ? ORDER BY at DESC LIMIT 1'),
    };
    for (const statement of Object.values(this.#sql)) statement.setReturnArrays(true);
  }

  entries(controller: Controller, from: Position, limit: number): LogEntry[] {
    const rows = this.#sql.entries.all(placeOf(controller, Math.max(0, from)), endOf(controller), limit);
    return rows.map(recordedOf);
  }

  /** Stored bytes alone, undecoded. */
  bytes(controller: Controller, from: Position, limit: number): Uint8Array[] {
    const rows = this.#sql.entries.all(placeOf(controller, from), endOf(controller), limit) as unknown as Row[];
    return rows.map(([, entry]) => entry as Uint8Array);
  }

  /** When the last entry was recorded, in ms; 0 of an empty log. */
  lastRecorded(controller: Controller): number {
    const row = this.#sql.last.get(placeOf(controller, 0), endOf(controller)) as unknown as Row | undefined;
    return row === undefined ? 0 : (row[0] as number);
  }

  event(controller: Controller, id: EventId): LogEntry | undefined {
    const bytes = idBytes(id);
    const row = bytes && this.#sql.event.get(bytes, placeOf(controller, 0), endOf(controller));
    return row === undefined ? undefined : recordedOf(row);
  }

  /**
   * Events of a dossier but `accessed`; of null, the controller's own. They are read one by one and as texts: the rows of a
   * dossier of ten thousands would be as large as what is made of them.
   */
  dossier(controller: Controller, subject: Uint8Array | null, from: Position = 0): Recorded[] {
    const found: Recorded[] = [];
    const alike = new Alike();
    const rows = this.#sql.dossier.iterate(subject ?? NO_SUBJECT, placeOf(controller, from), endOf(controller));
    for (const row of rows as Iterable<unknown>) {
      const [at, text] = row as Row;
      found.push({ position: positionOf(at as number), event: alike.share(decode(text as string)) });
    }
    return found;
  }

  accesses(controller: Controller, subject: SubjectRef): LogEntry[] {
    const bytes = idBytes(subject);
    if (bytes === undefined) return [];
    return this.#sql.accesses.all(bytes, placeOf(controller, 0), endOf(controller)).map(recordedOf);
  }
}

type Row = readonly SQLOutputValue[];

/** A row of `at` and `entry`, as an array. */
export function recordedOf(row: unknown): LogEntry {
  const [at, entry] = row as Row;
  return { position: positionOf(at as number), event: decode(entry as Uint8Array), entry: entry as Uint8Array };
}
