/** Shows how a feed goes: a bar on a terminal, a plain line now and then elsewhere. */
import { SingleBar } from 'cli-progress';
import type { Counts } from './tally.js';

export interface Shown {
  /** Bytes answered, of all where the end is known. */
  readonly bytes: number;
  readonly lines: number;
  readonly counts: Counts;
}

export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const PLAIN_EVERY_MS = 5_000;
const BAR_EVERY_MS = 200;

export class Progress {
  readonly #screen: Screen;
  readonly #total: number | undefined;
  readonly #begun: Shown;
  readonly #begunAt = performance.now();
  #bar: SingleBar | undefined;
  #lastAt = performance.now();
  /** When lines were answered last: what comes after it is no feeding. */
  #answeredAt = performance.now();

  /** `total`: bytes of the file, undefined for a pipe. `begun`: where an earlier run stood. */
  constructor(screen: Screen, total: number | undefined, begun: Shown) {
    this.#screen = screen;
    this.#total = total;
    this.#begun = begun;
    if (screen.isTTY === true && total !== undefined && total > 0) {
      this.#bar = new SingleBar({
        stream: screen as NodeJS.WriteStream,
        format: '{bar} {percentage}% {text}',
        hideCursor: true,
        clearOnComplete: false,
      });
      this.#bar.start(total, begun.bytes, { text: '' });
    }
  }

  /** Something was answered. May be called as often as one likes. */
  show(now: Shown): void {
    const time = performance.now();
    this.#answeredAt = time;
    if (time - this.#lastAt < (this.#bar === undefined ? PLAIN_EVERY_MS : BAR_EVERY_MS)) return;
    this.#lastAt = time;
    if (this.#bar === undefined) this.#screen.write(`${this.#text(now)}\n`);
    else this.#bar.update(now.bytes, { text: this.#text(now) });
  }

  /** Something that must be read; the bar goes on below it. */
  say(line: string): void {
    if (this.#bar !== undefined) this.#screen.write('\r\u001b[K');
    this.#screen.write(`${line}\n`);
  }

  stop(now: Shown): void {
    this.#bar?.update(now.bytes, { text: this.#text(now) });
    this.#bar?.stop();
    this.#bar = undefined;
  }

  /** Lines a second of this run, until its last answer. */
  rate(now: Shown): number {
    return Math.round((now.lines - this.#begun.lines) / Math.max(0.001, this.#seconds));
  }

  get #seconds(): number {
    return (this.#answeredAt - this.#begunAt) / 1000;
  }

  #text(now: Shown): string {
    const { recorded, repeated, refused } = now.counts;
    const counts = `${now.lines} lines, ${this.rate(now)}/s: ${recorded} recorded, ${repeated} repeated, ${refused} refused`;
    const left = this.#secondsLeft(now);
    return left === undefined ? counts : `${counts}; ${duration(left)} left`;
  }

  #secondsLeft(now: Shown): number | undefined {
    const done = now.bytes - this.#begun.bytes;
    if (this.#total === undefined || done <= 0) return undefined;
    return Math.round(((this.#total - now.bytes) * this.#seconds) / done);
  }
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
