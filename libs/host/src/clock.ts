import { Clock } from '#store';

/** The machine's clock. */
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

/** For tests and demos: it stands still until it is moved, and it never goes back. */
export class SettableClock extends Clock {
  constructor(private at: number) {
    super();
  }

  now(): number {
    return this.at;
  }

  /** Milliseconds since the epoch; false where that would be going back, and nothing is changed. */
  moveTo(to: number): boolean {
    if (to < this.at) return false;
    this.at = to;
    return true;
  }
}
