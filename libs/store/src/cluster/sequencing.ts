/** What a sequencer works between: the events that were accepted, and their places in the log. */
import type { LogName, NewEntry } from './event-log.js';
import type { LogKey } from '../ports.js';
import type { Growth } from '../tree/growing-log.js';

/** An event that is durable, whether it has its place in the log yet or not. */
export interface AcceptedEvent extends NewEntry {
  /** Order of acceptance, with gaps; an event accepted later may have a smaller one than another that is seen already. */
  readonly seq: number;
  /** RFC 6962 hash of the entry. */
  readonly leaf: Uint8Array;
  /** When it was recorded, in ms since the epoch. */
  readonly recorded: number;
}

export abstract class Accepted {
  /**
   * The events of a log's controller that have no place yet, by `seq`, at most `limit`. Throws StoreFailure `corrupt` where
   * one is no longer what its leaf was made of.
   */
  abstract pending(log: LogName, limit: number): Promise<readonly AcceptedEvent[]>;
  /** Events by their ids, in the order of the ids; undefined where none was accepted. */
  abstract find(log: LogName, ids: readonly Uint8Array[]): Promise<readonly (AcceptedEvent | undefined)[]>;
  /** Hears of new pending events from now on. */
  abstract listen(log: LogName): { wait(ms: number, signal: AbortSignal): Promise<void>; close(): void };
}

/** The tree as it was last stored, to be taken up again. */
export interface StoredTree {
  readonly size: number;
  readonly edge: Uint8Array;
  /** The unfinished tile of each level, lowest first. */
  readonly partialTiles: readonly Uint8Array[];
  readonly head: string;
  readonly origin: string;
  /** All that have signed it, the first one first. */
  readonly keys: readonly LogKey[];
  /** Hash of the last leaf; undefined of an empty log. */
  readonly lastLeaf: Uint8Array | undefined;
}

/** An entry that has its place, as PostgreSQL holds it. */
export interface PlacedEntry {
  readonly id: Uint8Array;
  readonly entry: Uint8Array;
  readonly leaf: Uint8Array;
}

/** A step of the log: events that now have their places, and what the tree has become by them. */
export interface Step {
  /** Index of the first of them: the size of the tree before. */
  readonly from: number;
  readonly events: readonly AcceptedEvent[];
  readonly growth: Growth;
  /** How many keys the log has had, as far as whoever signed it knows. */
  readonly keys: number;
}

export interface Lead {
  /** Aborts when another may lead. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/**
 * Laws: a step is stored whole or not at all, and only where the stored tree has the size that it starts from, and the log no
 * other keys than those that signed it; else it is `overtaken`. Then its events are no longer pending, and their positions are told to whoever waits. `lead` gives the lead
 * to one at a time while all is well; it takes it from one that stands still. Nothing relies on it but speed.
 */
export abstract class Placement {
  abstract stored(log: LogName): Promise<StoredTree>;
  /** The entries of these indexes, all of which the stored tree has; throws StoreFailure `corrupt` where one is missing. */
  abstract entries(log: LogName, from: number, to: number): Promise<readonly PlacedEntry[]>;
  /** A full tile of leaves; undefined where there is none. */
  abstract leafTile(log: LogName, n: number): Promise<Uint8Array | undefined>;
  abstract place(log: LogName, step: Step): Promise<'placed' | 'overtaken'>;
  /** Waits for the lead; undefined where the signal came first. */
  abstract lead(log: LogName, signal: AbortSignal): Promise<Lead | undefined>;
}
