/** The keys of a log in PostgreSQL, and its rotation beside running servers: whoever sequences signs with all of them. */
import { Tree } from '#proof';
import type { ControllerId } from '#ledger';
import { StoreFailure, type LogKey } from '../ports.js';
import { sha256, signerOf, verifierKeyOf } from '../sealing/hashing.js';
import { introduce, logKeyKind, rotating, type Rotation } from '../sealing/log-key.js';
import { randomOwn } from '../sealing/mint.js';
import { GrowingLog, type TimedSigner } from '../tree/growing-log.js';
import type { KeyStore } from './key-store.js';
import { DAY_MS, latestLog, logKeys, type LogRow } from './log-rows.js';
import type { Postgres, Queries } from './postgres.js';
import { readStored } from './sequencing-postgres.js';

const SQL = {
  /** Whoever stores a step waits, and finds then that it was not signed by all. */
  lock: 'SELECT keys FROM depter.generations WHERE controller = $1 AND generation = $2 FOR UPDATE',
  add: `INSERT INTO depter.log_keys VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (controller, generation, no) DO UPDATE SET until = excluded.until`,
  count: 'UPDATE depter.generations SET keys = $3 WHERE controller = $1 AND generation = $2',
  head: `INSERT INTO depter.heads (controller, generation, day, size, note)
    SELECT $1, $2, greatest($3::integer, (SELECT max(day) FROM depter.heads WHERE controller = $1 AND generation = $2)), $4, $5
    ON CONFLICT (controller, generation, day) DO UPDATE SET size = excluded.size, note = excluded.note`,
};

/** Who signs the heads of a log, and until when. Throws StoreFailure `corrupt` where a key is missing. */
export function signersOf(
  store: KeyStore,
  controller: ControllerId,
  generation: number,
  keys: readonly LogKey[],
): Promise<readonly TimedSigner[]> {
  return Promise.all(
    keys.map(async ({ verifierKey, untilMs }, i) => ({
      signer: signerOf(verifierKey, await store.controllerKey(controller, logKeyKind(generation, i + 1))),
      untilMs,
    })),
  );
}

/** Gives the latest generation of a log a new key; the head that stands is signed anew by both. Throws StoreFailure `changed`. */
export async function rotateLogKey(
  postgres: Postgres,
  store: KeyStore,
  controller: ControllerId,
  times: Rotation,
): Promise<void> {
  const log = await latestLog(postgres, controller);
  if (log === undefined) throw new StoreFailure('unavailable', 'the controller has no log', false);
  const known = await logKeys(postgres, log.no, log.generation, log.verifierKey);
  if (known.some(({ untilMs }) => untilMs !== null && untilMs > times.now)) throw rotating();
  const kind = logKeyKind(log.generation, known.length + 1);
  // One that was made before a crash, and that nobody knows, is as good as another.
  await store.addControllerKey(controller, kind, randomOwn(32));
  const verifierKey = verifierKeyOf(log.origin, await store.controllerKey(controller, kind));
  const old = known.at(-1)!;
  const fresh = { verifierKey, fromMs: times.now, untilMs: null, introduction: null };
  const signers = await signersOf(store, controller, log.generation, [...known, fresh]);
  const [last, next] = signers.slice(-2).map(({ signer }) => signer);
  const introduction = introduce([old.verifierKey, verifierKey], [last!, next!], times);
  const keys = [...known.slice(0, -1), { ...old, untilMs: times.until }, { ...fresh, introduction }];
  await postgres.transaction((queries) => keepRotation(queries, log, keys, signers, times.now));
}

async function keepRotation(
  queries: Queries,
  { no, controller, generation }: LogRow,
  keys: readonly LogKey[],
  signers: readonly TimedSigner[],
  now: number,
): Promise<void> {
  const [row] = await queries.rows(SQL.lock, [no, generation]);
  if (row?.['keys'] !== keys.length - 1) throw rotating();
  for (const [i, { verifierKey, fromMs, untilMs, introduction }] of keys.entries())
    await queries.run(SQL.add, [no, generation, i + 1, verifierKey, fromMs, untilMs, introduction]);
  await queries.run(SQL.count, [no, generation, keys.length]);
  const { size, edge, partialTiles, head, origin } = await readStored(queries, no, { controller, generation });
  const tree = Tree.resume(sha256, { size, hashes: edge }, partialTiles);
  const timed = signers.map(({ signer }, i) => ({ signer, untilMs: keys[i]!.untilMs }));
  const signed = new GrowingLog(origin, tree, timed, head).signAnew(timed, now);
  await queries.run(SQL.head, [no, generation, Math.floor(now / DAY_MS), size, signed]);
}
