/** What time alone brings, at the end of a day: consents that expire, minimums that run out, holds that end, what is late. */
import { addDays, type Day } from '#packs';
import { countAnew, moveByLaw, open } from './clock.js';
import { isWhollyWithdrawn, lastDayOf } from './consent.js';
import { findGaps } from './gap.js';
import type { Item } from './item.js';
import { findLate } from './late.js';
import { endOfTransfers } from './propagation.js';
import { holdRuns, type Person } from './person.js';
import { expire } from './purpose.js';

/** Lets time pass up to the start of a day: whatever happens at the end of an earlier one happens, in order. */
export function passTo(person: Person, day: Day): void {
  for (let waking = person.nextWaking(day); waking !== undefined; waking = person.nextWaking(day)) {
    const last = waking.day;
    const next = addDays(last, 1);
    leave(person, next);
    if (waking.ends) endDay(person, last);
    if (person.judged) findLate(person, last);
    if (waking.changes) {
      moveByLaw(person, next);
      person.lookAnew();
    }
    if ((waking.ends || waking.changes) && (person.today === undefined || person.today < next)) person.today = next;
  }
  leave(person, day);
}

/** A day before the next one is looked at for gaps once all its events have happened. */
function leave(person: Person, next: Day): void {
  if (person.today === undefined || person.today >= next) return;
  if (person.judged) findGaps(person, person.today);
  person.today = undefined;
}

function endDay(person: Person, last: Day): void {
  const next = addDays(last, 1);
  const expired = person.consents.all.filter((one) => lastDayOf(one) === last && !isWhollyWithdrawn(one));
  if (expired.length > 0) {
    expire(person, expired, last);
    const cause = { kind: 'passing', word: 'consent-expired' } as const;
    open(person, 'consent.expired', {
      cause,
      on: last,
      items: { destroy: unkept(person, person.all, next) },
    });
    endOfTransfers(person, [cause], last, next);
  }
  const ended = person.all.filter((item) => person.minimums.endsOn(person, item, last));
  if (unkept(person, ended, next).length > 0) {
    const cause = { kind: 'passing', word: 'minimum-reached' } as const;
    open(person, 'minimum.reached', {
      cause,
      on: last,
      items: { destroy: unkept(person, person.all, next) },
    });
  }
  if (person.holds.some((hold) => !hold.released && hold.until === last)) {
    countAnew(person, last, (item) => person.holds.some((hold) => holdRuns(hold, item, next)));
  }
}

/** The items that no purpose or minimum keeps on a day, gone ones apart. */
export function unkept(person: Person, items: readonly Item[], on: Day): readonly Item[] {
  return items.filter((item) => item.fate === null && !person.isKept(item, on));
}
