/** What someone whom a client's item is about was told and agreed to, as far as their own dossier says (`rules.md` 4). */
import type { Day } from '#packs';
import { carries, type Consent } from './consent.js';

export interface AboutOther {
  readonly consents: Consent[];
  /** Items that a notice to them named. */
  readonly noticed: Set<string>;
}

export function aboutOther(): AboutOther {
  return { consents: [], noticed: new Set() };
}

/** Whether they consented to the item for all of the purposes: nobody consents for another. */
export function agreed(other: AboutOther, item: string, purposes: readonly string[], on: Day): boolean {
  return purposes.every((purpose) => other.consents.some((consent) => carries(consent, item, purpose, on)));
}
