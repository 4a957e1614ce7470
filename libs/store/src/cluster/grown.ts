/** Whether dossiers have grown since a decision read them: asked in the transaction that accepts what was decided. */
import { LINKS_MAX } from '../links-limit.js';
import type { Expectation } from '../ports.js';
import type { Queries } from './postgres.js';

const linksOf = (subject: string) =>
  `(SELECT count(*) FROM depter.links c WHERE c.controller = $1 AND c.subject = ${subject})`;

/** A crowded dossier stands alone: no link of its is followed, whoever reads. */
const GROWN = {
  name: 'accept-grown',
  text: `SELECT EXISTS (
      SELECT FROM unnest($2::bytea[], $3::bigint[]) AS x (subject, events) WHERE x.events <> (
        SELECT count(*) FROM depter.events e WHERE e.controller = $1 AND e.subject = x.subject AND NOT e.accessed)
    ) OR EXISTS (
      SELECT FROM depter.links l JOIN depter.dossiers d ON d.controller = $1 AND d.subject = l.other
      WHERE l.controller = $1 AND l.subject = ANY ($2::bytea[]) AND l.other <> ALL ($2::bytea[])
        AND ${linksOf('l.subject')} <= ${LINKS_MAX} AND ${linksOf('l.other')} <= ${LINKS_MAX}
    ) AS grown`,
};

/**
 * Whether any of the dossiers has more events than were read, those without a place in the log included, or is linked to
 * one that was not read.
 */
export async function isGrown(queries: Queries, controller: number, expecting: Expectation): Promise<boolean> {
  const subjects = [...expecting.keys()].map((subject) => Buffer.from(subject, 'base64url'));
  const [row] = await queries.rows(GROWN, [controller, subjects, [...expecting.values()]]);
  return row?.['grown'] !== false;
}
