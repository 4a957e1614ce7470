/** The writer thread as the main thread sees it: groups go, answers come back in order, errands are promises. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { StoreFailure } from '../ports.js';
import { readAnswers, type Answer } from './group-frame.js';
import type {
  Errand,
  ErrandResults,
  FailureMessage,
  FromWriter,
  LogState,
  ToWriter,
  WriterSettings,
} from './writer-port.js';

export interface WriterEvents {
  /** `spare` is memory that a group may be written into. */
  acknowledged(serial: number, answers: Answer[], spare: ArrayBuffer): void;
  failed(serial: number, failure: StoreFailure): void;
  /** The thread is gone: nothing is answered any more. */
  lost(failure: StoreFailure): void;
}

interface Call {
  readonly resolve: (result: ErrandResults[keyof ErrandResults]) => void;
  readonly reject: (failure: StoreFailure) => void;
}

export class WriterThread {
  readonly #worker: Worker;
  readonly #calls = new Map<number, Call>();
  #lastCall = 0;
  #lost: StoreFailure | undefined;
  #closed: (() => void) | undefined;
  readonly #end = Promise.withResolvers<StoreFailure>();
  events: WriterEvents | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  /** Starts the thread and waits until it has checked the folder. Throws what it refused the folder for. */
  static async start(settings: WriterSettings): Promise<{ thread: WriterThread; logs: readonly LogState[] }> {
    const worker = new Worker(writerFile(), {
      workerData: settings,
      name: 'writer',
      // Nothing lives long there but the trees: a small nursery is as quick.
      resourceLimits: { maxYoungGenerationSizeMb: 6 },
    });
    const thread = new WriterThread(worker);
    const logs = await new Promise<readonly LogState[]>((resolve, reject) => {
      worker.on('message', (message: FromWriter) => {
        if (message.kind === 'ready') resolve(message.logs);
        else if (message.kind === 'refused') reject(failureOf(message.failure));
        else thread.#receive(message);
      });
      worker.on('error', (error) => {
        // What a bug says may hold what it was working on: only its kind is told.
        const failure = new StoreFailure(
          'unavailable',
          `the writer stopped (${(error as Partial<Error> | null)?.name ?? 'error'})`,
          false,
        );
        reject(failure);
        thread.#lose(failure);
      });
      worker.on('exit', () => {
        thread.#closed?.();
        const failure = new StoreFailure('unavailable', 'the writer has ended', false);
        reject(failure);
        thread.#lose(failure);
      });
    });
    return { thread, logs };
  }

  /** Gives the group's memory away. */
  send(serial: number, epoch: number, group: Buffer): void {
    const bytes = group.buffer as ArrayBuffer;
    this.#post({ kind: 'group', serial, epoch, bytes, length: group.length }, [bytes]);
  }

  run<K extends Errand['kind']>(errand: Extract<Errand, { kind: K }>): Promise<ErrandResults[K]> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    const call = ++this.#lastCall;
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve: resolve as Call['resolve'], reject });
      this.#post({ kind: 'errand', call, errand });
    });
  }

  /** Settles where the thread has ended by itself. */
  get lost(): Promise<StoreFailure> {
    return this.#end.promise;
  }

  /** Ends the thread after all that was sent before. */
  async close(): Promise<void> {
    if (this.#lost !== undefined) return;
    const ended = new Promise<void>((resolve) => (this.#closed = resolve));
    this.#post({ kind: 'close' });
    await ended;
  }

  #post(message: ToWriter, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #receive(message: FromWriter): void {
    switch (message.kind) {
      case 'acknowledged':
        this.events?.acknowledged(
          message.serial,
          readAnswers(new Uint8Array(message.bytes, 0, message.length)),
          message.spare,
        );
        return;
      case 'failed':
        this.events?.failed(message.serial, failureOf(message.failure));
        return;
      case 'done':
        this.#take(message.call)?.resolve(message.result);
        return;
      case 'undone':
        this.#take(message.call)?.reject(failureOf(message.failure));
        return;
      case 'closed':
      case 'ready':
      case 'refused':
        return;
    }
  }

  #take(call: number): Call | undefined {
    const waiting = this.#calls.get(call);
    this.#calls.delete(call);
    return waiting;
  }

  #lose(failure: StoreFailure): void {
    if (this.#lost !== undefined) return;
    this.#lost = failure;
    for (const call of this.#calls.values()) call.reject(failure);
    this.#calls.clear();
    this.events?.lost(failure);
    if (this.#closed === undefined) this.#end.resolve(failure);
  }
}

function failureOf({ code, message, retryable }: FailureMessage): StoreFailure {
  return new StoreFailure(code, message, retryable);
}

/** A thread starts compiled code: beside this file, or where the build puts it when this file runs as source. */
function writerFile(): string {
  const here = fileURLToPath(import.meta.url);
  const beside = join(dirname(here), 'writer.js');
  if (here.endsWith('.js')) return beside;
  const built = join(dirname(here), '../../../../dist/libs/store/src/embedded/writer.js');
  if (!existsSync(built)) throw new Error('The writer thread is not built: run the build before the tests.');
  return built;
}
