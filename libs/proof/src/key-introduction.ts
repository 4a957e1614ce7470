import { equalBytes, type Sha256 } from './hashing.js';
import { formatVerifierKey, parseVerifierKey, type VerifierKey } from './key.js';
import { noteText, noteVerifier, openNote, parseNote, type Verify } from './note.js';

/**
 * Two keys of a log, one after the other, in a note that both sign: whoever believes one of them may believe the other. A second
 * signature under a checkpoint would introduce nobody, since anyone can add one. The first line is no origin, so that this
 * can be taken for no checkpoint.
 */
export interface KeyIntroduction {
  readonly old: VerifierKey;
  readonly key: VerifierKey;
  /** From when the new key signs, and until when the old one does: RFC 3339, UTC, milliseconds. */
  readonly from: string;
  readonly oldUntil: string;
}

const firstLine = 'depter.log-key/1';
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** The text, ready for `signNote` by both. */
export function introductionText({ old, key, from, oldUntil }: KeyIntroduction): string {
  return noteText(firstLine, formatVerifierKey(old), formatVerifierKey(key), `from ${from}`, `old-until ${oldUntil}`);
}

/** What such a note says; undefined unless both keys are of one log, and both have signed it. */
export function readIntroduction(
  { sha256, verify }: { readonly sha256: Sha256; readonly verify: Verify },
  data: Uint8Array | string,
): KeyIntroduction | undefined {
  const note = parseNote(data);
  if (!note.ok) return undefined;
  const lines = note.value.text.slice(0, -1).split('\n');
  const [first, oldLine = '', line = '', from = '', oldUntil = ''] = lines;
  if (first !== firstLine || lines.length !== 5) return undefined;
  const [old, key] = [parseVerifierKey(sha256, oldLine), parseVerifierKey(sha256, line)];
  if (!old.ok || !key.ok || old.value.name !== key.value.name) return undefined;
  if ([old.value, key.value].some(({ use }) => use !== 'note')) return undefined;
  const times = [/^from (.+)$/.exec(from)?.[1] ?? '', /^old-until (.+)$/.exec(oldUntil)?.[1] ?? ''] as const;
  if (!times.every((time) => instant.test(time))) return undefined;
  const signedBy = (one: VerifierKey): boolean => openNote(note.value, [noteVerifier(verify, one)]).ok;
  if (!signedBy(old.value) || !signedBy(key.value)) return undefined;
  return { old: old.value, key: key.value, from: times[0], oldUntil: times[1] };
}

/** All keys that may be believed because of those that are, and of notes that introduce one to another. */
export function keysIntroduced(
  believed: readonly VerifierKey[],
  introductions: readonly KeyIntroduction[],
): readonly VerifierKey[] {
  const all = [...believed];
  const has = (key: VerifierKey): boolean =>
    all.some(({ name, publicKey }) => name === key.name && equalBytes(publicKey, key.publicKey));
  for (let found = true; found;) {
    found = false;
    for (const { old, key } of introductions) {
      if (has(old) === has(key)) continue;
      all.push(has(old) ? key : old);
      found = true;
    }
  }
  return all;
}
