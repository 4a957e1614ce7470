/**
 * Who may do what (`wire.md`, Who may). A route says which right it needs; the guard refuses every route that says none.
 */
import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { KeyRole } from '#ledger';

/** Rights, each with the roles that have it. `own` of a subject is checked by the guard: the key's subject alone. */
export const RIGHTS_OF_ROLES = {
  /** Send actions. A person acts through the controller, whose officers and systems say what happened. */
  actions: ['emitter', 'officer'],
  /** `subjects/find`. */
  find: ['officer', 'regulator'],
  /** The identifiers of a person. */
  identity: ['subject', 'officer'],
  /** Views of a person that may show what is held. */
  person: ['subject', 'officer', 'regulator'],
  /** The trail of a person, and who read it. */
  trail: ['subject', 'officer', 'regulator', 'auditor'],
  /** Whether an act would be lawful, asked before it is done. */
  decisions: ['emitter', 'officer'],
  /** A request of a person, opened by the person or for them. */
  ask: ['subject', 'officer'],
  /** What Depter is asked to do itself. */
  command: ['officer'],
  /** Views of a controller itself. */
  controller: ['officer', 'regulator', 'auditor'],
  /** The notice before collection, which says nothing of anybody. */
  notice: ['emitter', 'subject', 'officer', 'regulator', 'auditor'],
  /** Receipts; an emitter those of its own actions, a subject those of its own dossier. */
  receipt: ['emitter', 'subject', 'officer', 'regulator', 'auditor'],
  /** Entry bundles of the log, which are pseudonymous dossiers. */
  bundles: ['regulator', 'auditor'],
  /** Keys, metrics and the clock. */
  administer: ['admin'],
} as const satisfies Readonly<Record<string, readonly KeyRole[]>>;

export type Right = keyof typeof RIGHTS_OF_ROLES;

/** Roles that see values, identifiers and the texts behind references. */
export function seesValues(role: KeyRole): boolean {
  return role === 'officer' || role === 'subject';
}

export const NEEDS = 'depter:needs';
export type Need = Right | 'open';

/** The right that a route needs. */
export const May = (right: Right): CustomDecorator => SetMetadata(NEEDS, right);

/** A route that needs no key: checkpoint, hash tiles, verifier key, health and OpenAPI. */
export const Open = (): CustomDecorator => SetMetadata(NEEDS, 'open');
