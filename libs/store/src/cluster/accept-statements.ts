/** The statements of accepting. */
import { TEXT_LABEL } from '../sealing/seal.js';
import { PENDING_CHANNEL } from './sequencing-postgres.js';

/** The constraint that refuses an event which another batch has accepted meanwhile. */
export const SAME_EVENT = 'events_controller_id_key';

export const ACCEPT = {
  share: { name: 'accept-share', text: 'SELECT pg_advisory_xact_lock_shared($1, $2)' },
  alone: { name: 'accept-alone', text: 'SELECT pg_advisory_xact_lock($1, $2)' },
  floor: {
    name: 'accept-floor',
    text: `SELECT g.base + g.size AS size,
        coalesce((SELECT max(n) FROM depter.shreds_told WHERE controller = $1), 0) AS told
      FROM depter.generations g WHERE g.controller = $1 ORDER BY g.generation DESC LIMIT 1`,
  },
  known: {
    name: 'accept-known',
    text: `SELECT e.id, e.seq, e.subject, e.entry, d.key, d.digest, p.position,
        (SELECT max(l.seq) FROM depter.events l WHERE l.first_seq = e.seq) AS last
      FROM depter.events e LEFT JOIN depter.digests d USING (seq) LEFT JOIN depter.placed p USING (seq)
      WHERE e.controller = $1 AND e.id = ANY ($2::bytea[])`,
  },
  numbers: {
    name: 'accept-numbers',
    text: `SELECT string_agg(nextval('depter.events_seq_seq')::text, ',') AS seqs FROM generate_series(1, $1)`,
  },
  events: {
    name: 'accept-events',
    text: `INSERT INTO depter.events (seq, controller, id, subject, accessed, recorded, type, entry, leaf, first_seq)
      OVERRIDING SYSTEM VALUE
      SELECT e.seq, $1, e.id, e.subject, e.accessed, $2, e.type, e.entry, e.leaf, e.first_seq
      FROM unnest($3::bigint[], $4::bytea[], $5::bytea[], $6::boolean[], $7::text[], $8::bytea[], $9::bytea[], $10::bigint[])
        AS e (seq, id, subject, accessed, type, entry, leaf, first_seq)`,
  },
  /** What hangs on the events, and the word to the sequencer, which it hears with the commit. */
  rest: {
    name: 'accept-rest',
    text: `WITH pending AS (
        INSERT INTO depter.pending (controller, seq) SELECT $1, unnest($3::bigint[])
      ), boxes AS (
        INSERT INTO depter.sealed (seq, label, key, box)
        SELECT * FROM unnest($4::bigint[], $5::text[], $6::bytea[], $7::bytea[])
      ), digests AS (
        INSERT INTO depter.digests (seq, key, digest, sender)
        SELECT d.seq, d.key, d.digest, k.no
        FROM unnest($8::bigint[], $9::bytea[], $10::bytea[], $11::bytea[]) AS d (seq, key, digest, sender)
        LEFT JOIN depter.access_keys k ON k.id = d.sender
      )
      SELECT pg_notify('${PENDING_CHANNEL}', $2)`,
  },
  owed: {
    name: 'accept-owed',
    text: `INSERT INTO depter.owed_destructions (controller, seq, event, subject)
      SELECT $1, * FROM unnest($2::bigint[], $3::bytea[], $4::bytea[])`,
  },
  links: {
    name: 'accept-links',
    text: `INSERT INTO depter.links (controller, subject, other)
      SELECT $1, l.subject, l.other FROM unnest($2::bytea[], $3::bytea[]) AS l (subject, other)
      ORDER BY 2, 3 ON CONFLICT DO NOTHING RETURNING subject`,
  },
  corrections: {
    name: 'accept-corrections',
    text: `INSERT INTO depter.corrections (controller, target, seq) SELECT $1, * FROM unnest($2::bytea[], $3::bigint[])
      ON CONFLICT DO NOTHING`,
  },
  /** Both ends, of whichever of the two came first. Of several rows that are one only the first is kept. */
  correctedLinks: {
    name: 'accept-corrected-links',
    text: `INSERT INTO depter.corrected_links (controller, subject)
      SELECT $1, unnest(ARRAY[e.subject, l.other]) FROM (
        SELECT seq FROM depter.events WHERE controller = $1 AND id = ANY ($2::bytea[])
        UNION ALL SELECT p.seq FROM depter.events f JOIN depter.events p ON p.first_seq = f.seq
          WHERE f.controller = $1 AND f.id = ANY ($2::bytea[])
      ) c JOIN depter.events e USING (seq) JOIN depter.links l ON l.controller = $1 AND l.subject = e.subject
      WHERE e.type IN ('linked', 'unlinked') ORDER BY 2 ON CONFLICT DO NOTHING`,
  },
  corrected: {
    name: 'accept-corrected',
    text: 'SELECT DISTINCT target FROM depter.corrections WHERE controller = $1 AND target = ANY ($2::bytea[])',
  },
  erase: {
    name: 'accept-erase',
    text: `WITH corrected AS (
        SELECT seq FROM depter.events WHERE controller = $1 AND id = ANY ($2::bytea[])
        UNION ALL SELECT p.seq FROM depter.events f JOIN depter.events p ON p.first_seq = f.seq
          WHERE f.controller = $1 AND f.id = ANY ($2::bytea[])
      ), digests AS (UPDATE depter.digests SET key = NULL, digest = NULL WHERE seq IN (SELECT seq FROM corrected))
      DELETE FROM depter.sealed WHERE label <> '${TEXT_LABEL}' AND seq IN (SELECT seq FROM corrected)`,
  },
};
