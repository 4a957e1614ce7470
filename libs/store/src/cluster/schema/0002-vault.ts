/**
 * Dossiers, references and sealed texts. What stands here is a stored format: a change is a migration of its own.
 *
 * `hmac`, `key` and `box` of a dossier are null once it was shredded. Texts, digests and corrections belong to an accepted
 * event by its `seq`.
 */
export const VAULT = `
CREATE TABLE depter.dossiers (
  controller integer NOT NULL, subject bytea NOT NULL, kind smallint NOT NULL, hmac bytea, key bytea, box bytea,
  PRIMARY KEY (controller, subject)
);
CREATE UNIQUE INDEX dossiers_identity ON depter.dossiers (controller, hmac) WHERE hmac IS NOT NULL;
CREATE TABLE depter.refs (
  controller integer NOT NULL, hmac bytea NOT NULL, ref bytea NOT NULL, PRIMARY KEY (controller, hmac)
);
-- owner is empty for the controller's own.
CREATE TABLE depter.ref_texts (
  controller integer NOT NULL, owner bytea NOT NULL, ref bytea NOT NULL, hmac bytea NOT NULL, key bytea NOT NULL,
  box bytea NOT NULL, PRIMARY KEY (controller, owner, ref)
);
CREATE INDEX ref_texts_hmac ON depter.ref_texts (controller, hmac);
CREATE TABLE depter.sealed (
  seq bigint NOT NULL, label text NOT NULL, key bytea NOT NULL, box bytea NOT NULL, PRIMARY KEY (seq, label)
);
CREATE TABLE depter.digests (seq bigint PRIMARY KEY, key bytea NOT NULL, digest bytea NOT NULL);
CREATE TABLE depter.links (
  controller integer NOT NULL, subject bytea NOT NULL, other bytea NOT NULL, PRIMARY KEY (controller, subject, other)
);
CREATE TABLE depter.ties (
  controller integer NOT NULL, client bytea NOT NULL, contact bytea NOT NULL, about bytea NOT NULL,
  PRIMARY KEY (controller, client, contact)
);
CREATE INDEX ties_contact ON depter.ties (controller, contact);
CREATE TABLE depter.corrections (
  controller integer NOT NULL, target bytea NOT NULL, seq bigint NOT NULL, PRIMARY KEY (controller, target, seq)
);
CREATE INDEX events_parts ON depter.events (first_seq) WHERE first_seq IS NOT NULL;

-- What was begun and not ended: done again by whoever starts next. item is empty for a whole dossier.
CREATE TABLE depter.shreds (
  controller integer NOT NULL, subject bytea NOT NULL, item text NOT NULL, PRIMARY KEY (controller, subject, item)
);
CREATE TABLE depter.access_keys (
  hash bytea PRIMARY KEY, id bytea NOT NULL, controller text NOT NULL, role text NOT NULL, subject bytea,
  created bigint NOT NULL
);
`;
