/**
 * The journal of destructions, where a place off the machine is configured: what a restored backup must forget again. It
 * holds references, labels, ids of keys and checkpoints, and nothing of anybody.
 */
import { closeSync, constants, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { ControllerId } from '#ledger';
import { StoreFailure } from '../ports.js';
import type { Run } from './run.js';

export interface Journalled {
  readonly controller: ControllerId;
  readonly run: Run;
  /** The log's checkpoint when it was done: what was published by then. */
  readonly checkpoint: string;
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

  /** Every run once, in order. A line that was cut was acknowledged to nobody. */
  read(): readonly Journalled[] {
    const found = new Map<string, Journalled>();
    for (const line of this.#text().split('\n')) {
      if (line === '') continue;
      let entry: Journalled;
      try {
        entry = JSON.parse(line) as Journalled;
      } catch {
        continue;
      }
      found.set(entry.run.id, entry);
    }
    return [...found.values()];
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
