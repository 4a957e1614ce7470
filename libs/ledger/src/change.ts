/** The days on which law or policy changes: open clocks and gaps are looked at again then. */
import { addDays, type Day, type Rulebook } from '#packs';

/** The day before each on which law or policy changes, within a span of days; the rules of a span are one object. */
export function changesOf(rulebook: Rulebook, first: Day, last: Day): readonly Day[] {
  let days = changes.get(rulebook);
  if (days === undefined)
    changes.set(rulebook, (days = boundaries(rulebook, 0, SPAN).map((at) => addDays(ORIGIN, at - 1))));
  return days.filter((day) => first <= day && day < last);
}

const ORIGIN = '1990-01-01';
const SPAN = 50_000;
const changes = new WeakMap<object, readonly Day[]>();

function boundaries(rulebook: Rulebook, low: number, high: number): readonly number[] {
  if (rulebook.rules(addDays(ORIGIN, low)) === rulebook.rules(addDays(ORIGIN, high))) return [];
  if (high - low === 1) return [high];
  const middle = Math.floor((low + high) / 2);
  return [...boundaries(rulebook, low, middle), ...boundaries(rulebook, middle, high)];
}
