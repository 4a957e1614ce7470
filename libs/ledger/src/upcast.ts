/**
 * From the version in which an event was stored to the newest shape of its type: one pure function per type and version.
 * A type without its entry here does not compile. Old entries stay in the log for ever, so nothing is ever taken out.
 */
import type { StoredEvent, StoredType } from './stored.js';

/** An event as it was stored, of a version that may be an older one. */
export type OldEvent = Omit<StoredEvent, 'v' | 'data'> & { readonly v: number; readonly data: unknown };

/** The functions of one type; the n-th leads from version n + 1 to n + 2. The newest version is one more than their count. */
type Steps = readonly ((event: OldEvent) => OldEvent)[];

const NONE: Steps = [];

const STEPS: Readonly<Record<StoredType, Steps>> = {
  noticed: NONE,
  consented: NONE,
  'refused-consent': NONE,
  withdrew: NONE,
  collected: NONE,
  verified: NONE,
  rectified: NONE,
  derived: NONE,
  used: NONE,
  transferred: NONE,
  notified: NONE,
  confirmed: NONE,
  contracted: NONE,
  defaulted: NONE,
  performed: NONE,
  reached: NONE,
  ceded: NONE,
  requested: NONE,
  identified: NONE,
  answered: NONE,
  refused: NONE,
  extended: NONE,
  disputed: NONE,
  resolved: NONE,
  complained: NONE,
  ordered: NONE,
  blocked: NONE,
  unblocked: NONE,
  held: NONE,
  released: NONE,
  stopped: NONE,
  destroyed: NONE,
  'not-destroyed': NONE,
  depersonalised: NONE,
  linked: NONE,
  unlinked: NONE,
  corrected: NONE,
  published: NONE,
  registered: NONE,
  breached: NONE,
  'breach-reported': NONE,
  measured: NONE,
  asked: NONE,
  'answered-authority': NONE,
  granted: NONE,
  revoked: NONE,
  undertook: NONE,
  'backed-up': NONE,
  accessed: NONE,
  activated: NONE,
  continued: NONE,
  destroying: NONE,
};

const TYPES: ReadonlyMap<string, StoredType> = new Map(
  (Object.keys(STEPS) as StoredType[]).map((type) => [type, type]),
);

/** The type itself, which is compared faster than a copy of it; undefined where this program does not know it. */
export function knownType(type: string): StoredType | undefined {
  return TYPES.get(type);
}

/** Whether this program knows the version of a type. */
export function isKnownVersion(type: StoredType, version: number): boolean {
  return Number.isInteger(version) && version >= 1 && version <= STEPS[type].length + 1;
}

/** The event in the newest shape of its type. Of a version that is not known the event as it is. */
export function upcast(event: OldEvent): StoredEvent {
  const steps = STEPS[event.type];
  let newest = event;
  for (let from = event.v; from <= steps.length; from++) newest = steps[from - 1]!(newest);
  return newest as StoredEvent;
}
