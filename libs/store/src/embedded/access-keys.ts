/** API keys on the embedded engine. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ControllerId, KeyRole, SubjectRef } from '#ledger';
import { AccessKeys, type AccessKey, type Clock } from '../ports.js';
import { accessKeyOf, hashOf, makeAccessKey } from '../sealing/access-key.js';
import type { WriterThread } from './writer-thread.js';

export class EmbeddedAccessKeys extends AccessKeys {
  readonly #thread: WriterThread;
  readonly #clock: Clock;
  readonly #byHash: StatementSync;
  readonly #list: StatementSync;

  constructor(thread: WriterThread, ledger: DatabaseSync, clock: Clock) {
    super();
    this.#thread = thread;
    this.#clock = clock;
    this.#byHash = ledger.prepare(
      'SELECT id, controller, role, subject, created FROM access_keys WHERE hash = ? AND ended IS NULL',
    );
    this.#list = ledger.prepare(
      `SELECT id, controller, role, subject, created FROM access_keys WHERE ?1 = '*' OR controller = ?1 ORDER BY created, id`,
    );
  }

  override async add(key: {
    controller: ControllerId | '*';
    role: KeyRole;
    subject?: SubjectRef;
  }): Promise<{ secret: string; key: AccessKey }> {
    const { secret, row } = makeAccessKey(key, this.#clock.now());
    await this.#thread.run({ kind: 'add-access-key', row });
    return { secret, key: accessKeyOf(row) };
  }

  override async check(secret: string): Promise<AccessKey | undefined> {
    const row = this.#byHash.get(hashOf(secret));
    return row === undefined ? undefined : accessKeyOf(row);
  }

  override async list(controller: ControllerId | '*'): Promise<readonly AccessKey[]> {
    return this.#list.all(controller).map(accessKeyOf);
  }
}
