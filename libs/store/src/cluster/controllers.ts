/** The controllers of a database, as one process knows them: made on first use of one that the host has packs for. */
import type { ControllerId } from '#ledger';
import { StoreFailure, type Clock } from '../ports.js';
import type { Controller, RulesOf } from '../sealing/controller.js';
import type { KeyStore } from './key-store.js';
import { createLog, latestLog, latestLogs, type LogRow } from './log-rows.js';
import type { Postgres } from './postgres.js';

export class ClusterControllers {
  readonly rulesOf: RulesOf;
  readonly #postgres: Postgres;
  readonly #keys: KeyStore;
  readonly #origin: string;
  readonly #clock: Clock;
  readonly #known = new Map<ControllerId, Controller>();
  readonly #opening = new Map<ControllerId, Promise<Controller>>();
  #added: (controller: Controller) => void = () => undefined;

  constructor(postgres: Postgres, keys: KeyStore, origin: string, clock: Clock, rulesOf: RulesOf) {
    this.#postgres = postgres;
    this.#keys = keys;
    this.#origin = origin;
    this.#clock = clock;
    this.rulesOf = rulesOf;
  }

  get all(): readonly Controller[] {
    return [...this.#known.values()];
  }

  /** Calls `added` for every controller known, now and later. */
  onAdded(added: (controller: Controller) => void): void {
    this.#added = added;
    for (const controller of this.#known.values()) added(controller);
  }

  /** Learns of the controllers that another process made, and how far every log is. */
  async refresh(): Promise<void> {
    for (const row of await latestLogs(this.#postgres)) {
      const known = this.#known.get(row.controller);
      if (known === undefined) await this.#add(row);
      else known.size = Math.max(known.size, row.base + row.size);
    }
  }

  /** A controller that has a log, whoever made it; undefined otherwise. */
  async known(id: ControllerId): Promise<Controller | undefined> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const row = await latestLog(this.#postgres, id);
    return row && this.#add(row);
  }

  /** A controller, with its log and keys made if there are none. Throws StoreFailure `unavailable` where it has no packs. */
  async opened(id: ControllerId): Promise<Controller> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    if (this.rulesOf(id) === undefined) throw new StoreFailure('unavailable', 'the controller has no packs', false);
    let opening = this.#opening.get(id);
    if (opening === undefined) {
      opening = this.#open(id).finally(() => this.#opening.delete(id));
      this.#opening.set(id, opening);
    }
    return opening;
  }

  /** When no controller is being made any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#opening.values());
  }

  /** As `opened`, but undefined where the controller has no packs and no log. */
  async openedIfAny(id: ControllerId): Promise<Controller | undefined> {
    return (await this.known(id)) ?? (this.rulesOf(id) === undefined ? undefined : this.opened(id));
  }

  async #open(id: ControllerId): Promise<Controller> {
    const there = await latestLog(this.#postgres, id);
    if (there !== undefined) return this.#add(there);
    await this.#keys.createControllerKeys(id);
    const seed = await this.#keys.controllerKey(id, 'log-signing 1');
    return this.#add(await createLog(this.#postgres, id, this.#origin, seed, Math.floor(this.#clock.now())));
  }

  async #add({ no, controller: id, generation, base, size }: LogRow): Promise<Controller> {
    const [pepper, intakeKey] = await Promise.all([
      this.#keys.controllerKey(id, 'identity-pepper'),
      this.#keys.controllerKey(id, 'intake'),
    ]);
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const made: Controller = { id, no, generation, base, size: base + size, pepper, intakeKey };
    this.#known.set(id, made);
    this.#added(made);
    return made;
  }
}
