import type { ProblemCode } from '#host';
import type { EventId, Position, SubjectRef } from '#ledger';

/** An action that was not recorded, and why; nothing of the action is in it. */
export interface RefusedAnswer {
  readonly status: 'refused';
  readonly code: ProblemCode;
  /** JSON Pointer from the action's own root. */
  readonly pointer?: string;
  /** A fixed sentence. */
  readonly detail?: string;
}

/** What became of one action, as every way in answers it. */
export type ActionAnswer =
  | RefusedAnswer
  | {
      readonly status: 'recorded' | 'repeated';
      readonly event: EventId;
      readonly position: Position;
      readonly subject: SubjectRef | null;
      /** The stored bytes and the receipt; only where receipts were asked for, and the action is new. */
      readonly entry?: Uint8Array;
      readonly receipt?: string;
    }
  /** Durable, and not in the log yet; only where that was allowed. */
  | {
      readonly status: 'recorded';
      readonly pending: true;
      readonly event: EventId;
      readonly subject: SubjectRef | null;
      readonly entry: Uint8Array;
    };
