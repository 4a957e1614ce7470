/** The keys of new dossiers in `keys.db`, as the writer stores them: those that a group brings, and those made ahead. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { mintDossier } from '../sealing/mint.js';
import type { RootKey } from '../sealing/root-key.js';
import { wholeKeyRow } from './controller-keys.js';
import { SUPPLIED_BYTES } from './key-supply.js';
import { transaction } from './shred.js';

export class NewKeys {
  readonly #keys: DatabaseSync;
  readonly #root: RootKey;
  readonly #add: StatementSync;

  constructor(keys: DatabaseSync, root: RootKey) {
    this.#keys = keys;
    this.#root = root;
    this.#add = keys.prepare(`INSERT INTO keys VALUES (?, '', ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  }

  /** What `work` adds is on the disk when it returns, all of it or nothing. */
  store(work: () => void): void {
    transaction(this.#keys, work);
  }

  add(controller: string, subject: Uint8Array, id: Uint8Array, whole: Uint8Array): void {
    this.#add.run(...wholeKeyRow(this.#root, controller, subject, id, whole));
  }

  /** Makes and stores keys of dossiers to come: each subject(16) ‖ id(16) ‖ key(32). */
  make(controller: string, count: number): Uint8Array {
    const made = Buffer.allocUnsafeSlow(count * SUPPLIED_BYTES);
    this.store(() => {
      for (let at = 0; at < made.length; at += SUPPLIED_BYTES) {
        const { subject, id, whole } = mintDossier();
        made.set(subject, at);
        made.set(id, at + subject.length);
        made.set(whole, at + subject.length + id.length);
        this.add(controller, subject, id, whole);
      }
    });
    return made;
  }
}
