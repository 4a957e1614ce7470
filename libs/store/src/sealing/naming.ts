/**
 * The keyed hashes by which things are found without being readable. All are HMAC-SHA-256, of which the first 16 bytes
 * are kept; what is hashed is for ever.
 */
import type { IdentifierKind, ReferenceKind } from '#ledger';
import { hmacSha256 } from './hmac.js';

export const NAME_BYTES = 16;

function named(key: Uint8Array, data: string | Uint8Array): Buffer {
  return hmacSha256(key, data, NAME_BYTES);
}

/** An identifier under the controller's pepper. */
export function identityName(pepper: Uint8Array, kind: IdentifierKind, value: string): Buffer {
  return named(pepper, `identifier\0${kind}\0${value}`);
}

/** A text that became a reference, under the same pepper. */
export function referenceName(pepper: Uint8Array, kind: ReferenceKind, text: string): Buffer {
  return named(pepper, `reference\0${kind}\0${text}`);
}

let scratch = Buffer.allocUnsafe(1024);

/** The id of the n-th event of an action: length(4) source ‖ length(4) id ‖ ordinal(4), which the first goes without. */
export function eventName(intakeKey: Uint8Array, source: string, id: string, ordinal: number): Buffer {
  const most = 12 + 3 * (source.length + id.length);
  if (scratch.length < most) scratch = Buffer.allocUnsafe(most);
  const sourceBytes = scratch.write(source, 4);
  scratch.writeUInt32BE(sourceBytes, 0);
  const idBytes = scratch.write(id, 8 + sourceBytes);
  scratch.writeUInt32BE(idBytes, 4 + sourceBytes);
  let end = 8 + sourceBytes + idBytes;
  if (ordinal !== 0) end = scratch.writeUInt32BE(ordinal, end);
  return named(intakeKey, scratch.subarray(0, end));
}
