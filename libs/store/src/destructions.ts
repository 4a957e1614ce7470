/**
 * Destruction as whoever decided it orders it (`design.md`, Vault). Nothing is decided here: what is ordered is carried
 * out, and where the process ends in between, the next start goes on with it.
 */
import type { ControllerId, EventId, OwnActionOf, Position, SubjectRef } from '#ledger';
import type { Expectation } from './ports.js';

/**
 * The event that says that it is done, in its stored form and without evidence, which the run brings. Its subject is the
 * dossier in which it stands; `items` are ids, or the references that stand for them. Without `event` its id is random.
 */
export type DestructionAct = OwnActionOf<'destroyed'> | OwnActionOf<'depersonalised'>;

/**
 * A recorded `destroyed` or `depersonalised` that Depter has not yet followed with its own copy, or an event that may have
 * joined a dossier to one of which an item was destroyed: what lies there of before is to go, too.
 */
export interface Owed {
  readonly event: EventId;
  readonly subject: SubjectRef;
  readonly position: Position;
}

/** What is followed for one person, decided on the fold (`erasing`). */
export interface Following {
  readonly person: SubjectRef;
  /** What was read for it: the dossiers of the person, and of those whom the person's items are about. */
  readonly expecting: Expectation;
  readonly facts: readonly EventId[];
  readonly ended: readonly SubjectRef[];
  /** `at`: when the item was destroyed; null where what comes later of before it is to be kept, as of somebody else's. */
  readonly erased: readonly (Erasure & { readonly at: string | null })[];
}

/** Values of an item in one dossier: of some events, or of all that ever came. */
export interface Erasure {
  readonly dossier: SubjectRef;
  readonly item: string;
  /** The events whose values stay readable; without it none. */
  readonly surviving?: readonly EventId[];
}

export interface DestructionOrder {
  readonly act: DestructionAct;
  /**
   * All dossiers of the person. Where the act is of `all` items each of them is ended: keys, identifiers, references, links
   * and ties; else its items' values are erased in each.
   */
  readonly dossiers: readonly SubjectRef[];
  /** Values that lie with somebody else: of items about them. */
  readonly others?: readonly Erasure[];
  /** What it was decided on. */
  readonly expecting?: Expectation;
}

export type DestructionOutcome =
  | {
      readonly kind: 'recorded' | 'repeated';
      readonly event: EventId;
      readonly position: Position;
      readonly subject: SubjectRef;
    }
  /** The event of that id says something else. */
  | { readonly kind: 'conflict' }
  /** A dossier has grown since it was decided; nothing is done. */
  | { readonly kind: 'changed' };

/**
 * Destruction, durably. The run: the order is kept; `destroying` is recorded (the intent); the keys and identities are
 * deleted (*shredded*: the moment that counts, and nothing takes it back); what they had sealed, their references, links
 * and ties are swept from the storage; the act is recorded with its evidence, and the order is forgotten.
 *
 * Laws: after any end of the process, or a failure of the store, either nothing is done or the run is carried out at the
 * next start at the latest, each event once. What was answered is done as a whole. The same order again is `repeated`. A
 * value whose effective time lies before the destruction of its item is recorded without the value, whatever comes first;
 * a later one is sealed under the fresh key. All receipts of before hold.
 */
export abstract class Destructions {
  /** Throws StoreFailure; where that is retryable the order may be under way, and is safely sent again. */
  abstract destroy(controller: ControllerId, order: DestructionOrder): Promise<DestructionOutcome>;
  /**
   * The events that are owed, from a position on, the oldest first: kept with them until they are followed. A destruction
   * that a command brought is none.
   */
  abstract owed(controller: ControllerId, from: Position, limit: number): Promise<readonly Owed[]>;
  /**
   * Runs `work` unless another process is running such work of the controller, and then gives undefined at once. Two who
   * follow the same do no harm, and twice the work. Throws what `work` throws, and StoreFailure.
   */
  abstract alone<T>(controller: ControllerId, work: () => Promise<T>): Promise<T | undefined>;
  /**
   * Follows recorded destructions as one run, without an event of its own: the facts are there, and Depter's evidence of its
   * own copy is that nothing of it is left. Law: of a person of whom a dossier has grown since it was read, nothing is done;
   * they are given back, with those who share a dossier with them, and are to be judged again. Throws StoreFailure, and then
   * goes on by itself.
   */
  abstract follow(controller: ControllerId, people: readonly Following[]): Promise<readonly SubjectRef[]>;
  /** The id that the event of a command has, made of its `Idempotency-Key`: of the same key it is the same. */
  abstract commandId(controller: ControllerId, key: string): Promise<EventId>;
}
