/** Tells whoever waits for an accepted event at which position the sequencer has placed it. */
import type { Position } from '#ledger';
import type { StoreFailure } from '../ports.js';
import type { Controller } from '../sealing/controller.js';
import { BackOff } from './back-off.js';
import type { Postgres } from './postgres.js';
import { PLACED_CHANNEL } from './sequencing-postgres.js';

/** Without a notice, one looks this often while somebody waits. */
const LOOK_MS = 250;
const READ_AT_ONCE = 2000;

const PLACED = {
  name: 'placements-read',
  text: `SELECT seq, position FROM depter.placed WHERE controller = $1 AND position >= $2 ORDER BY position LIMIT ${READ_AT_ONCE}`,
};

type Told = (position: Position) => void;

interface Waiting {
  readonly controller: Controller;
  readonly seqs: Map<number, Told[]>;
  /** The first position that was not looked at. */
  next: Position;
  looking: boolean;
}

export class Placements {
  readonly #postgres: Postgres;
  readonly #waiting = new Map<number, Waiting>();
  readonly #closed = new AbortController();

  constructor(postgres: Postgres) {
    this.#postgres = postgres;
  }

  /** Calls `told` once with the position of an event; `floor` is a position that it cannot be below. */
  tell(controller: Controller, seq: number, floor: Position, told: Told): void {
    let waiting = this.#waiting.get(controller.no);
    if (waiting === undefined) {
      waiting = { controller, seqs: new Map(), next: floor, looking: false };
      this.#waiting.set(controller.no, waiting);
    }
    // Where nobody waited, positions were passed over; where somebody does, this one may have been.
    waiting.next = waiting.seqs.size === 0 ? floor : Math.min(waiting.next, floor);
    const those = waiting.seqs.get(seq);
    if (those === undefined) waiting.seqs.set(seq, [told]);
    else those.push(told);
    if (!waiting.looking) void this.#look(waiting);
  }

  /** Nobody is told any more. */
  close(): void {
    this.#closed.abort();
  }

  async #look(waiting: Waiting): Promise<void> {
    waiting.looking = true;
    const ear = this.#postgres.notices.listen(PLACED_CHANNEL, waiting.controller.id);
    const backOff = new BackOff();
    const closed = this.#closed.signal;
    try {
      while (waiting.seqs.size > 0 && !closed.aborted) {
        try {
          const read = await this.#read(waiting);
          backOff.reset();
          if (read < READ_AT_ONCE && waiting.seqs.size > 0) await ear.wait(LOOK_MS, closed);
        } catch (failure) {
          // PostgreSQL is away; those who wait have their bound.
          if (!isRetryable(failure)) throw failure;
          await backOff.pause(closed);
        }
      }
    } finally {
      ear.close();
      waiting.looking = false;
    }
  }

  async #read(waiting: Waiting): Promise<number> {
    const { controller, seqs } = waiting;
    const from = waiting.next;
    const rows = await this.#postgres.rows(PLACED, [controller.no, from]);
    for (const row of rows) {
      const [seq, position] = [row['seq'] as number, row['position'] as number];
      for (const told of seqs.get(seq) ?? []) told(position);
      seqs.delete(seq);
      controller.size = Math.max(controller.size, position + 1);
    }
    const last = rows.at(-1)?.['position'] as number | undefined;
    // Somebody may have come meanwhile who must be looked for further back.
    if (last !== undefined && waiting.next === from) waiting.next = last + 1;
    return rows.length;
  }
}

function isRetryable(failure: unknown): boolean {
  return (failure as StoreFailure | null)?.retryable === true;
}
