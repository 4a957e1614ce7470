/** The keys of a log that was given a new one: both sign until a stated moment, the new one alone after it. */
import type { DatabaseSync } from 'node:sqlite';
import type { LogKey } from '../ports.js';
import { signerOf, verifierKeyOf } from '../sealing/hashing.js';
import { controllerContext } from '../sealing/key-context.js';
import { introduce, logKeyKind, logKeysOf, rotating, type Rotation } from '../sealing/log-key.js';
import { randomOwn } from '../sealing/mint.js';
import type { RootKey } from '../sealing/root-key.js';
import type { TimedSigner } from '../tree/growing-log.js';
import { controllerKey } from './controller-keys.js';
import type { LogRow } from './controller-log.js';
import type { Databases } from './schema.js';

/** All keys of a log, the first one first. */
export function logKeys(
  ledger: DatabaseSync,
  { controller, generation, verifierKey }: Pick<LogRow, 'controller' | 'generation' | 'verifierKey'>,
): readonly LogKey[] {
  const rows = ledger
    .prepare(
      'SELECT verifier_key, since, until, introduction FROM log_keys WHERE controller = ? AND generation = ? ORDER BY no',
    )
    .all(controller, generation);
  return logKeysOf(rows, verifierKey);
}

/** The verifier keys that came after the first one. */
export function laterKeys(
  ledger: DatabaseSync,
  { no, generation, verifierKey }: { readonly no: number; readonly generation: number; readonly verifierKey: string },
): readonly string[] {
  return logKeys(ledger, { controller: no, generation, verifierKey })
    .slice(1)
    .map((key) => key.verifierKey);
}

/** Who signs the heads of a log, and until when. Throws StoreFailure `corrupt` where a key is missing. */
export function logSigners({ ledger, keys }: Databases, root: RootKey, row: LogRow): readonly TimedSigner[] {
  return logKeys(ledger, row).map(({ verifierKey, untilMs }, i) => ({
    signer: signerOf(verifierKey, controllerKey(keys, root, row.name, logKeyKind(row.generation, i + 1))),
    untilMs,
  }));
}

/**
 * Gives a log a new key. `now` and `until` in ms: until then the old one signs, too. The key is on the disk before the ledger
 * names it. `resign` makes the head anew with both; it is stored in the same transaction. Throws StoreFailure `changed` while
 * an earlier rotation runs.
 */
export function rotateLogKey(
  dbs: Databases,
  root: RootKey,
  row: LogRow,
  times: Rotation,
  resign: (signers: readonly TimedSigner[]) => void,
): void {
  const { ledger, keys } = dbs;
  const { controller, generation, name, origin } = row;
  const known = logKeys(ledger, row);
  const old = known.at(-1)!;
  if (known.some(({ untilMs }) => untilMs !== null && untilMs > times.now)) throw rotating();
  const no = known.length + 1;
  const seed = randomOwn(32);
  const wrapped = root.wrap(seed, controllerContext(name, logKeyKind(generation, no)));
  // A key that was made before a crash, and that nobody knows, gives way to this one.
  keys
    .prepare('INSERT OR REPLACE INTO controller_keys VALUES (?, ?, ?, ?)')
    .run(name, logKeyKind(generation, no), root.id, wrapped);
  const verifierKey = verifierKeyOf(origin, seed);
  const signers = [logSigners(dbs, root, row).at(-1)!.signer, signerOf(verifierKey, seed)];
  const introduction = introduce([old.verifierKey, verifierKey], signers, times);
  const insert = ledger.prepare('INSERT OR REPLACE INTO log_keys VALUES (?, ?, ?, ?, ?, ?, ?)');
  ledger.exec('BEGIN IMMEDIATE');
  try {
    insert.run(controller, generation, no - 1, old.verifierKey, old.fromMs, times.until, old.introduction);
    insert.run(controller, generation, no, verifierKey, times.now, null, introduction);
    resign(logSigners(dbs, root, row));
    ledger.exec('COMMIT');
  } catch (failure) {
    if (ledger.isTransaction) ledger.exec('ROLLBACK');
    throw failure;
  }
}
