/** Which entries of a log were recorded in a period: its first, and the one after its last. */
import { entryHead, parseBundle, type LogSource } from '#proof';
import { peerFailed } from '../failure.js';

const BUNDLE = 256;

/** Instants as the log writes them; null: no bound. */
export interface Bounds {
  readonly since: string | null;
  readonly before: string | null;
}

/** Whether something was recorded inside of them. */
export function isWithin({ since, before }: Bounds, recorded: string): boolean {
  return (since === null || recorded >= since) && (before === null || recorded < before);
}

/**
 * The log is in the order in which it was recorded, but for what several servers took in at the same moment: where the
 * boundary was found, bundles beside it are looked through until one has nothing of the period in it.
 */
export async function entriesOf(
  source: LogSource,
  size: number,
  bounds: Bounds,
): Promise<{ readonly first: number; readonly end: number }> {
  const { since, before } = bounds;
  const log = new RecordedTimes(source, size);
  if (size === 0) return { first: 0, end: 0 };
  const within = (time: string): boolean => isWithin(bounds, time);
  let first = since === null ? 0 : await log.firstFrom(since);
  let end = before === null ? size : await log.firstFrom(before);
  for (let bundle = Math.floor((first - 1) / BUNDLE); since !== null && bundle >= 0; bundle--) {
    const found = (await log.bundle(bundle)).findIndex(within);
    if (found < 0 || bundle * BUNDLE + found >= first) break;
    first = bundle * BUNDLE + found;
  }
  for (let bundle = Math.floor(end / BUNDLE); before !== null && bundle * BUNDLE < size; bundle++) {
    const found = (await log.bundle(bundle)).findLastIndex(within);
    if (found < 0 || bundle * BUNDLE + found < end) break;
    end = bundle * BUNDLE + found + 1;
  }
  return { first, end: Math.max(first, end) };
}

class RecordedTimes {
  readonly #source: LogSource;
  readonly #size: number;
  #latest: { readonly bundle: number; readonly times: readonly string[] } | undefined;

  constructor(source: LogSource, size: number) {
    this.#source = source;
    this.#size = size;
  }

  /** The first entry that was recorded at this instant or later; the size where there is none. */
  async firstFrom(time: string): Promise<number> {
    let [low, high] = [0, this.#size];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const times = await this.bundle(Math.floor(middle / BUNDLE));
      if (times[middle % BUNDLE]! >= time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  async bundle(bundle: number): Promise<readonly string[]> {
    if (this.#latest?.bundle === bundle) return this.#latest.times;
    const width = Math.min(BUNDLE, this.#size - bundle * BUNDLE);
    const bytes = await this.#source.bundle(bundle, width);
    const entries = bytes === undefined ? undefined : parseBundle(bytes, width);
    if (entries?.ok !== true) throw peerFailed(`The log cannot be read at entry ${bundle * BUNDLE}.`);
    const times = entries.value.map((entry) => entryHead(entry)?.recorded ?? '');
    this.#latest = { bundle, times };
    return times;
  }
}
