/** What was found wrong while the fold runs: opened by an act or a day, closed item by item (`rules.md` 4). */
import type { Citation, Day } from '#packs';
import type { Clock } from './clock.js';
import type { FindingCode } from './finding.js';
import type { Item } from './item.js';

/** What closes it; what is gone closes the first three, too. */
export type Closing =
  | { readonly kind: 'gone' }
  | { readonly kind: 'notice' }
  | { readonly kind: 'consent'; readonly purposes: readonly string[] }
  /** The recipient confirms that it destroyed the items. */
  | { readonly kind: 'recipient-destroyed' }
  /** The recipient gives the undertakings that are missing. */
  | { readonly kind: 'undertaken'; readonly missing: Set<string> }
  | { readonly kind: 'met'; readonly clock: Clock }
  /** A later edition lists the recipient. */
  | { readonly kind: 'listed' }
  /** A term comes into force, or something keeps the item again. */
  | { readonly kind: 'term' }
  | { readonly kind: 'never' };

export interface Found {
  readonly code: FindingCode;
  /** The day of the act, or the first day of the state. */
  readonly on: Day;
  /** Null where no clause says it. */
  readonly cite: Citation | null;
  readonly recipient: string | undefined;
  readonly items: readonly Item[];
  readonly closing: Closing;
  /** By key, the day on which it closed for that item. */
  readonly closed: Map<string, Day>;
  /** Of what has no items, or closes as a whole. */
  closedOn: Day | undefined;
  /** It is the matter of the person alone whom the item is about. */
  readonly ofOther: boolean;
}

export type Opened = Pick<Found, 'code' | 'on' | 'items' | 'closing'> & {
  readonly cite?: Citation | undefined;
  readonly recipient?: string | undefined;
  readonly ofOther?: boolean;
};

export function found({ code, on, items, closing, cite, recipient, ofOther = false }: Opened): Found {
  return { code, on, cite: cite ?? null, recipient, items, closing, closed: new Map(), closedOn: undefined, ofOther };
}

/** The day on which it closed for the items, all of them unless some are named; undefined while it is open. */
export function closedFor(one: Found, items: readonly Item[] = one.items): Day | undefined {
  if (one.closing.kind === 'met') return one.closing.clock.whole.metOn;
  if (one.closedOn !== undefined) return one.closedOn;
  let last: Day | undefined;
  for (const { key } of items) {
    const day = one.closed.get(key);
    if (day === undefined) return undefined;
    if (last === undefined || day > last) last = day;
  }
  return last;
}

/** Closes what the test allows for the items; what closed stays closed. */
export function close(
  findings: readonly Found[],
  items: readonly Item[],
  on: Day,
  holds: (one: Found, item: Item) => boolean = () => true,
): void {
  for (const one of findings) {
    for (const item of items) {
      if (holds(one, item) && !one.closed.has(item.key) && one.items.some(({ key }) => key === item.key)) {
        one.closed.set(item.key, on);
      }
    }
  }
}

/** Destroyed or depersonalised: nothing is left to be wrong with. */
export function closeGone(findings: readonly Found[], items: readonly Item[], on: Day): void {
  const closing = findings.filter(({ closing: { kind } }) => {
    return kind === 'gone' || kind === 'notice' || kind === 'consent' || kind === 'term';
  });
  close(closing, items, on);
}

/** A notice names the items, by their keys, to the person whom they are about. */
export function closeNoticed(findings: readonly Found[], keys: readonly string[], on: Day): void {
  for (const one of findings) {
    if (one.closing.kind !== 'notice') continue;
    for (const { key } of one.items) if (!one.closed.has(key) && keys.includes(key)) one.closed.set(key, on);
  }
}

/** A recipient confirms the destruction of the items. */
export function closeConfirmed(
  findings: readonly Found[],
  recipient: string,
  items: ReadonlySet<string> | 'all',
  on: Day,
): void {
  for (const one of findings) {
    if (one.closing.kind !== 'recipient-destroyed' || one.recipient !== recipient) continue;
    for (const { key } of one.items) {
      if (!one.closed.has(key) && (items === 'all' || items.has(key))) one.closed.set(key, on);
    }
  }
}

/** A recipient gives undertakings: once none is missing, what missed them is closed. */
export function closeUndertaken(findings: readonly Found[], recipient: string, what: Iterable<string>, on: Day): void {
  const given = [...what];
  for (const one of findings) {
    if (one.closing.kind !== 'undertaken' || one.recipient !== recipient || one.closedOn !== undefined) continue;
    for (const undertaking of given) one.closing.missing.delete(undertaking);
    if (one.closing.missing.size === 0) one.closedOn = on;
  }
}
