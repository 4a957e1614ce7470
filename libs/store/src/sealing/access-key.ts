/** API keys as they are made and kept: 256 random bits, of which only SHA-256 is stored. */
import { randomBytes } from 'node:crypto';
import type { ControllerId, KeyRole, Reference, SubjectRef } from '#ledger';
import type { AccessKey } from '../ports.js';
import { sha256 } from './hashing.js';
import { idBytes, idText, mintReference } from './mint.js';

export interface AccessKeyRow {
  readonly hash: Uint8Array;
  readonly id: Uint8Array;
  readonly controller: string;
  readonly role: string;
  readonly subject: Uint8Array | null;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

/** Throws RangeError on a key that no role may have. `now` in ms. */
export function makeAccessKey(
  wanted: { readonly controller: ControllerId | '*'; readonly role: KeyRole; readonly subject?: SubjectRef },
  now: number,
): { readonly secret: string; readonly row: AccessKeyRow } {
  const { controller, role } = wanted;
  if (controller === '*' && role !== 'admin') throw new RangeError('a key to all controllers is an admin’s');
  if ((role === 'subject') !== (wanted.subject !== undefined))
    throw new RangeError('a subject’s key names the subject');
  const subject = wanted.subject === undefined ? null : idBytes(wanted.subject);
  if (subject === undefined) throw new RangeError('not the reference of a subject');
  const secret = randomBytes(32).toString('base64url');
  const row = {
    hash: hashOf(secret),
    id: mintReference().bytes,
    controller,
    role,
    subject,
    created: Math.floor(now),
  };
  return { secret, row };
}

export function hashOf(secret: string): Uint8Array {
  return sha256(Buffer.from(secret));
}

/** The key of a row; a hash that it may have is left out. */
export function accessKeyOf(row: Readonly<Record<string, unknown>> | AccessKeyRow): AccessKey {
  const { id, controller, role, subject, created } = row as AccessKeyRow;
  return {
    id: idText(id) as Reference,
    controller: controller as ControllerId | '*',
    role: role as KeyRole,
    subject: subject === null ? null : (idText(subject) as SubjectRef),
    created: new Date(created).toISOString(),
  };
}
