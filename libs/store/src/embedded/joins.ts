/**
 * Whether dossiers that come to be one person have anything of an item that was destroyed in one of them: asked in the
 * transaction that joins them, so that it is owed as of that moment.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { joinedBy } from '../destruction/reported.js';
import { LINKS_MAX } from '../links-limit.js';
import type { LateValues } from './late-values.js';

export class Joins {
  readonly #late: LateValues;
  readonly #links: StatementSync;
  readonly #underWay: StatementSync;
  readonly #entry: StatementSync;
  readonly #mark: StatementSync;
  readonly #marked: StatementSync;

  constructor(ledger: DatabaseSync, late: LateValues) {
    this.#late = late;
    this.#links = ledger.prepare(`SELECT other FROM links WHERE subject = ? LIMIT ${LINKS_MAX + 1}`);
    this.#underWay = ledger.prepare('SELECT 1 FROM destructions WHERE controller = ? LIMIT 1');
    this.#entry = ledger.prepare('SELECT entry FROM events WHERE at = ?');
    this.#mark = ledger.prepare('INSERT INTO corrected_links VALUES (?, ?) ON CONFLICT DO NOTHING');
    this.#marked = ledger.prepare('SELECT 1 FROM corrected_links WHERE controller = ? AND subject = ?');
  }

  /** An event was corrected: where it had linked or cut dossiers, the next that does is news. */
  correct(controller: number, at: number): void {
    const entry = this.#entry.get(at)?.['entry'] as Uint8Array | undefined;
    for (const subject of entry === undefined ? [] : joinedBy(entry)) this.#mark.run(controller, subject);
  }

  /** Whether a link that is there already may have come to count again. */
  wasCorrected(controller: number, subject: Uint8Array): boolean {
    return (this.#late.any || this.#underWay.get(controller) !== undefined) && this.#marked.get(controller, subject) !== undefined; // prettier-ignore
  }

  /** True also while a destruction is under way, of whomever: what it ends is not marked yet. */
  reachDestroyed(controller: number, subject: Uint8Array): boolean {
    if (this.#underWay.get(controller) !== undefined) return true;
    if (!this.#late.any) return false;
    const seen = new Set<string>();
    const ahead = [subject];
    for (const next of ahead) {
      const name = Buffer.from(next).toString('hex');
      if (seen.has(name)) continue;
      seen.add(name);
      if (this.#late.anyOf(next)) return true;
      const links = this.#links.all(next);
      // A crowded dossier stands alone.
      if (links.length <= LINKS_MAX) for (const { other } of links) ahead.push(other as Uint8Array);
    }
    return false;
  }
}
