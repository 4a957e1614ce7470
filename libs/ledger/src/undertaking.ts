/** What a recipient or a member of staff undertook, and through which day (`rules.md` 1: of two the latest `until` wins). */
import type { Day } from '#packs';

/** Each with its last day. */
export type Undertakings = Map<string, Day>;

/** No day comes after it: of what was undertaken without an end. */
const FOREVER: Day = '9999-12-31';

interface Given {
  readonly what: readonly string[];
  readonly until?: Day | undefined;
}

export function give(given: Undertakings, { what, until = FOREVER }: Given): void {
  for (const one of what) {
    const known = given.get(one);
    if (known === undefined || known < until) given.set(one, until);
  }
}

export function isGiven(given: Undertakings | undefined, one: string, on: Day): boolean {
  const last = given?.get(one);
  return last !== undefined && last >= on;
}

export function givenOn(given: Undertakings, on: Day): readonly string[] {
  return [...given].flatMap(([one, last]) => (last >= on ? [one] : []));
}

/** The last day on which all of it holds; undefined where none of it ends. */
export function lastDayOfAll(given: Undertakings): Day | undefined {
  const [first] = [...given.values()].sort();
  return first === FOREVER ? undefined : first;
}
