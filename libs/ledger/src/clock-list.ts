/** The clocks of one person, asked for at every act: whoever has had hundreds of them pays for those that still run. */
import type { Duty } from '#packs';
import type { Clock } from './clock.js';

export class ClockList {
  /** In the order in which they started. */
  readonly all: Clock[] = [];
  /** In the order in which the first clock of each started. */
  readonly #duties: Duty[] = [];
  readonly #running = new Map<Duty, Clock[]>();
  readonly #started = new Map<string, Clock[]>();

  add(clock: Clock): void {
    this.all.push(clock);
    if (!this.#running.has(clock.duty)) this.#duties.push(clock.duty);
    put(this.#running, clock.duty, clock);
    clock.together = put(this.#started, triggerKey(clock), clock);
  }

  /**
   * Those of some duties, else of all, of which anything runs: what was done or superseded once never runs again. Each duty's
   * stand in the order in which they started. To be looked through at once: clocks that start later may be added to it.
   */
  running(duties: readonly Duty[] = this.#duties): readonly Clock[] {
    let found: readonly Clock[] = NONE;
    for (const duty of duties) {
      const known = this.#running.get(duty);
      if (known === undefined || known.length === 0) continue;
      let running = known;
      if (!areRunning(known)) this.#running.set(duty, (running = known.filter(isRunning)));
      if (running.length > 0) found = found.length === 0 ? running : [...found, ...running];
    }
    return found;
  }
}

const NONE: readonly Clock[] = [];

function put<K>(lists: Map<K, Clock[]>, key: K, clock: Clock): readonly Clock[] {
  const list = lists.get(key);
  if (list !== undefined) {
    list.push(clock);
    return list;
  }
  const first = [clock];
  lists.set(key, first);
  return first;
}

/** What started a clock, as one word. */
export function triggerKey({ cause, on }: Pick<Clock, 'cause' | 'on'>): string {
  return cause.kind === 'event' ? cause.event : `${cause.word} ${on}`;
}

function areRunning(clocks: readonly Clock[]): boolean {
  for (const clock of clocks) if (!isRunning(clock)) return false;
  return true;
}

function isRunning({ left }: Clock): boolean {
  return left > 0;
}
