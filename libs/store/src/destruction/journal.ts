/**
 * The journal of destructions, where a place off the machine is configured: what a restored backup must forget again. It
 * holds references, labels, ids of keys and checkpoints, and nothing of anybody.
 */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { ControllerId } from '#ledger';
import { StoreFailure } from '../ports.js';
import type { Run } from './run.js';

export interface Journalled {
  readonly controller: ControllerId;
  readonly run: Run;
  /** The log's checkpoint when it was done: what was published by then. */
  readonly checkpoint: string;
}

/** A file of one JSON text a line, the newest last. */
export class DestructionJournal {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Makes the file where there is none, so that a journal that is missing later is a loss and not an empty one. */
  static make(path: string): DestructionJournal {
    const journal = new DestructionJournal(path);
    journal.#write('');
    return journal;
  }

  /** Durable when it returns. Throws StoreFailure `unavailable`: the destruction is not acknowledged until it is copied. */
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

  #write(text: string): void {
    try {
      const file = openSync(this.#path, 'a', 0o600);
      try {
        writeSync(file, text);
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
