/**
 * The keys of a log that was given a new one. What stands here is a stored format: a change is a migration of its own.
 *
 * `no` counts from 1; a log that has had one key alone has no row here. `keys` of a generation is how many it has had: a step
 * that was signed by other keys than those is not stored. `since` and `until` are in ms since the epoch.
 */
export const LOG_KEYS = `
CREATE TABLE depter.log_keys (
  controller integer NOT NULL, generation integer NOT NULL, no integer NOT NULL, verifier_key text NOT NULL,
  since bigint, until bigint, introduction text, PRIMARY KEY (controller, generation, no)
);
ALTER TABLE depter.generations ADD COLUMN keys integer NOT NULL DEFAULT 1;
`;
