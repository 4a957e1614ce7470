/** The clocks of one person, asked for at every act: whoever has had hundreds of them pays for those that still run. */
import type { Clock } from './clock.js';

export class ClockList {
  /** In the order in which they started. */
  readonly all: Clock[] = [];
  #running: Clock[] = [];
  readonly #started = new Map<string, Clock[]>();

  add(clock: Clock): void {
    this.all.push(clock);
    this.#running.push(clock);
    const key = startKey(clock);
    const together = this.#started.get(key);
    if (together === undefined) this.#started.set(key, [clock]);
    else together.push(clock);
  }

  /** Those of which anything runs: what was done or superseded once never runs again. */
  running(): readonly Clock[] {
    this.#running = this.#running.filter(isRunning);
    return this.#running;
  }

  /** Those of one duty that one trigger started, this one too: the earliest of them binds. */
  startedWith(clock: Clock): readonly Clock[] {
    return this.#started.get(startKey(clock)) ?? [];
  }
}

/** What started a clock, as one word. */
export function triggerKey({ cause, on }: Pick<Clock, 'cause' | 'on'>): string {
  return cause.kind === 'event' ? cause.event : `${cause.word} ${on}`;
}

function startKey(clock: Clock): string {
  return `${clock.duty} ${triggerKey(clock)}`;
}

function isRunning({ items, whole }: Clock): boolean {
  if (items === undefined) return whole.state === 'running';
  for (const { state } of items.values()) if (state === 'running') return true;
  return false;
}
