/** Contracts and purposes that come to their end, and what that starts. */
import type { Day } from '#packs';
import { knownItems, occasion, wakeForMinimums } from './act.js';
import { open } from './clock.js';
import { type Consent, NOTHING } from './consent.js';
import { anyLives, type Item } from './item.js';
import { unkept } from './passing.js';
import type { Person } from './person.js';
import { endReached, endWithContract, stopHeldBack } from './purpose.js';
import { transferred } from './sharing.js';
import type { EventOf } from './stored.js';

export function ceded(person: Person, event: EventOf<'ceded'>, on: Day, place: number): void {
  const { contract, to } = event.data;
  transferred(person, event, to, on, place);
  const ended = endWithContract(person, contract, on, place, 'ceded');
  const { role, category } = person.rules.rulebook.organisation(to, on) ?? {};
  person.later(() => open(person, 'contract.ceded', { ...occasion(event, on), role, category, recipient: to }));
  reachedLast(person, event, ended, on);
}

export function performed(person: Person, event: EventOf<'performed'>, on: Day, place: number): void {
  const { contract } = event.data;
  wakeForMinimums(person, on, ({ after }) => after.kind === 'contract-performed');
  reachedLast(person, event, endWithContract(person, contract, on, place, 'performed'), on);
}

export function reached(person: Person, event: EventOf<'reached'>, on: Day, place: number): void {
  const { purposes, contract, items } = event.data;
  const named = items === undefined ? undefined : knownItems(person, event.data);
  reachedLast(person, event, endReached(person, named, purposes, contract, on, place), on);
}

/** `purpose.reached`: of the items whose last live purpose ended, those that no minimum keeps. */
function reachedLast(
  person: Person,
  event: EventOf<'ceded'> | EventOf<'performed'> | EventOf<'reached'>,
  ended: readonly Item[],
  on: Day,
): void {
  person.later(() => {
    stopHeldBack(person, on);
    if (!person.contracts.anyOpen('all')) letGo(person.consents.living);
    const last = ended.filter((item) => !anyLives(item, on));
    if (last.length === 0) return;
    open(person, 'purpose.reached', { ...occasion(event, on), items: { destroy: unkept(person, last, on) } });
  });
}

/** Nothing holds back what was withdrawn once no contract is open. */
function letGo(consents: readonly Consent[]): void {
  for (const { withdrawn } of consents) if (withdrawn !== undefined) withdrawn.heldBack = NOTHING;
}
