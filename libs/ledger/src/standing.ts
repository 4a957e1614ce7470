/** How a person stands on a day, for boards across persons: what is due, what is wrong, and when time alone changes it. */
import { addDays, type Day, type Rulebook } from '#packs';
import { changesOf } from './change.js';
import { type ClockRow, clocksOf } from './clock-view.js';
import { type FindingRow, findingsOf } from './finding.js';
import { foldAt, momentOf } from './fold.js';
import { itemsAbout } from './lineage.js';
import { highestRanking } from './links.js';
import { isReference, type SubjectRef } from './names.js';
import type { Person } from './person.js';
import type { PersonRecord } from './record.js';
import { type Resolvers, UNLISTED } from './shown.js';

/** References stand as they are stored: what they mean only the vault knows, and `masked` takes them out. */
export interface Standing {
  /** The dossier by which the person is named, and all that are theirs. */
  readonly subject: SubjectRef;
  readonly linked: readonly SubjectRef[];
  readonly clocks: readonly ClockRow[];
  readonly findings: readonly FindingRow[];
  /** How many orders each recipient was told of and has not confirmed. */
  readonly outstanding: ReadonlyMap<string, number>;
  /** The first later day on which any of it may be another, though nothing happens; null where there is none. */
  readonly changesOn: Day | null;
}

const AS_STORED: Resolvers = { texts: (reference) => reference };
/** Laws are looked for no further ahead than this. */
const YEARS_AHEAD = 100;

/**
 * The person of a record at the end of a day, everything that is there being known: folded once, whoever has however many
 * events.
 */
export function standing(record: PersonRecord, rulebook: Rulebook, day: Day): Standing {
  const at = { asOf: day, asKnown: undefined };
  const moment = momentOf(record, rulebook, at);
  const folded = foldAt(record, moment, at);
  const linked = record.dossiers
    .filter(({ subject }) => folded.links.person.has(subject))
    .map(({ subject }) => subject);
  const clients = new Set(itemsAbout(record, folded, moment).map(({ folded: client }) => client.person));
  const outstanding = new Map<string, number>();
  for (const { confirmed, recipient } of folded.person.orders) {
    if (confirmed === null) outstanding.set(recipient, (outstanding.get(recipient) ?? 0) + 1);
  }
  const days = [folded.person, ...clients].flatMap((person) => changesWithin(person, day));
  if (isRecent(record, day)) days.push(addDays(day, 1));
  const [law] = changesOf(rulebook, day, addDays(day, YEARS_AHEAD * 365));
  if (law !== undefined && linked.length > 0) days.push(addDays(law, 1));
  return {
    subject: highestRanking(record.dossiers, folded.links.person) ?? record.subject,
    linked,
    clocks: clocksOf(record, folded, moment, AS_STORED),
    findings: findingsOf(record, folded, moment, AS_STORED),
    outstanding,
    changesOn: days.reduce<Day | null>((first, one) => (first === null || one < first ? one : first), null),
  };
}

/** Later days on which something ends, is late, opens or is looked at, by what is known of one person. */
function changesWithin(person: Person, day: Day): readonly Day[] {
  return [...person.wakings(), ...person.findings.map(({ on }) => on)].filter((one) => one > day);
}

/** What happened on a day may show on the next: a day that counts at its end, an order told and not confirmed by then. */
function isRecent(record: PersonRecord, day: Day): boolean {
  const records = [record, ...record.clients.map((one) => one.record), ...record.contacts.map((one) => one.record)];
  // Times are in UTC, and the local day may be another: a day more is looked at.
  const since = addDays(day, -1);
  return records.some(({ dossiers }) => dossiers.some(({ events }) => events.some(({ event }) => event.at >= since)));
}

/** A row as anybody may see it: an id that no pack lists is `unlisted`. */
export function masked<Row extends ClockRow | FindingRow>(row: Row): Row {
  const { items, recipient } = row;
  const isHidden = recipient !== undefined && isReference(recipient);
  if (!isHidden && items?.some(isReference) !== true) return row;
  return {
    ...row,
    ...(items !== undefined && { items: [...new Set(items.map(shown))].sort() }),
    ...(recipient !== undefined && { recipient: shown(recipient) }),
  };
}

function shown(id: string): string {
  return isReference(id) ? UNLISTED : id;
}
