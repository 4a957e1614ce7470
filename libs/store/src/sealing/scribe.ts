/** The scribe of the stores: makes the random and secret parts of one action's events, and keeps what they need. */
import { randomBytes } from 'node:crypto';
import {
  encode, writeEvents, type Action, type Commitment, type EventId, type IdentifierKind, type Instant, type Owner, type OwnAction, type Reference,
  type ReferenceKind, type Scribe, type StoredEvent, type SubjectRef,
} from '#ledger'; // prettier-ignore
import type { Controller, IdKind, Rules } from './controller.js';
import type { ContentDigest, Draft, SealedBox, SealedEvent } from './draft.js';
import { sha256 } from './hashing.js';
import type { Known, KnownDossier, Made } from './known.js';
import { idText, randomPart } from './mint.js';
import { eventName, NAME_BYTES } from './naming.js';
import {
  boundTo,
  commitmentTo,
  DIGEST_LABEL,
  digestUnder,
  frameTexts,
  SALT_BYTES,
  sealBox,
  sealedFor,
  type SaltedText,
} from './seal.js';
import { StoreFailure } from '../ports.js';

/** Makes a box, or what a box is made of later. */
export type Seal = (key: Uint8Array, bound: Uint8Array, plain: Uint8Array) => Uint8Array;

interface Sealing<M> {
  readonly event: Buffer;
  readonly owner: KnownDossier<M>;
  readonly label: string;
  readonly texts: SaltedText[];
}

export class StoreScribe<M extends Made> implements Scribe {
  readonly recorded: Instant;
  readonly #known: Known<M>;
  readonly #rules: Rules;
  readonly #controller: Controller;
  readonly #action: Action | OwnAction;
  readonly #sealed: Seal;
  readonly #ids: { readonly ordinal: number; readonly bytes: Buffer; readonly text: EventId }[] = [];
  readonly #attachments: M[] = [];
  readonly #dossiers: KnownDossier<M>[] = [];
  readonly #sealings: Sealing<M>[] = [];

  constructor(
    known: Known<M>,
    rules: Rules,
    controller: Controller,
    action: Action | OwnAction,
    recorded: Instant,
    seal: Seal = sealBox,
    /** The id of the first event, where it is known. */
    first?: Buffer,
  ) {
    this.#known = known;
    this.#rules = rules;
    this.#controller = controller;
    this.#action = action;
    this.#sealed = seal;
    this.recorded = recorded;
    if (first !== undefined) this.#ids.push({ ordinal: 0, bytes: first, text: idText(first) as EventId });
  }

  eventId(ordinal: number): EventId {
    return this.#idOf(ordinal).text;
  }

  eventIdOf(source: string, id: string): EventId {
    return idText(eventName(this.#controller.intakeKey, source, id, 0)) as EventId;
  }

  subject(kind: IdentifierKind, value: string): SubjectRef {
    const dossier = this.#known.dossierOf(this.#controller, kind, value);
    if (!this.#dossiers.includes(dossier)) this.#dossiers.push(dossier);
    this.#need(dossier.made);
    return dossier.subject;
  }

  listed(kind: IdKind, id: string): boolean {
    return this.#rules.has(kind, id);
  }

  reference(owner: Owner, kind: ReferenceKind, text: string): Reference {
    const { name, made } = this.#known.reference(this.#controller, this.#ownerOf(owner), kind, text);
    this.#need(made);
    return name;
  }

  tie(client: SubjectRef, contact: SubjectRef): Reference {
    const { name, made } = this.#known.tie(this.#controller, client, contact);
    this.#need(made);
    return name;
  }

  seal(ordinal: number, owner: Owner, label: string, field: string, text: string): Commitment {
    const event = this.#idOf(ordinal).bytes;
    const salt = randomPart(SALT_BYTES);
    let sealing = this.#sealings.find((known) => known.event === event && known.label === label);
    if (sealing === undefined) {
      sealing = { event, owner: this.#ownerOf(owner), label, texts: [] };
      this.#sealings.push(sealing);
    }
    sealing.texts.push({ field, salt, text });
    return commitmentTo(salt, text) as Commitment;
  }

  /** Writes, seals and encodes. `recordedMs` is the same moment as `recorded`. */
  draft(recordedMs: number, receipt: boolean): Draft<M> {
    const events = writeEvents(this.#action, this);
    const entries = events.map((event) => encode(event));
    for (const event of events) this.#needLink(event);
    const [first] = events;
    const contentHash = this.#action.kind === 'own' ? null : sha256(this.#action.content);
    return {
      controller: this.#controller.no,
      receipt,
      digest: contentHash && this.#digest(first!, contentHash),
      attachments: this.#attachments,
      events: events.map((event, i) => this.#framed(event, entries[i]!, recordedMs)),
      firstId: first!.id as EventId,
      subject: first!.subject as SubjectRef | null,
      entry: entries[0]!,
      contentHash,
    };
  }

  /** For an action that could not be written: what it brought is on its way no more. */
  abandon(): void {
    for (const attachment of this.#attachments) attachment.flights--;
  }

  #framed(event: StoredEvent, entry: Uint8Array, recorded: number): SealedEvent {
    const id = this.#ids.find((known) => known.text === event.id)!.bytes;
    const subject = event.subject === null ? null : this.#bytesOf(event.subject as SubjectRef);
    return {
      id,
      subject,
      type: event.type,
      accessed: event.type === 'accessed',
      recorded,
      entry,
      corrects: event.type === 'corrected' ? Buffer.from(event.data.event, 'base64url') : null,
      boxes: this.#sealings.filter((sealing) => sealing.event === id).map((sealing) => this.#box(sealing)),
    };
  }

  #box({ event, owner, label, texts }: Sealing<M>): SealedBox {
    const key = this.#known.keyOf(this.#controller, owner);
    const bound = boundTo(sealedFor(this.#controller.id, owner.bytes), event, label);
    return { label, key: key.id, box: this.#sealed(key.label(label), bound, frameTexts(texts)) };
  }

  #digest(first: StoredEvent, contentHash: Uint8Array): ContentDigest {
    const key = this.#known.keyOf(this.#controller, this.#ownerOf(first.subject as Owner));
    return { key: key.id, digest: digestUnder(key.label(DIGEST_LABEL), contentHash) };
  }

  #needLink(event: StoredEvent): void {
    if (event.type !== 'linked' && event.type !== 'unlinked') return;
    const ends = [this.#bytesOf(event.subject as SubjectRef), this.#bytesOf(event.data.other as SubjectRef)] as const;
    this.#need(this.#known.link(this.#controller, ...ends).made);
  }

  #need(made: M | undefined): void {
    if (made === undefined || made.committed || this.#attachments.includes(made)) return;
    made.flights++;
    this.#attachments.push(made);
  }

  #idOf(ordinal: number) {
    let id = this.#ids.find((known) => known.ordinal === ordinal);
    if (id === undefined) {
      const bytes =
        this.#action.kind === 'own'
          ? ownName(this.#action)
          : eventName(this.#controller.intakeKey, this.#action.source, this.#action.id, ordinal);
      id = { ordinal, bytes, text: idText(bytes) as EventId };
      this.#ids.push(id);
    }
    return id;
  }

  #ownerOf(owner: Owner): KnownDossier<M> {
    if (owner === null) return this.#known.own(this.#controller);
    const dossier = this.#dossiers.find(({ subject }) => subject === owner);
    if (dossier === undefined)
      throw new StoreFailure('corrupt', 'a text of a dossier that the action does not name', false);
    return dossier;
  }

  #bytesOf(subject: SubjectRef): Buffer {
    return this.#dossiers.find((dossier) => dossier.subject === subject)?.bytes ?? Buffer.from(subject, 'base64url');
  }
}

function ownName({ event }: OwnAction): Buffer {
  return event === undefined ? randomBytes(NAME_BYTES) : Buffer.from(event, 'base64url');
}
