/** An action written and sealed, ready for whichever engine stores it. */
import type { EventId, SubjectRef } from '#ledger';

export interface SealedBox {
  readonly label: string;
  readonly key: Uint8Array;
  readonly box: Uint8Array;
}

export interface SealedEvent {
  readonly id: Uint8Array;
  readonly subject: Uint8Array | null;
  readonly type: string;
  readonly accessed: boolean;
  /** Milliseconds since the epoch. */
  readonly recorded: number;
  readonly entry: Uint8Array;
  /** The event that this one corrects. */
  readonly corrects: Uint8Array | null;
  readonly boxes: readonly SealedBox[];
}

/** The digest of what counts of an action, with the id of the key that it was made under. */
export interface ContentDigest {
  readonly key: Uint8Array;
  readonly digest: Uint8Array;
}

/** An action with its events, and what is answered for it. `M` is what the engine keeps of something new. */
export interface Draft<M> {
  /** The controller's number in the tables. */
  readonly controller: number;
  readonly receipt: boolean;
  readonly digest: ContentDigest | null;
  /** What must come to the store with the action. */
  readonly attachments: readonly M[];
  readonly events: readonly SealedEvent[];
  readonly firstId: EventId;
  readonly subject: SubjectRef | null;
  /** The first event's stored bytes. */
  readonly entry: Uint8Array;
  /** SHA-256 of what counts of the action; null for Depter's own. */
  readonly contentHash: Uint8Array | null;
}
