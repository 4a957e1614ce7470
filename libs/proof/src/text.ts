/// <reference lib="esnext.typedarrays" />
import { hashBytes } from './hashing.js';

/**
 * The texts of the formats: UTF-8, lines that end with a newline, decimals without leading zeros, standard base64.
 * Everything read here is read in its one canonical spelling, so that two different texts never mean the same.
 */

/** Longest text read from outside, in bytes: a note of 100 post-quantum signatures fits several times. */
export const textBytesMax = 1 << 20;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

/** UTF-8 text of at most `textBytesMax` bytes; undefined for a longer one, bad UTF-8 or a lone surrogate. */
export function decodeText(data: Uint8Array | string): string | undefined {
  if (typeof data === 'string') {
    if (data.length > textBytesMax || !data.isWellFormed()) return undefined;
    return data;
  }
  if (data.length > textBytesMax) return undefined;
  try {
    return decoder.decode(data);
  } catch {
    return undefined;
  }
}

/** Base64 of the platform where it has one: Node before 25 and older browsers know only that of texts. */
const hasBase64 = 'fromBase64' in Uint8Array;

export function toBase64(bytes: Uint8Array): string {
  return hasBase64 ? bytes.toBase64() : btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Bytes of standard padded base64; undefined for white space, missing padding, stray bits or another alphabet. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    const bytes = hasBase64
      ? Uint8Array.fromBase64(text, { lastChunkHandling: 'strict' })
      : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    // The decoders skip white space, so a text counts only if it is what would have been written.
    return toBase64(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** One hash as a line holds it: base64 of exactly 32 bytes. */
export function hashFromBase64(text: string): Uint8Array | undefined {
  const bytes = fromBase64(text);
  return bytes?.length === hashBytes ? bytes : undefined;
}

/** A decimal without leading zeros, up to 2^53 − 1; undefined for anything else. */
export function parseDecimal(text: string): number | undefined {
  if (!/^(?:0|[1-9][0-9]{0,19})$/.test(text)) return undefined;
  const value = BigInt(text);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
}

/** Whether a text holds a control character below U+0020; `but` is let through. */
export function hasControl(text: string, but = ''): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) < 0x20 && !but.includes(text.charAt(i))) return true;
  }
  return false;
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
