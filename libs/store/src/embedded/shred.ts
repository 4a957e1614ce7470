/**
 * Shredding: the key's row is deleted, and from that commit on nothing sealed under it opens. The intent is recorded
 * first and done again at the next start if the process ends in between; what is swept afterwards is only tidiness.
 */
import type { DatabaseSync } from 'node:sqlite';
import { insertWholeKey } from './controller-keys.js';
import { keyContext } from '../sealing/key-context.js';
import { randomOwn } from '../sealing/mint.js';
import { StoreFailure } from '../ports.js';
import { POSITIONS, type Databases } from './schema.js';
import { DIGEST_LABEL, labelKey, TEXT_LABEL } from '../sealing/seal.js';
import type { RootKey } from '../sealing/root-key.js';

/** Beyond the time that the connection itself waits for a reader. */
const TRUNCATE_MS = 10_000;

export interface ShredTarget {
  readonly controller: number;
  readonly name: string;
  readonly subject: Uint8Array;
}

export class Shredder {
  readonly #ledger: DatabaseSync;
  readonly #keys: DatabaseSync;
  readonly #root: RootKey;

  constructor(dbs: Databases, root: RootKey) {
    this.#ledger = dbs.ledger;
    this.#keys = dbs.keys;
    this.#root = root;
  }

  /** Ends what the last process had begun. */
  resume(nameOf: (controller: number) => string): void {
    for (const row of this.#ledger.prepare('SELECT controller, subject, item FROM shreds').all()) {
      const controller = row['controller'] as number;
      const target = { controller, name: nameOf(controller), subject: row['subject'] as Uint8Array };
      const item = row['item'] as string;
      if (item === '') this.dossier(target);
      else this.#item(target, item);
    }
  }

  /** A whole person: key, identity, references, ties, digests, ciphertext. Done twice it is as done once. */
  dossier(target: ShredTarget): void {
    this.#intend(target, '');
    const { controller, name, subject } = target;
    transaction(this.#keys, () => {
      this.#keys.prepare('DELETE FROM keys WHERE dossier = ? AND controller = ?').run(subject, name);
    });
    transaction(this.#ledger, () => {
      const db = this.#ledger;
      db.prepare('UPDATE dossiers SET hmac = NULL, key = NULL, box = NULL WHERE subject = ? AND controller = ?').run(
        subject,
        controller,
      );
      this.#dropReferences(target);
      db.prepare('DELETE FROM ties WHERE client = ? OR contact = ?').run(subject, subject);
      for (const at of this.#events(target)) {
        this.#dropAction(at);
        db.prepare('DELETE FROM sealed WHERE at = ?').run(at);
      }
      this.#forget(target, '');
    });
    this.#truncate();
  }

  /**
   * One item, by each of its labels: the whole key gives way to the keys of every other label in use, and a fresh whole
   * key for what comes. A repeat of an action that brought a value of the item is known by its id alone from now on.
   */
  item(target: ShredTarget, labels: readonly string[]): void {
    transaction(this.#ledger, () => {
      for (const label of labels) this.#intend(target, label);
    });
    for (const label of labels) this.#item(target, label);
  }

  #item(target: ShredTarget, item: string): void {
    const events = this.#events(target);
    this.#replaceKey(target, item, events);
    transaction(this.#ledger, () => {
      const boxes = this.#ledger.prepare('DELETE FROM sealed WHERE at = ? AND label = ?');
      for (const at of events) if (boxes.run(at, item).changes > 0) this.#dropDigest(at);
      this.#forget(target, item);
    });
    this.#truncate();
  }

  #replaceKey({ name, subject }: ShredTarget, item: string, events: readonly number[]): void {
    const whole = this.#keys.prepare(
      `SELECT id, wrapped FROM keys WHERE dossier = ? AND controller = ? AND label = ''`,
    );
    const row = whole.get(subject, name);
    if (row === undefined) return;
    const id = row['id'] as Uint8Array;
    const key = this.#root.unwrap(row['wrapped'] as Uint8Array, keyContext(name, subject, id, ''));
    const labels = this.#labelsUnder(id, events);
    const add = this.#keys.prepare('INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
    transaction(this.#keys, () => {
      for (const label of labels) {
        if (label === item) continue;
        const wrapped = this.#root.wrap(labelKey(key, label), keyContext(name, subject, id, label));
        add.run(id, label, name, subject, this.#root.id, wrapped);
      }
      this.#keys.prepare(`DELETE FROM keys WHERE id = ? AND label = ''`).run(id);
      this.#keys
        .prepare('DELETE FROM keys WHERE dossier = ? AND controller = ? AND label = ?')
        .run(subject, name, item);
      insertWholeKey(this.#keys, this.#root, name, subject, randomOwn(16), randomOwn(32));
    });
    key.fill(0);
  }

  #labelsUnder(id: Uint8Array, events: readonly number[]): Set<string> {
    const labels = new Set([TEXT_LABEL, DIGEST_LABEL]);
    const boxes = this.#ledger.prepare('SELECT label FROM sealed WHERE at = ? AND key = ?');
    for (const at of events) for (const box of boxes.iterate(at, id)) labels.add(box['label'] as string);
    return labels;
  }

  /** References that no other dossier names are gone altogether. */
  #dropReferences({ controller, subject }: ShredTarget): void {
    const db = this.#ledger;
    const less = db.prepare('UPDATE refs SET uses = uses - 1 WHERE controller = ? AND hmac = ?');
    for (const { hmac } of db
      .prepare('SELECT hmac FROM ref_texts WHERE controller = ? AND owner = ?')
      .all(controller, subject)) {
      less.run(controller, hmac!);
      db.prepare('DELETE FROM refs WHERE controller = ? AND hmac = ? AND uses <= 0').run(controller, hmac!);
    }
    db.prepare('DELETE FROM ref_texts WHERE controller = ? AND owner = ?').run(controller, subject);
  }

  /**
   * The digest of the action that an event was made from: it tells the content, this event's values included. Who sent the
   * action is kept, as long as its person is.
   */
  #dropDigest(at: number): void {
    this.#ledger
      .prepare(
        'UPDATE digests SET key = NULL, digest = NULL WHERE at = coalesce((SELECT first FROM splits WHERE at = ?), ?)',
      )
      .run(at, at);
  }

  /** All that is kept of the action beside the log. */
  #dropAction(at: number): void {
    this.#ledger
      .prepare('DELETE FROM digests WHERE at = coalesce((SELECT first FROM splits WHERE at = ?), ?)')
      .run(at, at);
  }

  #events({ controller, subject }: ShredTarget): number[] {
    return this.#ledger
      .prepare('SELECT at FROM events WHERE subject = ? AND accessed = 0 AND at >= ? AND at < ?')
      .all(subject, controller * POSITIONS, (controller + 1) * POSITIONS)
      .map((row) => row['at'] as number);
  }

  #intend({ controller, subject }: ShredTarget, item: string): void {
    this.#ledger.prepare('INSERT INTO shreds VALUES (?, ?, ?) ON CONFLICT DO NOTHING').run(controller, subject, item);
  }

  #forget({ controller, subject }: ShredTarget, item: string): void {
    this.#ledger
      .prepare('DELETE FROM shreds WHERE controller = ? AND subject = ? AND item = ?')
      .run(controller, subject, item);
  }

  /**
   * What was swept is still in the write-ahead log until that is truncated, for which a reader may hold it up; readers
   * read for milliseconds. Throws StoreFailure `unavailable`, to be done again, where one holds it for long.
   */
  #truncate(): void {
    const end = performance.now() + TRUNCATE_MS;
    while (this.#ledger.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()!['busy'] !== 0) {
      if (performance.now() > end)
        throw new StoreFailure('unavailable', 'what was shredded is gone, its ciphertext not yet from the disk', true);
    }
  }
}

function transaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (failure) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw failure;
  }
}
