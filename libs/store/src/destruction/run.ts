/**
 * The run of a destruction as an engine keeps it until it is done. It holds references, ids, times and counts: nothing of
 * the person.
 */
import type { ControllerId, EventId, Position, SubjectRef } from '#ledger';
import { idText, randomOwn } from '../sealing/mint.js';
import type { DestructionAct, Owed } from '../destructions.js';

/** A label whose values go, but for those of some events. */
export interface RunLabel {
  readonly label: string;
  readonly surviving: readonly EventId[];
  /** When its item was destroyed: values of before are not kept when they come later. Null: they are. */
  readonly at: string | null;
}

/** What is erased of one dossier that goes on. */
export interface RunErasure {
  readonly dossier: SubjectRef;
  readonly labels: readonly RunLabel[];
  /** Ids of the key that the survivors of these labels are sealed under, and of the fresh whole key. */
  readonly survivorsKey: string;
  readonly wholeKey: string;
}

export interface RunCounts {
  readonly dossiers: number;
  readonly identifiers: number;
  readonly texts: number;
  readonly values: number;
}

export interface Run {
  readonly id: EventId;
  /** What is recorded at the end, under the run's id; null where the storage alone is to forget. */
  readonly act: DestructionAct | null;
  /** The id of the `destroying`. */
  readonly intent: EventId;
  readonly expecting: readonly (readonly [SubjectRef, number])[] | null;
  /** The controller's. */
  readonly zone: string;
  readonly ended: readonly SubjectRef[];
  readonly erased: readonly RunErasure[];
  /** Recorded destructions that are carried out by this. */
  readonly facts: readonly EventId[];
  readonly state: 'ordered' | 'shredded' | 'swept';
  /** Ids of the keys that go, up to KEYS_NAMED_MAX. */
  readonly keys: readonly string[];
  readonly shreddedMs: number;
  readonly sweptMs: number;
  readonly counts: RunCounts;
}

export const KEYS_NAMED_MAX = 128;

export const NOTHING_COUNTED: RunCounts = { dossiers: 0, identifiers: 0, texts: 0, values: 0 };

/** A run as it is ordered; what an engine learns on the way is added there. */
export function newRun(
  order: Pick<Run, 'act' | 'expecting' | 'zone' | 'ended' | 'facts'> & {
    readonly id?: EventId | undefined;
    readonly erased: readonly Pick<RunErasure, 'dossier' | 'labels'>[];
  },
): Run {
  const { id = idText(randomOwn(16)) as EventId, erased, ...rest } = order;
  return {
    ...rest,
    id,
    intent: idText(randomOwn(16)) as EventId,
    erased: erased.map((one) => ({ ...one, survivorsKey: idText(randomOwn(16)), wholeKey: idText(randomOwn(16)) })),
    state: 'ordered',
    keys: [],
    shreddedMs: 0,
    sweptMs: 0,
    counts: NOTHING_COUNTED,
  };
}

/** What an engine does of a run. Each step done again is as done once, and gives the run as it is by then. */
export abstract class Runs {
  /** Keeps a run durably; false where one of its id is kept already, which then stays. */
  abstract keep(controller: ControllerId, run: Run): Promise<boolean>;
  abstract kept(controller: ControllerId, id: EventId): Promise<Run | undefined>;
  abstract all(): Promise<readonly { readonly controller: ControllerId; readonly run: Run }[]>;
  /** Deletes keys and identities: from here on nothing that goes can be opened. */
  abstract shred(controller: ControllerId, run: Run): Promise<Run>;
  /** Deletes what the keys had sealed, and all that led to it, and makes the storage let go of the bytes. */
  abstract sweep(controller: ControllerId, run: Run): Promise<Run>;
  abstract forget(controller: ControllerId, run: Run): Promise<void>;
  /** Recorded destructions that no run has carried out, in order of position. */
  abstract owed(controller: ControllerId, from: Position, limit: number): Promise<readonly Owed[]>;
  /** The labels of an item: its id and, where values came before a pack listed it, the reference that was made for it. */
  abstract labelsOf(controller: ControllerId, item: string): Promise<readonly string[]>;
}
