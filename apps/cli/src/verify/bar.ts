/** How far a long check is: a bar on a terminal, a plain line now and then elsewhere. */

export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const BAR_WIDTH = 30;
const BAR_EVERY_MS = 100;
const LINE_EVERY_MS = 5_000;

export class Bar {
  readonly #screen: Screen;
  readonly #what: string;
  readonly #begunAt = performance.now();
  #shownAt = performance.now();
  #shown = false;

  /** `what` is counted: `entries`. */
  constructor(screen: Screen, what: string) {
    this.#screen = screen;
    this.#what = what;
  }

  /** May be called as often as one likes. */
  show(done: number, all: number): void {
    const now = performance.now();
    const isBar = this.#screen.isTTY === true;
    if (now - this.#shownAt < (isBar ? BAR_EVERY_MS : LINE_EVERY_MS)) return;
    this.#shownAt = now;
    const share = all === 0 ? 1 : done / all;
    const rate = Math.round((done * 1000) / Math.max(1, now - this.#begunAt));
    const text = `${Math.floor(share * 100)} %  ${done} of ${all} ${this.#what}, ${rate}/s`;
    const full = Math.round(share * BAR_WIDTH);
    this.#screen.write(isBar ? `\r\u001b[K${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${text}` : `${text}\n`);
    this.#shown = true;
  }

  /** Takes the bar away; what is said next has the line for itself. */
  clear(): void {
    if (this.#shown && this.#screen.isTTY === true) this.#screen.write('\r\u001b[K');
  }
}
