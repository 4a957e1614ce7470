/** Consents (`rules.md` 2): given in parts, withdrawn in parts, over by a day or when what they are for is reached. */
import type { Day } from '#packs';
import type { EventOf } from './stored.js';

/** Items, or all there are. */
export type Scope = ReadonlySet<string> | 'all';

export type Lasting = { readonly kind: 'day'; readonly day: Day } | { readonly kind: 'performance' };

export interface Consent {
  readonly reference: string;
  /** The edition of the policy that was agreed to. */
  readonly edition: string;
  readonly on: Day;
  readonly purposes: ReadonlySet<string>;
  readonly recipients: ReadonlySet<string>;
  readonly crossBorder: boolean;
  readonly publication: boolean;
  /** A consent without items covers all. */
  readonly items: Scope;
  /** What it lasts until; undefined: until what it is for is reached. */
  readonly until: Lasting | undefined;
  /** What was withdrawn of it; undefined of nearly all, of which nothing was. */
  withdrawn: WithdrawnParts | undefined;
  /** Those of its purposes that were reached since it was given; undefined while none was. */
  reached: Set<string> | undefined;
  /** Set when the last open contract was performed, for a consent that lasts until then. */
  performed: boolean;
}

export interface WithdrawnParts {
  /** The items for which each purpose was withdrawn. */
  readonly purposes: Map<string, Set<string> | 'all'>;
  /** Parts that name no purpose: recipients, `cross-border`, `publication`. */
  others: Scope;
  /** Purposes whose withdrawal the bar holds back: the part withdrawn goes on covering them while a contract is open. */
  heldBack: ReadonlySet<string>;
}

/** Mostly nothing is held back: a withdrawal may name ten thousand consents, and a set for each would take megabytes. */
export const NOTHING: ReadonlySet<string> = new Set();

/** To be added to. */
export function withdrawnOf(consent: Consent): WithdrawnParts {
  return (consent.withdrawn ??= { purposes: new Map(), others: NOTHING, heldBack: NOTHING });
}

type Parts = EventOf<'consented'>['data']['parts'];

/** `setOf` gives a set of ids; of equal ones it may give the same. */
export function consentOf(
  event: EventOf<'consented'>,
  on: Day,
  setOf: (ids: readonly string[]) => ReadonlySet<string>,
): Consent {
  const { parts, items, until, consent, edition } = event.data;
  const purposes: string[] = [];
  const recipients: string[] = [];
  let crossBorder = false;
  let publication = false;
  for (const part of parts) {
    if ('purpose' in part) purposes.push(part.purpose);
    else if ('recipient' in part) recipients.push(part.recipient);
    else if ('cross-border' in part) crossBorder = true;
    else if ('publication' in part) publication = true;
  }
  return {
    reference: consent,
    edition,
    on,
    purposes: setOf(purposes),
    recipients: setOf(recipients),
    crossBorder,
    publication,
    items: items === undefined ? 'all' : setOf(items),
    until: lastingOf(until),
    withdrawn: undefined,
    reached: undefined,
    performed: false,
  };
}

function lastingOf(until: EventOf<'consented'>['data']['until']): Lasting | undefined {
  if (until === undefined || until === 'purpose-reached') return undefined;
  return until === 'contract-performed' ? { kind: 'performance' } : { kind: 'day', day: until };
}

export function inScope(scope: Scope, item: string): boolean {
  return scope === 'all' || scope.has(item);
}

/** Whether it was given for the purpose of the item, whatever has become of it since. */
export function covers(consent: Consent, item: string, purpose: string): boolean {
  return consent.purposes.has(purpose) && inScope(consent.items, item);
}

/** Whether it is in force for the purpose of the item on a day. */
export function carries(consent: Consent, item: string, purpose: string, on: Day): boolean {
  return covers(consent, item, purpose) && !isWithdrawn(consent, item, purpose) && !isOver(consent, purpose, on);
}

export function isWithdrawn(consent: Consent, item: string, purpose: string): boolean {
  const withdrawn = consent.withdrawn?.purposes.get(purpose);
  return withdrawn !== undefined && inScope(withdrawn, item);
}

/** The purposes are reached: what was given for one of them is over for it. */
export function reach(consents: readonly Consent[], purposes: readonly string[] | 'all'): void {
  for (const consent of consents) {
    for (const purpose of purposes === 'all' ? [...consent.purposes] : purposes) {
      if (consent.purposes.has(purpose)) (consent.reached ??= new Set<string>()).add(purpose);
    }
  }
}

/** A consent keeps through its last day (`rules.md` 2, Until). */
export function isOver(consent: Consent, purpose: string, on: Day): boolean {
  if (consent.until === undefined) return consent.reached?.has(purpose) === true;
  return consent.until.kind === 'performance' ? consent.performed : consent.until.day < on;
}

/** Its last day, where it has one. */
export function lastDayOf({ until }: Consent): Day | undefined {
  return until?.kind === 'day' ? until.day : undefined;
}

/** Whether nothing of it is left to expire. */
export function isWhollyWithdrawn(consent: Consent): boolean {
  return [...consent.purposes].every((purpose) => consent.withdrawn?.purposes.get(purpose) === 'all');
}

/** One part of a consent that a withdrawal took back: the consent, its purpose, and for which items. */
export interface Withdrawn {
  readonly consent: Consent;
  readonly purpose: string;
  readonly items: Scope;
}

/**
 * What a withdrawal takes back: parts of the consents that it names, else of all. What was withdrawn before is not taken
 * again: only what is can stop a purpose.
 */
export function takenBack(consents: readonly Consent[], data: EventOf<'withdrew'>['data']): readonly Withdrawn[] {
  const items: Scope = data.items === undefined ? 'all' : new Set(data.items);
  const named = data.parts === 'all' ? 'all' : purposesOf(data.parts);
  const taken: Withdrawn[] = [];
  for (const consent of consents) {
    if (!isMeant(consent, data)) continue;
    for (const purpose of named === 'all' ? consent.purposes : named) {
      if (!consent.purposes.has(purpose) || consent.withdrawn?.purposes.get(purpose) === 'all') continue;
      taken.push({ consent, purpose, items });
    }
  }
  return taken;
}

export function withdraw(
  consents: readonly Consent[],
  data: EventOf<'withdrew'>['data'],
  taken: readonly Withdrawn[],
): void {
  for (const { consent, purpose, items } of taken) {
    const { purposes } = withdrawnOf(consent);
    const before = purposes.get(purpose);
    if (before === 'all') continue;
    purposes.set(purpose, items === 'all' ? 'all' : new Set([...(before ?? []), ...items]));
  }
  const others = data.parts === 'all' ? 'all' : otherPartsOf(data.parts);
  if (others !== 'all' && others.length === 0) return;
  for (const consent of consents) {
    if (!isMeant(consent, data)) continue;
    const withdrawn = withdrawnOf(consent);
    if (others === 'all' || withdrawn.others === 'all') withdrawn.others = 'all';
    else if (!others.every((part) => inScope(withdrawn.others, part)))
      withdrawn.others = new Set([...withdrawn.others, ...others]);
  }
}

/** Whether a withdrawal is about it. */
function isMeant({ reference }: Consent, { consent }: EventOf<'withdrew'>['data']): boolean {
  return consent === undefined || consent === reference;
}

function purposesOf(parts: Parts): readonly string[] {
  return parts.flatMap((part) => ('purpose' in part ? [part.purpose] : []));
}

function otherPartsOf(parts: Parts): readonly string[] {
  return parts.flatMap((part) => {
    if ('recipient' in part) return [part.recipient];
    if ('cross-border' in part) return ['cross-border'];
    return 'publication' in part ? ['publication'] : [];
  });
}
