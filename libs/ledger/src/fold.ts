/**
 * The fold: select what is known, leave out what was corrected, find the person's dossiers, put their events in order,
 * let each act, and let time pass in between. Everything a view shows of a person comes from here.
 */
import { addDays, dayOf, type Day, epochMs, isDay, type Rulebook } from '#packs';
import { changesOf } from './change.js';
import { correctedIds } from './corrections.js';
import { evolvePlace } from './evolve.js';
import { type AsKnown, knownBefore, knownInstant, readAsListed } from './known.js';
import { highestRanking, type Links, linksOf } from './links.js';
import type { Instant, Position, SubjectRef } from './names.js';
import type { Item } from './item.js';
import { keepPlace } from './keeping.js';
import { inOrder, isDayAlone, place, type Placed } from './order.js';
import { passTo } from './passing.js';
import { Person, type Rules } from './person.js';
import { findGaps } from './gap.js';
import type { PersonRecord, Recorded } from './record.js';
import type { StoredEvent } from './stored.js';
import { distinct, readings } from './tie.js';

/**
 * As of when, and as known when. `asOf` is a local day, meaning its end in the controller's zone, or an instant, at which
 * events known by their day count from that day's start.
 */
export interface At {
  readonly asOf: string;
  readonly asKnown: AsKnown;
}

/** `At` made ready: asked once for a person and all the clients whose items are about them. */
export interface Moment {
  readonly rules: Rules;
  /** The local day. */
  readonly day: Day;
  /** The instant within the day; undefined means its end. */
  readonly instant: Instant | undefined;
  /** Positions below it are known. */
  readonly before: Position;
}

/** One person, folded. */
export interface Folded {
  readonly person: Person;
  readonly day: Day;
  /** Their own events that are known and count, in the order of the fold: links and described items included. */
  readonly events: readonly Placed[];
  readonly links: Links;
  /** The items of clients that are about this person, once a view asked for them. */
  itemsAbout: readonly ItemAbout[] | undefined;
}

/** An item of a client, with the client's fold, which shows nothing else of it. */
export interface ItemAbout {
  readonly folded: Folded;
  readonly item: Item;
}

export function momentOf(record: PersonRecord, rulebook: Rulebook, at: At): Moment {
  const calendar = rulebook.calendar(knownInstant(record, at.asKnown));
  const rules = { rulebook, calendar };
  const before = knownBefore(record, at.asKnown);
  if (isDay(at.asOf)) return { rules, day: at.asOf, instant: undefined, before };
  const instant = Temporal.Instant.fromEpochMilliseconds(epochMs(at.asOf)).toString({ fractionalSecondDigits: 3 });
  return { rules, day: dayOf(instant, rulebook.zone), instant, before };
}

/** `byContacts`: what people whom items are about did themselves, beside what the record holds of them. */
export function foldPerson(
  record: PersonRecord,
  moment: Moment,
  byContacts: readonly Placed[] = [],
  judged = true,
): Folded {
  const { rules, day, instant } = moment;
  const { ordered, elsewhere, events, links } = inPlaces(record, moment, byContacts);
  const person = new Person(rules, elsewhere, judged);
  const [first] = ordered;
  if (first !== undefined) for (const last of changesOf(rules.rulebook, first.day, day)) person.wakeForChange(last);
  eachPlace(ordered, (acts, { day: on }) => {
    passTo(person, on);
    evolvePlace(person, acts);
  });
  passTo(person, instant === undefined ? addDays(day, 1) : day);
  // At an instant its day is not over; what stands then is looked at all the same.
  if (judged && instant !== undefined && person.today === day) findGaps(person, day);
  return { person, day, events, links, itemsAbout: undefined };
}

/** A fold that is asked only which items there are, which of them are gone, and what keeps them whatever their purposes. */
export function foldKeeping(record: PersonRecord, moment: Moment): Folded {
  const { ordered, elsewhere, events, links } = inPlaces(record, moment, NONE);
  const person = new Person(moment.rules, elsewhere, false);
  eachPlace(ordered, (acts) => keepPlace(person, acts));
  return { person, day: moment.day, events, links, itemsAbout: undefined };
}

/** All that a fold takes, in its order. */
function inPlaces(
  record: PersonRecord,
  moment: Moment,
  byContacts: readonly Placed[],
): Pick<Folded, 'events' | 'links'> & { readonly ordered: readonly Placed[]; readonly elsewhere: ReadonlySet<string> } {
  const { events, links, wrong } = ownEvents(record, moment);
  const contacts = [...byContacts.map((one) => ({ ...one })), ...contactsEvents(record, moment)];
  const { acting, elsewhere, coarse } = parted(events);
  for (const { event } of contacts) if (isDayAlone(event.at)) coarse.add(event.at);
  const ordered = inOrder([...acting, ...contacts, ...controllersEvents(record, moment, wrong)], coarse);
  return { ordered, elsewhere, events, links };
}

/** Each place with its acts, of which `first` is one. */
function eachPlace(ordered: readonly Placed[], take: (acts: readonly Placed[], first: Placed) => void): void {
  for (let at = 0; at < ordered.length;) {
    const first = ordered[at]!;
    const acts = [first];
    for (at += 1; at < ordered.length && ordered[at]!.place === first.place; at += 1) acts.push(ordered[at]!);
    take(acts, first);
  }
}

/** The record of somebody whom nobody knows, beside the controller's own matters. */
export function emptyRecord({
  controller = [],
  corrections = [],
  listed = new Map(),
}: Partial<Pick<PersonRecord, 'controller' | 'corrections' | 'listed'>>): PersonRecord {
  return {
    subject: '' as SubjectRef,
    dossiers: [],
    corrections,
    firsts: new Map(),
    about: [],
    clients: [],
    contacts: [],
    controller,
    listed,
  };
}

/** A fold, and what it was made of. */
interface Known {
  readonly record: PersonRecord;
  readonly rulebook: Rulebook;
  readonly at: At;
  readonly folded: Folded;
}

/** The fold of somebody with more events is made anew for each view: held, it would take a hundred megabytes while others are read. */
const HELD_EVENTS = 20_000;

/**
 * The last fold: views of one record follow one another. One is held and no more, since a weak map of records keeps all
 * that was folded since the last major collection, and every minor one copies it.
 */
let last: Known | undefined;

/**
 * One fold for all views of one record at one moment: none of them changes it. A view without findings asks for no
 * judgement, and takes a judged fold where there is one.
 */
export function foldAt(record: PersonRecord, moment: Moment, at: At, judged = true): Folded {
  const { rulebook } = moment.rules;
  const same =
    last !== undefined &&
    last.record === record &&
    last.rulebook === rulebook &&
    last.at.asOf === at.asOf &&
    last.at.asKnown === at.asKnown;
  if (same && (last!.folded.person.judged || !judged)) return last!.folded;
  const folded = foldPerson(record, moment, [], judged);
  last = folded.events.length > HELD_EVENTS ? undefined : { record, rulebook, at, folded };
  return folded;
}

/** The events of a person's own dossiers: known, not corrected, linked, and not after the moment; and what is corrected. */
export function ownEvents(
  record: PersonRecord,
  moment: Moment,
): { readonly events: readonly Placed[]; readonly links: Links; readonly wrong: ReadonlySet<string> } {
  const { zone } = moment.rules.rulebook;
  const names = readings(record);
  const known = record.dossiers.map(({ events }) => knownOf(events, names, moment));
  const wrong = correctedIds([...known, knownOf(record.corrections, names, moment)], record.firsts);
  const right = new Map<string, readonly Placed[]>();
  const links: Placed[] = [];
  const coarse = new Set<Day>();
  for (const [at, { subject }] of record.dossiers.entries()) {
    const placed: Placed[] = [];
    for (const { event, position } of known[at]!) {
      if (wrong.size > 0 && wrong.has(record.firsts.get(event.id) ?? event.id)) continue;
      const one = place(event, position, zone);
      if (one === undefined) continue;
      // Links count whatever the moment; acts of a later one do not.
      if (isLink(event)) links.push(one);
      if (isDayAlone(event.at)) coarse.add(event.at);
      if (isBy(one, moment)) placed.push(one);
    }
    right.set(subject, placed);
  }
  const linked = linksOf(record.subject, record.dossiers, links, coarse, record.crowded);
  const events: Placed[] = [];
  for (const subject of linked.person) for (const placed of right.get(subject) ?? NONE) events.push(placed);
  return { events, links: linked, wrong };
}

const NONE: readonly Placed[] = [];

function isLink({ type }: StoredEvent): boolean {
  return type === 'linked' || type === 'unlinked';
}

/**
 * Of a person's events those that do something to what is known of the person itself; the items of described ones, which
 * lie in a client's dossier: what is done to them here is read there; and the days of which one is known by its day alone.
 */
function parted(events: readonly Placed[]): {
  readonly acting: Placed[];
  readonly elsewhere: ReadonlySet<string>;
  readonly coarse: Set<Day>;
} {
  const acting: Placed[] = [];
  const elsewhere = new Set<string>();
  const coarse = new Set<Day>();
  for (const placed of events) {
    const { event } = placed;
    if (isDayAlone(event.at)) coarse.add(event.at);
    if (isDescribed(event)) {
      const { items } = event.data as { readonly items?: readonly string[] | 'all' };
      if (items !== undefined && items !== 'all') for (const item of items) elsewhere.add(item);
    } else if (!isLink(event)) acting.push(placed);
  }
  return { acting, elsewhere, coarse };
}

/** The dossiers that are this person. */
export function linkedSubjects(record: PersonRecord, moment: Moment): ReadonlySet<string> {
  return ownEvents(record, moment).links.person;
}

function knownOf(events: readonly Recorded[], names: ReadonlyMap<string, string>, moment: Moment): readonly Recorded[] {
  if (names.size === 0 && moment.before === Number.POSITIVE_INFINITY) return events;
  const known: Recorded[] = [];
  for (const recorded of events) {
    if (recorded.position >= moment.before) continue;
    const event = readAsListed(recorded.event, names);
    known.push(event === recorded.event ? recorded : { ...recorded, event });
  }
  return known;
}

function isBy({ event, day }: Placed, moment: Moment): boolean {
  if (moment.instant === undefined || isDayAlone(event.at)) return day <= moment.day;
  return event.at <= moment.instant;
}

/**
 * Of the controller's own matters a person's answer is changed by backups (how long what is destroyed lies in one), by
 * what recipients undertook and the register names, and by breaches that name nobody.
 */
function isForEveryone(event: StoredEvent): boolean {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the rest is the controller's alone
  switch (event.type) {
    case 'backed-up':
    case 'registered':
      return true;
    case 'undertook':
      return event.data.recipient !== undefined;
    case 'breached':
      return event.data.people === undefined;
    default:
      return false;
  }
}

function controllersEvents(record: PersonRecord, moment: Moment, wrong: ReadonlySet<string>): readonly Placed[] {
  const { zone } = moment.rules.rulebook;
  const matters = record.controller.filter(({ event }) => isForEveryone(event) && !wrong.has(event.id));
  return knownOf(matters, record.listed, moment).flatMap(({ event, position }) => {
    const placed = place(event, position, zone, true);
    return placed !== undefined && placed.day <= moment.day ? [placed] : [];
  });
}

/** What the people whom items are about did themselves. */
function contactsEvents(record: PersonRecord, moment: Moment): readonly Placed[] {
  return distinct(record.contacts, () => record.about).flatMap(({ name, record: contact }) =>
    actsOfContact(ownEvents(contact, moment).events, name),
  );
}

export function actsOfContact(events: readonly Placed[], about: string): readonly Placed[] {
  return events.filter(({ event }) => !isDescribed(event)).map((placed) => ({ ...placed, about }));
}

export function isDescribed({ data }: StoredEvent): boolean {
  return (data as { readonly described?: boolean }).described === true;
}

/**
 * Who the record's subject is: the dossier of the person's highest-ranking identifier, by which they are named, and all
 * of their dossiers.
 */
export function identityOf(
  record: PersonRecord,
  rulebook: Rulebook,
  at: At,
): { readonly subject: SubjectRef; readonly linked: readonly SubjectRef[] } {
  const person = linkedSubjects(record, momentOf(record, rulebook, at));
  const linked = record.dossiers.filter(({ subject }) => person.has(subject)).map(({ subject }) => subject);
  return { subject: highestRanking(record.dossiers, person) ?? record.subject, linked };
}
