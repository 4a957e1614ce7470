/**
 * Arrays as a statement is given them. `pg` would write every array as text, and bytes as hexadecimal digits within it,
 * which both sides pay for: what a batch accepts is bytes for the most part.
 */
import type { SqlValue } from './postgres.js';

const BYTEA = 17;
const HEADER_BYTES = 20;
const FIRST_INDEX = 1;
const NULL_LENGTH = -1;

/** An array of one kind: bytes in PostgreSQL's binary format (`array_recv`), all others as the text of an array. */
export function arrayParameter(values: readonly SqlValue[]): Buffer | string {
  if (values.some((value) => value instanceof Uint8Array)) return binaryArray(values as readonly (Uint8Array | null)[]);
  return `{${values.map(elementText).join(',')}}`;
}

function elementText(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'string') return `"${value.replace(/["\\]/g, '\\$&')}"`;
  throw new RangeError('an array of arrays');
}

function binaryArray(values: readonly (Uint8Array | null)[]): Buffer {
  let length = HEADER_BYTES;
  for (const value of values) length += 4 + (value?.length ?? 0);
  const bytes = Buffer.allocUnsafe(length);
  let at = bytes.writeInt32BE(1, 0);
  at = bytes.writeInt32BE(values.includes(null) ? 1 : 0, at);
  at = bytes.writeInt32BE(BYTEA, at);
  at = bytes.writeInt32BE(values.length, at);
  at = bytes.writeInt32BE(FIRST_INDEX, at);
  for (const value of values) {
    at = bytes.writeInt32BE(value === null ? NULL_LENGTH : value.length, at);
    if (value === null) continue;
    bytes.set(value, at);
    at += value.length;
  }
  return bytes;
}
