/** The controllers of a folder, as the main thread knows them: made on first use of one that the host has packs for. */
import type { ControllerId, Position } from '#ledger';
import type { DatabaseSync } from 'node:sqlite';
import { StoreFailure } from '../ports.js';
import type { Controller, RulesOf } from '../sealing/controller.js';
import { controllerKey } from './controller-keys.js';
import { POSITIONS } from './schema.js';
import type { RootKey } from '../sealing/root-key.js';
import type { LogState } from './writer-port.js';

export class Controllers {
  readonly rulesOf: RulesOf;
  readonly #known = new Map<string, Controller>();
  readonly #opening = new Map<string, Promise<Controller>>();
  readonly #open: (name: string) => Promise<LogState>;
  readonly #keys: DatabaseSync;
  readonly #root: RootKey;

  constructor(
    rulesOf: RulesOf,
    keys: DatabaseSync,
    root: RootKey,
    logs: readonly LogState[],
    open: (name: string) => Promise<LogState>,
  ) {
    this.rulesOf = rulesOf;
    this.#keys = keys;
    this.#root = root;
    this.#open = open;
    for (const log of logs) this.#add(log);
  }

  get all(): readonly Controller[] {
    return [...this.#known.values()];
  }

  /** A controller that has a log; undefined otherwise. */
  known(id: ControllerId): Controller | undefined {
    return this.#known.get(id);
  }

  /** A controller, with its log and keys made if there are none. Throws StoreFailure `unavailable` where it has no packs. */
  async opened(id: ControllerId): Promise<Controller> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    if (this.rulesOf(id) === undefined) throw new StoreFailure('unavailable', 'the controller has no packs', false);
    let opening = this.#opening.get(id);
    if (opening === undefined) {
      opening = this.#open(id)
        .then((log) => this.#add(log))
        .finally(() => this.#opening.delete(id));
      this.#opening.set(id, opening);
    }
    return opening;
  }

  /** When no controller is being made any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#opening.values());
  }

  /** As `opened`, but undefined where the controller has no packs. */
  async openedIfAny(id: ControllerId): Promise<Controller | undefined> {
    if (this.known(id) === undefined && this.rulesOf(id) === undefined) return undefined;
    return this.opened(id);
  }

  #add({ controller, name, generation, base, size }: LogState): Controller {
    const made: Controller = {
      id: name as ControllerId,
      no: controller,
      generation,
      base,
      size,
      pepper: controllerKey(this.#keys, this.#root, name, 'identity-pepper'),
      intakeKey: controllerKey(this.#keys, this.#root, name, 'intake'),
    };
    this.#known.set(name, made);
    return made;
  }
}

/** Key of the events table for a position. */
export function placeOf(controller: Controller, position: Position): number {
  return controller.no * POSITIONS + position;
}

/** Where the keys of a controller's events end. */
export function endOf(controller: Controller): number {
  return (controller.no + 1) * POSITIONS;
}

export function positionOf(at: number): Position {
  const position = at % POSITIONS;
  // As an integer, which takes no memory of its own.
  return position < 2 ** 31 ? position | 0 : position;
}
