import { Injectable } from '@nestjs/common';
import { Controllers, Problem, seesValues } from '#host';
import {
  linkedSubjects,
  momentOf,
  subjectRef,
  type At,
  type ControllerId,
  type Dossier,
  type KeyRole,
  type PersonRecord,
  type Position,
  type Reference,
  type Resolvers,
  type SubjectRef,
} from '#ledger';
import type { Rulebook } from '#packs';
import { Ledger, textsByEvent, Vault, type SealedReference, type SealedText } from '#store';
import { knownAt, type Moment } from './moment.js';

export interface OpenPerson {
  readonly subject: SubjectRef;
  readonly record: PersonRecord;
  readonly rulebook: Rulebook;
  /** The last position of the log that counts in this record: all of the log up to it was read, and nothing after it. */
  readonly latest: Position;
}

/** A person as one reader sees them at one moment: the arguments of every view. */
export interface SeenPerson extends OpenPerson {
  readonly at: At;
  /** As the answer says it: what `asKnown` counted. */
  readonly known: Position | string;
  readonly resolvers: Resolvers;
}

/** Reads a person for a view, and opens what the reader may see. */
@Injectable()
export class PersonReader {
  constructor(
    private readonly ledger: Ledger,
    private readonly vault: Vault,
    private readonly controllers: Controllers,
  ) {}

  /** Everything about a person. Throws Problem `not-found` where no event names the subject. */
  async open(controller: ControllerId, text: string): Promise<OpenPerson> {
    const rulebook = this.controllers.rulebook(controller);
    const subject = subjectRef(text);
    // Asked first: what comes between the two is in the record, and is told by its own position.
    const size = await this.ledger.size(controller);
    const record = subject === undefined ? undefined : await this.ledger.person(controller, subject);
    if (subject === undefined || record === undefined || rulebook === undefined) throw new Problem('not-found');
    return { subject, record, rulebook, latest: Math.max(size - 1, lastOf(record)) };
  }

  /** A person at a moment, with the texts that a role may see. Throws Problem `not-found` as `open` does. */
  async see(controller: ControllerId, text: string, moment: Moment, role: KeyRole): Promise<SeenPerson> {
    const open = await this.open(controller, text);
    const at = { asOf: moment.asOf, asKnown: moment.asKnown };
    const known = knownAt(moment, open.latest);
    const linked = linkedSubjects(open.record, momentOf(open.record, open.rulebook, at));
    return { ...open, at, known, resolvers: await this.resolvers(controller, open.record, linked, role) };
  }

  /** What a role may see beside ids: the texts of these dossiers and of the controller; for some roles nothing. */
  async resolvers(
    controller: ControllerId,
    record: PersonRecord,
    linked: ReadonlySet<string>,
    role: KeyRole,
  ): Promise<Resolvers> {
    if (!seesValues(role)) return {};
    const values = new Map<string, readonly SealedText[]>();
    const sealed = new Map<string, string>();
    const references = new Map<string, SealedReference>();
    for (const dossier of record.dossiers) {
      if (!linked.has(dossier.subject)) continue;
      const texts = await this.vault.texts(controller, dossier.subject);
      keepTexts(textsByEvent(dossier.events, texts), values, sealed);
      keepReferences(await this.vault.references(controller, dossier.subject), references);
    }
    // Members of staff are the controller's to name, to its own people alone; there may be many, so those meant are read.
    const staff = new Set(record.dossiers.flatMap((one) => (linked.has(one.subject) ? staffOf(one) : [])));
    if (role === 'officer' && staff.size > 0) {
      keepReferences(await this.vault.references(controller, null, staff), references);
    }
    return {
      values: (event, item) => openedText(values.get(event)?.find(({ label }) => label === item)),
      texts: (reference) => openedText(references.get(reference)),
      sealed: (event, field) => sealed.get(keyOf(event, field)),
    };
  }
}

/** What the controller's own texts say to those entitled: its members of staff, contracts and register entries. */
export async function ownResolvers(vault: Vault, ledger: Ledger, controller: ControllerId): Promise<Resolvers> {
  const sealed = new Map<string, string>();
  const references = new Map<string, SealedReference>();
  const texts = textsByEvent(await ledger.own(controller), await vault.texts(controller, null));
  keepTexts(texts, new Map(), sealed);
  keepReferences(await vault.references(controller, null), references);
  return {
    texts: (reference) => openedText(references.get(reference)),
    sealed: (event, field) => sealed.get(keyOf(event, field)),
  };
}

/** The members of staff who did what stands in a dossier. */
function staffOf({ events }: Dossier): Reference[] {
  return events.flatMap(({ event }) => (event.by === null ? [] : [event.by as Reference]));
}

/** The last position that stands in a record. */
function lastOf(record: PersonRecord): Position {
  const lists = [record.controller, record.corrections, ...record.dossiers.map(({ events }) => events)];
  const others = [...record.clients, ...(record.contacts ?? [])].map((other) => lastOf(other.record));
  return Math.max(-1, ...others, ...lists.map((events) => events.at(-1)?.position ?? -1));
}

function keyOf(event: string, field: string): string {
  return `${event} ${field}`;
}

/** Of a value it is kept where it lies: of many that were given only the last ones are shown, and so opened. */
function keepTexts(
  found: ReadonlyMap<string, readonly SealedText[]>,
  values: Map<string, readonly SealedText[]>,
  sealed: Map<string, string>,
): void {
  for (const [event, texts] of found) {
    values.set(event, texts);
    for (const one of texts) {
      if (one.label === '#text' && one.text.kind === 'value') sealed.set(keyOf(event, one.field), one.text.value);
    }
  }
}

function openedText(sealed: SealedReference | undefined): string | undefined {
  return sealed?.text.kind === 'value' ? sealed.text.value : undefined;
}

function keepReferences(found: ReadonlyMap<string, SealedReference>, references: Map<string, SealedReference>): void {
  for (const [reference, sealed] of found) {
    const known = references.get(reference);
    references.set(reference, known === undefined ? sealed : eitherOf(known, sealed));
  }
}

/** Of two linked dossiers that name one contract, one may be destroyed. */
function eitherOf(one: SealedReference, other: SealedReference): SealedReference {
  return {
    get text() {
      return one.text.kind === 'value' ? one.text : other.text;
    },
  };
}
