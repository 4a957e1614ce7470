/**
 * What is left of what was shredded: ciphertext, digests, references, links and ties, by the writer. The caller holds a
 * transaction; the bytes are gone from the write-ahead log when that was truncated.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StoreFailure } from '../ports.js';
import { TEXT_LABEL } from '../sealing/seal.js';
import { BUSY_TIMEOUT_MS, OF_DOSSIER, POSITIONS } from './schema.js';
import type { LabelErasure } from './shred.js';

/** Readers read for milliseconds, but a backup for as long as it copies: a destruction waits so long, then tries again. */
export const TRUNCATE_MS = 10_000;

export function heldUp(): StoreFailure {
  return new StoreFailure('unavailable', 'what was shredded is gone, its ciphertext not yet from the disk', true);
}

export interface Swept {
  identifiers: number;
  texts: number;
  values: number;
}

export class Sweeper {
  readonly #ledger: DatabaseSync;
  readonly #forget: StatementSync;

  constructor(ledger: DatabaseSync) {
    this.#ledger = ledger;
    this.#forget = ledger.prepare(
      'UPDATE dossiers SET hmac = NULL, key = NULL, box = NULL WHERE subject = ? AND controller = ? AND hmac IS NOT NULL',
    );
  }

  /** The identity of a dossier: nobody is found by it any more. How many identifiers there were. */
  forgetIdentity(controller: number, subject: Uint8Array): number {
    return Number(this.#forget.run(subject, controller).changes);
  }

  /** All of a dossier but its events. */
  dossier(controller: number, subject: Uint8Array, swept: Swept): void {
    const db = this.#ledger;
    swept.texts += this.#dropReferences(controller, subject);
    db.prepare('DELETE FROM ties WHERE client = ? OR contact = ?').run(subject, subject);
    for (const { other } of db.prepare('SELECT other FROM links WHERE subject = ?').all(subject)) {
      db.prepare('DELETE FROM links WHERE subject = ? AND other = ?').run(other!, subject);
    }
    db.prepare('DELETE FROM links WHERE subject = ?').run(subject);
    const values = db.prepare(`DELETE FROM sealed WHERE at = ? AND label <> '${TEXT_LABEL}'`);
    const texts = db.prepare('DELETE FROM sealed WHERE at = ?');
    const digests = db.prepare('DELETE FROM digests WHERE at = coalesce((SELECT first FROM splits WHERE at = ?), ?)');
    for (const at of this.#events(controller, subject)) {
      digests.run(at, at);
      swept.values += Number(values.run(at).changes);
      swept.texts += Number(texts.run(at).changes);
    }
  }

  /** Values of labels; a repeat of an action that brought one is known by its id alone from now on. */
  labels(controller: number, { dossier, labels, survivorsKey, wholeKey }: LabelErasure, swept: Swept): void {
    // What came since was sealed under the fresh key. The dossier is gone through once, whatever the number of labels.
    const boxes = this.#ledger.prepare(
      `DELETE FROM sealed WHERE (at, label) IN (
         SELECT s.at, s.label FROM events e JOIN sealed s ON s.at = e.at
           WHERE e.at ${OF_DOSSIER}
             AND s.label IN (SELECT value FROM json_each(?)) AND s.key <> ? AND s.key <> ?
       ) RETURNING at`,
    );
    // The digest tells the content, this event's values included. Who sent the action is kept, as long as its person is.
    const digest = this.#ledger.prepare(
      'UPDATE digests SET key = NULL, digest = NULL WHERE at = coalesce((SELECT first FROM splits WHERE at = ?), ?)',
    );
    const range = [controller * POSITIONS, (controller + 1) * POSITIONS] as const;
    const gone = boxes.all(dossier, ...range, JSON.stringify([...labels.keys()]), survivorsKey, wholeKey);
    swept.values += gone.length;
    for (const at of new Set(gone.map((row) => row['at'] as number))) digest.run(at, at);
  }

  /**
   * What was swept is still in the write-ahead log until that is truncated, for which a reader may hold it up, as a backup
   * does. False where one does: the writer does not wait for it.
   */
  truncated(): boolean {
    this.#ledger.exec('PRAGMA busy_timeout = 0');
    try {
      return this.#ledger.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()!['busy'] === 0;
    } finally {
      this.#ledger.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    }
  }

  /** Waits for it, where nobody else has the thread. Throws StoreFailure `unavailable` where a reader holds it for long. */
  truncate(): void {
    const end = performance.now() + TRUNCATE_MS;
    while (this.#ledger.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()!['busy'] !== 0) {
      if (performance.now() > end) throw heldUp();
    }
  }

  /** References that no other dossier names are gone altogether. How many texts went. */
  #dropReferences(controller: number, subject: Uint8Array): number {
    const db = this.#ledger;
    const less = db.prepare('UPDATE refs SET uses = uses - 1 WHERE controller = ? AND hmac = ?');
    const drop = db.prepare('DELETE FROM refs WHERE controller = ? AND hmac = ? AND uses <= 0');
    for (const { hmac } of db
      .prepare('SELECT hmac FROM ref_texts WHERE controller = ? AND owner = ?')
      .all(controller, subject)) {
      less.run(controller, hmac!);
      drop.run(controller, hmac!);
    }
    const gone = db.prepare('DELETE FROM ref_texts WHERE controller = ? AND owner = ?').run(controller, subject);
    return Number(gone.changes);
  }

  #events(controller: number, subject: Uint8Array): number[] {
    return this.#ledger
      .prepare(`SELECT at FROM events WHERE at ${OF_DOSSIER}`)
      .all(subject, controller * POSITIONS, (controller + 1) * POSITIONS)
      .map(({ at }) => at as number);
  }
}
