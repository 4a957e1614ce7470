/** How far the actions of a database have come, as it tells itself. */
import { Postgres } from '#store';
import { peerFailed } from '../../failure.js';

const LOOK_MS = 50;
const STUCK_MS = 120_000;
/** Longer than followers rest. */
const SETTLED_LOOK_MS = 1000;
const SETTLED_LOOKS = 10;
const SETTLED_WITHIN_MS = 90_000;

export interface Counted {
  readonly actions: number;
  readonly events: number;
}

export class Progress {
  readonly #postgres: Postgres;

  constructor(url: string) {
    this.#postgres = new Postgres({ url, connectionsMax: 1, deadlineMs: 60_000 });
  }

  /** Events accepted so far, and which part of them are actions' first. */
  async accepted(): Promise<Counted> {
    const [row] = await this.#postgres.rows(
      'SELECT count(*) AS events, count(*) FILTER (WHERE first_seq IS NULL) AS actions FROM depter.events',
    );
    return { actions: row?.['actions'] as number, events: row?.['events'] as number };
  }

  /** Events that a signed checkpoint covers. */
  async covered(): Promise<number> {
    const [row] = await this.#postgres.rows('SELECT coalesce(sum(size), 0)::bigint AS size FROM depter.generations');
    return row?.['size'] as number;
  }

  /**
   * Watches until `isDone`, asked whenever nothing has grown for a moment; when, by `performance.now()`, a checkpoint first
   * covered anything and how many events it did, and when the last one came. Throws CommandFailure 3 where nothing goes on.
   */
  async watch(
    isDone: () => Promise<boolean>,
  ): Promise<{ readonly first: number; readonly begun: number; readonly end: number }> {
    let [first, begun, size] = [0, 0, 0];
    let end = performance.now();
    for (let still = 0; ; still += 1) {
      const covered = await this.covered();
      const now = performance.now();
      if (covered > size) {
        if (begun === 0) [first, begun] = [covered, now];
        [size, end, still] = [covered, now, 0];
      } else if (size > 0 && still % 10 === 9 && (await isDone())) return { first, begun, end };
      if (now - end > STUCK_MS) throw peerFailed(`Nothing was placed for ${STUCK_MS / 1000} s.`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Watches for 90 s at most until no more of the reported destructions are followed: some wait for what keeps their items. */
  async settled(): Promise<void> {
    let owed = -1;
    const end = performance.now() + SETTLED_WITHIN_MS;
    for (let still = 0; still < SETTLED_LOOKS && performance.now() < end; still += 1) {
      const [row] = await this.#postgres.rows(
        `SELECT count(*) + (SELECT count(*) FROM depter.destructions) AS owed FROM depter.owed_destructions`,
      );
      if (row?.['owed'] !== owed) still = 0;
      owed = row?.['owed'] as number;
      await new Promise((resolve) => setTimeout(resolve, SETTLED_LOOK_MS));
    }
  }

  close(): Promise<void> {
    return this.#postgres.close();
  }
}
