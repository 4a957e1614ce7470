/** API keys on the cluster engine. */
import type { ControllerId, KeyRole, SubjectRef } from '#ledger';
import { AccessKeys, type AccessKey, type Clock } from '../ports.js';
import { accessKeyOf, hashOf, makeAccessKey } from '../sealing/access-key.js';
import type { Postgres } from './postgres.js';

const SQL = {
  add: {
    name: 'access-keys-add',
    text: `INSERT INTO depter.access_keys (hash, id, controller, role, subject, created) VALUES ($1, $2, $3, $4, $5, $6)`,
  },
  check: {
    name: 'access-keys-check',
    text: 'SELECT id, controller, role, subject, created FROM depter.access_keys WHERE hash = $1 AND ended IS NULL',
  },
  list: {
    name: 'access-keys-list',
    text: `SELECT id, controller, role, subject, created FROM depter.access_keys WHERE ended IS NULL AND ($1 = '*' OR controller = $1)
      ORDER BY created, id`,
  },
};

export class ClusterAccessKeys extends AccessKeys {
  readonly #postgres: Postgres;
  readonly #clock: Clock;

  constructor(postgres: Postgres, clock: Clock) {
    super();
    this.#postgres = postgres;
    this.#clock = clock;
  }

  override async add(key: {
    controller: ControllerId | '*';
    role: KeyRole;
    subject?: SubjectRef;
  }): Promise<{ secret: string; key: AccessKey }> {
    const { secret, row } = makeAccessKey(key, this.#clock.now());
    await this.#postgres.run(SQL.add, [row.hash, row.id, row.controller, row.role, row.subject, row.created]);
    return { secret, key: accessKeyOf(row) };
  }

  override async check(secret: string): Promise<AccessKey | undefined> {
    const [row] = await this.#postgres.rows(SQL.check, [hashOf(secret)]);
    return row && accessKeyOf(row);
  }

  override async list(controller: ControllerId | '*'): Promise<readonly AccessKey[]> {
    return (await this.#postgres.rows(SQL.list, [controller])).map(accessKeyOf);
  }
}
