/**
 * Gathers everything about one person: all dossiers that any link reaches, what corrects their events from elsewhere,
 * and the ties to the people their items are about. The caller's queries see one moment.
 */
import {
  IDENTIFIER_KINDS,
  type ControllerRecord,
  type Dossier,
  type PersonRecord,
  type Recorded,
  type Reference,
  type SubjectRef,
  type Tie,
} from '#ledger';
import type { Controller } from '../sealing/controller.js';
import { LINKS_MAX } from '../links-limit.js';
import { idBytes, idText } from '../sealing/mint.js';
import { eventsOf, ownEvents, recordedOf } from './log-reader.js';
import type { Queries, Row } from './postgres.js';

const OF_DOSSIERS = 'e.controller = $1 AND e.subject = ANY ($2::bytea[]) AND NOT e.accessed';
const SQL = {
  kinds: {
    name: 'person-kinds',
    text: 'SELECT subject, kind FROM depter.dossiers WHERE controller = $1 AND subject = ANY ($2::bytea[])',
  },
  /** Of dossiers the kinds of their identifiers and their links, of a crowded one more than it may have. */
  linked: {
    name: 'person-linked',
    text: `SELECT d.subject, d.kind, l.other FROM depter.dossiers d LEFT JOIN LATERAL (
        SELECT other FROM depter.links WHERE controller = $1 AND subject = d.subject ORDER BY other LIMIT ${LINKS_MAX + 1}
      ) l ON true
      WHERE d.controller = $1 AND d.subject = ANY ($2::bytea[]) ORDER BY l.other`,
  },
  firsts: {
    name: 'person-firsts',
    text: `SELECT e.id, f.id AS first FROM depter.events e JOIN depter.events f ON f.seq = e.first_seq WHERE ${OF_DOSSIERS}`,
  },
  about: {
    name: 'person-about',
    text: 'SELECT client, contact, about FROM depter.ties WHERE controller = $1 AND client = ANY ($2::bytea[]) ORDER BY client, contact',
  },
  clients: {
    name: 'person-clients',
    text: `SELECT client, contact, about FROM depter.ties WHERE controller = $1 AND contact = ANY ($2::bytea[])
      ORDER BY contact, client`,
  },
  /** Corrections of events by the ids of their actions. */
  corrections: {
    name: 'person-corrections',
    text: `SELECT p.position, e.entry FROM depter.corrections c JOIN depter.events e USING (seq) JOIN depter.placed p USING (seq)
      WHERE c.controller = $1 AND c.target = ANY ($2::bytea[])`,
  },
};

type Listed = ReadonlyMap<string, string>;

export class PersonReader {
  readonly #own = new Map<number, readonly Recorded[]>();

  async person(
    queries: Queries,
    controller: Controller,
    subject: SubjectRef,
    listed: Listed,
  ): Promise<PersonRecord | undefined> {
    const bytes = idBytes(subject);
    if (bytes === undefined) return undefined;
    const [there] = await queries.rows(SQL.kinds, [controller.no, [bytes]]);
    if (there === undefined) return undefined;
    const own = await this.own(queries, controller);
    const [record, clients] = await read(queries, controller, subject, listed, own);
    const ties: PersonRecord['clients'][number][] = [];
    for (const tie of clients) {
      const [theirs] = await read(queries, controller, tie.client, listed, own);
      ties.push({ tie, record: theirs });
    }
    const contacts: PersonRecord['clients'][number][] = [];
    // Of whom a client's item is about, what they ask themselves counts for that item.
    for (const tie of record.about) {
      const [theirs] = await read(queries, controller, tie.contact, listed, own);
      contacts.push({ tie, record: theirs });
    }
    return { ...record, clients: ties, contacts };
  }

  /** The controller's own events with whatever corrects them. */
  async matters(queries: Queries, controller: Controller, listed: Listed): Promise<ControllerRecord> {
    const own = await this.own(queries, controller);
    const corrections = await correctionsOf(queries, controller, [{ events: own }], new Map());
    return { controller: own, corrections, listed };
  }

  /** The controller's own events, which are few and only ever added to. */
  async own(queries: Queries, controller: Controller): Promise<readonly Recorded[]> {
    const known = this.#own.get(controller.no) ?? [];
    const newer = await ownEvents(queries, controller, (known.at(-1)?.position ?? -1) + 1);
    const all = newer.length === 0 ? known : [...known, ...newer];
    if (all.length > (this.#own.get(controller.no)?.length ?? 0)) this.#own.set(controller.no, all);
    return all;
  }
}

/** One person without their clients, and the ties to these. */
async function read(
  queries: Queries,
  controller: Controller,
  subject: SubjectRef,
  listed: Listed,
  own: readonly Recorded[],
): Promise<[PersonRecord, Tie[]]> {
  const { kinds: linked, crowded } = await linkedTo(queries, controller, subject);
  const subjects = [...linked.keys()];
  const values = [controller.no, subjects.map((ref) => Buffer.from(ref, 'base64url'))];
  const events = await eventsOf(queries, controller, subjects);
  const dossiers = subjects.map((ref): Dossier => ({
    subject: ref,
    kind: IDENTIFIER_KINDS[linked.get(ref)!]!,
    events: events.get(ref)!,
  }));
  const firsts = new Map<string, string>();
  for (const { id, first } of await queries.rows(SQL.firsts, values)) {
    firsts.set(idText(id as Buffer), idText(first as Buffer));
  }
  const about = (await queries.rows(SQL.about, values)).map(tieOf);
  const clients = (await queries.rows(SQL.clients, values)).map(tieOf);
  const corrections = await correctionsOf(queries, controller, [...dossiers, { events: own }], firsts);
  const record = { subject, dossiers, corrections, firsts, about, clients: [], contacts: [], controller: own, listed };
  return [crowded.size === 0 ? record : { ...record, crowded }, clients];
}

/**
 * The dossiers that any chain of links reaches, nearest first, with the ranks of their identifiers: all of them or, of one
 * with too many links, none.
 */
async function linkedTo(
  queries: Queries,
  controller: Controller,
  subject: SubjectRef,
): Promise<{ readonly kinds: ReadonlyMap<SubjectRef, number>; readonly crowded: ReadonlySet<string> }> {
  const reached = new Map<SubjectRef, number>();
  const crowded = new Set<string>();
  let level: readonly SubjectRef[] = [subject];
  while (level.length > 0) {
    const values = [controller.no, level.map((ref) => Buffer.from(ref, 'base64url'))];
    const kinds = new Map<SubjectRef, number>();
    const links: { readonly from: SubjectRef; readonly other: SubjectRef }[] = [];
    const counts = new Map<SubjectRef, number>();
    for (const row of await queries.rows(SQL.linked, values)) {
      const from = idText(row['subject'] as Buffer) as SubjectRef;
      kinds.set(from, row['kind'] as number);
      if (row['other'] === null) continue;
      links.push({ from, other: idText(row['other'] as Buffer) as SubjectRef });
      counts.set(from, (counts.get(from) ?? 0) + 1);
    }
    for (const [from, count] of counts) if (count > LINKS_MAX) crowded.add(from);
    const followed = level.filter((ref) => !crowded.has(ref));
    for (const ref of followed.length === 0 && reached.size === 0 ? level : followed) {
      const kind = kinds.get(ref);
      if (kind !== undefined) reached.set(ref, kind);
    }
    const ahead = new Set(links.filter(({ from }) => !crowded.has(from)).map(({ other }) => other));
    level = [...ahead].filter((ref) => !reached.has(ref) && !crowded.has(ref));
  }
  return { kinds: reached, crowded };
}

/** Corrections that lie in none of the dossiers, and the corrections of those. */
async function correctionsOf(
  queries: Queries,
  controller: Controller,
  dossiers: readonly Pick<Dossier, 'events'>[],
  firsts: ReadonlyMap<string, string>,
): Promise<Recorded[]> {
  const seen = new Set<number>();
  for (const { events } of dossiers) for (const { position } of events) seen.add(position);
  const elsewhere: Recorded[] = [];
  let targets = [...new Set(dossiers.flatMap(({ events }) => events.flatMap(({ event }) => [event.id, firsts.get(event.id)])))]; // prettier-ignore
  while (targets.length > 0) {
    const ids = targets.flatMap((id) => (id === undefined ? [] : [Buffer.from(id, 'base64url')]));
    const rows = await queries.rows(SQL.corrections, [controller.no, ids]);
    targets = [];
    for (const row of rows) {
      const correction = recordedOf(row);
      if (seen.has(correction.position)) continue;
      seen.add(correction.position);
      elsewhere.push(correction);
      targets.push(correction.event.id);
    }
  }
  return elsewhere.sort((a, b) => a.position - b.position);
}

function tieOf(row: Row): Tie {
  return {
    client: idText(row['client'] as Buffer) as SubjectRef,
    contact: idText(row['contact'] as Buffer) as SubjectRef,
    about: idText(row['about'] as Buffer) as Reference,
  };
}
