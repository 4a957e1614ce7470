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

/** What of a run concerns one person whose destruction was reported, and what that was decided on. */
export interface RunPart {
  readonly person: SubjectRef;
  readonly expecting: readonly (readonly [SubjectRef, number])[];
  readonly facts: readonly EventId[];
  readonly ended: readonly SubjectRef[];
  /** Dossiers; what of them is erased, the run says. */
  readonly erased: readonly SubjectRef[];
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
  /** Of a run without an act, until its keys are gone: whoever has grown by then is left out (`withoutGrown`). */
  readonly parts?: readonly RunPart[];
  /** Those who were left out: nothing of theirs is done. */
  readonly leftOut?: readonly SubjectRef[];
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
  order: Pick<Run, 'act' | 'expecting' | 'zone' | 'ended' | 'facts' | 'parts'> & {
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

/**
 * A run without the people of whom a dossier has grown, and without those who share a dossier with them, which both decide
 * together. The same run where nobody has grown.
 */
export function withoutGrown(run: Run, grown: ReadonlySet<SubjectRef>): Run {
  if (run.parts === undefined || grown.size === 0) return run;
  let left = run.parts;
  let out: readonly RunPart[] = left.filter(({ person }) => grown.has(person));
  while (out.length > 0) {
    const touched = new Set(out.flatMap(dossiersOf));
    left = left.filter((part) => !out.includes(part));
    out = left.filter((part) => dossiersOf(part).some((dossier) => touched.has(dossier)));
  }
  const stays = new Set(left.flatMap(dossiersOf));
  return {
    ...run,
    parts: left,
    leftOut: [...(run.leftOut ?? []), ...run.parts.filter((part) => !left.includes(part)).map(({ person }) => person)],
    facts: left.flatMap(({ facts }) => facts),
    ended: run.ended.filter((dossier) => stays.has(dossier)),
    erased: run.erased.filter(({ dossier }) => stays.has(dossier)),
  };
}

function dossiersOf({ ended, erased }: RunPart): readonly SubjectRef[] {
  return [...ended, ...erased];
}

/** A run whose keys are gone: nothing is decided any more. */
export function shredded(run: Run, done: Pick<Run, 'shreddedMs' | 'counts'>): Run {
  const { parts: _, ...decided } = run;
  return { ...decided, ...done, state: 'shredded' };
}

/** What an engine does of a run. Each step done again is as done once, and gives the run as it is by then. */
export abstract class Runs {
  /** Keeps a run durably; false where one of its id is kept already, which then stays. */
  abstract keep(controller: ControllerId, run: Run): Promise<boolean>;
  abstract kept(controller: ControllerId, id: EventId): Promise<Run | undefined>;
  abstract all(): Promise<readonly { readonly controller: ControllerId; readonly run: Run }[]>;
  /**
   * Deletes keys and identities: from here on nothing that goes can be opened. Of a run with parts those are left out first,
   * durably, of whom a dossier has grown; what is recorded meanwhile is recorded before or after, and never lost.
   */
  abstract shred(controller: ControllerId, run: Run): Promise<Run>;
  /** Deletes what the keys had sealed, and all that led to it, and makes the storage let go of the bytes. */
  abstract sweep(controller: ControllerId, run: Run): Promise<Run>;
  abstract forget(controller: ControllerId, run: Run): Promise<void>;
  /** Recorded destructions that no run has carried out, in order of position. */
  abstract owed(controller: ControllerId, from: Position, limit: number): Promise<readonly Owed[]>;
  /** As `Destructions.alone`; what is inherited is of an engine that one process owns. */
  alone<T>(_controller: ControllerId, work: () => Promise<T>): Promise<T | undefined> {
    return work();
  }
  /** The labels of an item: its id and, where values came before a pack listed it, the reference that was made for it. */
  abstract labelsOf(controller: ControllerId, item: string): Promise<readonly string[]>;
}
