/** A new generation of a log in a database and its event log. Done again where it broke off, it comes to the same. */
import { decode } from '#ledger';
import { logKeyKind } from '../sealing/log-key.js';
import { randomOwn } from '../sealing/mint.js';
import { continuation, continuedEntry, nextOrigin, type Continuation } from '../tree/continuation.js';
import { LogForked, type Published } from '../tree/published.js';
import type { RestoreStep } from '../unfinished-restore.js';
import type { EventLog } from './event-log.js';
import type { KeyStore } from './key-store.js';
import { DAY_MS, type LogRow } from './log-rows.js';
import type { Postgres } from './postgres.js';

interface Places {
  readonly postgres: Postgres;
  readonly keys: KeyStore;
  readonly eventLog: EventLog;
  readonly reached: (step: RestoreStep) => void;
}

/** `leaves` is how long the old generation was at most; gives the base of the new one. `now` in ms. Throws LogForked. */
export async function continueLog(
  { postgres, keys, eventLog, reached }: Places,
  old: LogRow,
  published: Published,
  leaves: number,
  now: number,
): Promise<{ readonly generation: number; readonly base: number }> {
  const [generation, base] = [old.generation + 1, old.base + leaves];
  const kind = logKeyKind(generation, 1);
  await keys.addControllerKey(old.controller, kind, randomOwn(32));
  reached('keyed');
  const first = await firstEntry(eventLog, { controller: old.controller, generation }, published, now);
  reached('logged');
  const seed = await keys.controllerKey(old.controller, kind);
  await store(postgres, old, { generation, base }, continuation(nextOrigin(old), seed, first, now), now);
  reached('continued');
  return { generation, base };
}

/** The entry that the event log has then: of a restore that broke off here, or a new one. */
async function firstEntry(
  eventLog: EventLog,
  log: Pick<LogRow, 'controller' | 'generation'>,
  published: Published,
  now: number,
): Promise<{ readonly id: Uint8Array; readonly entry: Uint8Array }> {
  const id = randomOwn(16);
  const first = { id, entry: continuedEntry(id, published, now) };
  const appended = await eventLog.append(log, 0, [{ ...first, subject: null, type: 'continued' }]);
  if (appended.kind === 'appended') return first;
  const [there] = await eventLog.read(log, 0, 1);
  if (appended.size === 1 && there !== undefined && decode(there.entry).type === 'continued') return there;
  const far = `${log.generation - 1}, and the event log has ${appended.size} entries of generation ${log.generation}`;
  throw new LogForked(`the log ${log.controller} of the copy has come to generation ${far}`);
}

async function store(
  postgres: Postgres,
  { no }: LogRow,
  { generation, base }: { readonly generation: number; readonly base: number },
  made: Continuation,
  now: number,
): Promise<void> {
  await postgres.transaction(async (queries) => {
    const [row] = await queries.rows(
      `INSERT INTO depter.events (controller, id, subject, accessed, recorded, type, entry, leaf)
        VALUES ($1, $2, '', false, $3, 'continued', $4, $5) RETURNING seq`,
      [no, made.id, now, made.entry, made.leaf],
    );
    await queries.run('INSERT INTO depter.placed VALUES ($1, $2, $3)', [no, base, row!['seq'] as number]);
    await queries.run(
      `INSERT INTO depter.generations (controller, generation, base, size, origin, verifier_key, edge)
        VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [no, generation, base, made.size, made.origin, made.verifierKey, made.edge],
    );
    await queries.run('INSERT INTO depter.heads (controller, generation, day, size, note) VALUES ($1, $2, $3, $4, $5)', [
      no, generation, Math.floor(now / DAY_MS), made.size, made.head,
    ]); // prettier-ignore
  });
}
