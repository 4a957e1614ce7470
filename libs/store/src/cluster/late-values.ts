/** Values that come when their item is destroyed already, and lie before: they are not kept. */
import { decode } from '#ledger';
import { isBefore, type Destroyed } from '../destruction/late.js';
import type { SealedBox, SealedEvent } from '../sealing/draft.js';
import { TEXT_LABEL } from '../sealing/seal.js';
import type { Queries } from './postgres.js';

const DESTROYED = {
  name: 'late-destroyed',
  text: `SELECT d.dossier, d.label, d.day, d.instant, d.zone
    FROM (SELECT DISTINCT * FROM unnest($2::bytea[], $3::text[])) AS w (dossier, label)
    JOIN depter.destroyed_items d ON d.controller = $1 AND d.dossier = w.dossier AND d.label = w.label`,
};

interface Valued extends SealedBox {
  readonly event: SealedEvent;
}

export async function lateValues<T extends Valued>(
  queries: Queries,
  controller: number,
  boxes: readonly T[],
): Promise<ReadonlySet<T>> {
  const values = boxes.filter(({ label, event }) => label !== TEXT_LABEL && event.subject !== null);
  if (values.length === 0) return new Set();
  const rows = await queries.rows(DESTROYED, [
    controller,
    values.map(({ event }) => event.subject!),
    values.map(({ label }) => label),
  ]);
  if (rows.length === 0) return new Set();
  const named = (dossier: Uint8Array, label: string) => `${Buffer.from(dossier).toString('hex')} ${label}`;
  const destroyed = new Map(rows.map((row) => [named(row['dossier'] as Uint8Array, row['label'] as string), row]));
  return new Set(
    values.filter(({ event, label }) => {
      const row = destroyed.get(named(event.subject!, label));
      return row !== undefined && isBefore(decode(event.entry).at, row['zone'] as string, row as unknown as Destroyed);
    }),
  );
}
