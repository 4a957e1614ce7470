/**
 * A stream of actions, one a line, of any length and in bounded memory. Lines are judged and recorded in groups, two or
 * three of them at once so that parsing and writing overlap; the answers go out in the order of the lines while it runs.
 *
 * Nothing is read that cannot be answered: a client that does not read its answers, or a store that is busy, stops the
 * reading, and the connection's own flow control slows the sender. Who neither sends nor reads is cut after `stallMs`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemBody, problemOf } from '#host';
import { LineSplitter, type ActionAnswer, type Line } from '#roles';
import { Cut } from './body.js';
import { lineAnswer } from './line-answer.js';

/** What a stream needs from around it. */
export interface StreamSettings {
  readonly maxActionBytes: number;
  readonly stallMs: number;
  /** Only refused lines are answered, and counts at the end. */
  readonly refusedOnly: boolean;
  /** Aborts when the server stops: the stream then ends with what it has read. */
  readonly stop: AbortSignal;
  /** How many lines a group may have now. */
  groupLines(): number;
  /** How many groups of this stream may be under way now. */
  groupsAtOnce(): number;
  /** Waits for a turn among all streams; what it gives ends the turn. */
  turn(): Promise<() => void>;
  /** Called once, before the first byte of the answer. */
  begin(): void;
  /** Judges and records; `wait` is false before the first answer, when a full queue is still 429. */
  record(texts: readonly (Buffer | undefined)[], wait: boolean): Promise<readonly ActionAnswer[]>;
}

const GROUP_BYTES = 256 * 1024;
/** Answers go out in pieces of this size, so that the progress of a slow reader can be seen. */
const WRITE_BYTES = 16 * 1024;
/** How long a client may take to read the last line of an answer that breaks off. */
const LAST_WORDS_MS = 2_000;

export class ActionStream {
  private readonly splitter: LineSplitter;
  private group: Line[] = [];
  private groupBytes = 0;
  private underWay = 0;
  private answered: Promise<void> = Promise.resolve();
  private failure: unknown;
  private lastWords: Promise<void> = Promise.resolve();
  private started = false;
  private readonly counts = { recorded: 0, repeated: 0, refused: 0 };
  private lastProgress = performance.now();
  private wake: () => void = () => undefined;

  constructor(
    private readonly input: IncomingMessage,
    private readonly output: ServerResponse,
    private readonly settings: StreamSettings,
  ) {
    this.splitter = new LineSplitter(settings.maxActionBytes);
  }

  /**
   * Runs to the end of the input, or until the server stops. Throws the Problem with which the first group was refused, as
   * long as nothing was answered; Cut where the client stalled or went away.
   */
  async run(): Promise<void> {
    const signal = (): void => this.wake();
    const events = ['readable', 'end', 'close', 'error'] as const;
    for (const event of events) this.input.on(event, signal);
    this.output.on('close', signal);
    this.output.on('drain', signal);
    this.settings.stop.addEventListener('abort', signal);
    try {
      await this.readAll();
      if (this.group.length > 0) await this.submit();
      await this.answered;
      if (this.failure !== undefined) throw this.failure;
      await this.finish();
    } finally {
      await this.lastWords;
      for (const event of events) this.input.off(event, signal);
      this.output.off('close', signal);
      this.output.off('drain', signal);
      this.settings.stop.removeEventListener('abort', signal);
    }
  }

  private async readAll(): Promise<void> {
    while (!this.settings.stop.aborted) {
      this.fill();
      if (this.isFull()) {
        await this.submit();
        continue;
      }
      const chunk = this.input.read() as Buffer | null;
      if (chunk !== null) {
        this.lastProgress = performance.now();
        this.splitter.push(chunk);
      } else if (this.group.length > 0 && this.underWay === 0) {
        await this.submit();
      } else if (this.input.readableEnded) {
        const last = this.splitter.finish();
        if (last) this.add(last);
        return;
      } else {
        await this.wait();
      }
    }
  }

  /** Takes lines for the next group, until it is full or more bytes are needed. */
  private fill(): void {
    while (!this.isFull()) {
      const line = this.splitter.next();
      if (line === undefined) return;
      this.add(line);
    }
  }

  private add(line: Line): void {
    this.group.push(line);
    this.groupBytes += line.bytes?.length ?? 0;
  }

  private isFull(): boolean {
    return this.group.length >= this.settings.groupLines() || this.groupBytes >= GROUP_BYTES;
  }

  /** Hands the group over, once there is room for it and for its answers, and it is this stream's turn. */
  private async submit(): Promise<void> {
    while (this.underWay >= this.limit() || this.output.writableNeedDrain) await this.wait();
    const endTurn = await this.settings.turn();
    if (this.failure !== undefined || this.output.destroyed) {
      endTurn();
      throw this.failure ?? new Cut();
    }
    const group = this.group;
    this.group = [];
    this.groupBytes = 0;
    const answers = this.settings.record(
      group.map((line) => line.bytes),
      this.started,
    );
    this.underWay += 1;
    this.answered = this.answer(this.answered, group, answers.finally(endTurn));
  }

  /** One group until the first is accepted, since only before an answer can the whole stream be refused. */
  private limit(): number {
    return this.started ? this.settings.groupsAtOnce() : 1;
  }

  /** Never rejects: what went wrong is kept, and met by whoever reads or ends the stream. */
  private async answer(
    before: Promise<void>,
    group: readonly Line[],
    answers: Promise<readonly ActionAnswer[]>,
  ): Promise<void> {
    const [, result] = await Promise.allSettled([before, answers]);
    this.underWay -= 1;
    this.lastProgress = performance.now();
    if (this.failure === undefined) {
      if (result.status === 'fulfilled') this.write(this.format(group, result.value));
      else this.fail(result.reason, group);
    }
    this.wake();
  }

  /**
   * A store that failed in the midst of a stream: the first line that was not recorded is answered, and the answer breaks
   * off without its end, so that the client knows to send the rest again.
   */
  private fail(error: unknown, group: readonly Line[]): void {
    this.failure = error;
    const line = group[0]?.number ?? 0;
    if (!this.started || this.output.destroyed) return;
    this.failure = new Cut();
    const problem = problemBody(problemOf(error)?.code ?? 'unavailable', { line });
    this.lastWords = this.sayLast(`${JSON.stringify({ line, status: 'refused', problem })}\n`);
  }

  /** Sends a last line and the end of the connection, but not of the answer; waits until the client has let go. */
  private async sayLast(text: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { socket } = this.output;
    this.output.once('close', resolve);
    this.output.write(text, () => socket?.end());
    // What the client still sends is thrown away: closing over unread bytes would take the last line from it.
    this.input.resume();
    const timer = setTimeout(resolve, LAST_WORDS_MS);
    await promise;
    clearTimeout(timer);
  }

  private format(group: readonly Line[], answers: readonly ActionAnswer[]): string {
    let text = '';
    answers.forEach((answer, i) => {
      this.counts[answer.status] += 1;
      const line = group[i]?.number ?? 0;
      if (answer.status === 'refused' || 'pending' in answer) text += `${JSON.stringify(lineAnswer(line, answer))}\n`;
      else if (!this.settings.refusedOnly)
        // Ids are base64url and positions numbers: nothing here needs escaping.
        text += `{"line":${line},"status":"${answer.status}","event":"${answer.event}","position":${answer.position}}\n`;
    });
    return text;
  }

  private write(text: string): void {
    this.start();
    if (this.output.destroyed) return;
    const progress = (): void => {
      this.lastProgress = performance.now();
    };
    const bytes = Buffer.from(text, 'latin1');
    for (let at = 0; at < bytes.length; at += WRITE_BYTES) {
      this.output.write(bytes.subarray(at, at + WRITE_BYTES), progress);
    }
  }

  private start(): void {
    if (this.started) return;
    this.started = true;
    this.settings.begin();
    this.output.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' });
    this.output.flushHeaders();
  }

  private async finish(): Promise<void> {
    this.write(this.settings.refusedOnly ? `${JSON.stringify(this.counts)}\n` : '');
    // A stop leaves the rest of the input unread: the connection cannot be used again.
    if (!this.input.complete) this.output.shouldKeepAlive = false;
    this.output.end();
    while (!this.output.writableFinished) await this.wait();
  }

  /** Until something happens; throws Cut where the client went away, or nothing moved for `stallMs`. */
  private async wait(): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    if (this.output.destroyed || (this.input.destroyed && !this.input.readableEnded)) throw new Cut();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.wake = resolve;
    const timer = setTimeout(resolve, this.settings.stallMs);
    await promise;
    clearTimeout(timer);
    if (this.underWay === 0 && performance.now() - this.lastProgress >= this.settings.stallMs) throw new Cut();
  }
}
