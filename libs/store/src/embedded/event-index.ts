/**
 * Where events stand, by their ids and by their dossiers. Both are random, and a tree of random keys writes a page for
 * nearly every key that comes. So what is new goes into small trees, as the triggers of the events table say, and part by
 * part over into the large ones: each of their pages takes many at once then, and half as much is written.
 */
import { randomInt } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Parts of the range of keys, told apart by their first byte. */
const PARTS = 64;
/** A part goes over for so many new events; the small trees hold half of that for each part, some two hundred pages. */
const EVENTS_A_PART = 512;

const FIRST_BYTES = 256 / PARTS;
/** Beyond every key. */
const END = Buffer.alloc(17, 0xff);

export class EventIndex {
  readonly #moves: readonly StatementSync[];
  // Anywhere, so that each part has its turn though a process takes in few events.
  #waiting = randomInt(EVENTS_A_PART);
  #part = randomInt(PARTS);

  constructor(ledger: DatabaseSync) {
    this.#moves = [
      ...moves('event_ids', 'id, at').map((sql) => ledger.prepare(sql)),
      ...moves('dossier_events', 'subject, at').map((sql) => ledger.prepare(sql)),
    ];
  }

  /** Tells of so many new events; inside the transaction that brings them. */
  grown(events: number): void {
    this.#waiting += events;
    for (; this.#waiting >= EVENTS_A_PART; this.#waiting -= EVENTS_A_PART) this.#settle();
  }

  /** The next part goes over. After a commit that failed it stays where it was until its turn comes again. */
  #settle(): void {
    const from = this.#part * FIRST_BYTES;
    this.#part = (this.#part + 1) % PARTS;
    // The controller's own events have an empty subject.
    const first = from === 0 ? Buffer.alloc(0) : Buffer.of(from);
    const end = this.#part === 0 ? END : Buffer.of(from + FIRST_BYTES);
    for (const move of this.#moves) move.run(first, end);
  }
}

/** In the order of the key, so that a page is met once. */
function moves(table: string, columns: string): readonly string[] {
  const [key] = columns.split(',');
  const range = `WHERE ${key} >= ? AND ${key} < ?`;
  return [
    `INSERT INTO ${table} SELECT ${columns} FROM new_${table} ${range} ORDER BY ${columns}`,
    `DELETE FROM new_${table} ${range}`,
  ];
}
