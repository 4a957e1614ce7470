/**
 * What is known to have been published of a log, held against a copy of it: to go on with a copy that is shorter, or of
 * another history, would be a fork.
 */
import { parseCheckpoint, parseNote } from '#proof';
import { StoreFailure } from '../ports.js';
import { rootOfHead } from './head.js';

/** The copy of a log ends before what was published of it: to go on with it would be a fork. */
export class LogShortened extends StoreFailure {
  constructor(message: string) {
    super('unavailable', message, false);
    this.name = 'LogShortened';
  }
}

/** What was published is of another history than the copy: nothing that is appended to it could be one with both. */
export class LogForked extends StoreFailure {
  constructor(message: string) {
    super('unavailable', message, false);
    this.name = 'LogForked';
  }
}

/** The server that keeps the log has fewer entries of it than the database, which has given them their places. */
export class EventLogShortened extends StoreFailure {
  constructor({ name, generation, size }: Pick<CopiedLog, 'name' | 'generation' | 'size'>, logged: number) {
    const has = `the event log has ${logged} entries of ${name}/${generation}`;
    super('unavailable', `${has}, and the database ${size}`, false);
    this.name = 'EventLogShortened';
  }
}

/** A generation of a log, as the copy has it. */
export interface CopiedLog {
  readonly name: string;
  readonly generation: number;
  readonly size: number;
  readonly origin: string;
  readonly verifierKey: string;
  /** The keys that came after it. */
  readonly laterKeys: readonly string[];
}

/** What a restore has done, on either engine. */
export interface Restored {
  /** Destructions that were carried out again. */
  readonly replayed: number;
  /** Dossiers without a key, whose people were ended since the ledger was copied. */
  readonly ended: number;
  readonly continued: readonly { readonly controller: string; readonly generation: number; readonly base: number }[];
}

/** Keys of a later generation than the copy's: to give that generation to a log once more would be a fork. */
export function keysOfLater(name: string, generation: number, later: number): LogForked {
  return new LogForked(`the log ${name} of the copy has come to generation ${generation}, and its keys to ${later}`);
}

/** A size and root that the log has signed. */
export interface Published {
  readonly generation: number;
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * What checkpoints (as texts) say of a log, whose generations the last of which is the latest; those of other logs say
 * nothing. Throws LogForked where a later generation was published, StoreFailure `corrupt` where a signature does not hold.
 */
export function publishedOf(texts: Iterable<string>, generations: readonly CopiedLog[]): readonly Published[] {
  const latest = generations.at(-1)!;
  const found: Published[] = [];
  for (const text of new Set(texts)) {
    const read = checkpointIn(text);
    const number = read === undefined ? undefined : generationIn(read.origin, latest.origin);
    if (read === undefined || number === undefined) continue;
    if (number > latest.generation) {
      const far = `${latest.generation}, and generation ${number} was published`;
      throw new LogForked(`the log ${latest.name} of the copy has come to generation ${far}`);
    }
    const of = generations.find(({ generation }) => generation === number);
    if (of === undefined) continue;
    const signed = rootOfHead(text, of, read.size);
    if ('fault' in signed) throw new StoreFailure('corrupt', `a checkpoint of ${of.name}: ${signed.fault}`, false);
    found.push({ generation: number, size: read.size, root: signed.root });
  }
  return found;
}

/** The longest that the latest generation is known to have been; what an earlier one had lost is continued already. */
export function longestOf(published: readonly Published[], generation: number): Published | undefined {
  return published
    .filter((one) => one.generation === generation)
    .reduce<Published | undefined>((most, one) => (most === undefined || one.size > most.size ? one : most), undefined);
}

export function forked({ name }: Pick<CopiedLog, 'name'>, { generation, size }: Published): LogForked {
  return new LogForked(`the first ${size} entries of the log ${name}/${generation} of the copy are not as published`);
}

export function shortened({ name, generation, size }: CopiedLog, published: number): LogShortened {
  return new LogShortened(
    `the log ${name}/${generation} of the copy has ${size} entries, and ${published} were published`,
  );
}

/** A log whose keys are there, and which the copy has not, must have been published: nobody can tell how far. */
export function missing(name: string): LogShortened {
  return new LogShortened(
    `the copy has no log of ${name}, whose keys are there: give the last checkpoint of it that was published`,
  );
}

/**
 * Whether everything published is of a log that the copy has. `origin` is the installation's. Throws LogForked where it has
 * neither the log nor its keys.
 */
export function requireKnown(texts: Iterable<string>, origin: string, names: ReadonlySet<string>): void {
  const prefix = `${origin}/log/`;
  for (const text of new Set(texts)) {
    const read = checkpointIn(text);
    if (read === undefined || !read.origin.startsWith(prefix)) continue;
    const name = read.origin.slice(prefix.length, read.origin.lastIndexOf('/'));
    if (!names.has(name))
      throw new LogForked(
        `the copy has neither the log of ${name} nor its keys, and ${read.size} entries were published`,
      );
  }
}

/**
 * What somebody gives by hand says something of the copy, or was given by mistake: then nothing would be held against it.
 * Throws StoreFailure `corrupt` of what is no checkpoint, LogForked of one of another installation.
 */
export function requireOurs(given: readonly string[], origin: string): void {
  for (const text of given) {
    const read = checkpointIn(text);
    if (read === undefined) throw new StoreFailure('corrupt', 'what was given as a checkpoint is none', false);
    if (!read.origin.startsWith(`${origin}/log/`))
      throw new LogForked(`a checkpoint that was given is of ${read.origin}, and the copy of ${origin}`);
  }
}

/** Origin and size of a checkpoint, whoever signed it; undefined of what is none. */
export function checkpointIn(text: string): { readonly origin: string; readonly size: number } | undefined {
  const note = parseNote(text);
  const read = note.ok ? parseCheckpoint(note.value.text) : undefined;
  return read?.ok === true ? { origin: read.value.origin, size: read.value.size } : undefined;
}

/** Which generation an origin names of the log that another origin is of; undefined of another log. */
export function generationIn(origin: string, ofLog: string): number | undefined {
  const prefix = ofLog.slice(0, ofLog.lastIndexOf('/') + 1);
  const number = origin.startsWith(prefix) ? origin.slice(prefix.length) : '';
  return /^[1-9]\d{0,14}$/.test(number) ? Number(number) : undefined;
}
