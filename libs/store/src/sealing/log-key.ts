/** The keys of a log, one after another: what a key is kept as, and the note by which the one before introduces it. */
import { introductionText, parseVerifierKey, signNote, type NoteSigner } from '#proof';
import { StoreFailure, type LogKey } from '../ports.js';
import { sha256 } from './hashing.js';
import type { ControllerKeyKind } from './key-context.js';

/** From when a key signs, and until when the one before it does, too; in ms since the epoch. */
export interface Rotation {
  readonly now: number;
  readonly until: number;
}

/** The first key is that of the generation, later ones have a number of their own. */
export function logKeyKind(generation: number, no: number): ControllerKeyKind {
  return no === 1 ? `log-signing ${generation}` : (`log-signing ${generation}.${no}` as ControllerKeyKind);
}

/** The note in which the old key introduces the new one; both sign it. Throws StoreFailure `corrupt`. */
export function introduce(
  lines: readonly [string, string],
  signers: readonly NoteSigner[],
  { now, until }: Rotation,
): string {
  const [old, key] = lines.map((line) => parseVerifierKey(sha256, line));
  if (old?.ok !== true || key?.ok !== true) throw new StoreFailure('corrupt', 'a key of a log cannot be read', false);
  const times = { from: new Date(now).toISOString(), oldUntil: new Date(until).toISOString() };
  return signNote(introductionText({ old: old.value, key: key.value, ...times }), ...signers);
}

/** While both keys sign, a third would leave nobody who knows only the first. */
export function rotating(): StoreFailure {
  return new StoreFailure('changed', 'the key of this log is being rotated already', false);
}

/** The keys of a generation as either database has them, in order; without rows it has the one that it was made with. */
export function logKeysOf(rows: readonly Readonly<Record<string, unknown>>[], verifierKey: string): readonly LogKey[] {
  if (rows.length === 0) return [{ verifierKey, fromMs: null, untilMs: null, introduction: null }];
  return rows.map((row) => ({
    verifierKey: row['verifier_key'] as string,
    fromMs: row['since'] as number | null,
    untilMs: row['until'] as number | null,
    introduction: row['introduction'] as string | null,
  }));
}
