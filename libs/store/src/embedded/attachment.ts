/**
 * What an event needs beside itself and is not known to be on the disk: a new dossier with its key, a reference's text,
 * a link, a tie. It travels with every action that needs it until one of them is acknowledged, and is inserted once, by
 * the first that is recorded; so an action that is set aside leaves nothing behind. Boxes are not sealed yet.
 */
import { ByteReader, ByteWriter } from './byte-frame.js';

export class Attachment {
  /** Whether a commit that holds it was acknowledged. */
  committed = false;
  /** Actions on their way that name it: while there are any it must not be made a second time. */
  flights = 0;
  /** The last group that carries it, and its place there. */
  group = -1;
  place = -1;
  bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get pinned(): boolean {
    return this.flights > 0;
  }
}

export type AttachmentRow =
  | {
      readonly kind: 'dossier';
      readonly controller: number;
      readonly subject: Uint8Array;
      /** Rank of the identifier's kind. */
      readonly identifier: number;
      readonly hmac: Uint8Array;
      readonly box: Uint8Array;
      /** A new dossier's key; whole, for the writer to wrap and store, where it is not stored yet. */
      readonly key: { readonly id: Uint8Array; readonly whole: Uint8Array | undefined };
    }
  | {
      readonly kind: 'reference';
      readonly controller: number;
      /** The dossier whose key seals the text, empty for the controller. */
      readonly owner: Uint8Array;
      readonly ref: Uint8Array;
      readonly hmac: Uint8Array;
      readonly key: Uint8Array;
      readonly box: Uint8Array;
    }
  | { readonly kind: 'link'; readonly subject: Uint8Array; readonly other: Uint8Array }
  | { readonly kind: 'tie'; readonly client: Uint8Array; readonly contact: Uint8Array; readonly about: Uint8Array };

const KINDS = ['dossier', 'reference', 'link', 'tie'] as const;

/** In place of the kind: a dossier of which the key is not stored yet. */
const BRINGS_KEY = 255;

const scratch = new ByteWriter(1024);

export function attach(row: AttachmentRow): Attachment {
  const writer = scratch.rewind().u8(bringing(row) ? BRINGS_KEY : KINDS.indexOf(row.kind));
  switch (row.kind) {
    case 'dossier':
      writer.u16(row.controller).raw(row.subject).u8(row.identifier).raw(row.hmac).blob(row.box);
      writer.raw(row.key.id);
      if (row.key.whole !== undefined) writer.raw(row.key.whole);
      break;
    case 'reference':
      writer.u16(row.controller).blob(row.owner).raw(row.ref).raw(row.hmac).raw(row.key).blob(row.box);
      break;
    case 'link':
      writer.raw(row.subject).raw(row.other);
      break;
    case 'tie':
      writer.raw(row.client).raw(row.contact).raw(row.about);
      break;
  }
  return new Attachment(Buffer.from(writer.take()));
}

export function readAttachment(bytes: Uint8Array): AttachmentRow {
  const r = new ByteReader(bytes);
  const first = r.u8();
  const kind = first === BRINGS_KEY ? 'dossier' : KINDS[first];
  if (kind === undefined) throw new RangeError('no such attachment');
  switch (kind) {
    case 'dossier': {
      const row = { controller: r.u16(), subject: r.raw(16), identifier: r.u8(), hmac: r.raw(16), box: r.blob() };
      return { kind, ...row, key: { id: r.raw(16), whole: first === BRINGS_KEY ? r.raw(32) : undefined } };
    }
    case 'reference':
      return {
        kind,
        controller: r.u16(),
        owner: r.blob(),
        ref: r.raw(16),
        hmac: r.raw(16),
        key: r.raw(16),
        box: r.blob(),
      };
    case 'link':
      return { kind, subject: r.raw(16), other: r.raw(16) };
    case 'tie':
      return { kind, client: r.raw(16), contact: r.raw(16), about: r.raw(16) };
  }
}

/** Whether the bytes are a new dossier's that brings its key. */
export function bringsKey(bytes: Uint8Array): boolean {
  return bytes[0] === BRINGS_KEY;
}

function bringing(row: AttachmentRow): boolean {
  return row.kind === 'dossier' && row.key.whole !== undefined;
}
