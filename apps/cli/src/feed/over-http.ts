/**
 * Feeds lines to a server over one NDJSON stream at a time, with back-pressure both ways: no more is read than waits for
 * an answer. Whatever cuts the stream, the next one begins with the first line that has no answer.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isBlank } from '#roles';
import { CommandFailure, peerFailed } from '../failure.js';
import { bodyOf, errorCode, open, type Peer, refusal } from '../peer.js';
import { AnswerLines } from './answer-lines.js';
import type { LineSource } from './source.js';
import type { LineAnswer, Tally } from './tally.js';
import type { Unanswered } from './unanswered.js';

export interface HttpFeedSettings {
  readonly peer: Peer;
  readonly controller: string;
  /** How long to go on without any answer before giving up, in seconds. */
  readonly retrySeconds: number;
}

export interface FeedParts {
  readonly source: LineSource;
  readonly unanswered: Unanswered;
  readonly tally: Tally;
  /** Something was answered. */
  readonly onAnswered: () => void;
  /** Something the user may wonder about, as a sentence. */
  readonly say: (line: string) => void;
}

/** How one stream ended. */
type Ended =
  | { readonly kind: 'complete' }
  | { readonly kind: 'cut'; readonly why: string; readonly afterMs: number }
  | { readonly kind: 'failed'; readonly failure: CommandFailure };

const WINDOW_BYTES = 4 * 1024 * 1024;
/** A source that gives nothing for so long (a pipe) ends the stream, which the server would otherwise cut. */
const IDLE_MS = 15_000;
/** A server that answers nothing for so long is given up, and asked again. */
const STALL_MS = 60_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
const PROBLEM_BYTES = 64 * 1024;
/** Refusals of a line that are about the server's moment, not about the line. */
const PASSING = new Set<unknown>(['unavailable', 'overloaded', 'changed']);

/** Feeds all lines; throws CommandFailure 3 where the server fails for good. */
export async function feedOverHttp(settings: HttpFeedSettings, parts: FeedParts): Promise<void> {
  const { source, unanswered } = parts;
  let waitMs = FIRST_WAIT_MS;
  let answeredAt = performance.now();
  for (;;) {
    if (unanswered.empty) {
      const chunk = await source.take();
      if (chunk === undefined) return;
      unanswered.push(chunk);
    }
    const before = unanswered.answered;
    const ended = await pass(settings, parts);
    if (ended.kind === 'failed') throw ended.failure;
    if (unanswered.answered > before) {
      answeredAt = performance.now();
      waitMs = FIRST_WAIT_MS;
    }
    if (ended.kind === 'complete') continue;
    if (performance.now() - answeredAt > settings.retrySeconds * 1000) {
      throw peerFailed(
        `The server has answered nothing for ${settings.retrySeconds} s (${ended.why}). Start it again and repeat the command: it goes on where it stood.`,
      );
    }
    const pause = Math.max(waitMs, ended.afterMs);
    parts.say(`stopped at line ${unanswered.answered} (${ended.why}); going on in ${Math.ceil(pause / 1000)} s`);
    await sleep(pause);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  }
}

/**
 * One connection's worth. The first line goes alone, as a request of its own: a server that refuses the key or the
 * controller may close while the client still writes, and its reason would be lost with the connection.
 */
async function pass(settings: HttpFeedSettings, parts: FeedParts): Promise<Ended> {
  const first = await new Stream(settings, parts).run('first-line');
  if (first.kind !== 'complete' || parts.unanswered.empty) return first;
  return new Stream(settings, parts).run('all');
}

class Stream {
  readonly #parts: FeedParts;
  readonly #request: ClientRequest;
  readonly #base: number;
  readonly #ended = Promise.withResolvers<Ended>();
  #over = false;
  #sentAll = false;
  #lastAnswerAt = performance.now();
  #wake: (() => void) | undefined;

  constructor(settings: HttpFeedSettings, parts: FeedParts) {
    this.#parts = parts;
    this.#base = parts.unanswered.answered;
    this.#request = open(settings.peer, 'POST', `/v1/${settings.controller}/actions`, {
      'content-type': 'application/x-ndjson',
      accept: 'application/x-ndjson, application/problem+json',
    });
    this.#request.on('error', (error) => this.#end(cut(errorCode(error))));
    this.#request.on('response', (response) => this.#listen(response));
    this.#request.on('close', () => this.#end(cut('the connection was cut')));
    this.#request.on('drain', () => this.#wake?.());
  }

  async run(what: 'first-line' | 'all'): Promise<Ended> {
    const watch = setInterval(() => this.#watch(), 1000);
    const line = what === 'first-line' ? this.#parts.unanswered.firstLine() : undefined;
    const writing = line === undefined ? this.#write() : Promise.resolve(this.#finish(line));
    try {
      const ended = await Promise.race([this.#ended.promise, writing.then(() => this.#ended.promise)]);
      if (ended.kind !== 'complete') return ended;
      return this.#settle(line);
    } finally {
      this.#over = true;
      this.#wake?.();
      clearInterval(watch);
      this.#request.destroy();
      await writing;
    }
  }

  /** The server closed its answer in order: are all lines answered that are not blank? */
  #settle(line: Buffer | undefined): Ended {
    const { unanswered } = this.#parts;
    if (!this.#sentAll) return cut('the server ended the stream');
    if (line !== undefined) {
      if (unanswered.answered === this.#base && !isBlank(line)) return cut('a line was not answered');
      unanswered.settle(this.#base + 1);
      return { kind: 'complete' };
    }
    for (const bytes of unanswered.rest()) if (!isBlank(bytes)) return cut('lines were not answered');
    unanswered.settleAll();
    this.#parts.onAnswered();
    return { kind: 'complete' };
  }

  async #write(): Promise<void> {
    const { source, unanswered } = this.#parts;
    for (const bytes of unanswered.rest()) await this.#send(bytes);
    while (!this.#over) {
      if (unanswered.bytes >= WINDOW_BYTES) {
        await this.#woken();
        continue;
      }
      const ready = await Promise.race([
        source.peek().then(() => true),
        this.#idle(),
        this.#ended.promise.then(() => false),
      ]);
      if (this.#over) return;
      const chunk = ready ? await source.take() : undefined;
      if (chunk === undefined) {
        this.#finish();
        return;
      }
      unanswered.push(chunk);
      await this.#send(chunk.bytes);
    }
  }

  async #idle(): Promise<false> {
    await sleep(IDLE_MS, undefined, { ref: false });
    return false;
  }

  async #send(bytes: Buffer): Promise<void> {
    if (!this.#over && !this.#request.write(bytes)) await this.#woken();
  }

  #finish(line?: Buffer): void {
    this.#sentAll = true;
    this.#request.end(line);
  }

  /** Until an answer came, the connection took more, or all is over. */
  #woken(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#over) resolve();
      this.#wake = resolve;
    });
  }

  #listen(response: IncomingMessage): void {
    const status = response.statusCode ?? 0;
    if (status !== 200) {
      bodyOf(response, PROBLEM_BYTES).then(
        (body) => this.#end(refused(status, body, response.headers['retry-after'])),
        (error: unknown) => this.#end(cut(errorCode(error))),
      );
      return;
    }
    const lines = new AnswerLines((answer) => this.#answer(answer));
    response.on('data', (bytes: Buffer) => {
      if (this.#over) return;
      try {
        lines.add(bytes);
      } catch (error) {
        this.#end({
          kind: 'failed',
          failure: peerFailed(
            'The server answers in words that this version does not know. Check that --url is the address of Depter.',
            error,
          ),
        });
      }
      this.#parts.onAnswered();
      this.#wake?.();
    });
    response.on('error', (error) => this.#end(cut(errorCode(error))));
    response.on('end', () => this.#end({ kind: 'complete' }));
  }

  #answer(answer: LineAnswer): void {
    if (this.#over) return;
    if (answer.status === 'refused' && PASSING.has(answer.problem?.code)) {
      this.#end(cut(String(answer.problem?.code)));
      return;
    }
    this.#lastAnswerAt = performance.now();
    this.#parts.unanswered.settle(this.#base + answer.line);
    this.#parts.tally.add(this.#base + answer.line, answer);
  }

  #watch(): void {
    const now = performance.now();
    if (this.#parts.unanswered.empty) this.#lastAnswerAt = now;
    if (now - this.#lastAnswerAt > STALL_MS) this.#end(cut('no answer for a minute'));
  }

  #end(ended: Ended): void {
    if (this.#over) return;
    this.#over = true;
    this.#ended.resolve(ended);
    this.#wake?.();
  }
}

function cut(why: string, afterMs = 0): Ended {
  return { kind: 'cut', why, afterMs };
}

function refused(status: number, body: string, retryAfter: string | undefined): Ended {
  if (status === 408 || status === 429 || status >= 500) {
    const seconds = Number(retryAfter ?? 0);
    return cut(`the server answered ${status}`, Number.isFinite(seconds) ? Math.min(seconds, 60) * 1000 : 0);
  }
  const failure = refusal(status, body);
  return { kind: 'failed', failure: status === 404 ? peerFailed(failure.message) : failure };
}
