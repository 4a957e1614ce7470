/**
 * Scribes that write an action to learn what it needs of the store: first whose dossiers it names, then, once these are
 * known, which references and ties. What they make is thrown away; the store's own scribe writes what is kept.
 */
import {
  writeEvents, type Action, type Commitment, type EventId, type IdentifierKind, type Instant, type Owner, type OwnAction, type Reference,
  type ReferenceKind, type Scribe, type SubjectRef,
} from '#ledger'; // prettier-ignore
import type { Controller, IdKind, Rules } from '../sealing/controller.js';
import { idText } from '../sealing/mint.js';
import { eventName } from '../sealing/naming.js';

export interface WantedReference {
  readonly owner: Owner;
  readonly kind: ReferenceKind;
  readonly text: string;
}

export interface WantedTie {
  readonly client: SubjectRef;
  readonly contact: SubjectRef;
}

/** What actions ask of the store, each thing once. */
export class Wants {
  readonly identities = new Map<string, { readonly kind: IdentifierKind; readonly value: string }>();
  readonly references = new Map<string, WantedReference>();
  readonly ties = new Map<string, WantedTie>();
}

export function identityOf(kind: IdentifierKind, value: string): string {
  return `${kind} ${value}`;
}

/** A name for a reference whoever owns its text. */
export function textOf(kind: ReferenceKind, text: string): string {
  return `${kind} ${text}`;
}

export function tieOf(client: SubjectRef, contact: SubjectRef): string {
  return `${client}${contact}`;
}

/**
 * Adds what the action wants, and says whether that is all: where it names an identity that `subjectOf` does not know yet,
 * what hangs on its dossier is not told, and the action is asked again. `first` is the id of its first event.
 */
export function want(
  action: Action | OwnAction,
  controller: Controller,
  rules: Rules,
  wants: Wants,
  subjectOf: (identity: string) => SubjectRef | undefined,
  first: Uint8Array | undefined,
): boolean {
  // Depter's own are in their stored form already: they want nothing.
  if (action.kind === 'own' || first === undefined) return true;
  const scribe = new WantingScribe(action, controller, rules, wants, subjectOf, first);
  writeEvents(action, scribe);
  return scribe.knowsAll;
}

const NOTHING = 'A'.repeat(43);

class WantingScribe implements Scribe {
  readonly recorded: Instant = '2000-01-01T00:00:00.000Z';
  readonly #action: Action;
  readonly #controller: Controller;
  readonly #rules: Rules;
  readonly #wants: Wants;
  readonly #subjectOf: (identity: string) => SubjectRef | undefined;
  readonly #first: EventId;
  /** Whether every dossier of the action was known so far. */
  knowsAll = true;

  constructor(
    action: Action,
    controller: Controller,
    rules: Rules,
    wants: Wants,
    subjectOf: (identity: string) => SubjectRef | undefined,
    first: Uint8Array,
  ) {
    this.#action = action;
    this.#controller = controller;
    this.#rules = rules;
    this.#wants = wants;
    this.#subjectOf = subjectOf;
    this.#first = idText(first) as EventId;
  }

  /** Ids are the real ones: numbers that Depter makes are made of them, and become references. */
  eventId(ordinal: number): EventId {
    return ordinal === 0 ? this.#first : this.#idOf(this.#action.source, this.#action.id, ordinal);
  }

  eventIdOf(source: string, id: string): EventId {
    return this.#idOf(source, id, 0);
  }

  #idOf(source: string, id: string, ordinal: number): EventId {
    return idText(eventName(this.#controller.intakeKey, source, id, ordinal)) as EventId;
  }

  subject(kind: IdentifierKind, value: string): SubjectRef {
    const identity = identityOf(kind, value);
    const subject = this.#subjectOf(identity);
    if (subject === undefined) this.knowsAll = false;
    this.#wants.identities.set(identity, { kind, value });
    return subject ?? (identity as SubjectRef);
  }

  listed(kind: IdKind, id: string): boolean {
    return this.#rules.has(kind, id);
  }

  reference(owner: Owner, kind: ReferenceKind, text: string): Reference {
    const name = textOf(kind, text);
    if (this.knowsAll) this.#wants.references.set(`${owner ?? ''} ${name}`, { owner, kind, text });
    return name as Reference;
  }

  tie(client: SubjectRef, contact: SubjectRef): Reference {
    if (this.knowsAll) this.#wants.ties.set(tieOf(client, contact), { client, contact });
    return tieOf(client, contact) as Reference;
  }

  seal(): Commitment {
    return NOTHING as Commitment;
  }
}
