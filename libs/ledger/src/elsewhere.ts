/** Values that lie with somebody else: those of a person's items that are about others are sealed under their keys. */
import type { Rulebook } from '#packs';
import { foldAt, momentOf } from './fold.js';
import { itemsAbout } from './lineage.js';
import type { EventId, Reference, SubjectRef } from './names.js';
import type { PersonRecord } from './record.js';
import type { StoredEvent } from './stored.js';

export interface ValuesElsewhere {
  /** Of whom the item is about. */
  readonly dossier: SubjectRef;
  /** As it stands in the events. */
  readonly item: string;
  /** Events there whose value of the item came from others, or from themselves. */
  readonly surviving: readonly EventId[];
}

/** Where values of the items (ids, or the references that stand for them) lie that this person's actions brought. */
export function valuesElsewhere(
  record: PersonRecord,
  rulebook: Rulebook,
  items: readonly string[] | 'all',
  asOf: string,
): readonly ValuesElsewhere[] {
  const at = { asOf, asKnown: undefined };
  const { links } = foldAt(record, momentOf(record, rulebook, at), at);
  const own = record.dossiers.filter(({ subject }) => links.person.has(subject));
  const mine = new Set(own.flatMap(({ events }) => events.map(({ event }) => event.id)));
  const isNamed = (item: string): boolean => items === 'all' || items.includes(record.listed.get(item) ?? item);
  const found = new Map<string, { dossier: SubjectRef; item: string; isMine: boolean; surviving: EventId[] }>();
  for (const { tie, record: contact } of record.contacts) {
    const dossier = contact.dossiers.find(({ subject }) => subject === tie.contact);
    if (dossier === undefined || !links.person.has(tie.client)) continue;
    for (const { event } of dossier.events) {
      for (const item of valued(event).filter(isNamed)) {
        const key = `${dossier.subject} ${item}`;
        const known = found.get(key) ?? { dossier: dossier.subject, item, isMine: false, surviving: [] };
        found.set(key, known);
        if (mine.has(contact.firsts.get(event.id) ?? event.id)) known.isMine = true;
        else if (!known.surviving.includes(event.id as EventId)) known.surviving.push(event.id as EventId);
      }
    }
  }
  return [...found.values()].flatMap(({ isMine, ...values }) => (isMine ? [values] : []));
}

/** An item of a client that is about a person, with its values, which lie with that person. */
export interface HeldElsewhere {
  /** The client's dossier, and the client's name there for whom the item is about. */
  readonly client: SubjectRef;
  readonly about: Reference;
  readonly item: string;
  readonly values: readonly ValuesElsewhere[];
}

/** What clients still hold about a person; it is theirs to tell, so that it must be told in their dossiers. */
export function heldElsewhere(record: PersonRecord, rulebook: Rulebook, asOf: string): readonly HeldElsewhere[] {
  const at = { asOf, asKnown: undefined };
  const moment = momentOf(record, rulebook, at);
  const folded = foldAt(record, moment, at);
  const own = record.dossiers.filter(({ subject }) => folded.links.person.has(subject));
  return itemsAbout(record, folded, moment).flatMap(({ item: { item, about, fate } }) => {
    const client = record.clients.find(({ tie }) => tie.about === about);
    if (client === undefined || fate !== null) return [];
    const theirs = new Set(client.record.dossiers.flatMap(({ events }) => events.map(({ event }) => event.id)));
    const isTheirs = (event: StoredEvent): boolean => theirs.has(record.firsts.get(event.id) ?? event.id);
    const values = own.flatMap(({ subject: dossier, events }) => {
      const having = events
        .map(({ event }) => event)
        .filter((event) => valued(event).some((label) => (record.listed.get(label) ?? label) === item));
      const surviving = having.filter((event) => !isTheirs(event)).map(({ id }) => id as EventId);
      return having.some(isTheirs) ? [{ dossier, item, surviving }] : [];
    });
    return [{ client: client.tie.client, about: client.tie.about, item, values }];
  });
}

function valued({ data }: StoredEvent): readonly string[] {
  return 'values' in data && data.values !== undefined ? Object.keys(data.values) : [];
}
