/** Whether dossiers have grown since a decision read them: asked in the transaction that records what was decided. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LINKS_MAX } from '../links-limit.js';
import type { ExpectedDossier } from './group-frame.js';
import { OF_DOSSIER, POSITIONS } from './schema.js';

export class Grown {
  readonly #events: StatementSync;
  readonly #links: StatementSync;
  readonly #isDossier: StatementSync;

  constructor(ledger: DatabaseSync) {
    this.#events = ledger.prepare(`SELECT count(*) AS n FROM events WHERE at ${OF_DOSSIER}`);
    this.#links = ledger.prepare(`SELECT other FROM links WHERE subject = ? LIMIT ${LINKS_MAX + 1}`);
    this.#isDossier = ledger.prepare('SELECT 1 FROM dossiers WHERE subject = ? AND controller = ?');
  }

  /** Whether any of the dossiers has more events than were read, or is linked to one that was not read. */
  anyOf(controller: number, expected: readonly ExpectedDossier[]): boolean {
    const read = new Set(expected.map(({ subject }) => nameOf(subject)));
    return expected.some(({ subject, events }) => {
      const from = controller * POSITIONS;
      const now = this.#events.get(subject, from, from + POSITIONS)?.['n'];
      return now !== events || this.#othersOf(subject).some((other) => this.#isUnread(controller, other, read));
    });
  }

  /** A crowded dossier stands alone: no link of its is followed, whoever reads. */
  #othersOf(subject: Uint8Array): readonly Uint8Array[] {
    const rows = this.#links.all(subject);
    return rows.length > LINKS_MAX ? [] : rows.map((row) => row['other'] as Uint8Array);
  }

  #isUnread(controller: number, other: Uint8Array, read: ReadonlySet<string>): boolean {
    if (read.has(nameOf(other)) || this.#isDossier.get(other, controller) === undefined) return false;
    return this.#links.all(other).length <= LINKS_MAX;
  }
}

function nameOf(subject: Uint8Array): string {
  return Buffer.from(subject).toString('hex');
}
