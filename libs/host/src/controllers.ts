import type { ControllerId } from '#ledger';
import type { Rulebook } from '#packs';

/** The organisations that the loaded packs name, each with its rulebook. */
export class Controllers {
  /** `fingerprint` tells one set of packs from another: what was made with others is made anew. */
  constructor(
    private readonly rulebooks: ReadonlyMap<ControllerId, Rulebook>,
    readonly fingerprint: string,
  ) {}

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
