/** What intake was asked to record, and what of it is with the writer. */
import type { Action, OwnAction } from '#ledger';
import type { Outcome } from '../ports.js';
import type { Controller, Rules } from '../sealing/controller.js';
import type { Draft } from '../sealing/draft.js';
import type { Attachment } from './attachment.js';

/** Memory of an action beside the text that counts. */
const ACTION_OVERHEAD_BYTES = 512;

export interface Job {
  readonly controller: Controller;
  readonly rules: Rules;
  readonly actions: readonly (Action | OwnAction)[];
  readonly receipts: boolean;
  /** The id of the API key that sends. */
  readonly sender: Buffer | null;
  readonly bytes: number;
  readonly outcomes: Outcome[];
  /** Actions prepared, and actions answered. */
  next: number;
  answered: number;
  failed: boolean;
  readonly resolve: (outcomes: Outcome[]) => void;
  readonly reject: (failure: unknown) => void;
}

export interface Sent {
  readonly serial: number;
  readonly drafts: { readonly job: Job; readonly place: number; readonly draft: Draft<Attachment> }[];
}

/** About how much memory an action takes while it waits. */
export function bytesOf(action: Action | OwnAction): number {
  return ACTION_OVERHEAD_BYTES + (action.kind === 'own' ? 0 : action.content.length);
}
