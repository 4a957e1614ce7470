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

const MARKED = {
  name: 'accept-joins-marked',
  text: 'SELECT subject FROM depter.corrected_links WHERE controller = $1 AND subject = ANY ($2::bytea[])',
};

/**
 * Of the events of a batch those of which something is owed. `linked` has the dossiers (in hex) that got a new link; of links
 * that are there already, and were never corrected, nothing comes.
 */
export async function joined(
  queries: Queries,
  controller: number,
  rows: readonly { readonly event: SealedEvent; readonly seq: number }[],
  linked: ReadonlySet<string>,
): Promise<readonly Joining[]> {
  const found = rows.flatMap(({ event, seq }): (Joining & { readonly isOld: boolean })[] => {
    const how = event.subject === null ? undefined : joining(event.entry);
    if (how === undefined) return [];
    const isOld = how === 'automatic' && !linked.has(hexOf(event.subject!));
    return [{ seq, event: event.id, subject: event.subject!, isOld }];
  });
  const corrections = rows.flatMap(({ event, seq }) =>
    event.corrects === null ? [] : [{ seq, event: event.id, target: event.corrects }],
  );
  if (found.length + corrections.length === 0) return [];
  const [any] = await queries.rows(ANY, [controller]);
  if (any?.['any'] !== true) return [];
  const old = found.filter(({ isOld }) => isOld);
  const again = old.length === 0 ? [] : await queries.rows(MARKED, [controller, old.map(({ subject }) => subject)]);
  const marked = new Set(again.map(({ subject }) => hexOf(subject as Uint8Array)));
  const links = found.filter(({ isOld, subject }) => !isOld || marked.has(hexOf(subject)));
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
