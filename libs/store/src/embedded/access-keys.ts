/** API keys on the embedded engine: 256 random bits, of which only SHA-256 is kept. */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ControllerId, KeyRole, Reference, SubjectRef } from '#ledger';
import { AccessKeys, type AccessKey, type Clock } from '../ports.js';
import { sha256 } from './hashing.js';
import { idBytes, idText, mintReference } from './mint.js';
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
    this.#byHash = ledger.prepare('SELECT id, controller, role, subject, created FROM access_keys WHERE hash = ?');
    this.#list = ledger.prepare(
      `SELECT id, controller, role, subject, created FROM access_keys WHERE ?1 = '*' OR controller = ?1 ORDER BY created, id`,
    );
  }

  override async add(key: {
    controller: ControllerId | '*';
    role: KeyRole;
    subject?: SubjectRef;
  }): Promise<{ secret: string; key: AccessKey }> {
    const { controller, role } = key;
    if (controller === '*' && role !== 'admin') throw new RangeError('a key to all controllers is an admin’s');
    if ((role === 'subject') !== (key.subject !== undefined)) throw new RangeError('a subject’s key names the subject');
    const subject = key.subject === undefined ? null : idBytes(key.subject);
    if (subject === undefined) throw new RangeError('not the reference of a subject');
    const secret = randomBytes(32).toString('base64url');
    const id = mintReference();
    const created = Math.floor(this.#clock.now());
    const row = { hash: sha256(Buffer.from(secret)), id: id.bytes, controller, role, subject, created };
    await this.#thread.run({ kind: 'add-access-key', row });
    return { secret, key: accessKey({ id: id.bytes, controller, role, subject, created }) };
  }

  override async check(secret: string): Promise<AccessKey | undefined> {
    const row = this.#byHash.get(sha256(Buffer.from(secret)));
    return row === undefined ? undefined : accessKey(row);
  }

  override async list(controller: ControllerId | '*'): Promise<readonly AccessKey[]> {
    return this.#list.all(controller).map(accessKey);
  }
}

function accessKey(row: Readonly<Record<string, unknown>>): AccessKey {
  const subject = row['subject'] as Uint8Array | null;
  return {
    id: idText(row['id'] as Uint8Array) as Reference,
    controller: row['controller'] as ControllerId | '*',
    role: row['role'] as KeyRole,
    subject: subject === null ? null : (idText(subject) as SubjectRef),
    created: new Date(row['created'] as number).toISOString(),
  };
}
