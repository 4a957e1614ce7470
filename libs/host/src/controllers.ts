import type { ControllerId } from '#ledger';
import type { Rulebook } from '#packs';

/** The organisations that the loaded packs name, each with its rulebook. */
export class Controllers {
  constructor(private readonly rulebooks: ReadonlyMap<ControllerId, Rulebook>) {}

  has(controller: ControllerId): boolean {
    return this.rulebooks.has(controller);
  }

  all(): readonly ControllerId[] {
    return [...this.rulebooks.keys()];
  }

  /** The rulebook of a controller; undefined where no pack names it. */
  rulebook(controller: ControllerId): Rulebook | undefined {
    return this.rulebooks.get(controller);
  }
}
