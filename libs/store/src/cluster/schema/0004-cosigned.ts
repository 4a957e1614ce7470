/** Checkpoints that witnesses cosigned. What stands here is a stored format: a change is a migration of its own. */
export const COSIGNED = `
CREATE TABLE depter.cosigned (
  controller integer NOT NULL, generation integer NOT NULL, size bigint NOT NULL, cosigned bigint NOT NULL,
  note text NOT NULL, PRIMARY KEY (controller, generation, size)
);
`;
