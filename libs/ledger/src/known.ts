/** What is known of a person by some moment: the prefix of the log that counts, and ids read as packs list them now. */
import { epochMs } from '#packs';
import { isReference, type Instant, type Position } from './names.js';
import type { PersonRecord, Recorded } from './record.js';
import type { StoredEvent } from './stored.js';

/** A position, which is included; or an instant, up to which the log is read; undefined means all that is there. */
export type AsKnown = Position | Instant | undefined;

/**
 * The first position that is not known any more. For an instant it is the first event of the record with a later stamp:
 * the longest prefix without a leaf recorded after it, as far as the record shows the log.
 */
export function knownBefore(record: PersonRecord, asKnown: AsKnown): Position {
  if (asKnown === undefined) return Number.POSITIVE_INFINITY;
  if (typeof asKnown === 'number') return asKnown + 1;
  const limit = epochMs(asKnown);
  let before = Number.POSITIVE_INFINITY;
  const seen = new Set<PersonRecord>();
  const look = (events: readonly Recorded[]): void => {
    for (const { event, position } of events) {
      if (position < before && epochMs(event.recorded) > limit) before = position;
    }
  };
  const lookAt = (one: PersonRecord): void => {
    if (seen.has(one)) return;
    seen.add(one);
    for (const dossier of one.dossiers) look(dossier.events);
    look(one.corrections);
    look(one.controller);
    for (const client of one.clients) lookAt(client.record);
    for (const contact of one.contacts) lookAt(contact.record);
  };
  lookAt(record);
  return before;
}

/** The instant by which calendars are read: the given one, or the stamp of the last event that is known. */
export function knownInstant(record: PersonRecord, asKnown: AsKnown): Instant | undefined {
  if (typeof asKnown !== 'number') return asKnown;
  let last: Instant | undefined;
  for (const events of [record.controller, ...record.dossiers.map((dossier) => dossier.events)]) {
    for (const { event, position } of events) {
      if (position <= asKnown && (last === undefined || event.recorded > last)) last = event.recorded;
    }
  }
  return last;
}

/** The event with every reference that a pack lists by now replaced by that pack's id; the same one where there is none. */
export function readAsListed(event: StoredEvent, listed: ReadonlyMap<string, string>): StoredEvent {
  if (listed.size === 0) return event;
  const data = replaced(event.data, listed);
  return data === event.data ? event : ({ ...event, data } as StoredEvent);
}

function replaced(value: unknown, listed: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return isReference(value) ? (listed.get(value) ?? value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => replaced(item, listed));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  let changed = false;
  const fields = Object.entries(value).map(([key, field]) => {
    const name = isReference(key) ? (listed.get(key) ?? key) : key;
    const content = replaced(field, listed);
    if (name !== key || content !== field) changed = true;
    return [name, content] as const;
  });
  return changed ? Object.fromEntries(fields) : value;
}
