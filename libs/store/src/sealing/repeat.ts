/** What an action is that came before: the same, another under its name, or that of a person since destroyed. */
import type { ContentDigest } from './draft.js';
import type { Opener } from './whole-key.js';
import { DIGEST_LABEL, digestUnder } from './seal.js';

/** What counts of the action that comes again: its hash, and the digest where one was made. */
export interface Coming {
  readonly contentHash: Uint8Array;
  readonly digest: ContentDigest | null;
}

/** The keys of the dossier that the action went to when it first came. */
export interface FirstDossier {
  /** Whether it has a key at all. */
  alive(): boolean;
  opener(): Opener;
}

/** `coming` is null for Depter's own; `stored` is the digest that was kept of it: null where it was erased, or there never was one. */
export function judgeRepeat(
  coming: Coming | null,
  stored: ContentDigest | null,
  dossier: FirstDossier,
): 'repeated' | 'conflict' | 'gone' {
  // Depter's own, under an id that was given before: it says the same each time.
  if (coming === null) return 'repeated';
  // Erased with an item whose value the action brought: it is known by its id alone, while its person is there.
  if (stored === null) return dossier.alive() ? 'repeated' : 'gone';
  if (sameDigest(stored, coming.digest)) return 'repeated';
  // The digest was made under the key that the dossier had then: of another dossier, or before an item was shredded.
  const key = dossier.opener().key(stored.key, DIGEST_LABEL);
  if (key === undefined) return 'gone';
  return digestUnder(key, coming.contentHash).equals(stored.digest) ? 'repeated' : 'conflict';
}

function sameDigest(a: ContentDigest, b: ContentDigest | null): boolean {
  return b !== null && Buffer.from(a.key).equals(b.key) && Buffer.from(a.digest).equals(b.digest);
}
