/**
 * What was shredded of a controller, in order: who remembers names of dossiers from batch to batch looks here whether they
 * still hold. What stands here is a stored format: a change is a migration of its own.
 */
export const SHREDS = `
CREATE TABLE depter.shreds_told (
  controller integer NOT NULL, n bigint GENERATED ALWAYS AS IDENTITY, dossier bytea NOT NULL, PRIMARY KEY (controller, n)
);
`;
