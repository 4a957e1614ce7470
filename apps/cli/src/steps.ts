/** How far a long command is: a bar on a terminal, a plain line now and then elsewhere. */
import { SingleBar } from 'cli-progress';
import type { Screen } from './feed/progress.js';

const PLAIN_EVERY_MS = 5_000;
const BAR_EVERY_MS = 200;

export class Steps {
  readonly #screen: Screen;
  readonly #what: string;
  #bar: SingleBar | undefined;
  #lastAt = performance.now();

  /** `what` is counted: `entries of kz.autosiyliq`. */
  constructor(screen: Screen, what: string) {
    this.#screen = screen;
    this.#what = what;
  }

  /** May be called as often as one likes. */
  show(done: number, of: number): void {
    const now = performance.now();
    if (now - this.#lastAt < (this.#screen.isTTY === true ? BAR_EVERY_MS : PLAIN_EVERY_MS)) return;
    this.#lastAt = now;
    if (this.#screen.isTTY !== true) {
      this.#screen.write(`${done} of ${of} ${this.#what}\n`);
      return;
    }
    if (this.#bar === undefined) {
      const stream = this.#screen as NodeJS.WriteStream;
      const format = `{bar} {percentage}% {value} of {total} ${this.#what}`;
      this.#bar = new SingleBar({ stream, format, hideCursor: true, clearOnComplete: true });
      this.#bar.start(of, done);
    } else this.#bar.update(done);
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
