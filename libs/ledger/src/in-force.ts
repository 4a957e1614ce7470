/** Which consents are in force, with what the bar holds back of their withdrawal (`rules.md` 2, Consent in force). */
import type { Day } from '#packs';
import { type Consent, covers, inScope, isOver, isWithdrawn } from './consent.js';
import type { Item } from './item.js';
import type { Person } from './person.js';

/** Whether it is in force for the purpose of the item: a part withdrawn goes on covering what is barred. */
export function isInForce(person: Person, consent: Consent, item: Item, purpose: string, on: Day): boolean {
  if (!covers(consent, item.item, purpose) || isOver(consent, purpose, on)) return false;
  return !isWithdrawn(consent, item.item, purpose) || isHeldBack(person, consent, purpose);
}

function isHeldBack(person: Person, consent: Consent, purpose: string): boolean {
  return consent.heldBack.has(purpose) && person.contracts.anyOpen('all');
}

/** Whether consents in force name the purpose, of whatever items. */
export function isPurposeInForce(person: Person, purpose: string, on: Day): boolean {
  return person.consents.living.some(
    (consent) =>
      consent.purposes.has(purpose) &&
      !isOver(consent, purpose, on) &&
      (consent.withdrawn.get(purpose) !== 'all' || isHeldBack(person, consent, purpose)),
  );
}

/** Whether some consent in force is about the item, for whatever purpose. */
export function isItemInForce(person: Person, item: Item, on: Day): boolean {
  for (const consent of person.consents.living) {
    if (!inScope(consent.items, item.item)) continue;
    for (const purpose of consent.purposes) if (isInForce(person, consent, item, purpose, on)) return true;
  }
  return false;
}

export interface Passing {
  readonly recipient: string;
  readonly purposes: readonly string[];
  readonly items: readonly Item[];
}

/** One consent in force that has the recipient, all the purposes and all the items, and the other part where asked. */
export function consentsToPassing(person: Person, passing: Passing, on: Day, part?: 'cross-border'): boolean {
  const { recipient, purposes, items } = passing;
  const consents = purposes.length === 0 ? person.consents.all : person.consents.living;
  return consents.some((consent) => {
    const stands = (one: string): boolean =>
      !consent.withdrawnParts.has(one) ||
      (purposes.length > 0 && purposes.every((purpose) => isHeldBack(person, consent, purpose)));
    return (
      consent.recipients.has(recipient) &&
      stands(recipient) &&
      (part === undefined || (consent.crossBorder && stands(part))) &&
      items.every((item) => inScope(consent.items, item.item)) &&
      purposes.every((purpose) => items.every((item) => isInForce(person, consent, item, purpose, on)))
    );
  });
}
