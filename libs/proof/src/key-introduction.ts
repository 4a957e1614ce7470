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

/**
 * All keys that may be believed because of those that are, and of notes that introduce one to another. A key has one successor
 * and one predecessor, and is not spoken by after its end: whoever finds a retired key later introduces nobody with it.
 */
export function keysIntroduced(
  believed: readonly VerifierKey[],
  introductions: readonly KeyIntroduction[],
): readonly VerifierKey[] {
  const followed = introductions.filter((one) => isFollowed(one, introductions));
  const all = [...believed];
  const has = (key: VerifierKey): boolean => all.some((one) => isSame(one, key));
  for (let found = true; found;) {
    found = false;
    for (const { old, key } of followed) {
      if (has(old) === has(key)) continue;
      all.push(has(old) ? key : old);
      found = true;
    }
  }
  return all;
}

/**
 * The end of what these signers may vouch for by themselves: what is recorded then or later is not theirs to sign. Null while
 * one of them is not retired by any introduction. RFC 3339, UTC, milliseconds.
 */
export function signedUntil(signers: readonly VerifierKey[], introductions: readonly KeyIntroduction[]): string | null {
  const ends = signers.map((key) => retiredAt(key, introductions));
  return ends.includes(undefined) ? null : (ends.toSorted().at(-1) ?? null);
}

function isFollowed({ old, key, from, oldUntil }: KeyIntroduction, all: readonly KeyIntroduction[]): boolean {
  // Two successors of one key: one of them is a forger's, and nothing in the notes says which.
  if (all.some((other) => isSame(other.old, old) !== isSame(other.key, key))) return false;
  const oldEnd = retiredAt(old, all);
  const end = retiredAt(key, all);
  // Rotations follow one another: a key's predecessor has ended before the key itself ends.
  return (oldEnd === undefined || from <= oldEnd) && (end === undefined || oldUntil <= end);
}

/** When a key ends by its own word; the earliest, where it has said so twice. */
function retiredAt(key: VerifierKey, introductions: readonly KeyIntroduction[]): string | undefined {
  return introductions
    .filter(({ old }) => isSame(old, key))
    .map(({ oldUntil }) => oldUntil)
    .toSorted()[0];
}

function isSame(one: VerifierKey, other: VerifierKey): boolean {
  return one.name === other.name && equalBytes(one.publicKey, other.publicKey);
}
