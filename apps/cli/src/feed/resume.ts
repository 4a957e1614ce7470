/**
 * Where a feed stood, in a small file beside the one being fed, so that even a feed that was killed goes on. It holds
 * offsets and counts alone. Losing it, or one that is too old, costs nothing but repeats: actions are idempotent.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { FileIdentity } from './source.js';
import type { Counts } from './tally.js';

export interface Standing {
  /** Bytes and lines of the file that are answered. */
  readonly offset: number;
  readonly line: number;
  readonly counts: Counts;
}

/** Where to: a feed to another place, or to a log that was made anew, begins at the beginning. */
export interface Target {
  readonly name: string;
  /** What tells this log from every other: its verifier key. Undefined as long as it is not known; never throws. */
  log(): Promise<string | undefined>;
}

const NOWHERE: Standing = { offset: 0, line: 0, counts: { recorded: 0, repeated: 0, refused: 0 } };
const VERSION = 1;

export class Resume {
  readonly #path: string;
  readonly #identity: FileIdentity;
  readonly #target: Target;
  #log: string | undefined;

  constructor(file: string, identity: FileIdentity, target: Target) {
    this.#path = `${file}.depter-progress`;
    this.#identity = identity;
    this.#target = target;
  }

  /** The standing of an earlier run of the same unchanged file to the same place; the beginning where there is none. */
  async read(): Promise<Standing> {
    let found: unknown;
    try {
      found = JSON.parse(await readFile(this.#path, 'utf8'));
    } catch {
      return NOWHERE;
    }
    const { standing, ...head } = found as { standing?: Standing };
    this.#log = await this.#target.log();
    if (this.#log === undefined || JSON.stringify(head) !== JSON.stringify(this.#head())) return NOWHERE;
    if (standing === undefined) return NOWHERE;
    const { offset, line, counts } = standing;
    const numbers = [offset, line, counts?.recorded, counts?.repeated, counts?.refused];
    const sound =
      numbers.every((number) => Number.isSafeInteger(number) && number >= 0) && offset <= this.#identity.size;
    return sound ? standing : NOWHERE;
  }

  /** Whole or not at all: written beside and renamed. A folder that cannot be written is no reason to stop. */
  async write(standing: Standing): Promise<void> {
    try {
      this.#log ??= await this.#target.log();
      await writeFile(`${this.#path}.new`, JSON.stringify({ ...this.#head(), standing }), { mode: 0o600 });
      await rename(`${this.#path}.new`, this.#path);
    } catch {
      // The feed goes on; a cut then costs repeats.
    }
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
    await rm(`${this.#path}.new`, { force: true });
  }

  #head(): Record<string, unknown> {
    return { version: VERSION, file: this.#identity, target: this.#target.name, log: this.#log };
  }
}

export { NOWHERE };
