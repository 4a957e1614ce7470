/**
 * What recorded destructions ask of Depter's own copy (`design.md`, Record): it is erased as a command would, of an item
 * that a minimum or a hold keeps only when that ends.
 */
import type { Day, Rulebook } from '#packs';
import { type At, type Folded, foldKeeping, isDescribed, type Moment, momentOf, ownEvents } from './fold.js';
import type { Item } from './item.js';
import { keepersOf } from './judge.js';
import type { EventId, SubjectRef } from './names.js';
import type { PersonRecord, Recorded } from './record.js';
import type { StoredEvent } from './stored.js';
import { sameTies } from './tie.js';

/** Values of an item in one dossier, but for those of the events named, which came to be after its destruction. */
export interface ErasedItem {
  readonly dossier: SubjectRef;
  readonly item: string;
  readonly surviving: readonly EventId[];
  /** When it was destroyed, as its event says. */
  readonly at: string;
}

export interface Erasing {
  /** The recorded destructions that are carried out herewith, or that say nothing to Depter. */
  readonly facts: readonly EventId[];
  /** Dossiers that end as a whole. */
  readonly ended: readonly SubjectRef[];
  readonly erased: readonly ErasedItem[];
}

type Destruction = Extract<StoredEvent, { readonly type: 'destroyed' | 'depersonalised' }>;

/**
 * Of recorded destructions of one person, by their ids, those that can be carried out on a day; the rest waits for what
 * keeps its items. One that was corrected, or is told at the person whom an item describes, asks for nothing. Of an event
 * that joins dossiers, all that was destroyed before reaches those that have come to it.
 */
export function erasing(record: PersonRecord, rulebook: Rulebook, owed: ReadonlySet<string>, on: Day): Erasing {
  const at = { asOf: on, asKnown: undefined };
  const folded = foldKeeping(record, momentOf(record, rulebook, at));
  const known = new Map(folded.events.flatMap(({ event }) => (owed.has(event.id) ? [[event.id, event] as const] : [])));
  const facts: EventId[] = [];
  const ended: SubjectRef[] = [];
  const erased: ErasedItem[] = [];
  const erasedOf = erasedByItem(record, folded);
  const joins = joiningIn(record, owed);
  if (joins.length > 0 && !isUnderWay(record)) {
    const gone = peopleOf(record, folded, rulebook, at).map((person) => ofAllGone(record, person));
    erased.push(...gone.flatMap((one) => one.erased));
    if (gone.every(({ isWhole }) => isWhole)) facts.push(...joins);
  }
  const joining = new Set<string>(joins);
  for (const id of owed) {
    if (joining.has(id)) continue;
    const event = known.get(id);
    if (event !== undefined && isDestruction(event) && !isDescribed(event)) {
      if (event.data.items === 'all' && isOver(folded)) {
        if (isKept(folded, folded.person.all)) continue;
        ended.push(...record.dossiers.map(({ subject }) => subject).filter((one) => folded.links.person.has(one)));
      }
      const items = itemsOf(folded, event);
      const free = items.filter((item) => !isKept(folded, [item]));
      for (const item of free) erased.push(...erasedOf(item, event.at));
      if (free.length < items.length) continue;
    } else if (isAhead(record, id, folded)) continue;
    facts.push(id as EventId);
  }
  return { facts, ended: [...new Set(ended)], erased: ended.length === 0 ? erased : erased.filter(({ dossier }) => !ended.includes(dossier)) }; // prettier-ignore
}

/**
 * The destructions that somebody else reported of a person, in order of position: what was corrected, or is told at the person
 * whom an item describes, is none.
 */
export function reportedDestructions(
  record: PersonRecord,
  moment: Moment,
): readonly (Recorded & { event: Destruction })[] {
  const stands = new Set(ownEvents(record, moment).events.map(({ event }) => event.id));
  return record.dossiers
    .flatMap(({ events }) => events)
    .flatMap((recorded) => {
      const { event } = recorded;
      const isOne = isDestruction(event) && event.data.evidence === undefined && !isDescribed(event);
      return isOne && stands.has(event.id) ? [{ ...recorded, event }] : [];
    })
    .sort((a, b) => a.position - b.position);
}

/** Of those owed, the events that say which dossiers are one person: the values of each are to go where any had its item destroyed. */
function joiningIn({ dossiers, corrections }: PersonRecord, owed: ReadonlySet<string>): readonly EventId[] {
  return [...dossiers.flatMap(({ events }) => events), ...corrections].flatMap(({ event }) =>
    owed.has(event.id) && JOINING.has(event.type) ? [event.id as EventId] : [],
  );
}

const JOINING: ReadonlySet<string> = new Set(['linked', 'unlinked', 'corrected']);

/** A destruction has begun and has not been recorded as done: what it ends is told then. */
function isUnderWay({ dossiers }: PersonRecord): boolean {
  const events = dossiers.flatMap((dossier) => dossier.events.map(({ event }) => event));
  const done = new Set(events.flatMap((event) => (isDestruction(event) ? (event.data.evidence?.intent ?? []) : [])));
  return events.some(({ id, type }) => type === 'destroying' && !done.has(id));
}

/** Everybody whom the dossiers of a record make: a link that is cut may let another count, elsewhere among them. */
function peopleOf(record: PersonRecord, first: Folded, rulebook: Rulebook, at: At): readonly Folded[] {
  const people = [first];
  for (const { subject } of record.dossiers) {
    if (people.some(({ links }) => links.person.has(subject))) continue;
    const other = { ...record, subject };
    people.push(foldKeeping(other, momentOf(other, rulebook, at)));
  }
  return people;
}

/** What is left, in any dossier of a person, of items that were destroyed; not whole where something keeps one. */
function ofAllGone(
  record: PersonRecord,
  folded: Folded,
): { readonly erased: readonly ErasedItem[]; readonly isWhole: boolean } {
  const gone = folded.events.flatMap(({ event }) =>
    isDestruction(event) && !isDescribed(event)
      ? itemsOf(folded, event)
          .filter(({ gonePlace }) => gonePlace >= 0)
          .map((item) => ({ item, at: event.at, isFree: !isKept(folded, [item]) }))
      : [],
  );
  const erasedOf = erasedByItem(record, folded);
  return {
    erased: gone.flatMap(({ item, at, isFree }) => (isFree ? erasedOf(item, at) : [])),
    isWhole: gone.every(({ isFree }) => isFree),
  };
}

function isDestruction(event: StoredEvent): event is Destruction {
  return event.type === 'destroyed' || event.type === 'depersonalised';
}

/** Nothing of the person lives any more, so that an end of all is the end of them. */
function isOver({ person }: Folded): boolean {
  return person.all.every(({ fate }) => fate !== null);
}

function isKept({ person, day }: Folded, items: readonly Item[]): boolean {
  return items.some((item) => keepersOf(person, item, day).length > 0);
}

/** It is dated after the day: it says nothing yet. */
function isAhead(record: PersonRecord, id: string, { day }: Folded): boolean {
  return record.dossiers.some(({ events }) =>
    events.some(({ event }) => event.id === id && event.at.slice(0, 10) > day),
  );
}

/** The rows that it is about; those that it found gone already had been destroyed before. */
function itemsOf({ person }: Folded, { data: { items, about } }: Destruction): readonly Item[] {
  if (items === 'all') return [...person.all];
  return items.flatMap((id) => {
    const tie = about?.[id];
    return tie === undefined ? (person.known(id) ?? []) : person.tied(id, tie);
  });
}

/** What goes of an item, by when it was destroyed. What survives is the same of each time, and looked for once. */
function erasedByItem(record: PersonRecord, folded: Folded): (item: Item, at: string) => readonly ErasedItem[] {
  const known = new Map<Item, readonly ErasedOnce[]>();
  return (item, at) => {
    let found = known.get(item);
    if (found === undefined) known.set(item, (found = ofItem(record, folded, item)));
    return found.map((one) => ({ ...one, at }));
  };
}

type ErasedOnce = Omit<ErasedItem, 'at'>;

function ofItem(record: PersonRecord, folded: Folded, item: Item): readonly ErasedOnce[] {
  if (item.about !== null) return ofOther(record, folded, item);
  const { links, events } = folded;
  const surviving = events
    .filter(({ event, place }) => place > item.gonePlace && valuesOf(event)?.[item.item] !== undefined)
    .map(({ event }) => event.id as EventId);
  return record.dossiers
    .filter(({ subject }) => links.person.has(subject))
    .map(({ subject }) => ({ dossier: subject, item: item.item, surviving }));
}

/** Values about somebody else lie with that person: those go that came with the client's events. */
function ofOther(record: PersonRecord, { events }: Folded, { item, about, gonePlace }: Item): readonly ErasedOnce[] {
  const gone = new Set(
    events.filter(({ place }) => place <= gonePlace).map(({ event }) => record.firsts.get(event.id) ?? event.id),
  );
  const names = sameTies(record.about);
  return record.contacts
    .filter(({ tie }) => (names.get(tie.about) ?? tie.about) === about)
    .flatMap(({ tie, record: theirs }) =>
      theirs.dossiers
        .filter(({ subject }) => subject === tie.contact)
        .map(({ subject, events: told }) => ({
          dossier: subject,
          item,
          surviving: told
            .filter(({ event }) =>
              Object.keys(valuesOf(event) ?? {}).some((id) => (record.listed.get(id) ?? id) === item),
            )
            .filter(({ event }) => !gone.has(theirs.firsts.get(event.id) ?? event.id))
            .map(({ event }) => event.id as EventId),
        })),
    );
}

function valuesOf(event: StoredEvent): Readonly<Record<string, string>> | undefined {
  return 'values' in event.data ? event.data.values : undefined;
}
