/**
 * Turns at something that only so many may do in one turn of the event loop; who waits longest is next. Streams take one
 * for each group: however many there are, and however little there is to wait for in what they send, an action that comes
 * by itself waits for a few groups, not for all of them.
 */
export class Turns {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.free = atOnce;
  }

  /** Resolves when it is one's turn; what it gives ends the turn, and is called once. */
  async take(): Promise<() => void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    return () => setImmediate(() => this.pass());
  }

  private pass(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
