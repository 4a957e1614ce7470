/**
 * Which events make Depter owe something of its own copy: those that say that somebody else has destroyed, and those that
 * may join a dossier to one of which something was destroyed.
 */
import { decode } from '#ledger/entries';

/** What every entry begins with, up to the first letter of its type (`wire.md`, Stored event). */
const TYPE_AT = '{"v":1,"type":"'.length;
const LETTER_D = 'd'.charCodeAt(0);
const REPORTED = /^(?:destroyed|depersonalised)"/;
const LONGEST = 'depersonalised"'.length;

/** Told by its bytes, since every event is asked; what Depter carried out itself has evidence. */
export function isReportedDestruction(entry: Uint8Array): boolean {
  if (entry[TYPE_AT] !== LETTER_D) return false;
  const bytes = Buffer.from(entry.buffer, entry.byteOffset, entry.length);
  return REPORTED.test(bytes.toString('latin1', TYPE_AT, TYPE_AT + LONGEST)) && !bytes.includes('"evidence":{');
}

const JOINING = /^(?:un)?linked"/;
const LETTERS_JOINING = new Set(['l', 'u'].map((letter) => letter.charCodeAt(0)));

/** Whether an event says which dossiers are one person; `automatic` where Depter made it from one action. */
export function joining(entry: Uint8Array): 'sent' | 'automatic' | undefined {
  if (!LETTERS_JOINING.has(entry[TYPE_AT]!)) return undefined;
  const bytes = Buffer.from(entry.buffer, entry.byteOffset, entry.length);
  if (!JOINING.test(bytes.toString('latin1', TYPE_AT, TYPE_AT + LONGEST))) return undefined;
  return bytes.includes('"automatic":true') ? 'automatic' : 'sent';
}

/** The dossiers that such an event is about; none of another event. */
export function joinedBy(entry: Uint8Array): readonly Uint8Array[] {
  const event = joining(entry) === undefined ? undefined : decode(entry);
  if ((event?.type !== 'linked' && event?.type !== 'unlinked') || event.subject === null) return [];
  return [event.subject, event.data.other].map((name) => Buffer.from(name, 'base64url'));
}
