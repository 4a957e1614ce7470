import { Injectable } from '@nestjs/common';
import { Controllers, Problem, seesValues } from '#host';
import type { At, ControllerId, ControllerRecord, KeyRole, Resolvers } from '#ledger';
import type { Rulebook } from '#packs';
import { Ledger, Vault } from '#store';
import type { Moment } from '../subjects/moment.js';
import { ownResolvers } from '../subjects/person-reader.js';

/** A controller's own matters as one reader sees them at one moment. */
export interface SeenMatters {
  readonly record: ControllerRecord;
  readonly rulebook: Rulebook;
  readonly at: At;
  readonly resolvers: Resolvers;
}

/** Reads a controller's own matters for a view, and opens what the reader may see of them. */
@Injectable()
export class MattersReader {
  constructor(
    private readonly ledger: Ledger,
    private readonly vault: Vault,
    private readonly controllers: Controllers,
  ) {}

  async see(controller: ControllerId, { asOf, asKnown }: Moment, role: KeyRole): Promise<SeenMatters> {
    const rulebook = this.controllers.rulebook(controller);
    if (rulebook === undefined) throw new Problem('not-found');
    return {
      record: await this.ledger.matters(controller),
      rulebook,
      at: { asOf, asKnown },
      resolvers: seesValues(role) ? await ownResolvers(this.vault, this.ledger, controller) : {},
    };
  }
}
