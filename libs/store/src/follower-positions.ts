/** Where those who follow a log have got to. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ControllerId, Position } from '#ledger';
import { StoreFailure } from './ports.js';

/**
 * The positions of followers that act outside the store (the relay), so that they go on where they were.
 *
 * It lies beside the log and not with the brokers: a position is worth as much as the log it points into. Restored
 * together, they agree; a broker's offset would be ahead of an older log and pass over its next orders in silence, and
 * expires after a quiet week.
 *
 * Laws: what `advance` has answered with true is durable. Of two that advance from the same position one is told false,
 * and learns by it that another follows under its name. A follower that never advanced stands at 0.
 */
export abstract class FollowerPositions {
  /** The position of the next entry that the follower has not dealt with. */
  abstract position(controller: ControllerId, follower: string): Promise<Position>;
  /** Moves it on; false, and nothing is moved, where it does not stand at `from`. Throws StoreFailure `unavailable`. */
  abstract advance(controller: ControllerId, follower: string, from: Position, to: Position): Promise<boolean>;
}

/** In a folder that one process owns: a file for each, replaced as a whole. */
export class FolderPositions extends FollowerPositions {
  readonly #dir: string;
  readonly #known = new Map<string, Position>();

  constructor(dir: string) {
    super();
    this.#dir = dir;
  }

  override async position(controller: ControllerId, follower: string): Promise<Position> {
    const name = `${follower}.${controller}`;
    const known = this.#known.get(name) ?? this.#read(name);
    this.#known.set(name, known);
    return known;
  }

  override async advance(controller: ControllerId, follower: string, from: Position, to: Position): Promise<boolean> {
    if ((await this.position(controller, follower)) !== from) return false;
    const name = `${follower}.${controller}`;
    try {
      this.#write(name, to);
    } catch (error) {
      throw new StoreFailure('unavailable', 'the position of a follower cannot be written', true, { cause: error });
    }
    this.#known.set(name, to);
    return true;
  }

  #read(name: string): Position {
    let text: string;
    try {
      text = readFileSync(join(this.#dir, name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
      throw new StoreFailure('unavailable', 'the position of a follower cannot be read', true, { cause: error });
    }
    if (!/^\d{1,15}\n$/.test(text)) throw new StoreFailure('corrupt', `followers/${name} holds no position`, false);
    return Number(text);
  }

  #write(name: string, position: Position): void {
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    const path = join(this.#dir, name);
    const file = openSync(`${path}.new`, 'w', 0o600);
    try {
      writeSync(file, `${position}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.new`, path);
    const folder = openSync(this.#dir, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }
}
