/** Positions of followers beside the log that they follow, for whichever process takes up where another was. */
import type { ControllerId, Position } from '#ledger';
import { FollowerPositions } from '../follower-positions.js';
import type { Postgres } from './postgres.js';

const SQL = {
  position: {
    name: 'followers-position',
    text: 'SELECT position FROM depter.followers WHERE controller = $1 AND follower = $2',
  },
  /** A follower that never advanced has no row, and stands at 0. */
  begin: {
    name: 'followers-begin',
    text: 'INSERT INTO depter.followers (controller, follower, position) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING',
  },
  advance: {
    name: 'followers-advance',
    text: `UPDATE depter.followers SET position = $4 WHERE controller = $1 AND follower = $2 AND position = $3`,
  },
};

export class PostgresPositions extends FollowerPositions {
  readonly #postgres: Postgres;

  constructor(postgres: Postgres) {
    super();
    this.#postgres = postgres;
  }

  override async position(controller: ControllerId, follower: string): Promise<Position> {
    const [row] = await this.#postgres.rows(SQL.position, [controller, follower]);
    return (row?.['position'] as Position | undefined) ?? 0;
  }

  override async advance(controller: ControllerId, follower: string, from: Position, to: Position): Promise<boolean> {
    if (from === 0) await this.#postgres.run(SQL.begin, [controller, follower]);
    return (await this.#postgres.run(SQL.advance, [controller, follower, from, to])) === 1;
  }
}
