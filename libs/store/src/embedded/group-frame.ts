/**
 * A group on its way to the writer and the writer's answer: each one block of memory that changes hands.
 *
 * Group: for each action a `1`, controller(2), flags(1), [digest: key id(16) ‖ digest(16) ‖ hash of the content(32)], [sender(16)], [expected dossiers(4) with
 * each its subject(16) and events(4)], attachments(2) with each its place(4), events(2) and the events; then a `0`, and the attachments(4), each after its length.
 * Event: id(16), subject(1: has one; 16), accessed(1), recorded(8), entry after a zero byte, corrected target(1: has one; 16),
 * boxes(2), each label, key id(16), box.
 * Answer: for each action a kind and what belongs to it, as `Answer` says.
 */
import { ByteReader, ByteWriter } from './byte-frame.js';
import type { ContentDigest, SealedEvent } from '../sealing/draft.js';
import type { Attachment } from './attachment.js';

const RECEIPT = 1;
const DIGEST = 2;
const SENDER = 4;
const EXPECTING = 8;
const LEAF_PREFIX = 0;

/** An event as it crosses: its type stands in its entry. */
export type FramedEvent = Omit<SealedEvent, 'type'>;

/** An event as the writer reads it. */
export interface ReadEvent extends FramedEvent {
  /** What is hashed into the event's leaf: a zero byte, then the entry. */
  readonly leaf: Uint8Array;
}

/** A dossier that the action was decided on, and how many events it had. */
export interface ExpectedDossier {
  readonly subject: Uint8Array;
  readonly events: number;
}

/** With what it was made of: where the action is known, it is compared under the key of then. */
export interface FramedDigest extends ContentDigest {
  readonly contentHash: Uint8Array;
}

export interface FramedAction {
  readonly controller: number;
  readonly receipt: boolean;
  readonly digest: FramedDigest | null;
  /** The id of the API key that sent it. */
  readonly sender: Uint8Array | null;
  /** Null where the action was decided on nothing. */
  readonly expecting: readonly ExpectedDossier[] | null;
  readonly attachments: readonly number[];
  readonly events: readonly ReadEvent[];
}

export interface PreparedAction {
  readonly controller: number;
  readonly receipt: boolean;
  readonly digest: ContentDigest | null;
  /** Null where there is no digest. */
  readonly contentHash: Uint8Array | null;
  readonly attachments: readonly Attachment[];
  readonly events: readonly FramedEvent[];
}

/** A group as intake fills it. */
export class GroupWriter {
  readonly #serial: number;
  readonly #writer: ByteWriter;
  /** The bytes alone: an earlier group may be acknowledged, and free them, while this one is filled. */
  readonly #attachments: Uint8Array[] = [];
  #attached = 0;
  #events = 0;
  #actions = 0;

  constructor(serial: number, memory: number | ArrayBuffer) {
    this.#serial = serial;
    this.#writer = new ByteWriter(memory);
  }

  get events(): number {
    return this.#events;
  }

  get actions(): number {
    return this.#actions;
  }

  get bytes(): number {
    return this.#writer.length + this.#attached;
  }

  add(
    action: PreparedAction,
    sender: Uint8Array | null = null,
    expecting: readonly ExpectedDossier[] | null = null,
  ): void {
    const w = this.#writer;
    w.u8(1).u16(action.controller);
    const { digest, contentHash } = action;
    const flags = (action.receipt ? RECEIPT : 0) | (digest === null ? 0 : DIGEST);
    w.u8(flags | (sender === null ? 0 : SENDER) | (expecting === null ? 0 : EXPECTING));
    if (digest !== null) w.raw(digest.key).raw(digest.digest).raw(contentHash!);
    if (sender !== null) w.raw(sender);
    if (expecting !== null) {
      w.u32(expecting.length);
      for (const { subject, events } of expecting) w.raw(subject).u32(events);
    }
    w.u16(action.attachments.length);
    for (const attachment of action.attachments) w.u32(this.#placeOf(attachment));
    w.u16(action.events.length);
    for (const event of action.events) writeEvent(w, event);
    this.#events += action.events.length;
    this.#actions++;
  }

  take(): Buffer {
    const w = this.#writer.u8(0).u32(this.#attachments.length);
    for (const bytes of this.#attachments) w.blob(bytes);
    return w.take();
  }

  #placeOf(attachment: Attachment): number {
    if (attachment.group !== this.#serial) {
      attachment.group = this.#serial;
      attachment.place = this.#attachments.push(attachment.bytes) - 1;
      this.#attached += attachment.bytes.length;
    }
    return attachment.place;
  }
}

function writeEvent(w: ByteWriter, event: FramedEvent): void {
  w.raw(event.id).u8(event.subject === null ? 0 : 1);
  if (event.subject !== null) w.raw(event.subject);
  w.u8(event.accessed ? 1 : 0).f64(event.recorded);
  // The byte before the entry is that of a leaf's hash (RFC 6962, 2.1): the writer hashes without copying.
  w.u32(event.entry.length).u8(LEAF_PREFIX).raw(event.entry);
  w.u8(event.corrects === null ? 0 : 1);
  if (event.corrects !== null) w.raw(event.corrects);
  w.u16(event.boxes.length);
  for (const { label, key, box } of event.boxes) w.text(label).raw(key).blob(box);
}

export interface Group {
  readonly actions: readonly FramedAction[];
  readonly attachments: readonly Uint8Array[];
}

/** Views into the block: nothing is copied. */
export function readGroup(bytes: Uint8Array): Group {
  const r = new ByteReader(bytes);
  const actions: FramedAction[] = [];
  while (r.u8() === 1) {
    const controller = r.u16();
    const flags = r.u8();
    const digest = (flags & DIGEST) === 0 ? null : readDigest(r);
    const sender = (flags & SENDER) === 0 ? null : r.raw(16);
    const expecting = (flags & EXPECTING) === 0 ? null : readExpected(r);
    const attachments = Array.from({ length: r.u16() }, () => r.u32());
    const events = Array.from({ length: r.u16() }, () => readEvent(r));
    actions.push({ controller, receipt: (flags & RECEIPT) !== 0, digest, sender, expecting, attachments, events });
  }
  const attachments = Array.from({ length: r.u32() }, () => r.blob());
  return { actions, attachments };
}

function readDigest(r: ByteReader): FramedDigest {
  return { key: r.raw(16), digest: r.raw(16), contentHash: r.raw(32) };
}

function readExpected(r: ByteReader): readonly ExpectedDossier[] {
  return Array.from({ length: r.u32() }, () => ({ subject: r.raw(16), events: r.u32() }));
}

function readEvent(r: ByteReader): ReadEvent {
  const id = r.raw(16);
  const subject = r.u8() === 1 ? r.raw(16) : null;
  const accessed = r.u8() === 1;
  const recorded = r.f64();
  const leaf = r.raw(r.u32() + 1);
  const corrects = r.u8() === 1 ? r.raw(16) : null;
  const boxes = Array.from({ length: r.u16() }, () => ({ label: r.text(), key: r.raw(16), box: r.blob() }));
  return { id, subject, accessed, recorded, leaf, entry: leaf.subarray(1), corrects, boxes };
}

/**
 * What the writer did with one action: recorded its events from `position` on, or set it aside, as known or because what
 * it was decided on has changed.
 */
export type Answer =
  | { readonly kind: 'recorded'; readonly position: number; readonly receipt: string | undefined }
  | {
      readonly kind: 'known';
      readonly position: number;
      readonly subject: Uint8Array | null;
      /** The digest stored with it; null where it was erased, or there never was one. */
      readonly digest: ContentDigest | null;
      /** That of the action that comes again. */
      readonly coming: FramedDigest | null;
    }
  | { readonly kind: 'changed' };

export function writeAnswers(answers: readonly Answer[]): Buffer {
  const w = new ByteWriter(16 + answers.length * 16);
  for (const answer of answers) {
    if (answer.kind === 'recorded') {
      w.u8(answer.receipt === undefined ? 0 : 1).f64(answer.position);
      if (answer.receipt !== undefined) w.text(answer.receipt);
      continue;
    }
    if (answer.kind === 'changed') {
      w.u8(3);
      continue;
    }
    w.u8(2)
      .f64(answer.position)
      .u8(answer.subject === null ? 0 : 1);
    if (answer.subject !== null) w.raw(answer.subject);
    w.u8(answer.digest === null ? 0 : 1);
    if (answer.digest !== null) w.raw(answer.digest.key).raw(answer.digest.digest);
    const { coming } = answer;
    w.u8(coming === null ? 0 : 1);
    if (coming !== null) w.raw(coming.key).raw(coming.digest).raw(coming.contentHash);
  }
  return w.take();
}

export function readAnswers(bytes: Uint8Array): Answer[] {
  const r = new ByteReader(bytes);
  const answers: Answer[] = [];
  while (!r.ended) {
    const kind = r.u8();
    if (kind === 3) {
      answers.push({ kind: 'changed' });
      continue;
    }
    const position = r.f64();
    if (kind < 2) {
      answers.push({ kind: 'recorded', position, receipt: kind === 1 ? r.text() : undefined });
      continue;
    }
    const subject = r.u8() === 1 ? r.raw(16) : null;
    const digest = r.u8() === 1 ? { key: r.raw(16), digest: r.raw(16) } : null;
    const coming = r.u8() === 1 ? readDigest(r) : null;
    answers.push({ kind: 'known', position, subject, digest, coming });
  }
  return answers;
}
