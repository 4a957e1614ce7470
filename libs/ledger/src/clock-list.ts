/** The clocks of one person, asked for at every act: whoever has had hundreds of them pays for those that still run. */
import type { Duty } from '#packs';
import type { Clock } from './clock.js';

export class ClockList {
  /** In the order in which they started. */
  readonly all: Clock[] = [];
  readonly #running = new Map<Duty, Clock[]>();
  readonly #started = new Map<string, Clock[]>();

  add(clock: Clock): void {
    this.all.push(clock);
    put(this.#running, clock.duty, clock);
    put(this.#started, startKey(clock), clock);
  }

  /**
   * Those of some duties, else of all, of which anything runs: what was done or superseded once never runs again. Each duty's
   * stand in the order in which they started.
   */
  running(duties: Iterable<Duty> = this.#running.keys()): readonly Clock[] {
    const found: Clock[] = [];
    for (const duty of duties) {
      const known = this.#running.get(duty);
      if (known === undefined) continue;
      const running = known.filter(isRunning);
      this.#running.set(duty, running);
      found.push(...running);
    }
    return found;
  }

  /** Those of one duty that one trigger started, this one too: the earliest of them binds. */
  startedWith(clock: Clock): readonly Clock[] {
    return this.#started.get(startKey(clock)) ?? [];
  }
}

function put<K>(lists: Map<K, Clock[]>, key: K, clock: Clock): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [clock]);
  else list.push(clock);
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
