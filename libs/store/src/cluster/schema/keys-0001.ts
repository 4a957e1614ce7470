/**
 * Wrapped keys, in a schema of their own that may lie in another database, so that a backup of either opens nothing
 * without the other. What stands here is a stored format.
 *
 * The root key wraps epoch keys and the controllers' own, an epoch key wraps the dossiers'. No epoch is deleted while a
 * key is wrapped by it: the foreign key sees to that, whoever adds a key at the same moment.
 */
export const KEYS = `
CREATE SCHEMA IF NOT EXISTS depter_keys;

CREATE TABLE depter_keys.meta (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE depter_keys.epochs (
  id bytea PRIMARY KEY, no bigint NOT NULL UNIQUE, wrapped_by bytea NOT NULL, wrapped bytea NOT NULL
);
-- label is empty for a dossier's whole key; dossier is empty for the controller's own texts.
CREATE TABLE depter_keys.keys (
  id bytea NOT NULL, label text NOT NULL, controller text NOT NULL, dossier bytea NOT NULL,
  wrapped_by bytea NOT NULL REFERENCES depter_keys.epochs, wrapped bytea NOT NULL, PRIMARY KEY (id, label)
);
CREATE INDEX keys_dossier ON depter_keys.keys (controller, dossier, label);
CREATE UNIQUE INDEX keys_whole ON depter_keys.keys (controller, dossier) WHERE label = '';
CREATE INDEX keys_epoch ON depter_keys.keys (wrapped_by);
CREATE TABLE depter_keys.controller_keys (
  controller text NOT NULL, kind text NOT NULL, wrapped_by bytea NOT NULL, wrapped bytea NOT NULL,
  PRIMARY KEY (controller, kind)
);
`;
