/** Shredding on the embedded engine: the writer does it between groups, and intake prepares nothing meanwhile. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ControllerId, SubjectRef } from '#ledger';
import { Keys } from '../ports.js';
import type { Controllers } from './controllers.js';
import type { Intake } from './intake.js';
import { idBytes, idText } from '../sealing/mint.js';
import { referenceName } from '../sealing/naming.js';
import { DIGEST_LABEL, TEXT_LABEL } from '../sealing/seal.js';
import type { WriterThread } from './writer-thread.js';

export class EmbeddedKeys extends Keys {
  readonly #controllers: Controllers;
  readonly #intake: Intake;
  readonly #thread: WriterThread;
  readonly #reference: StatementSync;

  constructor(controllers: Controllers, intake: Intake, thread: WriterThread, ledger: DatabaseSync) {
    super();
    this.#reference = ledger.prepare('SELECT ref FROM refs WHERE controller = ? AND hmac = ?');
    this.#controllers = controllers;
    this.#intake = intake;
    this.#thread = thread;
  }

  override async shredDossier(id: ControllerId, ref: SubjectRef): Promise<void> {
    const controller = this.#controllers.known(id)?.no;
    const subject = idBytes(ref);
    if (controller === undefined || subject === undefined) return;
    await this.#intake.exclusively(() => this.#thread.run({ kind: 'shred-dossier', controller, subject }));
  }

  override async shredItem(id: ControllerId, ref: SubjectRef, item: string): Promise<void> {
    const controller = this.#controllers.known(id);
    const subject = idBytes(ref);
    if (controller === undefined || subject === undefined) return;
    if (item === '' || item === TEXT_LABEL || item === DIGEST_LABEL) throw new RangeError('not an item');
    await this.#intake.exclusively(() => {
      // What came before a pack listed the item has a reference for its label.
      const row = this.#reference.get(controller.no, referenceName(controller.pepper, 'item', item));
      const labels = row === undefined ? [item] : [item, idText(row['ref'] as Uint8Array)];
      return this.#thread.run({ kind: 'shred-item', controller: controller.no, subject, labels });
    });
  }
}
