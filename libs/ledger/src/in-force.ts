/** Which consents are in force, with what the bar holds back of their withdrawal (`rules.md` 2, Consent in force). */
import type { Day } from '#packs';
import { type Consent, inScope, isOver, isWithdrawn } from './consent.js';
import type { Item } from './item.js';
import type { Person } from './person.js';

/** A part withdrawn goes on covering what is barred. */
function isLeft(person: Person, consent: Consent, item: Item, purpose: string): boolean {
  if (consent.withdrawn === undefined) return true;
  return !isWithdrawn(consent, item.item, purpose) || isHeldBack(person, consent, purpose);
}

function isHeldBack(person: Person, consent: Consent, purpose: string): boolean {
  return consent.withdrawn?.heldBack.has(purpose) === true && person.contracts.anyOpen('all');
}

// Of all consents the newest are asked first, since they are the likeliest still to stand.

/** Whether consents in force name the purpose, of whatever items. */
export function isPurposeInForce(person: Person, purpose: string, on: Day): boolean {
  const { living } = person.consents;
  for (let at = living.length - 1; at >= 0; at -= 1) {
    const consent = living[at]!;
    if (!consent.purposes.has(purpose) || isOver(consent, purpose, on)) continue;
    if (consent.withdrawn?.purposes.get(purpose) !== 'all' || isHeldBack(person, consent, purpose)) return true;
  }
  return false;
}

/** Whether some consent in force is about the item, for whatever purpose. */
export function isItemInForce(person: Person, item: Item, on: Day): boolean {
  const { living } = person.consents;
  for (let at = living.length - 1; at >= 0; at -= 1) {
    const consent = living[at]!;
    if (!inScope(consent.items, item.item)) continue;
    for (const purpose of consent.purposes) {
      if (!isOver(consent, purpose, on) && isLeft(person, consent, item, purpose)) return true;
    }
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
  const { recipient, purposes } = passing;
  const consents = purposes.length === 0 ? person.consents.all : person.consents.living;
  for (let at = consents.length - 1; at >= 0; at -= 1) {
    const consent = consents[at]!;
    if (!consent.recipients.has(recipient) || !stands(person, consent, recipient, purposes)) continue;
    if (part !== undefined && !(consent.crossBorder && stands(person, consent, part, purposes))) continue;
    if (isWholeInForce(person, consent, passing, on)) return true;
  }
  return false;
}

/** Whether the part that names no purpose was not withdrawn, or only for what the bar holds back. */
function stands(person: Person, consent: Consent, part: string, purposes: readonly string[]): boolean {
  if (consent.withdrawn === undefined || !inScope(consent.withdrawn.others, part)) return true;
  return purposes.length > 0 && purposes.every((purpose) => isHeldBack(person, consent, purpose));
}

function isWholeInForce(person: Person, consent: Consent, { purposes, items }: Passing, on: Day): boolean {
  for (const purpose of purposes) if (!consent.purposes.has(purpose) || isOver(consent, purpose, on)) return false;
  for (const item of items) {
    if (!inScope(consent.items, item.item)) return false;
    for (const purpose of purposes) if (!isLeft(person, consent, item, purpose)) return false;
  }
  return true;
}
