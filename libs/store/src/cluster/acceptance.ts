/** What became of the actions of a batch. */
import { hash } from 'node:crypto';
import type { Action, EventId, OwnAction, Position, SubjectRef } from '#ledger';
import type { Draft } from '../sealing/draft.js';
import type { Made } from '../sealing/known.js';
import { idText } from '../sealing/mint.js';
import type { Row } from './postgres.js';

export type AnyAction = Action | OwnAction;
export type New = Omit<Draft<Made>, 'digest'> & {
  readonly sender: Uint8Array | null;
  /** None where a value came too late to be kept, which it would tell. */
  digest: Draft<Made>['digest'];
  seq: number;
  last: number;
};

/** What became of one action. */
export type Acceptance =
  /** Durable now (`new`) or before; its first event has the number `seq`, its last one `last`, and perhaps its place. */
  | {
      readonly kind: 'new' | 'repeated';
      readonly event: EventId;
      readonly subject: SubjectRef | null;
      readonly entry: Uint8Array;
      readonly seq: number;
      readonly last: number;
      readonly position: Position | null;
    }
  | { readonly kind: 'conflict' | 'gone' }
  /** It could not be written; nothing of it is there. */
  | { readonly kind: 'failed'; readonly failure: unknown };

export interface AcceptedBatch {
  readonly acceptances: readonly Acceptance[];
  /** No event of the batch that had no place before has one below this position. */
  readonly floor: number;
}

export function contentHashOf(action: Action): Uint8Array {
  return hash('sha256', action.content, 'buffer');
}

export function acceptanceOf(written: New | { failure: unknown } | undefined): Acceptance {
  if (written === undefined) throw new RangeError('a new action that was not written');
  if ('failure' in written) return { kind: 'failed', failure: written.failure };
  const { firstId: event, subject, entry, seq, last } = written;
  return { kind: 'new', event, subject, entry, seq, last, position: null };
}

/** An action that stands in the batch a second time. */
export function sameBatch(action: AnyAction, first: New | { failure: unknown } | undefined): Acceptance {
  const acceptance = acceptanceOf(first);
  if (acceptance.kind !== 'new' || first === undefined || 'failure' in first || action.kind === 'own')
    return acceptance;
  const same = first.contentHash !== null && Buffer.from(first.contentHash).equals(contentHashOf(action));
  return same ? { ...acceptance, kind: 'repeated' } : { kind: 'conflict' };
}

export function repeatOf(row: Row): Acceptance {
  const subject = row['subject'] as Buffer;
  const seq = row['seq'] as number;
  return {
    kind: 'repeated',
    event: idText(row['id'] as Buffer) as EventId,
    subject: subject.length === 0 ? null : (idText(subject) as SubjectRef),
    entry: row['entry'] as Buffer,
    seq,
    last: (row['last'] as number | null) ?? seq,
    position: row['position'] as number | null,
  };
}
