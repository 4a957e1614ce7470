/** What is read from a store to answer for one person: the input of every view. */
import type { Position, Reference, SubjectRef } from './names.js';
import type { StoredEvent } from './stored.js';

/** An event at its place in a controller's log. */
export interface Recorded {
  readonly position: Position;
  readonly event: StoredEvent;
}

/** One entry of a controller's log, decoded. */
export interface LogEntry extends Recorded {
  /** The stored bytes: the leaf of the log. */
  readonly entry: Uint8Array;
}

/** The kinds of identifiers, highest rank first (`wire.md`, person). */
export const IDENTIFIER_KINDS = ['iin', 'pin', 'client', 'phone', 'email', 'online'] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

export interface Dossier {
  readonly subject: SubjectRef;
  /** The kind of the one identifier that leads to this dossier. */
  readonly kind: IdentifierKind;
  /** All its events but `accessed`, by position. */
  readonly events: readonly Recorded[];
}

/**
 * The tie between a client's item and the person it is about; it lies in the vault alone. `about` is the client's name
 * for that person, and stands in the client's events.
 */
export interface Tie {
  readonly client: SubjectRef;
  readonly contact: SubjectRef;
  readonly about: Reference;
}

/** Everything about one person, the dossiers that any link reaches included; which links count, the fold decides. */
export interface PersonRecord {
  readonly subject: SubjectRef;
  readonly dossiers: readonly Dossier[];
  /**
   * Corrections of events of these dossiers, and of the controller's own, that lie elsewhere (`rules.md` 1: whatever person
   * they name).
   */
  readonly corrections: readonly Recorded[];
  /**
   * For events made from a part of an action: the id of the action's first event, by which it is corrected. Other
   * events are their own first.
   */
  readonly firsts: ReadonlyMap<string, string>;
  /** Ties of these dossiers to the people their items are about. */
  readonly about: readonly Tie[];
  /** Ties that lead from these dossiers, as contact persons, to clients; with each the client's own record. */
  readonly clients: readonly { readonly tie: Tie; readonly record: PersonRecord }[];
  /**
   * The records of the people whom ties of `about` lead to, without their clients and contacts: what they ask themselves (a
   * withdrawal, a demand) changes the client's item about them. Only their own events are read, never their items.
   */
  readonly contacts: readonly { readonly tie: Tie; readonly record: PersonRecord }[];
  /** The controller's own events: editions, recipients, register, breaches. */
  readonly controller: readonly Recorded[];
  /** References whose text a loaded pack lists by now: they are read as that id. */
  readonly listed: ReadonlyMap<string, string>;
  /** Dossiers that so many others are linked to that no link of theirs counts; absent means none. */
  readonly crowded?: ReadonlySet<string>;
}
