/**
 * Strict JSON, as an action must be (`wire.md`, An action). The engine's own parser does the work; around it stand one
 * pass over the text and one over what came out, for what that parser lets through: keys twice, `__proto__`, lone
 * surrogates, NUL, numbers beyond doubles, nesting without bound.
 */
import { type Refusal, refusal } from './problem.js';

/** An action has at most this many bytes. */
export const MAX_ACTION_BYTES = 64 * 1024;
/** And this many levels; its own object is the first. */
export const MAX_DEPTH = 32;

export type Read<T> = { readonly ok: T; readonly refusal?: never } | { readonly refusal: Refusal; readonly ok?: never };

/** Bytes that are not UTF-8 are refused; a byte order mark is kept, and so refused by the parser. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Reads one JSON text. Refused as `malformed`, `too-deep` or `too-large`, at the root. Never throws. */
export function readJson(input: Uint8Array | string): Read<unknown> {
  if (input.length > MAX_ACTION_BYTES) return { refusal: refusal('too-large') };
  let text: string;
  if (typeof input === 'string') {
    if (input.length * 3 > MAX_ACTION_BYTES && encoder.encode(input).length > MAX_ACTION_BYTES) {
      return { refusal: refusal('too-large') };
    }
    if (!input.isWellFormed()) return { refusal: refusal('malformed') };
    text = input;
  } else {
    try {
      text = utf8.decode(input);
    } catch {
      return { refusal: refusal('malformed') };
    }
  }
  const keys = countKeys(text);
  if (keys === TOO_DEEP) return { refusal: refusal('too-deep') };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { refusal: refusal('malformed') };
  }
  // A surrogate or a NUL can only have been written as an escape: raw ones did not get this far.
  const sound = soundKeys(value, text.includes('\\u'));
  return sound === keys ? { ok: value } : { refusal: refusal('malformed') };
}

const TOO_DEEP = -1;
const UNSOUND = -2;

/** How many keys a JSON text writes, or `TOO_DEEP`. Of a text that is not JSON the count means nothing. */
function countKeys(text: string): number {
  const escapes = text.includes('\\');
  let keys = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x22: // "
        i = endOfString(text, i + 1, escapes);
        break;
      case 0x3a: // :
        keys++;
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (++depth > MAX_DEPTH) return TOO_DEEP;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
    }
  }
  return keys;
}

/** The index of the quotation mark that ends a string. */
function endOfString(text: string, from: number, escapes: boolean): number {
  if (!escapes) {
    const end = text.indexOf('"', from);
    return end < 0 ? text.length : end;
  }
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) return i;
    if (code === 0x5c) i++;
  }
  return text.length;
}

/** How many keys a parsed value has; fewer than its text writes where a key stood twice. `UNSOUND` where it may not be. */
function soundKeys(value: unknown, escapes: boolean): number {
  if (typeof value === 'string') return escapes && !soundText(value) ? UNSOUND : 0;
  if (typeof value === 'number') return Number.isFinite(value) ? 0 : UNSOUND;
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const element of value as unknown[]) {
      const inner = soundKeys(element, escapes);
      if (inner === UNSOUND) return UNSOUND;
      count += inner;
    }
    return count;
  }
  // What was parsed inherits nothing that would be listed.
  for (const key in value) {
    if (key === '__proto__' || (escapes && !soundText(key))) return UNSOUND;
    const inner = soundKeys((value as Readonly<Record<string, unknown>>)[key], escapes);
    if (inner === UNSOUND) return UNSOUND;
    count += 1 + inner;
  }
  return count;
}

function soundText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
