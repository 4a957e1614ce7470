/** What time alone brings, at the end of a day: consents that expire, minimums that run out, holds that end. */
import { addDays, type Day } from '#packs';
import { countAnew, open } from './clock.js';
import { isWhollyWithdrawn, lastDayOf } from './consent.js';
import type { Item } from './item.js';
import { holdRuns, type Person } from './person.js';
import { expire } from './purpose.js';

/** Lets time pass up to the start of a day: whatever happens at the end of an earlier one happens, in order. */
export function passTo(person: Person, day: Day): void {
  for (let last = person.nextWaking(day); last !== undefined; last = person.nextWaking(day)) endDay(person, last);
}

function endDay(person: Person, last: Day): void {
  const next = addDays(last, 1);
  const expired = person.consents.filter((one) => lastDayOf(one) === last && !isWhollyWithdrawn(one));
  if (expired.length > 0) {
    expire(person, expired, last);
    const cause = { kind: 'passing', word: 'consent-expired' } as const;
    open(person, 'consent.expired', {
      cause,
      on: last,
      items: { destroy: unkept(person, person.items.values(), next) },
    });
  }
  const ended = [...person.items.values()].filter((item) => person.minimums.endsOn(person, item, last));
  if (unkept(person, ended, next).length > 0) {
    const cause = { kind: 'passing', word: 'minimum-reached' } as const;
    open(person, 'minimum.reached', {
      cause,
      on: last,
      items: { destroy: unkept(person, person.items.values(), next) },
    });
  }
  if (person.holds.some((hold) => !hold.released && hold.until === last)) {
    countAnew(person, last, (item) => person.holds.some((hold) => holdRuns(hold, item, next)));
  }
}

/** The items that no purpose or minimum keeps on a day, gone ones apart. */
export function unkept(person: Person, items: Iterable<Item>, on: Day): readonly Item[] {
  return [...items].filter((item) => item.fate === null && !person.isKept(item, on));
}
