/**
 * Destructions under way, and which items were destroyed when. What stands here is a stored format: a change is a migration
 * of its own.
 *
 * `run` is a JSON text of references, ids, times and counts. `instant` is null where the day alone is known.
 */
export const DESTRUCTIONS = `
CREATE TABLE depter.destructions (
  controller integer NOT NULL, id bytea NOT NULL, run text NOT NULL, PRIMARY KEY (controller, id)
);
-- Recorded destructions that Depter has not followed yet.
CREATE TABLE depter.owed_destructions (
  controller integer NOT NULL, seq bigint NOT NULL, event bytea NOT NULL, subject bytea NOT NULL,
  PRIMARY KEY (controller, event)
);
CREATE TABLE depter.destroyed_items (
  controller integer NOT NULL, dossier bytea NOT NULL, label text NOT NULL, day text NOT NULL, instant text,
  zone text NOT NULL, PRIMARY KEY (controller, dossier, label)
);
`;
