/** Shredding on the embedded engine: the writer does it between groups, and intake prepares nothing meanwhile. */
import type { ControllerId, SubjectRef } from '#ledger';
import { Keys } from '../ports.js';
import type { Controllers } from './controllers.js';
import type { Intake } from './intake.js';
import { idBytes } from '../sealing/mint.js';
import { DIGEST_LABEL, TEXT_LABEL } from '../sealing/seal.js';
import type { WriterThread } from './writer-thread.js';

export class EmbeddedKeys extends Keys {
  readonly #controllers: Controllers;
  readonly #intake: Intake;
  readonly #thread: WriterThread;

  constructor(controllers: Controllers, intake: Intake, thread: WriterThread) {
    super();
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
    const controller = this.#controllers.known(id)?.no;
    const subject = idBytes(ref);
    if (controller === undefined || subject === undefined) return;
    if (item === '' || item === TEXT_LABEL || item === DIGEST_LABEL) throw new RangeError('not an item');
    await this.#intake.exclusively(() => this.#thread.run({ kind: 'shred-item', controller, subject, item }));
  }
}
