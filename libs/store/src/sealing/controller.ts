/** A controller as whoever writes and reads for it knows it. */
import type { ControllerId, Scribe } from '#ledger';

export type IdKind = Parameters<Scribe['listed']>[0];

/** What the store asks of a controller's packs; a rulebook has it. */
export interface Rules {
  /** Whether any loaded pack has the id, whatever its dates. */
  has(kind: IdKind, id: string): boolean;
  /** All such ids. */
  all(kind: IdKind): readonly string[];
  /** IANA zone of the controller's days; UTC where it is not said. */
  readonly zone?: string;
}

/** The packs of a controller; undefined where the host has none, and then the store makes no log for it. */
export type RulesOf = (controller: ControllerId) => Rules | undefined;

export interface Controller {
  readonly id: ControllerId;
  /** Its number in the tables. */
  readonly no: number;
  readonly generation: number;
  readonly base: number;
  readonly pepper: Buffer;
  readonly intakeKey: Buffer;
  /** One more than the highest acknowledged position. */
  size: number;
}
