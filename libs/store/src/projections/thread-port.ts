/** What goes between a process and the thread that keeps its boards: plain data alone. */
import type { Projections } from './port.js';
import type { StoreFailure } from '../ports.js';

export const CALLS = [
  'progress',
  'touch',
  'reevaluate',
  'stale',
  'isDue',
  'reevaluating',
  'store',
  'clocks',
  'findings',
  'outstanding',
  'clear',
  'close',
] as const satisfies readonly (keyof Projections)[];
export type CallName = (typeof CALLS)[number];

export interface BoardsSettings {
  readonly path: string;
}

export interface Call {
  readonly id: number;
  readonly name: CallName;
  readonly values: readonly unknown[];
}

export type Answer =
  | { readonly id: number; readonly kind: 'done'; readonly result: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly failure: Told };

/** A failure in words of our own. */
export interface Told {
  readonly code: StoreFailure['code'];
  readonly message: string;
  readonly retryable: boolean;
}
