/** Where those who follow a log have got to. What stands here is a stored format: a change is a migration of its own. */
export const FOLLOWERS = `
CREATE TABLE depter.followers (
  controller text NOT NULL, follower text NOT NULL, position bigint NOT NULL, PRIMARY KEY (controller, follower)
);
`;
