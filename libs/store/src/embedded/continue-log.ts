/** A new generation of a log in a folder. */
import { controllerContext } from '../sealing/key-context.js';
import { logKeyKind } from '../sealing/log-key.js';
import { randomOwn } from '../sealing/mint.js';
import type { RootKey } from '../sealing/root-key.js';
import { continuation, continuedEntry, nextOrigin } from '../tree/continuation.js';
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
  const base = old.base + published.size;
  const seed = randomOwn(32);
  const kind = logKeyKind(generation, 1);
  // The key first: one that signs nothing is harmless.
  keys
    .prepare('INSERT INTO controller_keys VALUES (?, ?, ?, ?)')
    .run(old.name, kind, root.id, root.wrap(seed, controllerContext(old.name, kind)));
  const id = randomOwn(16);
  const made = continuation(nextOrigin(old), seed, { id, entry: continuedEntry(id, published, now) }, now);
  transaction(ledger, () => {
    ledger
      .prepare('INSERT INTO events VALUES (?, ?, ?, 0, ?, ?)')
      .run(old.no * POSITIONS + base, id, NO_SUBJECT, now, made.entry);
    ledger
      .prepare('INSERT INTO generations VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(old.no, generation, base, made.size, made.origin, made.verifierKey, made.edge);
    ledger
      .prepare('INSERT INTO heads VALUES (?, ?, ?, ?, ?)')
      .run(old.no, generation, Math.floor(now / DAY_MS), made.size, made.head);
  });
  return base;
}
