import { decodeText } from './text.js';

/** What a verifier asks of an entry: the rest of it is nobody's but its reader's. */
export interface EntryHead {
  readonly type: string;
  readonly id: string;
  /** The dossier; null of the controller's own. */
  readonly subject: string | null;
  /** RFC 3339, UTC, milliseconds. */
  readonly recorded: string;
}

/** Reads it from a stored event; undefined where it is none. */
export function entryHead(entry: Uint8Array): EntryHead | undefined {
  const text = decodeText(entry);
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, id, subject, recorded } = value as Record<string, unknown>;
  if (typeof type !== 'string' || typeof id !== 'string' || typeof recorded !== 'string') return undefined;
  if (typeof subject !== 'string' && subject !== null) return undefined;
  return { type, id, subject, recorded };
}
