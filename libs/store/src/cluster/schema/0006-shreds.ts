/**
 * How often something of a controller was shredded: who remembers names asks whether they still hold. What stands here is
 * a stored format: a change is a migration of its own.
 */
export const SHREDS = `
ALTER TABLE depter.controllers ADD COLUMN shreds bigint NOT NULL DEFAULT 0;
`;
