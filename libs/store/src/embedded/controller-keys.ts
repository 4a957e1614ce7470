/** The keys that belong to a controller and not to a person: made once, never rotated but for the log's. */
import type { DatabaseSync } from 'node:sqlite';
import { StoreFailure } from '../ports.js';
import { firstGeneration } from './schema.js';
import { randomOwn } from '../sealing/mint.js';
import { controllerContext, keyContext, type ControllerKeyKind } from '../sealing/key-context.js';
import type { RootKey } from '../sealing/root-key.js';

/** Makes the keys of a controller where there are none; a half-made controller keeps the keys that it has. */
export function createControllerKeys(keys: DatabaseSync, root: RootKey, controller: string): void {
  const kinds: ControllerKeyKind[] = ['identity-pepper', 'intake', `log-signing ${firstGeneration}`];
  const insert = keys.prepare('INSERT INTO controller_keys VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  keys.exec('BEGIN IMMEDIATE');
  try {
    for (const kind of kinds)
      insert.run(controller, kind, root.id, root.wrap(randomOwn(32), controllerContext(controller, kind)));
    if (
      keys.prepare(`SELECT 1 FROM keys WHERE controller = ? AND dossier = x'' AND label = ''`).get(controller) ===
      undefined
    ) {
      const id = randomOwn(16);
      insertWholeKey(keys, root, controller, null, id, randomOwn(32));
    }
    keys.exec('COMMIT');
  } catch (failure) {
    if (keys.isTransaction) keys.exec('ROLLBACK');
    throw failure;
  }
}

/** Unwraps one of a controller's keys. Throws StoreFailure `corrupt` where it is missing. */
export function controllerKey(keys: DatabaseSync, root: RootKey, controller: string, kind: ControllerKeyKind): Buffer {
  const row = keys
    .prepare('SELECT wrapped FROM controller_keys WHERE controller = ? AND kind = ?')
    .get(controller, kind);
  if (row === undefined) throw new StoreFailure('corrupt', `a key of ${controller} is missing: keys.db`, false);
  return root.unwrap(row['wrapped'] as Uint8Array, controllerContext(controller, kind));
}

/** Inserts a whole key; the caller holds the transaction. */
export function insertWholeKey(
  keys: DatabaseSync,
  root: RootKey,
  controller: string,
  dossier: Uint8Array | null,
  id: Uint8Array,
  key: Uint8Array,
): void {
  keys.prepare(`INSERT INTO keys VALUES (?, '', ?, ?, ?, ?)`).run(...wholeKeyRow(root, controller, dossier, id, key));
}

/** What is stored of a whole key: id, controller, dossier, root, wrapped key. */
export function wholeKeyRow(
  root: RootKey,
  controller: string,
  dossier: Uint8Array | null,
  id: Uint8Array,
  key: Uint8Array,
): readonly [Uint8Array, string, Uint8Array, Uint8Array, Uint8Array] {
  const wrapped = root.wrap(key, keyContext(controller, dossier, id, ''));
  return [id, controller, dossier ?? new Uint8Array(0), root.id, wrapped];
}
