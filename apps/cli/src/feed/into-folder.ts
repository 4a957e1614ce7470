/** Feeds a data folder that this process holds, through the same intake as the server's, a few groups at a time. */
import { type Controllers, Metrics, SystemClock } from '#host';
import { type ControllerId, MAX_ACTION_BYTES } from '#ledger';
import { type ActionAnswer, Eraser, type Line, LineSplitter, RecordActions, RecordActionsHandler } from '#roles';
import { type AccessKey, type Store, StoreFailure } from '#store';
import { wrongUse } from '../failure.js';
import { storeFailed } from '../folder.js';
import type { FeedParts } from './over-http.js';

const GROUP_LINES = 500;
const GROUP_BYTES = 256 * 1024;
const TELL_EVERY_MS = 5_000;
/** One group is written while the next is judged and the one after it is read. */
const GROUPS_AT_ONCE = 6;

/** Throws CommandFailure 3 where the store fails; what was answered until then is durable. */
export async function feedFolder(
  store: FolderStore,
  controllers: Controllers,
  controller: ControllerId,
  parts: FeedParts,
): Promise<void> {
  if (!controllers.has(controller))
    throw wrongUse('No pack names this controller. Give the folder of its packs as --packs.');
  await new FolderFeed(store, controllers, controller, parts).run();
}

/** What a feed writes into: the log, and what follows destructions that it tells of. */
export type FolderStore = Pick<Store, 'ledger' | 'destructions'>;

class FolderFeed {
  readonly #eraser: Eraser;
  readonly #handler: RecordActionsHandler;
  readonly #controller: ControllerId;
  readonly #parts: FeedParts;
  readonly #key: AccessKey;
  readonly #base: number;
  readonly #underWay: Promise<void>[] = [];
  #answered: Promise<void> = Promise.resolve();

  constructor(store: FolderStore, controllers: Controllers, controller: ControllerId, parts: FeedParts) {
    const clock = new SystemClock();
    this.#eraser = new Eraser(store.ledger, store.destructions, controllers, clock);
    this.#handler = new RecordActionsHandler(store.ledger, controllers, clock, new Metrics(), this.#eraser);
    this.#controller = controller;
    this.#parts = parts;
    this.#base = parts.unanswered.answered;
    // Whoever holds the folder may write all of it; this is the key that the server would have seen.
    const id = '' as AccessKey['id'];
    this.#key = { id, controller, role: 'emitter', subject: null, created: new Date(clock.now()).toISOString() };
  }

  async run(): Promise<void> {
    const { source, unanswered } = this.#parts;
    const splitter = new LineSplitter(MAX_ACTION_BYTES);
    let lines: Line[] = [];
    let bytes = 0;
    for (let chunk = await source.take(); chunk !== undefined; chunk = await source.take()) {
      unanswered.push(chunk);
      splitter.push(chunk.bytes);
      for (let line = splitter.next(); line !== undefined; line = splitter.next()) lines.push(line);
      bytes += chunk.bytes.length;
      if (lines.length < GROUP_LINES && bytes < GROUP_BYTES) continue;
      for (const group of groupsOf(lines)) await this.#submit(group);
      lines = [];
      bytes = 0;
    }
    for (const group of groupsOf(lines)) await this.#submit(group);
    await this.#answered;
    unanswered.settleAll();
    this.#parts.onAnswered();
    await this.#finish();
  }

  /** What was reported as destroyed goes from the folder, too: long work where there is much of it. */
  async #finish(): Promise<void> {
    let toldMs = performance.now();
    await this.#eraser.finish((done, people) => {
      if (performance.now() - toldMs < TELL_EVERY_MS) return;
      toldMs = performance.now();
      this.#parts.say(`all is recorded; of ${people} people something was destroyed: followed for ${done}`);
    });
  }

  /** Waits for room, so that memory stays bounded however fast the source is. */
  async #submit(group: readonly Line[]): Promise<void> {
    while (this.#underWay.length >= GROUPS_AT_ONCE) await this.#underWay[0];
    const texts = group.map((line) => line.bytes);
    const answers = this.#handler.execute(
      new RecordActions(this.#controller, texts, this.#key, { receipts: false, wait: true }),
    );
    const numbers = group.map((line) => line.number);
    const answered = this.#answer(this.#answered, numbers, answers);
    this.#answered = answered;
    this.#underWay.push(answered);
    // A failure is met by whoever waits for room, or at the end.
    answered.then(
      () => void this.#underWay.shift(),
      () => undefined,
    );
  }

  async #answer(
    before: Promise<void>,
    numbers: readonly number[],
    answers: Promise<readonly ActionAnswer[]>,
  ): Promise<void> {
    const [first, second] = await Promise.allSettled([before, answers]);
    if (first.status === 'rejected') throw first.reason;
    if (second.status === 'rejected') {
      throw second.reason instanceof StoreFailure ? storeFailed(second.reason) : second.reason;
    }
    const { tally, unanswered, onAnswered } = this.#parts;
    second.value.forEach((answer, index) => {
      const line = this.#base + (numbers[index] ?? 0);
      tally.add(line, answer.status === 'refused' ? { status: 'refused', problem: answer } : { status: answer.status });
      unanswered.settle(line);
    });
    onAnswered();
  }
}

function* groupsOf(lines: readonly Line[]): Generator<readonly Line[]> {
  for (let start = 0; start < lines.length; start += GROUP_LINES) yield lines.slice(start, start + GROUP_LINES);
}
