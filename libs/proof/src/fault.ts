import type { BundleCode } from './bundle.js';
import type { TarCode } from './tar.js';
import type { CheckpointCode, ReceiptCode } from './verifier.js';
import type { ConsistencyCode } from './verify-path.js';

/** Why what was shown is not what a log says. */
export type FaultCode =
  | TarCode
  | CheckpointCode
  | ReceiptCode
  | ConsistencyCode
  | BundleCode
  /** Something that has to be there is not. */
  | 'missing'
  /** Something is there that nothing asks for. */
  | 'unexpected'
  | 'manifest-malformed'
  /** The manifest says another thing than the log. */
  | 'manifest-mismatch'
  /** The bytes of a member are not those that the manifest names. */
  | 'member-changed'
  | 'key-malformed'
  /** The key is not one that was said beforehand to be believed. */
  | 'key-unknown'
  /** An entry that was recorded when every key that signed its head had been retired. */
  | 'key-retired'
  | 'tile-malformed'
  /** A tile is not the one whose root stands in the tile above it. */
  | 'tile-mismatch'
  /** An entry is not the one whose hash stands in the tree. */
  | 'entry-mismatch'
  | 'entry-malformed'
  /** An entry outside of the period that was exported lies inside, or the other way round. */
  | 'period-mismatch'
  /** Two checkpoints of one log that no one tree has. */
  | 'fork'
  /** A checkpoint of a size that the latest one does not reach. */
  | 'checkpoint-newer'
  /** An entry of another person than the one that was exported. */
  | 'subject-mismatch'
  | 'certificate-malformed'
  /** The certificate says another thing than the entries that it proves. */
  | 'certificate-mismatch';

/** What is wrong, and where: an entry by its index, a tile by its path, a member by its name. */
export interface Fault {
  readonly code: FaultCode;
  readonly place: string;
}

export type Judged<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

export function good<T>(value: T): Judged<T> {
  return { ok: true, value };
}

export function faulty(code: FaultCode, place: string): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: { code, place } };
}
