/**
 * What is left of what was shredded: ciphertext, digests, references, links and ties, in the caller's transaction. Only
 * tidiness: PostgreSQL does not promise that bytes are gone, and the shredded key is what counts.
 */
import { later, destroyedAt, type Destroyed } from '../destruction/late.js';
import type { Run, RunErasure } from '../destruction/run.js';
import type { Controller } from '../sealing/controller.js';
import { TEXT_LABEL } from '../sealing/seal.js';
import type { Queries } from './postgres.js';

const SQL = {
  events: {
    name: 'sweep-events',
    text: `SELECT seq, coalesce(first_seq, seq) AS first FROM depter.events
      WHERE controller = $1 AND subject = $2 AND NOT accessed`,
  },
  identity: {
    name: 'sweep-identity',
    text: `UPDATE depter.dossiers SET hmac = NULL, key = NULL, box = NULL
      WHERE controller = $1 AND subject = $2 AND hmac IS NOT NULL`,
  },
  /** References that no other dossier names are gone altogether. */
  references: {
    name: 'sweep-references',
    text: `WITH gone AS (
        DELETE FROM depter.ref_texts WHERE controller = $1 AND owner = $2 RETURNING hmac
      ), unnamed AS (
        DELETE FROM depter.refs r USING gone WHERE r.controller = $1 AND r.hmac = gone.hmac AND NOT EXISTS (
          SELECT FROM depter.ref_texts t WHERE t.controller = $1 AND t.hmac = gone.hmac AND t.owner <> $2)
      )
      SELECT count(*) AS n FROM gone`,
  },
  ties: { name: 'sweep-ties', text: 'DELETE FROM depter.ties WHERE controller = $1 AND (client = $2 OR contact = $2)' },
  /** A link stands in both directions. */
  links: {
    name: 'sweep-links',
    text: `WITH gone AS (DELETE FROM depter.links WHERE controller = $1 AND subject = $2 RETURNING other)
      DELETE FROM depter.links l USING gone WHERE l.controller = $1 AND l.subject = gone.other AND l.other = $2`,
  },
  /** Who sent the action is kept. */
  emptyDigests: {
    name: 'sweep-digests-of-item',
    text: 'UPDATE depter.digests SET key = NULL, digest = NULL WHERE seq = ANY ($1::bigint[])',
  },
  digests: { name: 'sweep-digests', text: 'DELETE FROM depter.digests WHERE seq = ANY ($1::bigint[])' },
  boxes: { name: 'sweep-boxes', text: 'DELETE FROM depter.sealed WHERE seq = ANY ($1::bigint[]) RETURNING label' },
  labels: {
    name: 'sweep-labels',
    text: `DELETE FROM depter.sealed WHERE seq = ANY ($1::bigint[]) AND label = ANY ($2::text[])
      AND key <> ALL ($3::bytea[]) RETURNING seq`,
  },
  settle: {
    name: 'sweep-owed',
    text: 'DELETE FROM depter.owed_destructions WHERE controller = $1 AND event = ANY ($2::bytea[])',
  },
  destroyed: {
    name: 'sweep-destroyed',
    text: 'SELECT day, instant FROM depter.destroyed_items WHERE controller = $1 AND dossier = $2 AND label = $3',
  },
  setDestroyed: {
    name: 'sweep-set-destroyed',
    text: `INSERT INTO depter.destroyed_items VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (controller, dossier, label) DO UPDATE
        SET day = excluded.day, instant = excluded.instant, zone = excluded.zone`,
  },
};

/** Nobody is found by a dossier's identity any more. How many identifiers there were. */
export function forgetIdentity(queries: Queries, { no }: Pick<Controller, 'no'>, dossier: Uint8Array): Promise<number> {
  return queries.run(SQL.identity, [no, dossier]);
}

/** When items were destroyed, in the transaction from which on values come under the fresh key. */
export async function markDestroyed(queries: Queries, { no }: Controller, { erased, zone }: Run): Promise<void> {
  for (const { dossier, labels } of erased) {
    for (const { label, at } of labels) {
      if (at !== null) await setDestroyed(queries, no, bytesOf(dossier), label, { at, zone });
    }
  }
}

/** Sweeps all that a run shredded; what there was. */
export async function sweep(queries: Queries, controller: Controller, run: Run): Promise<Run['counts']> {
  const swept = { texts: 0, values: 0 };
  for (const dossier of run.ended) await sweepDossier(queries, controller, bytesOf(dossier), swept);
  for (const erasure of run.erased) await sweepLabels(queries, controller, erasure, swept);
  await queries.run(SQL.settle, [controller.no, run.facts.map(bytesOf)]);
  return { dossiers: run.ended.length, identifiers: run.counts.identifiers, ...swept };
}

interface Swept {
  texts: number;
  values: number;
}

export async function sweepDossier(
  queries: Queries,
  { no }: Pick<Controller, 'no'>,
  dossier: Uint8Array,
  swept: Swept,
): Promise<void> {
  const events = await queries.rows(SQL.events, [no, dossier]);
  const [references] = await queries.rows(SQL.references, [no, dossier]);
  swept.texts += references!['n'] as number;
  for (const statement of [SQL.ties, SQL.links]) await queries.run(statement, [no, dossier]);
  await queries.run(SQL.digests, [events.map(({ first }) => first as number)]);
  for (const { label } of await queries.rows(SQL.boxes, [events.map(({ seq }) => seq as number)])) {
    if (label === TEXT_LABEL) swept.texts += 1;
    else swept.values += 1;
  }
}

/** A repeat of an action that brought a value of such a label is known by its id alone from now on. */
async function sweepLabels(
  queries: Queries,
  { no }: Controller,
  { dossier, labels, survivorsKey, wholeKey }: RunErasure,
  swept: Swept,
): Promise<void> {
  const events = await queries.rows(SQL.events, [no, bytesOf(dossier)]);
  const firsts = new Map(events.map(({ seq, first }) => [seq as number, first as number]));
  const names = labels.map(({ label }) => label);
  // What came since was sealed under the fresh key.
  const kept = [bytesOf(survivorsKey), bytesOf(wholeKey)];
  const dropped = await queries.rows(SQL.labels, [[...firsts.keys()], names, kept]);
  swept.values += dropped.length;
  await queries.run(SQL.emptyDigests, [dropped.map(({ seq }) => firsts.get(seq as number)!)]);
}

async function setDestroyed(
  queries: Queries,
  no: number,
  dossier: Uint8Array,
  label: string,
  { at, zone }: { readonly at: string; readonly zone: string },
): Promise<void> {
  const [before] = await queries.rows(SQL.destroyed, [no, dossier, label]);
  const now = destroyedAt(at, zone);
  const { day, instant } = before === undefined ? now : later(before as unknown as Destroyed, now);
  await queries.run(SQL.setDestroyed, [no, dossier, label, day, instant, zone]);
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}
