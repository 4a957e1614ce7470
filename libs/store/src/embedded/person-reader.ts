/**
 * Gathers everything about one person: all dossiers that any link reaches, what corrects their events from elsewhere,
 * and the ties to the people their items are about. The caller holds a read transaction, so it is one moment.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
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
import { endOf, placeOf } from './controllers.js';
import type { Controller } from '../sealing/controller.js';
import { DossierCache, EVENTS_OF_ONE, type ReadDossier } from './dossier-cache.js';
import type { LogReader } from './log-reader.js';
import { OF_DOSSIER } from './schema.js';
import { LINKS_MAX } from '../links-limit.js';
import { RecentCorrections } from './recent-corrections.js';
import { idBytes, idText } from '../sealing/mint.js';

/** The controller's own events have no subject. */
const NO_SUBJECT = new Uint8Array(0);

const NO_FIRSTS: ReadonlyMap<string, string> = new Map();

type Listed = ReadonlyMap<string, string>;

/** The dossiers that any chain of links reaches, with the ranks of their identifiers. */
interface Reached {
  readonly kinds: ReadonlyMap<SubjectRef, number>;
  /** Dossiers whose links are not followed. */
  readonly crowded: ReadonlySet<string>;
}

export class PersonReader {
  readonly #log: LogReader;
  readonly #sql: Readonly<
    Record<'kind' | 'links' | 'corrections' | 'correctionsOf' | 'firsts' | 'about' | 'clients', StatementSync>
  >;
  readonly #own = new Map<number, readonly Recorded[]>();
  /** The corrections of its own events, as far as the log went when they were looked for. */
  readonly #ownCorrections = new Map<number, { readonly last: number; readonly found: readonly number[] }>();
  readonly #dossiers = new DossierCache();
  readonly #recent: RecentCorrections;
  /** The last one read: whoever looks at one person from several sides has it folded once. */
  #last: PersonRecord | undefined;

  constructor(ledger: DatabaseSync, log: LogReader) {
    this.#log = log;
    this.#recent = new RecentCorrections(ledger);
    this.#sql = {
      kind: ledger.prepare('SELECT kind FROM dossiers WHERE subject = ? AND controller = ?'),
      links: ledger.prepare(`SELECT other FROM links WHERE subject = ? ORDER BY other LIMIT ${LINKS_MAX + 1}`),
      corrections: ledger.prepare(
        `SELECT c.at FROM events e JOIN corrections c ON c.target = e.id
           WHERE e.at ${OF_DOSSIER}
         UNION SELECT c.at FROM events e JOIN splits s ON s.at = e.at JOIN events f ON f.at = s.first
           JOIN corrections c ON c.target = f.id WHERE e.at ${OF_DOSSIER}`,
      ),
      correctionsOf: ledger.prepare('SELECT at FROM corrections WHERE target = ?'),
      firsts: ledger.prepare(
        `SELECT e.id, f.id FROM events e JOIN splits s ON s.at = e.at JOIN events f ON f.at = s.first
           WHERE e.at ${OF_DOSSIER}`,
      ),
      about: ledger.prepare('SELECT client, contact, about FROM ties WHERE client = ? ORDER BY contact'),
      clients: ledger.prepare('SELECT client, contact, about FROM ties WHERE contact = ? ORDER BY client'),
    };
    for (const statement of Object.values(this.#sql)) statement.setReturnArrays(true);
  }

  person(controller: Controller, subject: SubjectRef, listed: Listed): PersonRecord | undefined {
    const bytes = idBytes(subject);
    if (bytes === undefined || this.#kindOf(controller, bytes) === undefined) return undefined;
    const record = this.#record(controller, subject, listed, true);
    if (this.#last !== undefined && isAsBefore(record, this.#last)) return this.#last;
    this.#last = isMetAgain(record) ? record : undefined;
    return record;
  }

  /**
   * All of them or, of one with too many links, none: which links count is judged on the whole, and a part of it would
   * make one person of two. Nearest first; those of the controller alone.
   */
  #reached(controller: Controller, subject: SubjectRef): Reached {
    const kinds = new Map<SubjectRef, number>();
    const crowded = new Set<string>();
    const ahead: SubjectRef[] = [subject];
    for (const next of ahead) {
      if (kinds.has(next) || crowded.has(next)) continue;
      const bytes = Buffer.from(next, 'base64url');
      const kind = this.#kindOf(controller, bytes);
      if (kind === undefined) continue;
      const links = this.#sql.links.all(bytes);
      if (links.length > LINKS_MAX) crowded.add(next);
      else for (const row of links) ahead.push(idText(column(row, 0)) as SubjectRef);
      if (next === subject || !crowded.has(next)) kinds.set(next, kind);
    }
    return { kinds, crowded };
  }

  /** The controller's own events, which are few and only ever added to. */
  own(controller: Controller): readonly Recorded[] {
    const all = this.#newer(controller, null, this.#own.get(controller.no) ?? []);
    this.#own.set(controller.no, all);
    return all;
  }

  /** Its own events with whatever corrects them. */
  matters(controller: Controller, listed: Listed): ControllerRecord {
    const own = this.own(controller);
    const corrections = new Set(this.#correctionsOfOwn(controller));
    return { controller: own, corrections: this.#elsewhere(controller, [{ events: own }], corrections), listed };
  }

  /** A controller without matters of its own, which most reads are of, asks for nothing. */
  #correctionsOfOwn(controller: Controller): readonly number[] {
    if (this.own(controller).length === 0) return [];
    const range = [placeOf(controller, 0), endOf(controller)] as const;
    const last = this.#recent.follow(controller);
    const known = this.#ownCorrections.get(controller.no);
    if (known?.last === last) return known.found;
    const found = this.#sql.corrections.all(NO_SUBJECT, ...range).map(at);
    this.#ownCorrections.set(controller.no, { last, found });
    return found;
  }

  /** What is kept of it with what came since, as of the moment of the caller's transaction. */
  #dossier(controller: Controller, ref: SubjectRef, subject: Uint8Array): ReadDossier {
    const name = `${controller.no} ${ref}`;
    const known = this.#dossiers.get(name);
    const through = this.#recent.follow(controller);
    if (known.through === through) return known;
    const events = this.#newer(controller, subject, known.events);
    const grown = events !== known.events;
    const from = grown ? placeOf(controller, events[known.events.length]!.position) : endOf(controller);
    const read = {
      events,
      firsts: grown ? this.#firsts(controller, subject, known, from) : known.firsts,
      corrections: this.#corrections(controller, subject, known, from),
      through,
    };
    this.#dossiers.set(name, read);
    return read;
  }

  #firsts(controller: Controller, subject: Uint8Array, known: ReadDossier, from: number): ReadonlyMap<string, string> {
    const firsts = new Map(known.firsts);
    for (const row of this.#sql.firsts.iterate(subject, from, endOf(controller)))
      firsts.set(idText(column(row, 0)), idText(column(row, 1)));
    return firsts;
  }

  /** Of events that are new here a correction may be old, of others only one that came since is not known. */
  #corrections(controller: Controller, subject: Uint8Array, known: ReadDossier, from: number): readonly number[] {
    const since = this.#recent.after(controller, known.through);
    const asked = since === undefined ? placeOf(controller, 0) : from;
    const found = asked < endOf(controller) ? this.#sql.corrections.all(subject, asked, endOf(controller)).map(at) : [];
    if (since === undefined) return found;
    if (since.length === 0 && found.length === 0) return known.corrections;
    const ids = new Set([...known.events.map(({ event }) => event.id as string), ...known.firsts.values()]);
    const named = since.filter(({ target }) => ids.has(target));
    return [...known.corrections, ...found, ...named.map((one) => one.at)];
  }

  #newer(controller: Controller, subject: Uint8Array | null, known: readonly Recorded[]): readonly Recorded[] {
    const newer = this.#log.dossier(controller, subject, (known.at(-1)?.position ?? -1) + 1);
    if (newer.length === 0) return known;
    return known.length === 0 ? newer : [...known, ...newer];
  }

  #record(controller: Controller, subject: SubjectRef, listed: Listed, withOthers: boolean): PersonRecord {
    const dossiers: Dossier[] = [];
    let firsts: ReadonlyMap<string, string> = NO_FIRSTS;
    const about: Tie[] = [];
    const clients: Tie[] = [];
    const corrections = new Set(this.#correctionsOfOwn(controller));
    const { kinds, crowded } = this.#reached(controller, subject);
    for (const [ref, kind] of kinds) {
      const bytes = Buffer.from(ref, 'base64url');
      const read = this.#dossier(controller, ref, bytes);
      dossiers.push({ subject: ref, kind: IDENTIFIER_KINDS[kind]!, events: read.events });
      if (firsts.size === 0) firsts = read.firsts;
      else if (read.firsts.size > 0) firsts = new Map([...firsts, ...read.firsts]);
      for (const row of this.#sql.about.all(bytes)) about.push(tieOf(row));
      if (withOthers) for (const row of this.#sql.clients.all(bytes)) clients.push(tieOf(row));
      for (const one of read.corrections) corrections.add(one);
    }
    return {
      subject,
      dossiers,
      corrections: this.#elsewhere(controller, dossiers, corrections),
      firsts,
      about,
      clients: clients.map((tie) => ({ tie, record: this.#record(controller, tie.client, listed, false) })),
      // Of whom a client's item is about, what they ask themselves counts for that item.
      contacts: withOthers
        ? about.map((tie) => ({ tie, record: this.#record(controller, tie.contact, listed, false) }))
        : [],
      controller: this.own(controller),
      listed,
      ...(crowded.size > 0 && { crowded }),
    };
  }

  /** Corrections that lie in none of the dossiers, and the corrections of those. */
  #elsewhere(
    controller: Controller,
    dossiers: readonly Pick<Dossier, 'events'>[],
    found: ReadonlySet<number>,
  ): Recorded[] {
    // Mostly none is: the places of a dossier of a hundred thousand events would take megabytes.
    if (found.size === 0) return [];
    const seen = new Set<number>();
    for (const { events } of dossiers) for (const { position } of events) seen.add(placeOf(controller, position));
    const ahead = [...found];
    const elsewhere: Recorded[] = [];
    for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const [entry] = this.#log.entries(controller, next - placeOf(controller, 0), 1);
      if (entry === undefined) continue;
      elsewhere.push(entry);
      for (const row of this.#sql.correctionsOf.all(Buffer.from(entry.event.id, 'base64url'))) ahead.push(at(row));
    }
    return elsewhere.sort((a, b) => a.position - b.position);
  }

  #kindOf(controller: Controller, subject: Uint8Array): number | undefined {
    const row = this.#sql.kind.get(subject, controller.no);
    return row === undefined ? undefined : at(row);
  }
}

/**
 * Whether the same record can be given again. A dossier that is too large to be kept is read anew each time; those whom ties
 * lead to are records of their own, and are not compared.
 */
function isMetAgain({ about, clients, crowded, dossiers }: PersonRecord): boolean {
  if (about.length > 0 || clients.length > 0 || crowded !== undefined) return false;
  return dossiers.every(({ events }) => events.length <= EVENTS_OF_ONE);
}

/** Whether nothing of it has changed; `last` is one that can be met again. */
function isAsBefore(record: PersonRecord, last: PersonRecord): boolean {
  return (
    isMetAgain(record) &&
    record.subject === last.subject &&
    record.controller === last.controller &&
    record.listed === last.listed &&
    isSameList(record.dossiers, last.dossiers, (a, b) => a.subject === b.subject && a.events === b.events) &&
    isSameList(record.corrections, last.corrections, (a, b) => a.position === b.position)
  );
}

function isSameList<T>(list: readonly T[], other: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  return list.length === other.length && list.every((one, at) => isSame(one, other[at]!));
}

function column(row: unknown, n: number): Uint8Array {
  return (row as Uint8Array[])[n]!;
}

function at(row: unknown): number {
  return (row as number[])[0]!;
}

function tieOf(row: unknown): Tie {
  return {
    client: idText(column(row, 0)) as SubjectRef,
    contact: idText(column(row, 1)) as SubjectRef,
    about: idText(column(row, 2)) as Reference,
  };
}
