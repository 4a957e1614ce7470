/**
 * The bytes of an event (`wire.md`, Stored event): they are the leaf of the log and are never written again, so what
 * this file writes is for ever. Reading goes through the upcasters, so that readers meet the newest shape alone.
 */
import { isKnownVersion, knownType, type OldEvent, upcast } from './upcast.js';
import type { StoredEvent } from './stored.js';

/** An entry has at most this many bytes. */
export const MAX_ENTRY_BYTES = 16 * 1024;

const encoder = new TextEncoder();
const NOT_ASCII = /[^\0-\x7f]/;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** An entry that no version of this program wrote: of a damaged store or a foreign log. Says nothing of its content. */
export class UnreadableEntry extends Error {
  constructor(readonly code: 'not-json' | 'not-an-event' | 'unknown-type' | 'unknown-version') {
    super(`A log entry cannot be read: ${code}.`);
    this.name = 'UnreadableEntry';
  }
}

/**
 * UTF-8 JSON, ASCII only, no spaces, keys as `wire.md` orders them and those of `data` sorted by code units at every
 * depth. Throws RangeError past 16 KiB: `readAction` has refused such an action before (`too-many-parts`).
 */
export function encode(event: StoredEvent): Uint8Array {
  const text = textOf(event);
  const bytes = bytesOf(text);
  // Only a character beyond ASCII takes more than one byte; none of a valid event does.
  const entry = bytes.length === text.length ? bytes : bytesOf(escaped(text));
  if (entry.length > MAX_ENTRY_BYTES) throw new RangeError('An event would pass 16 KiB in its stored form.');
  return entry;
}

const BLOCK_BYTES = 64 * 1024;
let block = new Uint8Array(0);
let used = 0;

/** UTF-8, in a block that many share: memory of its own for each entry costs more than writing it. */
function bytesOf(text: string): Uint8Array {
  const most = text.length * 3;
  if (used + most > block.length) {
    block = new Uint8Array(Math.max(BLOCK_BYTES, most));
    used = 0;
  }
  const { written } = encoder.encodeInto(text, block.subarray(used));
  const bytes = block.subarray(used, used + written);
  used += written;
  return bytes;
}

/** The length in bytes that an event takes, without the bound. */
export function encodedLength(event: StoredEvent): number {
  return encoder.encode(escaped(textOf(event))).length;
}

function textOf({ v, type, id, subject, at, recorded, by, data }: StoredEvent): string {
  // The engine's own writer is the fastest; it keeps the order in which keys were set, which `write.ts` sets sorted.
  if (inOrder(data)) return JSON.stringify({ v, type, id, subject, at, recorded, by, data });
  const head = JSON.stringify({ v, type, id, subject, at, recorded, by });
  return `${head.slice(0, -1)},"data":${inSortedOrder(data)}}`;
}

function inOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) {
    for (const element of value as unknown[]) if (typeof element === 'object' && !inOrder(element)) return false;
    return true;
  }
  let last = '';
  for (const key in value) {
    // Also where an undefined is left out, so that both writers write the same.
    if (key < last) return false;
    last = key;
    const inner = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof inner === 'object' && !inOrder(inner)) return false;
  }
  return true;
}

/** Written by hand, since an object that was sorted would still give keys that look like numbers first. */
function inSortedOrder(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inSortedOrder).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${inSortedOrder(inner)}`);
  return `{${members.join(',')}}`;
}

/** Entries are ASCII: where a text is not, some of its bytes may have been replaced when it was read. */
function ascii(text: string): string {
  if (NOT_ASCII.test(text)) throw new UnreadableEntry('not-json');
  return text;
}

function escaped(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Reads an entry, or the text of one, in the newest shape of its type. Throws UnreadableEntry. */
export function decode(entry: Uint8Array | string): StoredEvent {
  let value: unknown;
  try {
    value = JSON.parse(typeof entry === 'string' ? ascii(entry) : decoder.decode(entry));
  } catch {
    throw new UnreadableEntry('not-json');
  }
  if (typeof value !== 'object' || value === null) throw new UnreadableEntry('not-an-event');
  const event = value as { -readonly [K in keyof OldEvent]: OldEvent[K] };
  const { v, type, id, subject, at, recorded, by, data } = event;
  if (
    typeof v !== 'number' ||
    typeof type !== 'string' ||
    typeof id !== 'string' ||
    (subject !== null && typeof subject !== 'string') ||
    typeof at !== 'string' ||
    typeof recorded !== 'string' ||
    (by !== null && typeof by !== 'string') ||
    typeof data !== 'object' ||
    data === null
  ) {
    throw new UnreadableEntry('not-an-event');
  }
  const known = knownType(type);
  if (known === undefined) throw new UnreadableEntry('unknown-type');
  if (!isKnownVersion(known, v)) throw new UnreadableEntry('unknown-version');
  event.type = known;
  return upcast(event);
}
