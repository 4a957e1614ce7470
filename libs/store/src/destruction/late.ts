/**
 * Values that come when their item is destroyed already. One whose effective time lies before the destruction is recorded
 * without the value; a later one begins a new life.
 */
import { today } from '#ledger/entries';

/** When an item was destroyed: a local day, and the instant in it; null where the day alone is known. */
export interface Destroyed {
  readonly day: string;
  readonly instant: string | null;
}

const DAY_LENGTH = 'YYYY-MM-DD'.length;

/** `at` as events have it: an instant in UTC with milliseconds, or a day. */
export function destroyedAt(at: string, zone: string): Destroyed {
  return at.length === DAY_LENGTH ? { day: at, instant: null } : { day: today(Date.parse(at), zone), instant: at };
}

/** Whether a value given at `at` is of before. On a day that is known alone, what is given comes before what destroys. */
export function isBefore(at: string, zone: string, destroyed: Destroyed): boolean {
  const given = destroyedAt(at, zone);
  if (given.day !== destroyed.day) return given.day < destroyed.day;
  return given.instant === null || destroyed.instant === null || given.instant <= destroyed.instant;
}

/** The later of two destructions of one item. */
export function later(a: Destroyed, b: Destroyed): Destroyed {
  if (a.day !== b.day) return a.day > b.day ? a : b;
  if (a.instant === null || b.instant === null) return { day: a.day, instant: null };
  return a.instant > b.instant ? a : b;
}

/** As `later`, as events have it: an instant in UTC, or a day. */
export function laterOf(a: string, b: string, zone: string): string {
  const last = later(destroyedAt(a, zone), destroyedAt(b, zone));
  return last.instant ?? last.day;
}
