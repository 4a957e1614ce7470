/** What a scribe must know of a store to write an action: asked while it writes, so the answers are at hand. */
import type { IdentifierKind, Reference, ReferenceKind, SubjectRef } from '#ledger';
import type { Controller } from './controller.js';
import type { WholeKey } from './whole-key.js';

/** Something new that a store does not have yet, and the actions on their way that bring it. */
export interface Made {
  committed: boolean;
  flights: number;
}

/** A dossier that is written to; `key` is fetched when something is sealed. The controller's own has no bytes. */
export interface KnownDossier<M> {
  readonly subject: SubjectRef;
  readonly bytes: Buffer;
  readonly made: M | undefined;
  key: WholeKey | undefined;
}

export interface KnownName<T, M> {
  readonly name: T;
  readonly made: M | undefined;
}

export interface Known<M> {
  /** The dossier of an identifier, made if it is new. */
  dossierOf(controller: Controller, kind: IdentifierKind, value: string): KnownDossier<M>;
  /** Where the controller's own texts are sealed. */
  own(controller: Controller): KnownDossier<M>;
  /** The key that a dossier seals under. Throws StoreFailure `corrupt` where a living dossier has none. */
  keyOf(controller: Controller, dossier: KnownDossier<M>): WholeKey;
  /** The reference for a text, with what must travel so that it can be found and read. */
  reference(controller: Controller, owner: KnownDossier<M>, kind: ReferenceKind, text: string): KnownName<Reference, M>;
  /** Whether two dossiers are linked, both ways. */
  link(controller: Controller, subject: Uint8Array, other: Uint8Array): KnownName<true, M>;
  tie(controller: Controller, client: SubjectRef, contact: SubjectRef): KnownName<Reference, M>;
}
