/** Runs of destructions on the embedded engine: the writer does the steps, and intake prepares nothing while it shreds. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControllerId, EventId, Position, SubjectRef } from '#ledger';
import type { Owed } from '../destructions.js';
import { Runs, type Run } from '../destruction/run.js';
import { StoreFailure, type Clock } from '../ports.js';
import { idText } from '../sealing/mint.js';
import { referenceName } from '../sealing/naming.js';
import { positionOf, type Controllers } from './controllers.js';
import type { Intake } from './intake.js';
import { POSITIONS } from './schema.js';
import { heldUp, TRUNCATE_MS } from './sweep.js';
import type { WriterThread } from './writer-thread.js';

/** Readers read for milliseconds. */
const AGAIN_MS = 25;

export class EmbeddedRuns extends Runs {
  readonly #controllers: Controllers;
  readonly #intake: Intake;
  readonly #thread: WriterThread;
  readonly #clock: Clock;
  readonly #sql: Readonly<Record<'one' | 'all' | 'reference' | 'owed', StatementSync>>;

  constructor(controllers: Controllers, intake: Intake, thread: WriterThread, ledger: DatabaseSync, clock: Clock) {
    super();
    this.#controllers = controllers;
    this.#intake = intake;
    this.#thread = thread;
    this.#clock = clock;
    this.#sql = {
      one: ledger.prepare('SELECT run FROM destructions WHERE controller = ? AND id = ?'),
      all: ledger.prepare('SELECT c.name, d.run FROM destructions d JOIN controllers c ON c.no = d.controller'),
      owed: ledger.prepare(
        'SELECT at, event, subject FROM owed_destructions WHERE controller = ? AND at >= ? ORDER BY at LIMIT ?',
      ),
      reference: ledger.prepare('SELECT ref FROM refs WHERE controller = ? AND hmac = ?'),
    };
  }

  override keep(id: ControllerId, run: Run): Promise<boolean> {
    return this.#thread.run({ kind: 'keep-run', controller: this.#no(id), run });
  }

  override async kept(id: ControllerId, run: EventId): Promise<Run | undefined> {
    const row = this.#sql.one.get(this.#no(id), bytesOf(run));
    return row && (JSON.parse(row['run'] as string) as Run);
  }

  override async all(): Promise<readonly { readonly controller: ControllerId; readonly run: Run }[]> {
    return this.#sql.all.all().map(({ name, run }) => ({
      controller: name as ControllerId,
      run: JSON.parse(run as string) as Run,
    }));
  }

  override shred(id: ControllerId, run: Run): Promise<Run> {
    if (run.state !== 'ordered') return Promise.resolve(run);
    return this.#intake.exclusively(() => this.#step('shred', id, run));
  }

  override async sweep(id: ControllerId, run: Run): Promise<Run> {
    // References that were swept are known to intake no more.
    const swept = await this.#intake.exclusively(() => this.#step('sweep', id, run));
    await this.#truncated();
    return swept;
  }

  /** The writer goes on with what comes while a reader, as a backup, holds it up. */
  async #truncated(): Promise<void> {
    const end = performance.now() + TRUNCATE_MS;
    while (!(await this.#thread.run({ kind: 'truncate' }))) {
      if (performance.now() > end) throw heldUp();
      await sleep(AGAIN_MS);
    }
  }

  override async forget(id: ControllerId, run: Run): Promise<void> {
    await this.#thread.run({ kind: 'forget-run', controller: this.#no(id), id: bytesOf(run.id) });
  }

  override async owed(id: ControllerId, from: Position, limit: number): Promise<readonly Owed[]> {
    const no = this.#controllers.known(id)?.no;
    if (no === undefined) return [];
    // Whoever asks goes on to fold people, of whom one may be huge: after a feed there is room for them.
    this.#intake.rest();
    return this.#sql.owed.all(no, no * POSITIONS + from, limit).map(({ at, event, subject }) => ({
      position: positionOf(at as number),
      event: idText(event as Uint8Array) as EventId,
      subject: idText(subject as Uint8Array) as SubjectRef,
    }));
  }

  override async labelsOf(id: ControllerId, item: string): Promise<readonly string[]> {
    const controller = this.#controllers.known(id);
    if (controller === undefined) return [item];
    const row = this.#sql.reference.get(controller.no, referenceName(controller.pepper, 'item', item));
    return row === undefined ? [item] : [item, idText(row['ref'] as Uint8Array)];
  }

  #step(kind: 'shred' | 'sweep', id: ControllerId, run: Run): Promise<Run> {
    const now = Math.floor(this.#clock.now());
    const errand = { controller: this.#no(id), id: bytesOf(run.id), now };
    return kind === 'shred' ? this.#thread.run({ kind, ...errand }) : this.#thread.run({ kind, ...errand });
  }

  #no(id: ControllerId): number {
    const no = this.#controllers.known(id)?.no;
    if (no === undefined) throw new StoreFailure('unavailable', 'the controller has no log', false);
    return no;
  }
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}
