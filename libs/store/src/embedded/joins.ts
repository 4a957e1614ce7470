/**
 * Whether dossiers that come to be one person have anything of an item that was destroyed in one of them: asked in the
 * transaction that joins them, so that it is owed as of that moment.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LINKS_MAX } from '../links-limit.js';
import type { LateValues } from './late-values.js';

export class Joins {
  readonly #late: LateValues;
  readonly #links: StatementSync;
  readonly #underWay: StatementSync;

  constructor(ledger: DatabaseSync, late: LateValues) {
    this.#late = late;
    this.#links = ledger.prepare(`SELECT other FROM links WHERE subject = ? LIMIT ${LINKS_MAX + 1}`);
    this.#underWay = ledger.prepare('SELECT 1 FROM destructions WHERE controller = ? LIMIT 1');
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
