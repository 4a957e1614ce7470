/** Corrections (`rules.md` 1): a corrected event is left out of every fold that knows the correction. */
import type { Recorded } from './record.js';

/**
 * The ids of the events that known corrections leave out. A correction may itself be corrected, and then corrects
 * nothing. Corrections that correct each other in a ring are all left out, and so is whatever else they name: nothing
 * tells which of them is the wrong one.
 */
export function correctedIds(
  events: readonly (readonly Recorded[])[],
  firsts: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const corrections = new Map<string, { readonly target: string; counts: boolean | undefined }>();
  for (const some of events) {
    for (const { event } of some) {
      if (event.type !== 'corrected') continue;
      corrections.set(firsts.get(event.id) ?? event.id, { target: event.data.event, counts: undefined });
    }
  }
  for (let settled = true; settled;) {
    settled = false;
    for (const [id, correction] of corrections) {
      if (correction.counts !== undefined) continue;
      const against = [...corrections.values()].filter((other) => other.target === id);
      if (against.some((other) => other.counts === true)) correction.counts = false;
      else if (against.every((other) => other.counts === false)) correction.counts = true;
      else continue;
      settled = true;
    }
  }
  const left = new Set<string>();
  for (const correction of corrections.values()) if (correction.counts !== false) left.add(correction.target);
  return left;
}
