/**
 * Shredding in the files, by the writer: the keys' rows are deleted, and from that commit on nothing sealed under them
 * opens. Keys and log are two files, so each step leaves them so that it can be done again.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { keyContext } from '../sealing/key-context.js';
import { randomOwn } from '../sealing/mint.js';
import { boundTo, DIGEST_LABEL, labelKey, sealBox, sealedFor, TEXT_LABEL } from '../sealing/seal.js';
import type { RootKey } from '../sealing/root-key.js';
import { Opener } from '../sealing/whole-key.js';
import { insertWholeKey } from './controller-keys.js';
import { OF_DOSSIER, POSITIONS, type Databases } from './schema.js';

export interface Place {
  readonly controller: number;
  readonly name: string;
}

/** What goes of one dossier that lives on, in bytes. */
export interface LabelErasure {
  readonly dossier: Uint8Array;
  /** Labels, each with the ids of the events (base64url) whose values stay. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
  readonly survivorsKey: Uint8Array;
  readonly wholeKey: Uint8Array;
}

/** The whole key of a dossier, of which an erasure is to come. */
interface Whole {
  readonly erasure: LabelErasure;
  readonly old: Uint8Array;
  readonly wrapped: Uint8Array;
}

interface Box {
  readonly at: number;
  readonly id: Uint8Array;
  readonly label: string;
  readonly key: Uint8Array;
  readonly box: Uint8Array;
}

export class Shredder {
  readonly #ledger: DatabaseSync;
  readonly #keys: DatabaseSync;
  readonly #root: RootKey;
  readonly #sql: Readonly<Record<'all' | 'whole' | 'end', StatementSync>>;

  constructor(dbs: Databases, root: RootKey) {
    this.#ledger = dbs.ledger;
    this.#keys = dbs.keys;
    this.#root = root;
    this.#sql = {
      all: dbs.keys.prepare('SELECT DISTINCT id FROM keys WHERE dossier = ? AND controller = ?'),
      whole: dbs.keys.prepare(`SELECT id, wrapped FROM keys WHERE dossier = ? AND controller = ? AND label = ''`),
      end: dbs.keys.prepare('DELETE FROM keys WHERE dossier = ? AND controller = ?'),
    };
  }

  /** Ids of the keys that go: all of a dossier that ends, the whole one of a dossier that lives on. */
  keysOf({ name }: Place, ended: readonly Uint8Array[], erased: readonly LabelErasure[]): Uint8Array[] {
    const { all, whole } = this.#sql;
    return [
      ...ended.flatMap((dossier) => all.all(dossier, name)),
      ...erased.flatMap(({ dossier }) => whole.all(dossier, name)),
    ].map(({ id }) => id as Uint8Array);
  }

  /** Whether that has happened: none of the keys that go is there, and all that is there is fresh. */
  isShredded(place: Place, ended: readonly Uint8Array[], erased: readonly LabelErasure[]): boolean {
    const fresh = new Set(erased.map(({ wholeKey }) => Buffer.from(wholeKey).toString('hex')));
    return this.keysOf(place, ended, erased).every((id) => fresh.has(Buffer.from(id).toString('hex')));
  }

  /**
   * One commit of `keys.db` in which all keys that go are gone. The key of each label that goes is missing from then on;
   * its survivors were sealed anew before, under a key of their own.
   */
  shred(place: Place, ended: readonly Uint8Array[], erased: readonly LabelErasure[]): void {
    const { name } = place;
    const whole = erased.flatMap((erasure) => this.#wholeOf(place, erasure));
    this.#saveSurvivors(
      place,
      whole.map(({ erasure }) => erasure),
    );
    const plans = whole.map((one) => this.#plan(place, one));
    transaction(this.#keys, () => {
      for (const dossier of ended) this.#sql.end.run(dossier, name);
      for (const plan of plans) plan();
    });
  }

  /** The whole key that an erasure takes away: none where the dossier has none, or it happened before. */
  #wholeOf({ name }: Place, erasure: LabelErasure): Whole[] {
    const row = this.#sql.whole.get(erasure.dossier, name);
    if (row === undefined) return [];
    const [old, wrapped] = [row['id'] as Uint8Array, row['wrapped'] as Uint8Array];
    return Buffer.from(old).equals(erasure.wholeKey) ? [] : [{ erasure, old, wrapped }];
  }

  /** What has to happen to the keys of one dossier. */
  #plan({ controller, name }: Place, { erasure, old, wrapped }: Whole): () => void {
    const { dossier, labels, survivorsKey, wholeKey } = erasure;
    const key = this.#root.unwrap(wrapped, keyContext(name, dossier, old, ''));
    const inUse = [...this.#labelsUnder(controller, dossier, old)].filter((label) => !labels.has(label));
    const add = this.#keys.prepare('INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
    const drop = this.#keys.prepare('DELETE FROM keys WHERE dossier = ? AND controller = ? AND label = ? AND id <> ?');
    return () => {
      for (const label of inUse) {
        const own = this.#root.wrap(labelKey(key, label), keyContext(name, dossier, old, label));
        add.run(old, label, name, dossier, this.#root.id, own);
      }
      this.#keys.prepare(`DELETE FROM keys WHERE id = ? AND label = ''`).run(old);
      for (const label of labels.keys()) drop.run(dossier, name, label, survivorsKey);
      insertWholeKey(this.#keys, this.#root, name, dossier, wholeKey, randomOwn(32));
      key.fill(0);
    };
  }

  /**
   * Seals values that stay under keys that stay, of all dossiers in one commit of each file: the keys first, then the values,
   * and only then go the old keys.
   */
  #saveSurvivors(place: Place, erasures: readonly LabelErasure[]): void {
    const surviving = erasures.filter(({ labels }) => [...labels.values()].some((events) => events.size > 0));
    if (surviving.length === 0) return;
    transaction(this.#ledger, () =>
      transaction(this.#keys, () => {
        for (const erasure of surviving) this.#saveSurvivorsOf(place, erasure);
      }),
    );
  }

  #saveSurvivorsOf({ controller, name }: Place, { dossier, labels, survivorsKey }: LabelErasure): void {
    const byId = this.#keys.prepare('SELECT wrapped FROM keys WHERE id = ? AND label = ?');
    const opener = new Opener(name, dossier, (id, label) => {
      const wrapped = byId.get(id, label)?.['wrapped'] as Uint8Array | undefined;
      return wrapped && this.#root.unwrap(wrapped, keyContext(name, dossier, id, label));
    });
    const boxes = this.#boxes(controller, dossier, labels).filter(
      ({ id, label, key }) =>
        labels.get(label)!.has(Buffer.from(id).toString('base64url')) && !Buffer.from(key).equals(survivorsKey),
    );
    const add = this.#keys.prepare('INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
    for (const label of new Set(boxes.map((box) => box.label))) {
      const wrapped = this.#root.wrap(randomOwn(32), keyContext(name, dossier, survivorsKey, label));
      add.run(survivorsKey, label, name, dossier, this.#root.id, wrapped);
    }
    const move = this.#ledger.prepare('UPDATE sealed SET key = ?, box = ? WHERE at = ? AND label = ?');
    for (const { at, id, label, key, box } of boxes) {
      const opened = opener.open(key, id, label, box);
      if (opened.kind === 'erased') continue;
      const bound = boundTo(sealedFor(name, dossier), id, label);
      move.run(survivorsKey, sealBox(opener.key(survivorsKey, label)!, bound, opened.value), at, label);
    }
  }

  #boxes(controller: number, dossier: Uint8Array, labels: LabelErasure['labels']): Box[] {
    return this.#ledger
      .prepare(
        `SELECT e.at, e.id, s.label, s.key, s.box FROM events e JOIN sealed s ON s.at = e.at
           WHERE e.at ${OF_DOSSIER}
             AND s.label IN (SELECT value FROM json_each(?))`,
      )
      .all(dossier, controller * POSITIONS, (controller + 1) * POSITIONS, JSON.stringify([...labels.keys()]))
      .map((row) => row as unknown as Box);
  }

  #labelsUnder(controller: number, dossier: Uint8Array, key: Uint8Array): Set<string> {
    const rows = this.#ledger
      .prepare(
        `SELECT DISTINCT s.label FROM events e JOIN sealed s ON s.at = e.at
           WHERE e.at ${OF_DOSSIER} AND s.key = ?`,
      )
      .all(dossier, controller * POSITIONS, (controller + 1) * POSITIONS, key);
    return new Set([TEXT_LABEL, DIGEST_LABEL, ...rows.map(({ label }) => label as string)]);
  }
}

export function transaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (failure) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw failure;
  }
}
