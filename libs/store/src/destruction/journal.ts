/**
 * The journal of destructions, where a place off the machine is configured: what a restored backup must forget again. It
 * holds references, labels, ids of keys and checkpoints, and nothing of anybody.
 */
import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import type { ControllerId } from '#ledger';
import { StoreFailure } from '../ports.js';
import { checkpointIn, generationIn } from '../tree/published.js';
import type { Run } from './run.js';

export interface Journalled {
  readonly controller: ControllerId;
  readonly run: Run;
  /** The log's checkpoint when it was done: what was published by then. */
  readonly checkpoint: string;
}

/** The end of a journal that is looked at with every start: the last thousand destructions or so. */
const TAIL_BYTES = 1024 * 1024;

/** A log as a store has it: the latest generation, and its leaves. */
export interface LogAsFound {
  readonly name: string;
  readonly generation: number;
  readonly leaves: number;
}

/** Where a store keeps the path of its journal, by whatever process it is opened: in `meta`. */
export const JOURNAL_NAME = 'destruction-journal';

/** A file of one JSON text a line, the newest last. */
export class DestructionJournal {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** The journal of a store that names it for the first time: the file is made where there is none. Throws as `append`. */
  static make(path: string): DestructionJournal {
    const journal = new DestructionJournal(path);
    journal.#write('', constants.O_CREAT);
    return journal;
  }

  /**
   * Durable when it returns. Throws StoreFailure `unavailable`, also where the file is not there any more, as of a place that
   * is not mounted: the destruction is not acknowledged until it is copied.
   */
  append(entry: Journalled): void {
    // A line that was cut by a crash ends where the next begins.
    this.#write(`\n${JSON.stringify(entry)}\n`);
  }

  /**
   * Every run once, in order. A line that was cut was acknowledged to nobody. Throws StoreFailure `corrupt` of a file that is
   * no journal: read as an empty one it would bring back whoever was destroyed.
   */
  read(): readonly Journalled[] {
    const text = this.#text();
    if (!text.split('\n').every(isLine))
      throw new StoreFailure('corrupt', 'what was given as the journal of destructions is none', false);
    return [...new Map(entriesIn(text).map((entry) => [entry.run.id, entry])).values()];
  }

  /**
   * Whether a store is as far as its journal knows: one that is not is an older copy, with people in it who were destroyed
   * since, and nobody has restored it. Throws StoreFailure `corrupt`. A journal that cannot be read says nothing here.
   */
  requireAsFar(logs: readonly LogAsFound[]): void {
    for (const { controller, checkpoint } of entriesIn(this.#tail())) {
      const read = checkpointIn(checkpoint);
      const generation = read === undefined ? undefined : generationIn(read.origin, read.origin);
      if (read === undefined || generation === undefined) continue;
      const log = logs.find(({ name }) => name === controller);
      // What an earlier generation had lost is continued already.
      if (
        log !== undefined &&
        (generation < log.generation || (generation === log.generation && read.size <= log.leaves))
      )
        continue;
      const has = log === undefined ? 'is not there' : `has ${log.leaves} entries in generation ${log.generation}`;
      const far = `the log of ${controller} ${has}, and the journal of destructions knows ${read.size} in generation ${generation}`;
      throw new StoreFailure('corrupt', `an older copy that was not restored: ${far}. Run depter restore on it`, false);
    }
  }

  #tail(): string {
    let file: number;
    try {
      file = openSync(this.#path, 'r');
    } catch {
      return '';
    }
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
      const read = readSync(file, bytes, 0, bytes.length, size - bytes.length);
      return bytes.toString('utf8', 0, read);
    } finally {
      closeSync(file);
    }
  }

  #write(text: string, more = 0): void {
    try {
      const file = openSync(this.#path, constants.O_WRONLY | constants.O_APPEND | more, 0o600);
      try {
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    } catch (cause) {
      throw new StoreFailure('unavailable', 'the journal of destructions cannot be written', true, { cause });
    }
  }

  #text(): string {
    try {
      return readFileSync(this.#path, 'utf8');
    } catch (cause) {
      throw new StoreFailure('unavailable', 'the journal of destructions cannot be read', false, { cause });
    }
  }
}

/** How each line begins, whole or cut. */
const LINE_BEGINS = '{"controller":"';

function isLine(line: string): boolean {
  return line.startsWith(LINE_BEGINS) || LINE_BEGINS.startsWith(line);
}

/** The lines that are whole. */
function entriesIn(text: string): Journalled[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as Journalled];
    } catch {
      return [];
    }
  });
}
