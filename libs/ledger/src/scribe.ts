/**
 * What turning an action into events needs from a store: identities, references and seals, which only a vault can make.
 * `write.ts` is pure: it says which events an action becomes; the scribe of a store makes the random and secret parts.
 */
import type { IdKind } from '#packs';
import type { Person } from './action.js';
import type { Commitment, EventId, Instant, Reference, SubjectRef } from './names.js';
import type { IdentifierKind } from './record.js';

/** Kinds of text that become a reference: those of packs, and the emitters' own numbers. */
export type ReferenceKind = IdKind | 'consent' | 'contract' | 'request' | 'staff' | 'breach';

/** Where texts are sealed: a person's dossier, or the controller itself. */
export type Owner = SubjectRef | null;

export interface Scribe {
  /** Stamped once for the whole action. */
  readonly recorded: Instant;
  /** The id of the n-th event made from this action, counted from 0. */
  eventId(ordinal: number): EventId;
  /** The id of the first event of another action, known or not. */
  eventIdOf(source: string, id: string): EventId;
  /** The dossier of one identifier, made if it is new. */
  subject(kind: IdentifierKind, value: string): SubjectRef;
  /** Whether any loaded pack of the controller has the id, whatever its dates. */
  listed(kind: IdKind, id: string): boolean;
  /** The reference for a text, one per (controller, kind, text), its text sealed for the owner. */
  reference(owner: Owner, kind: ReferenceKind, text: string): Reference;
  /** The client's name for a person whom its item is about: one per (client, contact). */
  tie(client: SubjectRef, contact: SubjectRef): Reference;
  /**
   * Seals a text of the n-th event under its owner's key and gives its commitment. `label` is an item (as it stands in
   * the event) or `#text`; `field` tells the texts of one event and label apart.
   */
  seal(ordinal: number, owner: Owner, label: string, field: string, text: string): Commitment;
}

/** The highest-ranking identifier of a person: the one whose dossier an action belongs to. */
export type Identifier = { readonly kind: IdentifierKind; readonly value: string };

export type { Person };
