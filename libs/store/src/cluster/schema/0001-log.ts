/**
 * Accepted events, the log's place among them, and the tree. What stands here is a stored format: a change is a migration
 * of its own.
 *
 * An event is *accepted* when its row in `events` is committed, *pending* until its controller's sequencer has put it in
 * the log, *placed* from then on. `seq` orders acceptance and has gaps; `position` is the place in the log.
 */
export const LOG = `
CREATE SCHEMA IF NOT EXISTS depter;

CREATE TABLE depter.meta (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE depter.controllers (no integer PRIMARY KEY, name text NOT NULL UNIQUE);

-- size and edge are those of the latest head; the tree is made again from them and the tiles.
CREATE TABLE depter.generations (
  controller integer NOT NULL, generation integer NOT NULL, base bigint NOT NULL,
  size bigint NOT NULL, origin text NOT NULL, verifier_key text NOT NULL, edge bytea NOT NULL,
  PRIMARY KEY (controller, generation)
);
CREATE TABLE depter.tiles (
  controller integer NOT NULL, generation integer NOT NULL, level integer NOT NULL, n bigint NOT NULL,
  hashes bytea NOT NULL, PRIMARY KEY (controller, generation, level, n)
);
-- The last head of each day; the latest is the one of the greatest size.
CREATE TABLE depter.heads (
  controller integer NOT NULL, generation integer NOT NULL, day integer NOT NULL, size bigint NOT NULL,
  note text NOT NULL, PRIMARY KEY (controller, generation, day)
);

-- No foreign keys between the hot tables: each would cost a look-up for every event, and the statements that write them
-- find what they name first.
-- subject is empty for the controller's own events; leaf is the RFC 6962 leaf hash of entry; recorded is in ms since the
-- epoch; first_seq names the first event of the same action, null where it is this one.
CREATE TABLE depter.events (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, controller integer NOT NULL,
  id bytea NOT NULL, subject bytea NOT NULL, accessed boolean NOT NULL, recorded bigint NOT NULL, type text NOT NULL,
  entry bytea NOT NULL, leaf bytea NOT NULL, first_seq bigint, UNIQUE (controller, id)
);
CREATE INDEX events_dossier ON depter.events (controller, subject) WHERE NOT accessed;
CREATE INDEX events_accesses ON depter.events (controller, subject) WHERE accessed;
CREATE TABLE depter.pending (
  controller integer NOT NULL, seq bigint NOT NULL, PRIMARY KEY (controller, seq)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
CREATE TABLE depter.placed (
  controller integer NOT NULL, position bigint NOT NULL, seq bigint NOT NULL UNIQUE,
  PRIMARY KEY (controller, position)
);

-- The event log where no other server keeps it.
CREATE TABLE depter.log_heads (
  controller text NOT NULL, generation integer NOT NULL, size bigint NOT NULL, PRIMARY KEY (controller, generation)
);
CREATE TABLE depter.log_entries (
  controller text NOT NULL, generation integer NOT NULL, idx bigint NOT NULL, id bytea NOT NULL, entry bytea NOT NULL,
  PRIMARY KEY (controller, generation, idx)
);
`;
