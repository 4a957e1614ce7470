/** How purposes of items stop, end and come back (`rules.md` 2). */
import { addDays, type Day } from '#packs';
import { carries, type Consent, covers, inScope, reach, type Withdrawn } from './consent.js';
import { end, type Item, lookAtGap, type PurposeState } from './item.js';
import type { Person } from './person.js';

/** Lets something happen to each active purpose of the items that are not gone. */
function eachActive(items: Iterable<Item>, act: (purpose: PurposeState, item: Item) => void): void {
  for (const item of items) {
    if (item.fate !== null) continue;
    for (const purpose of item.purposes) if (purpose.state === 'active') act(purpose, item);
  }
}

/** Only what stands on consent, or on nothing, goes with a consent. */
function standsOnConsent(purpose: PurposeState): boolean {
  return purpose.basis === null || purpose.basis === 'consent';
}

function isCarried(person: Person, item: Item, purpose: PurposeState, on: Day): boolean {
  return person.consents.living.some((consent) => carries(consent, item.item, purpose.purpose, on));
}

/** A withdrawal stops what its parts covered, unless another consent carries it on; what is barred waits. */
export function stopWithdrawn(person: Person, withdrawn: readonly Withdrawn[], on: Day): void {
  if (withdrawn.length === 0) return;
  eachActive(person.all, (purpose, item) => {
    if (!standsOnConsent(purpose)) return;
    const touched = withdrawn.some(
      (part) =>
        part.purpose === purpose.purpose &&
        inScope(part.items, item.item) &&
        covers(part.consent, item.item, purpose.purpose),
    );
    if (!touched || isCarried(person, item, purpose, on)) return;
    if (person.isBarred(purpose, on)) purpose.withdrawn = true;
    else stop(person, item, purpose, on, 'withdrawal');
  });
}

/** Once no contract is open, a withdrawal that was held back takes effect on what still lives. */
export function stopHeldBack(person: Person, on: Day): void {
  eachActive(person.all, (purpose, item) => {
    if (!purpose.withdrawn || person.isBarred(purpose, on) || isCarried(person, item, purpose, on)) return;
    stop(person, item, purpose, on, 'withdrawal');
  });
}

/** `stopped`, or a demand: all named purposes of the items that are not barred. */
export function stopNamed(
  person: Person,
  items: Iterable<Item>,
  purposes: readonly string[] | 'all',
  on: Day,
  by: 'stop' | 'demand',
): void {
  eachActive(items, (purpose, item) => {
    if (purposes !== 'all' && !purposes.includes(purpose.purpose)) return;
    if (!person.isBarred(purpose, on)) stop(person, item, purpose, on, by);
  });
}

function stop(person: Person, item: Item, purpose: PurposeState, on: Day, by: 'withdrawal' | 'stop' | 'demand'): void {
  end(item, purpose, 'stopped', on, by);
  person.ended.add(item);
}

/** What a contact person withdraws or demands stops the purposes of the item about them, bar or not: they agreed none. */
export function stopAboutContact(person: Person, item: Item, on: Day, by: 'withdrawal' | 'demand'): void {
  eachActive([item], (purpose) => stop(person, item, purpose, on, by));
}

/**
 * The performance of the last open contract ends all but what the pack says ends with nothing; a cession, what ends with
 * the contract. Gives the items of which it ended a purpose.
 */
export function endWithContract(
  person: Person,
  contract: string,
  on: Day,
  place: number,
  how: 'performed' | 'ceded',
): readonly Item[] {
  const { rulebook } = person.rules;
  const over = how === 'performed' && !person.contracts.anyOpen('all');
  if (over) for (const consent of person.consents.living) consent.performed = true;
  return endWhere(person, on, place, (item, purpose) => {
    if (purpose.counting !== 'all' && !purpose.counting.has(contract)) return false;
    if (person.contracts.anyOpen(purpose.counting, contract)) return false;
    const ends = rulebook.purpose(purpose.purpose, on)?.ends;
    if (how === 'ceded') return ends === 'contract-performed';
    return ends !== 'silent' || (over && wasCarriedUntilPerformed(person, item, purpose, on));
  });
}

/** Of a purpose that ends with nothing: the consent that carried it was given until the contract's performance. */
function wasCarriedUntilPerformed(person: Person, item: Item, purpose: PurposeState, on: Day): boolean {
  if (!standsOnConsent(purpose) || isCarried(person, item, purpose, on)) return false;
  return person.consents.all.some(
    (consent) => consent.until?.kind === 'performance' && covers(consent, item.item, purpose.purpose),
  );
}

/** `reached`: the named purposes, of the named items where there are any, as far as the contract counts for them. */
export function endReached(
  person: Person,
  items: readonly Item[] | undefined,
  purposes: readonly string[] | 'all',
  contract: string | undefined,
  on: Day,
  place: number,
): readonly Item[] {
  const named = (purpose: string): boolean => purposes === 'all' || purposes.includes(purpose);
  if (items === undefined && contract === undefined) reach(person.consents.living, purposes);
  return endWhere(person, on, place, (item, purpose) => {
    if (!named(purpose.purpose) || (items !== undefined && !items.includes(item))) return false;
    return contract === undefined || purpose.counting === 'all' || purpose.counting.has(contract);
  });
}

function endWhere(
  person: Person,
  on: Day,
  place: number,
  ends: (item: Item, purpose: PurposeState) => boolean,
): readonly Item[] {
  const touched: Item[] = [];
  const names = new Set<string>();
  for (const item of person.all) {
    if (item.fate !== null) continue;
    let isTouched = false;
    for (const purpose of item.purposes) {
      // What an act of the same place reached already, this one reached as well.
      const isOpen = purpose.state === 'active' || (purpose.state === 'ended' && purpose.reachedAt === place);
      if (!isOpen || !ends(item, purpose)) continue;
      end(item, purpose, 'ended', on, 'reached');
      purpose.reachedAt = place;
      isTouched = true;
      names.add(purpose.purpose);
    }
    if (!isTouched) continue;
    touched.push(item);
    person.ended.add(item);
  }
  // A consent without a day is over for a purpose when that purpose is reached, for every item that had it.
  if (names.size === 0) return [];
  eachActive(person.all, ({ purpose }) => names.delete(purpose));
  reach(person.consents.living, [...names]);
  return touched;
}

/** With the end of a day consents expire: what no other carries ends the day after, unless it is barred. */
export function expire(person: Person, expired: readonly Consent[], lastDay: Day): void {
  const on = addDays(lastDay, 1);
  eachActive(person.all, (purpose, item) => {
    if (!standsOnConsent(purpose)) return;
    const carried = expired.some((consent) => carries(consent, item.item, purpose.purpose, lastDay));
    if (!carried || isCarried(person, item, purpose, on) || person.isBarred(purpose, on)) return;
    end(item, purpose, 'ended', on, 'expiry');
    person.ended.add(item);
  });
}

/** After a stop or an expiry a later consent that carries the purpose brings it back. */
export function revive(person: Person, consent: Consent, on: Day): void {
  for (const item of person.all) {
    if (item.fate !== null) continue;
    for (const purpose of item.purposes) {
      if (purpose.state === 'active' && !purpose.withdrawn) continue;
      if (!standsOnConsent(purpose) || !carries(consent, item.item, purpose.purpose, on)) continue;
      if (purpose.state === 'active') purpose.withdrawn = false;
      else if (purpose.state === 'stopped' || purpose.by === 'expiry') {
        lookAtGap(item);
        purpose.state = 'active';
        purpose.since = on;
        purpose.by = undefined;
      }
    }
  }
}
