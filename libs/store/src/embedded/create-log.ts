/** A controller of a folder with the first generation of its log. */
import { Tree } from '#proof';
import { StoreFailure } from '../ports.js';
import { sha256, signerOf, verifierKeyOf } from '../sealing/hashing.js';
import type { RootKey } from '../sealing/root-key.js';
import { signedHead } from '../tree/growing-log.js';
import { controllerKey } from './controller-keys.js';
import type { LogRow } from './controller-log.js';
import { CONTROLLERS_MAX, firstGeneration, type Databases } from './schema.js';
import { transaction } from './shred.js';

const DAY_MS = 86_400_000;

/** The controller, whose keys are there, its log and the signed head of the empty tree, in one transaction. `now` in ms. */
export function createLog({ ledger, keys }: Databases, root: RootKey, name: string, now: number): LogRow {
  const installation = ledger.prepare(`SELECT value FROM meta WHERE name = 'origin'`).get()!['value'] as string;
  const origin = `${installation}/log/${name}/${firstGeneration}`;
  const seed = controllerKey(keys, root, name, `log-signing ${firstGeneration}`);
  const verifierKey = verifierKeyOf(origin, seed);
  const head = signedHead(origin, 0, Tree.empty(sha256).root(), signerOf(verifierKey, seed));
  let controller = 0;
  transaction(ledger, () => {
    controller = (ledger.prepare('SELECT coalesce(max(no), 0) AS no FROM controllers').get()!['no'] as number) + 1;
    if (controller >= CONTROLLERS_MAX) throw new StoreFailure('full', 'the folder holds no more controllers', false);
    ledger.prepare('INSERT INTO controllers VALUES (?, ?)').run(controller, name);
    ledger
      .prepare('INSERT INTO generations VALUES (?, ?, 0, 0, ?, ?, ?)')
      .run(controller, firstGeneration, origin, verifierKey, new Uint8Array(0));
    ledger
      .prepare('INSERT INTO heads VALUES (?, ?, ?, 0, ?)')
      .run(controller, firstGeneration, Math.floor(now / DAY_MS), head);
  });
  return { controller, name, generation: firstGeneration, base: 0, origin, verifierKey };
}
