/**
 * Which events make dossiers one person of which an item was destroyed: asked in the transaction that accepts them, so that
 * it is owed as of that moment.
 */
import { joining } from '../destruction/reported.js';
import { LINKS_MAX } from '../links-limit.js';
import type { SealedEvent } from '../sealing/draft.js';
import type { Queries } from './postgres.js';

export interface Joining {
  readonly seq: number;
  readonly event: Uint8Array;
  /** A dossier of whoever it is about. */
  readonly subject: Uint8Array;
}

/**
 * While a destruction is under way, of whomever, what it ends is not marked yet. A crowded dossier stands alone. Both inner
 * queries are asked dossier by dossier, by their index: as joins they cost the product of the batch and all links, or all
 * that was ever destroyed.
 */
const REACHED = {
  name: 'accept-joins',
  text: `WITH RECURSIVE reached (subject, dossier) AS (
      SELECT DISTINCT s, s FROM unnest($2::bytea[]) AS s
      UNION SELECT r.subject, l.other FROM reached r JOIN LATERAL (
        SELECT o.other, count(*) OVER () AS links FROM depter.links o WHERE o.controller = $1 AND o.subject = r.dossier
      ) l ON l.links <= ${LINKS_MAX}
    )
    SELECT DISTINCT r.subject FROM reached r
    WHERE EXISTS (SELECT FROM depter.destructions WHERE controller = $1)
      OR (SELECT true FROM depter.destroyed_items d WHERE d.controller = $1 AND d.dossier = r.dossier LIMIT 1)`,
};
const ANY = {
  name: 'accept-joins-any',
  text: `SELECT EXISTS (SELECT FROM depter.destructions WHERE controller = $1)
    OR EXISTS (SELECT FROM depter.destroyed_items WHERE controller = $1) AS any`,
};
const CORRECTED = {
  name: 'accept-joins-corrected',
  text: `SELECT id, subject FROM depter.events WHERE controller = $1 AND id = ANY ($2::bytea[]) AND subject <> ''`,
};

/** Of the events of a batch those of which something is owed. `linked` has the dossiers (in hex) that got a new link. */
export async function joined(
  queries: Queries,
  controller: number,
  rows: readonly { readonly event: SealedEvent; readonly seq: number }[],
  linked: ReadonlySet<string>,
): Promise<readonly Joining[]> {
  const links = rows.flatMap(({ event, seq }): Joining[] => {
    const how = event.subject === null ? undefined : joining(event.entry);
    if (how === undefined || (how === 'automatic' && !linked.has(Buffer.from(event.subject!).toString('hex'))))
      return [];
    return [{ seq, event: event.id, subject: event.subject! }];
  });
  const corrections = rows.flatMap(({ event, seq }) =>
    event.corrects === null ? [] : [{ seq, event: event.id, target: event.corrects }],
  );
  if (links.length + corrections.length === 0) return [];
  const [any] = await queries.rows(ANY, [controller]);
  if (any?.['any'] !== true) return [];
  // Whatever links a corrected event made or cut are no longer made or cut.
  const targets = await queries.rows(CORRECTED, [controller, corrections.map(({ target }) => target)]);
  const subjects = new Map(targets.map(({ id, subject }) => [hexOf(id as Uint8Array), subject as Uint8Array]));
  const all = [
    ...links,
    ...corrections.flatMap(({ seq, event, target }): Joining[] => {
      const subject = subjects.get(hexOf(target));
      return subject === undefined ? [] : [{ seq, event, subject }];
    }),
  ];
  const reached = await queries.rows(REACHED, [controller, all.map(({ subject }) => subject)]);
  const owed = new Set(reached.map(({ subject }) => hexOf(subject as Uint8Array)));
  return all.filter(({ subject }) => owed.has(hexOf(subject)));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
