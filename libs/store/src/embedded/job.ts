/** What intake was asked to record, and what of it is with the writer. */
import type { Action, OwnAction } from '#ledger';
import type { Expectation, Outcome } from '../ports.js';
import type { Controller, Rules } from '../sealing/controller.js';
import type { Draft } from '../sealing/draft.js';
import { idBytes } from '../sealing/mint.js';
import type { Attachment } from './attachment.js';
import type { ExpectedDossier } from './group-frame.js';

/** Memory of an action beside the text that counts. */
const ACTION_OVERHEAD_BYTES = 512;

export interface Job {
  readonly controller: Controller;
  readonly rules: Rules;
  /** Each is let go of when it is prepared: what waits for the writer's answer is not to keep it in memory. */
  readonly actions: (Action | OwnAction | undefined)[];
  readonly receipts: boolean;
  /** The id of the API key that sends. */
  readonly sender: Buffer | null;
  readonly expecting: readonly ExpectedDossier[] | null;
  readonly bytes: number;
  readonly outcomes: Outcome[];
  /** Actions prepared, and actions answered. */
  next: number;
  answered: number;
  failed: boolean;
  readonly resolve: (outcomes: Outcome[]) => void;
  readonly reject: (failure: unknown) => void;
}

/** An action that is with the writer: what its answer needs of it, and no more, since thousands are on their way. */
export interface Drafted extends Pick<Draft<Attachment>, 'attachments' | 'firstId' | 'subject'> {
  readonly job: Job;
  readonly place: number;
  /** The first event's stored bytes, where a receipt is asked for. */
  readonly entry: Uint8Array | undefined;
  /** How many. */
  readonly events: number;
}

export interface Sent {
  readonly serial: number;
  readonly drafts: Drafted[];
}

/** What is expected, as it goes to the writer. A call that expects something has one action. */
export function expectedOf(expecting: Expectation | undefined, actions: number): readonly ExpectedDossier[] | null {
  if (expecting === undefined) return null;
  if (actions !== 1) throw new RangeError('what is decided on a state is recorded by itself');
  return [...expecting].map(([subject, events]) => {
    const bytes = idBytes(subject);
    if (bytes === undefined) throw new RangeError('no subject is named so');
    return { subject: bytes, events };
  });
}

/** About how much memory an action takes while it waits. */
export function bytesOf(action: Action | OwnAction): number {
  return ACTION_OVERHEAD_BYTES + (action.kind === 'own' ? 0 : action.content.length);
}

const NO_RULES: Rules = { has: () => false, all: () => [] };

/** What Depter does of its own names nothing that a pack has to list: it goes on where the packs are not at hand. */
export function rulesForOwn(actions: readonly (Action | OwnAction)[]): Rules | undefined {
  return actions.every(({ kind }) => kind === 'own') ? NO_RULES : undefined;
}
