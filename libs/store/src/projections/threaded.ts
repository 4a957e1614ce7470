/** The boards of a data folder, kept by a thread of their own, which is started by the first who asks for them. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ClockRow, ControllerId, FindingRow, Standing } from '#ledger';
import { StoreFailure } from '../ports.js';
import {
  Projections, type BoardPage, type BoardProgress, type BoardRow, type ClockOrder, type StaleDossier, type Touched,
} from './port.js'; // prettier-ignore
import type { Answer, BoardsSettings, Call, CallName } from './thread-port.js';

/** The file's name in a data folder. */
export const BOARDS_FILE = 'projections.db';

type Result<Name extends CallName> = Awaited<ReturnType<Projections[Name]>>;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (failure: StoreFailure) => void;
}

export class ThreadedBoards extends Projections {
  readonly #path: string;
  #thread: BoardsThread | undefined;
  #closed = false;

  constructor(dir: string) {
    super();
    this.#path = join(dir, BOARDS_FILE);
  }

  override progress(controller: ControllerId): Promise<BoardProgress> {
    return this.#ask('progress', controller);
  }
  override touch(controller: ControllerId, version: number, touched: Touched): Promise<number | undefined> {
    return this.#ask('touch', controller, version, touched);
  }
  override reevaluate(controller: ControllerId, version: number, rules: string): Promise<number | undefined> {
    return this.#ask('reevaluate', controller, version, rules);
  }
  override stale(controller: ControllerId, day: string, limit: number): Promise<readonly StaleDossier[]> {
    return this.#ask('stale', controller, day, limit);
  }
  override isDue(controller: ControllerId, day: string): Promise<boolean> {
    return this.#ask('isDue', controller, day);
  }
  override reevaluating(controller: ControllerId, rules: string): Promise<number> {
    return this.#ask('reevaluating', controller, rules);
  }
  override store(controller: ControllerId, version: number, people: readonly Standing[]): Promise<number | undefined> {
    return this.#ask('store', controller, version, people);
  }
  override clocks(
    controller: ControllerId,
    today: string,
    order: ClockOrder,
    states: readonly ClockRow['state'][],
    page: BoardPage,
  ): Promise<readonly BoardRow<ClockRow>[]> {
    return this.#ask('clocks', controller, today, order, states, page);
  }
  override findings(
    controller: ControllerId,
    states: readonly FindingRow['state'][],
    page: BoardPage,
  ): Promise<readonly BoardRow<FindingRow>[]> {
    return this.#ask('findings', controller, states, page);
  }
  override outstanding(controller: ControllerId): Promise<ReadonlyMap<string, number>> {
    return this.#ask('outstanding', controller);
  }
  override clear(): Promise<void> {
    return this.#ask('clear');
  }

  override async close(): Promise<void> {
    if (this.#closed) return;
    const isUsed = this.#thread?.isLost === false;
    // Nobody else asks any more: what is asked already is answered first.
    const last = isUsed ? this.#ask('close') : undefined;
    this.#closed = true;
    await last;
    if (isUsed) await this.#thread?.end();
  }

  #ask<Name extends CallName>(name: Name, ...values: Parameters<Projections[Name]>): Promise<Result<Name>> {
    if (this.#closed) return Promise.reject(new StoreFailure('unavailable', 'the store is closed', false));
    // A thread that is lost leaves a file from which the next goes on.
    if (this.#thread === undefined || this.#thread.isLost) this.#thread = new BoardsThread(this.#path);
    return this.#thread.ask(name, values) as Promise<Result<Name>>;
  }
}

class BoardsThread {
  isLost = false;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  #last = 0;

  constructor(path: string) {
    const workerData: BoardsSettings = { path };
    this.#worker = new Worker(threadFile(), {
      workerData,
      name: 'boards',
      // Nothing lives long there: a small nursery is as quick.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    // The process does not live on for it.
    this.#worker.unref();
    this.#worker.on('message', (answer: Answer) => this.#take(answer));
    this.#worker.on('error', (error) => {
      // What a bug says may hold what it was working on: only its kind is told.
      this.#lose(`the thread of the boards stopped (${(error as Partial<Error> | null)?.name ?? 'error'})`);
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#lose('the thread of the boards has ended');
        resolve();
      });
    });
  }

  /** Resolves when the thread is gone, which is waited for. */
  end(): Promise<void> {
    this.#worker.ref();
    return this.#ended;
  }

  ask(name: CallName, values: readonly unknown[]): Promise<unknown> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      const call: Call = { id, name, values };
      this.#worker.postMessage(call);
    });
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (answer.kind === 'done') waiting?.resolve(answer.result);
    else {
      const { code, message, retryable } = answer.failure;
      waiting?.reject(new StoreFailure(code, message, retryable));
    }
  }

  #lose(message: string): void {
    this.isLost = true;
    for (const { reject } of this.#waiting.values()) reject(new StoreFailure('unavailable', message, true));
    this.#waiting.clear();
  }
}

/** A thread starts compiled code: beside this file, or where the build puts it when this file runs as source. */
function threadFile(): string {
  const here = fileURLToPath(import.meta.url);
  const beside = join(dirname(here), 'thread.js');
  if (here.endsWith('.js')) return beside;
  const built = join(dirname(here), '../../../../dist/libs/store/src/projections/thread.js');
  if (!existsSync(built)) throw new Error('The thread of the boards is not built: run the build before the tests.');
  return built;
}
