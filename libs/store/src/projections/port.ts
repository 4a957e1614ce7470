/** The port of the boards across persons, with its laws; the contract suite tries them on every engine. */
import type { ClockRow, ControllerId, FindingRow, Position, Standing, SubjectRef } from '#ledger';

/** How far a controller's boards are. */
export interface BoardProgress {
  /** Moves with every write: whoever writes says the one that they know. */
  readonly version: number;
  /** The next entry of the log to read. */
  readonly position: Position;
  /** The boards show every entry before it. */
  readonly settled: Position;
  /** The id of the entry before `position`, by which a log that was restored is known from the one that was read. */
  readonly last: string;
  /** With which packs they were made; empty where none were. */
  readonly rules: string;
}

/** Whose rows are to be made again, and why: an event, a day that came, or other packs. */
export interface StaleDossier {
  readonly subject: SubjectRef;
  readonly why: 'event' | 'day' | 'round';
}

/** What a controller's log says of dossiers, between two positions. */
export interface Touched {
  readonly subjects: ReadonlySet<SubjectRef>;
  /** Something happened that may change everybody's rows. */
  readonly everybody: boolean;
  /** The next entry to read, and the id of the one before it. */
  readonly position: Position;
  readonly last: string;
}

/** Where a page goes on: after the row of that day, person and place among their rows. */
export interface BoardCursor {
  readonly day: string;
  readonly subject: string;
  readonly ordinal: number;
}

/** A row of a person, with where it stands. References in it are as they are stored. */
export interface BoardRow<Row> {
  readonly cursor: BoardCursor;
  readonly subject: SubjectRef;
  readonly row: Row;
}

export interface BoardPage {
  readonly after?: BoardCursor;
  readonly limit: number;
}

/** By the trigger's day, or by the last day; a clock without one stands last. */
export type ClockOrder = 'on' | 'due';

/**
 * Boards across persons: clocks, findings and outstanding orders of everybody, by controller. They hold references, ids and
 * days, and are made again from the log when they are lost.
 *
 * Laws: a write is made whole or not at all, together with the version; one that says another version than the present
 * writes nothing and is answered `undefined`, so that of two projectors one learns of the other. What is stored twice is
 * there once. `settled` is never beyond an entry that touched a dossier whose rows were not stored since. Rows of a page
 * stand in order of day, subject, ordinal. A clock whose last day is over counts and reads as `late`, though nobody stored
 * it anew.
 */
export abstract class Projections {
  abstract progress(controller: ControllerId): Promise<BoardProgress>;
  /** Notes what the log says up to a position. Gives the new version. */
  abstract touch(controller: ControllerId, version: number, touched: Touched): Promise<number | undefined>;
  /** Everybody is to be looked at again, with other packs. Gives the new version. */
  abstract reevaluate(controller: ControllerId, version: number, rules: string): Promise<number | undefined>;
  /** Dossiers whose rows are to be made, those of events first; `day` is today. */
  abstract stale(controller: ControllerId, day: string, limit: number): Promise<readonly StaleDossier[]>;
  /** Whether an event or a day has changed rows that are not made yet. */
  abstract isDue(controller: ControllerId, day: string): Promise<boolean>;
  /** How many dossiers are still to be looked at again after a change that touches everybody; all where the packs are others. */
  abstract reevaluating(controller: ControllerId, rules: string): Promise<number>;
  /** Replaces the rows of whole persons: whatever any of their dossiers had before. Gives the new version. */
  abstract store(controller: ControllerId, version: number, people: readonly Standing[]): Promise<number | undefined>;

  /** `today` says which clocks are late. */
  abstract clocks(
    controller: ControllerId,
    today: string,
    order: ClockOrder,
    states: readonly ClockRow['state'][],
    page: BoardPage,
  ): Promise<readonly BoardRow<ClockRow>[]>;
  abstract findings(
    controller: ControllerId,
    states: readonly FindingRow['state'][],
    page: BoardPage,
  ): Promise<readonly BoardRow<FindingRow>[]>;
  /** How many orders each recipient has not confirmed; those that have confirmed all are not named. */
  abstract outstanding(controller: ControllerId): Promise<ReadonlyMap<string, number>>;

  /** Forgets everything, so that it is made again from the log. */
  abstract clear(): Promise<void>;
  abstract close(): Promise<void>;
}
