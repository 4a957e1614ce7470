/**
 * The ports of the store. Each is both type and injection token; the comments are the laws that every adapter keeps and
 * that the contract suites try. The first argument is always the controller: nothing crosses from one to another.
 */
import type {
  Action, ControllerId, ControllerRecord, EventId, Identifier, Instant, KeyRole, LogEntry, OwnAction, PersonRecord, Position, Recorded, Reference, ReferenceKind, SubjectRef,
} from '#ledger'; // prettier-ignore
import type { Destructions } from './destructions.js';

/** What became of one action. `recorded` and `repeated` name the first event made from it. */
export type Outcome =
  | {
      readonly kind: 'recorded';
      readonly event: EventId;
      readonly position: Position;
      readonly subject: SubjectRef | null;
      /** The stored bytes of that event, and its receipt: where receipts are asked for. */
      readonly entry?: Uint8Array;
      readonly receipt?: string;
    }
  | {
      readonly kind: 'repeated';
      readonly event: EventId;
      readonly position: Position;
      readonly subject: SubjectRef | null;
    }
  /**
   * Durable, and not in the log yet: it will be, and the same action again tells where. Only where `pending` was allowed,
   * and never by an engine that records and places at once.
   */
  | {
      readonly kind: 'accepted';
      readonly event: EventId;
      readonly subject: SubjectRef | null;
      readonly entry: Uint8Array;
    }
  /** Same id, other content. */
  | { readonly kind: 'conflict' }
  /** Same id, of a person since destroyed. */
  | { readonly kind: 'gone' }
  /** A fault of Depter: no event can be made of the action, and nothing of it is there. The others go on. */
  | { readonly kind: 'unwritable'; readonly failure: unknown };

export interface RecordOptions {
  /** The API key that sends the actions: kept with each that is recorded, for `senderOf`; no other is kept for a repeat. */
  readonly sender?: Reference;
  /** Each recorded outcome gets its receipt (one more proof an event: for single POSTs). */
  readonly receipts?: boolean;
  /** Waits for room instead of failing with `overloaded`; for streams, which are slowed. */
  readonly wait?: boolean;
  /**
   * An outcome may be `accepted` where the place in the log takes long, or `at once`, for those who need nothing but that
   * the action is durable; else the call waits on, and fails at last.
   */
  readonly pending?: boolean | 'at once';
  /** What the action was decided on: it is recorded only where nothing of that has grown since. Of a call of one action. */
  readonly expecting?: Expectation;
}

/**
 * How many events each dossier of a person had when it was read, `accessed` not counted. One that is linked to a dossier
 * which is not named here has grown, too.
 */
export type Expectation = ReadonlyMap<SubjectRef, number>;

/**
 * The log and the dossiers.
 *
 * Laws: an outcome is given only after its events are durable and covered by a signed checkpoint. All events of an action
 * are recorded or none. Positions of a controller have no gap and never change. The same action again is `repeated` with
 * the first event's position, other content is `conflict`, a destroyed person's is `gone`. The bytes read are the bytes
 * stored. After a failure nothing of the group is there, or all of it. An action that was corrected keeps neither values
 * nor digest, whichever of the two came first: the same id again is `repeated`, whatever it says.
 */
export abstract class Ledger {
  /**
   * Records a group of actions, in order; the outcomes stand in the same order. A controller's log is made by its first
   * group, though that be empty.
   * Throws StoreFailure `overloaded` when the queue is full (unless `wait`), `unavailable` when the store failed or closes,
   * `changed` where a new action expects of a dossier what is not so any more: a known one is judged as ever.
   */
  abstract record(
    controller: ControllerId,
    actions: readonly (Action | OwnAction)[],
    options?: RecordOptions,
  ): Promise<Outcome[]>;

  /**
   * The dossier of the person's highest-ranking identifier that leads to one; undefined where none is known. Which dossier
   * ranks highest among those linked to it, only the fold of `person` knows.
   */
  abstract find(controller: ControllerId, identifiers: readonly Identifier[]): Promise<SubjectRef | undefined>;

  /**
   * Everything about a person, read in one consistent moment; undefined where no event names the subject. Its dossiers are
   * all that any chain of links reaches, never a part of them, its clients and contacts all to whom ties lead. A dossier
   * with more links than LINKS_MAX is `crowded`: no chain goes through it, and it stands in its own record alone.
   */
  abstract person(controller: ControllerId, subject: SubjectRef): Promise<PersonRecord | undefined>;

  /** The `accessed` events of one dossier, by position. */
  abstract accesses(controller: ControllerId, subject: SubjectRef): Promise<readonly Recorded[]>;

  /** The controller's own events (those without a subject), by position. */
  abstract own(controller: ControllerId): Promise<readonly Recorded[]>;

  /**
   * What the views of the controller itself are made of, read in one consistent moment: its own events, corrections of
   * them in whatever dossier they lie, and what is listed by now. Nothing is there of a controller without a log.
   */
  abstract matters(controller: ControllerId): Promise<ControllerRecord>;

  /** Entries from a position on, at most `limit`; fewer at the end of the log. */
  abstract entries(controller: ControllerId, from: Position, limit: number): Promise<readonly LogEntry[]>;

  /** One event by its id; undefined where there is none. */
  abstract event(controller: ControllerId, id: EventId): Promise<LogEntry | undefined>;

  /**
   * The API key that first sent the action which an event was made from; undefined where none was told, where there is no
   * such event, or its person was destroyed. Law: a key that was given as `sender` is told as long as the dossier lives,
   * after an item was shredded and after opening again too, for each of the action's events; a repeat under another key
   * changes nothing. An engine that keeps none inherits this, and then no emitter gets a receipt later.
   */
  senderOf(_controller: ControllerId, _id: EventId): Promise<Reference | undefined> {
    return Promise.resolve(undefined);
  }

  /** Batches of entries from a position on, then new ones as they come, until the signal. */
  abstract follow(controller: ControllerId, from: Position, signal: AbortSignal): AsyncIterable<readonly LogEntry[]>;

  /** One more than the highest position. */
  abstract size(controller: ControllerId): Promise<number>;
}

/** A key that signs the heads of a log, or has signed them. */
export interface LogKey {
  /** One line without a newline. */
  readonly verifierKey: string;
  /** When it began to sign, in ms since the epoch; null of a log's first. */
  readonly fromMs: number | null;
  /** Until when it signs; null: no end is set. */
  readonly untilMs: number | null;
  /** The note by which the key before it introduced it; null of a log's first. */
  readonly introduction: string | null;
}

/** A checkpoint that is kept for ever: the last of each day, and every one that witnesses cosigned. */
export interface KeptCheckpoint {
  readonly size: number;
  readonly note: string;
  /** When its witnesses cosigned it, in ms since the epoch; null where the log alone signed it. */
  readonly cosignedMs: number | null;
}

/**
 * The log as tlog-tiles serves it (`proof-format.md`). Every width up to the present one is there, and so that of every
 * published size; a generation that does not exist, or more hashes than the log has: undefined.
 */
export abstract class TransparencyLog {
  /** The latest signed checkpoint, as text. */
  abstract checkpoint(controller: ControllerId, generation: number): Promise<string | undefined>;
  /** `width` 256 is the full tile. */
  abstract tile(
    controller: ControllerId,
    generation: number,
    level: number,
    index: number,
    width: number,
  ): Promise<Uint8Array | undefined>;
  abstract bundle(
    controller: ControllerId,
    generation: number,
    index: number,
    width: number,
  ): Promise<Uint8Array | undefined>;
  /**
   * The entries of a bundle as the event log has them, where that is kept beside what is read here (it may have fewer);
   * undefined where there is but one copy. To be held against the bundle by whoever checks the log.
   */
  abstract logged(
    controller: ControllerId,
    generation: number,
    index: number,
    width: number,
  ): Promise<readonly Uint8Array[] | undefined>;
  /** The verifier key that signs now and has no end, one line without a newline. */
  abstract verifierKey(controller: ControllerId, generation: number): Promise<string | undefined>;
  /** All keys of a log, the first one first; the last is `verifierKey`. */
  abstract keys(controller: ControllerId, generation: number): Promise<readonly LogKey[]>;
  /**
   * Gives the growing generation a new key, under the same name. Law: every head of what is recorded from then until `untilMs`
   * is signed by both keys, every later one by the new key alone; what was signed before stays as it is. Throws StoreFailure
   * `changed` while an earlier rotation runs.
   */
  abstract rotateKey(controller: ControllerId, untilMs: number): Promise<void>;
  /** The checkpoint of the greatest size that was cosigned and kept; undefined where there is none. */
  abstract cosigned(controller: ControllerId, generation: number): Promise<KeptCheckpoint | undefined>;
  /**
   * Those that are kept of a greater size than `after` (-1: from the first), by size; of one size the cosigned one stands last.
   * The latest of today is among them. A page holds `limit` (at least 1), and what else there is of its last size: so the next
   * page is that after it, and one without any is the end.
   */
  abstract checkpoints(
    controller: ControllerId,
    generation: number,
    after: number,
    limit: number,
  ): Promise<readonly KeptCheckpoint[]>;
  /** Keeps a cosigned checkpoint, durably; the first that was kept of a size stays. The caller has verified it. */
  abstract keepCosigned(
    controller: ControllerId,
    generation: number,
    checkpoint: KeptCheckpoint & { readonly cosignedMs: number },
  ): Promise<void>;
  /** A receipt (tlog-proof) of an event under the latest checkpoint. */
  abstract receipt(controller: ControllerId, position: Position): Promise<string | undefined>;
}

/** What a reader meets where a key was shredded. */
export interface Erased {
  readonly kind: 'erased';
}
export type Opened<T> = { readonly kind: 'value'; readonly value: T } | Erased;

/**
 * A sealed text of one event: its label (an item or `#text`), its field, and the text, which may be opened only when it is
 * asked for.
 */
export interface SealedText {
  readonly position: Position;
  readonly label: string;
  readonly field: string;
  readonly text: Opened<string>;
}

/** The text behind a reference, which may be opened only when it is asked for: `erased` where it went since. */
export interface SealedReference {
  readonly text: Opened<string>;
}

/**
 * The vault's reading side. Laws: nothing is opened whose key was shredded (`erased`, never an exception); a text is
 * never in a log line or an error.
 */
export abstract class Vault {
  /** The sealed texts of the events of a dossier (null: the controller's own), by position. */
  abstract texts(controller: ControllerId, subject: SubjectRef | null): Promise<readonly SealedText[]>;
  /** The texts behind references that the dossier names: all, or those of `named` that it does. */
  abstract references(
    controller: ControllerId,
    subject: SubjectRef | null,
    named?: ReadonlySet<Reference>,
  ): Promise<ReadonlyMap<Reference, SealedReference>>;
  /** The identifiers that lead to a dossier. */
  abstract identifiers(controller: ControllerId, subject: SubjectRef): Promise<readonly Identifier[]>;
  /** The reference already made for a text, if any. */
  abstract referenceOf(controller: ControllerId, kind: ReferenceKind, text: string): Promise<Reference | undefined>;
}

/**
 * Keys: what is shredded can never be opened again. Laws: a key id never returns; an append that races a shredding is
 * sealed under the fresh key or not at all; survivors stay readable. Where values are erased, so is the digest of the
 * action that brought them, which would tell a guess from the truth.
 */
export abstract class Keys {
  /** Deletes a dossier's key, identities and references: its values, digests and texts are gone at once. */
  abstract shredDossier(controller: ControllerId, subject: SubjectRef): Promise<void>;
  /**
   * Replaces the dossier's key by the keys of every label but the item's, and a fresh key for what comes. The item's labels
   * are its id and, where values came before a pack listed it, the reference that was made for it.
   */
  abstract shredItem(controller: ControllerId, subject: SubjectRef, item: string): Promise<void>;
}

export interface AccessKey {
  readonly id: Reference;
  readonly controller: ControllerId | '*';
  readonly role: KeyRole;
  readonly subject: SubjectRef | null;
  readonly created: Instant;
}

/** API keys, of which only SHA-256 is kept. */
export abstract class AccessKeys {
  /** Makes a key and gives its secret, which is never shown again. `*` as controller is for admins only. */
  abstract add(key: {
    controller: ControllerId | '*';
    role: KeyRole;
    subject?: SubjectRef;
  }): Promise<{ secret: string; key: AccessKey }>;
  abstract check(secret: string): Promise<AccessKey | undefined>;
  abstract list(controller: ControllerId | '*'): Promise<readonly AccessKey[]>;
}

/** What time it is. Production refuses to set it. */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract now(): number;
}

/** How full and how far each part is, for health and metrics. */
export interface StoreHealth {
  readonly ready: boolean;
  readonly queued: number;
  readonly logs: readonly { readonly controller: ControllerId; readonly size: number }[];
  readonly failure?: string;
}

/** An open store: its ports, however they are kept. */
export interface Store {
  readonly ledger: Ledger;
  readonly log: TransparencyLog;
  readonly vault: Vault;
  readonly keys: Keys;
  readonly destructions: Destructions;
  readonly accessKeys: AccessKeys;
  health(): StoreHealth;
  /** Settles where the store has failed for good without being closed: it answers nothing any more, and its process ends. */
  readonly lost: Promise<StoreFailure>;
  /** Refuses what comes, answers what was taken, then lets the storage go. */
  close(): Promise<void>;
}

/** A failure of the store, never of the action: closed codes, retried by the caller where `retryable`. */
export class StoreFailure extends Error {
  constructor(
    readonly code: 'overloaded' | 'unavailable' | 'changed' | 'locked' | 'corrupt' | 'full',
    message: string,
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StoreFailure';
  }
}
