/** What passes between intake and the writer. Groups are blocks of memory; the rest is rare, and small objects do. */
import type { Run } from '../destruction/run.js';
import type { KeptCheckpoint, StoreFailure } from '../ports.js';
import type { AccessKeyRow } from '../sealing/access-key.js';

/** Moments between which a destruction may be cut. */
export const RUN_MOMENTS = [
  'ordered', 'kept', 'intended', 'keys-gone', 'shredded', 'swept', 'truncated', 'recorded', 'forgotten',
] as const; // prettier-ignore
export type RunMoment = (typeof RUN_MOMENTS)[number];

export interface WriterSettings {
  readonly dir: string;
  readonly origin: string;
  /** The journal of destructions, as an absolute path; kept from then on. */
  readonly journal?: string;
  /** For tests of crashes: stands still for so long between the commit of the keys and that of the group. */
  readonly stallAfterKeysMs: number;
  /** For tests of crashes: stands still at that moment of a destruction until the process is killed. */
  readonly stallAt?: RunMoment;
}

export interface LogState {
  readonly controller: number;
  readonly name: string;
  readonly generation: number;
  readonly base: number;
  readonly size: number;
}

/** Something that the writer does between groups, in the order in which it was asked. */
export type Errand =
  | { readonly kind: 'open-controller'; readonly name: string; readonly now: number }
  | { readonly kind: 'make-keys'; readonly controller: number; readonly count: number }
  | { readonly kind: 'receipts'; readonly controller: number; readonly positions: readonly number[] }
  | { readonly kind: 'keep-run'; readonly controller: number; readonly run: Run }
  | { readonly kind: 'shred'; readonly controller: number; readonly id: Uint8Array; readonly now: number }
  | { readonly kind: 'sweep'; readonly controller: number; readonly id: Uint8Array; readonly now: number }
  | { readonly kind: 'truncate' }
  | { readonly kind: 'forget-run'; readonly controller: number; readonly id: Uint8Array }
  | { readonly kind: 'add-access-key'; readonly row: AccessKeyRow }
  | { readonly kind: 'rotate-log-key'; readonly controller: number; readonly now: number; readonly until: number }
  | {
      readonly kind: 'keep-cosigned';
      readonly controller: number;
      readonly generation: number;
      readonly checkpoint: KeptCheckpoint;
    };

export interface ErrandResults {
  'open-controller': LogState;
  /** For each a dossier to be: subject(16) ‖ key id(16) ‖ key(32). */
  'make-keys': Uint8Array;
  receipts: readonly (string | undefined)[];
  'keep-run': boolean;
  shred: Run;
  sweep: Run;
  /** False where a reader holds it up. */
  truncate: boolean;
  'forget-run': null;
  'add-access-key': null;
  'rotate-log-key': null;
  'keep-cosigned': null;
}

export type ToWriter =
  | {
      readonly kind: 'group';
      readonly serial: number;
      readonly epoch: number;
      readonly bytes: ArrayBuffer;
      readonly length: number;
    }
  | { readonly kind: 'errand'; readonly call: number; readonly errand: Errand }
  | { readonly kind: 'close' };

export interface FailureMessage {
  readonly code: StoreFailure['code'];
  readonly message: string;
  readonly retryable: boolean;
}

export type FromWriter =
  | { readonly kind: 'ready'; readonly logs: readonly LogState[] }
  | { readonly kind: 'refused'; readonly failure: FailureMessage }
  | {
      readonly kind: 'acknowledged';
      readonly serial: number;
      readonly bytes: ArrayBuffer;
      readonly length: number;
      /** The group's memory, for another one. */
      readonly spare: ArrayBuffer;
    }
  | { readonly kind: 'failed'; readonly serial: number; readonly failure: FailureMessage }
  | { readonly kind: 'done'; readonly call: number; readonly result: ErrandResults[keyof ErrandResults] }
  | { readonly kind: 'undone'; readonly call: number; readonly failure: FailureMessage }
  | { readonly kind: 'closed' };

export function failureMessage({ code, message, retryable }: StoreFailure): FailureMessage {
  return { code, message, retryable };
}
