/**
 * Dossiers of which an event that linked or cut them was corrected: what is linked again there is news. What stands here is a
 * stored format: a change is a migration of its own.
 */
export const CORRECTED_LINKS = `
CREATE TABLE depter.corrected_links (controller integer NOT NULL, subject bytea NOT NULL, PRIMARY KEY (controller, subject));
INSERT INTO depter.corrected_links
  SELECT e.controller, e.subject FROM depter.corrections c JOIN depter.events f ON f.controller = c.controller AND f.id = c.target
  JOIN depter.events e ON e.seq = f.seq OR e.first_seq = f.seq WHERE e.type IN ('linked', 'unlinked') ON CONFLICT DO NOTHING;
INSERT INTO depter.corrected_links
  SELECT m.controller, l.other FROM depter.corrected_links m JOIN depter.links l ON l.controller = m.controller AND l.subject = m.subject
  ON CONFLICT DO NOTHING;
`;
