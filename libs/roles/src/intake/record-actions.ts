import { Command } from '@nestjs/cqrs';
import type { ControllerId } from '#ledger';
import type { AccessKey } from '#store';
import type { ActionAnswer } from './answer.js';

/**
 * Judges a group of actions as they came, records those that can be understood, and answers each in its place. Facts need
 * no state, so a group is one command (`design.md`); a store that failed throws StoreFailure and nothing of it is there.
 */
export class RecordActions extends Command<readonly ActionAnswer[]> {
  constructor(
    readonly controller: ControllerId,
    /** The JSON of each action; absent where it was too long to be held. */
    readonly texts: readonly (Uint8Array | undefined)[],
    /** Who sends them; null where no key says it, but the access list of a topic. */
    readonly key: AccessKey | null,
    readonly options: {
      /** Each new action is answered with its entry and receipt. */
      readonly receipts: boolean;
      /** Waits for room instead of throwing `overloaded`. */
      readonly wait: boolean;
      /** An answer may be `pending` where the place in the log takes long, or as soon as the action is durable. */
      readonly pending?: boolean | 'at once';
    },
  ) {
    super();
  }
}
