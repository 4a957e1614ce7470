/**
 * A new generation of a log whose end was lost: its first entry is the last checkpoint of the old one that is known to have
 * been published, and its positions begin after the highest that ever was.
 */
import { encode, type StoredEvent } from '#ledger';
import { leafHash, Tree } from '#proof';
import { sha256, signerOf, verifierKeyOf } from '../sealing/hashing.js';
import { idText } from '../sealing/mint.js';
import { GrowingLog, signedHead, type Growth } from './growing-log.js';

export interface Continuation extends Growth {
  readonly origin: string;
  readonly verifierKey: string;
  readonly id: Uint8Array;
  readonly entry: Uint8Array;
  readonly leaf: Uint8Array;
}

/** Origin of the generation after this one. */
export function nextOrigin({ origin, generation }: { readonly origin: string; readonly generation: number }): string {
  return `${origin.slice(0, origin.lastIndexOf('/'))}/${generation + 1}`;
}

/** The entry that says what was last published. `now` in ms. */
export function continuedEntry(
  id: Uint8Array,
  { size, root }: { readonly size: number; readonly root: Uint8Array },
  now: number,
): Uint8Array {
  const recorded = new Date(now).toISOString();
  const continued: StoredEvent = {
    v: 1, type: 'continued', id: idText(id), subject: null, at: recorded, recorded, by: null,
    data: { root: Buffer.from(root).toString('base64url'), size },
  }; // prettier-ignore
  return encode(continued);
}

/** The log of that one entry, signed by the new generation's key. `now` in ms. */
export function continuation(
  origin: string,
  seed: Uint8Array,
  { id, entry }: { readonly id: Uint8Array; readonly entry: Uint8Array },
  now: number,
): Continuation {
  const verifierKey = verifierKeyOf(origin, seed);
  const signer = signerOf(verifierKey, seed);
  const tree = Tree.empty(sha256);
  const log = new GrowingLog(origin, tree, [{ signer, untilMs: null }], signedHead(origin, 0, tree.root(), signer));
  const leaf = leafHash(sha256, entry);
  log.begin();
  log.append(leaf);
  return { ...log.grow(now), origin, verifierKey, id, entry, leaf };
}
