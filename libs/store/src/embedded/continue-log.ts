/**
 * A new generation of a log whose end was lost: its first entry is the last checkpoint of the old one that is known to have
 * been published, and its positions begin after the highest that ever was.
 */
import { encode, type StoredEvent } from '#ledger';
import { leafHash, Tree } from '#proof';
import { verifierKeyOf, sha256, signerOf } from '../sealing/hashing.js';
import { controllerContext, type ControllerKeyKind } from '../sealing/key-context.js';
import { idText, randomOwn } from '../sealing/mint.js';
import type { RootKey } from '../sealing/root-key.js';
import { GrowingLog, signedHead } from '../tree/growing-log.js';
import type { StoredLog } from './restore.js';
import { POSITIONS, type Databases } from './schema.js';
import { transaction } from './shred.js';

const DAY_MS = 86_400_000;
const NO_SUBJECT = new Uint8Array(0);

/** Gives the base of the new generation. `now` in ms. */
export function continueLog(
  { ledger, keys }: Databases,
  root: RootKey,
  old: StoredLog,
  published: { readonly size: number; readonly root: Uint8Array },
  now: number,
): number {
  const generation = old.generation + 1;
  const origin = `${old.origin.slice(0, old.origin.lastIndexOf('/'))}/${generation}`;
  const base = old.base + published.size;
  const seed = randomOwn(32);
  const kind: ControllerKeyKind = `log-signing ${generation}`;
  // The key first: one that signs nothing is harmless.
  keys
    .prepare('INSERT INTO controller_keys VALUES (?, ?, ?, ?)')
    .run(old.name, kind, root.id, root.wrap(seed, controllerContext(old.name, kind)));
  const verifierKey = verifierKeyOf(origin, seed);
  const signer = signerOf(verifierKey, seed);
  const recorded = new Date(now).toISOString();
  const id = randomOwn(16);
  const continued: StoredEvent = {
    v: 1, type: 'continued', id: idText(id), subject: null, at: recorded, recorded, by: null,
    data: { root: Buffer.from(published.root).toString('base64url'), size: published.size },
  }; // prettier-ignore
  const entry = encode(continued);
  const tree = Tree.empty(sha256);
  const log = new GrowingLog(origin, tree, [{ signer, untilMs: null }], signedHead(origin, 0, tree.root(), signer));
  log.begin();
  log.append(leafHash(sha256, entry));
  const { size, edge, head } = log.grow(now);
  transaction(ledger, () => {
    ledger
      .prepare('INSERT INTO events VALUES (?, ?, ?, 0, ?, ?)')
      .run(old.no * POSITIONS + base, id, NO_SUBJECT, now, entry);
    ledger
      .prepare('INSERT INTO generations VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(old.no, generation, base, size, origin, verifierKey, edge);
    ledger
      .prepare('INSERT INTO heads VALUES (?, ?, ?, ?, ?)')
      .run(old.no, generation, Math.floor(now / DAY_MS), size, head);
  });
  return base;
}
