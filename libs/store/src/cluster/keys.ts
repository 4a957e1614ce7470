/**
 * Shredding on the cluster engine. Whoever shreds holds the controller's lock alone, so that nobody is sealing under the
 * key meanwhile. The intent is recorded first and done again by the next that opens the store; the deletion of the key is
 * the moment that counts, and what is swept afterwards is only tidiness: PostgreSQL does not promise that bytes are gone.
 */
import type { ControllerId, SubjectRef } from '#ledger';
import { Keys } from '../ports.js';
import type { Controller } from '../sealing/controller.js';
import { idBytes, idText } from '../sealing/mint.js';
import { referenceName } from '../sealing/naming.js';
import { DIGEST_LABEL, TEXT_LABEL } from '../sealing/seal.js';
import { ACCEPT_LOCK } from './accept.js';
import type { ClusterControllers } from './controllers.js';
import type { KeyStore } from './key-store.js';
import type { Postgres, Queries } from './postgres.js';

/** A whole dossier, in place of an item. */
const WHOLE = '';

const SQL = {
  alone: { name: 'shred-alone', text: 'SELECT pg_advisory_xact_lock($1, $2)' },
  intend: {
    name: 'shred-intend',
    text: 'INSERT INTO depter.shreds (controller, subject, item) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
  },
  done: {
    name: 'shred-done',
    text: 'DELETE FROM depter.shreds WHERE controller = $1 AND subject = $2 AND item = $3',
  },
  events: {
    name: 'shred-events',
    text: `SELECT seq, coalesce(first_seq, seq) AS first FROM depter.events
      WHERE controller = $1 AND subject = $2 AND NOT accessed`,
  },
  reference: { name: 'shred-reference', text: 'SELECT ref FROM depter.refs WHERE controller = $1 AND hmac = $2' },
  labels: {
    name: 'shred-labels',
    text: 'SELECT DISTINCT label FROM depter.sealed WHERE key = $1 AND seq = ANY ($2::bigint[])',
  },
  forgetIdentity: {
    name: 'shred-identity',
    text: 'UPDATE depter.dossiers SET hmac = NULL, key = NULL, box = NULL WHERE controller = $1 AND subject = $2',
  },
  /** References that no other dossier names are gone altogether. */
  dropReferences: {
    name: 'shred-references',
    text: `WITH gone AS (
        DELETE FROM depter.ref_texts WHERE controller = $1 AND owner = $2 RETURNING hmac
      )
      DELETE FROM depter.refs r USING gone WHERE r.controller = $1 AND r.hmac = gone.hmac AND NOT EXISTS (
        SELECT FROM depter.ref_texts t WHERE t.controller = $1 AND t.hmac = gone.hmac AND t.owner <> $2)`,
  },
  dropTies: {
    name: 'shred-ties',
    text: 'DELETE FROM depter.ties WHERE controller = $1 AND (client = $2 OR contact = $2)',
  },
  /** Who sent the action is kept. */
  emptyDigests: {
    name: 'shred-digests-of-item',
    text: 'UPDATE depter.digests SET key = NULL, digest = NULL WHERE seq = ANY ($1::bigint[])',
  },
  dropDigests: { name: 'shred-digests', text: 'DELETE FROM depter.digests WHERE seq = ANY ($1::bigint[])' },
  dropBoxes: { name: 'shred-boxes', text: 'DELETE FROM depter.sealed WHERE seq = ANY ($1::bigint[])' },
  dropItem: {
    name: 'shred-item',
    text: 'DELETE FROM depter.sealed WHERE seq = ANY ($1::bigint[]) AND label = $2 RETURNING seq',
  },
};

interface Target {
  readonly controller: Controller;
  readonly subject: Uint8Array;
}

export class ClusterKeys extends Keys {
  readonly #postgres: Postgres;
  readonly #controllers: ClusterControllers;
  readonly #keys: KeyStore;

  constructor(postgres: Postgres, controllers: ClusterControllers, keys: KeyStore) {
    super();
    this.#postgres = postgres;
    this.#controllers = controllers;
    this.#keys = keys;
  }

  override async shredDossier(id: ControllerId, ref: SubjectRef): Promise<void> {
    const target = await this.#targetOf(id, ref);
    if (target !== undefined) await this.#shred(target, WHOLE);
  }

  override async shredItem(id: ControllerId, ref: SubjectRef, item: string): Promise<void> {
    const target = await this.#targetOf(id, ref);
    if (target === undefined) return;
    if (item === WHOLE || item === TEXT_LABEL || item === DIGEST_LABEL) throw new RangeError('not an item');
    // What came before a pack listed the item has a reference for its label.
    const { no, pepper } = target.controller;
    const [row] = await this.#postgres.rows(SQL.reference, [no, referenceName(pepper, 'item', item)]);
    await this.#shred(target, item);
    if (row !== undefined) await this.#shred(target, idText(row['ref'] as Buffer));
  }

  /** Ends what another process had begun. */
  async resume(): Promise<void> {
    const rows = await this.#postgres.rows(
      'SELECT c.name, s.subject, s.item FROM depter.shreds s JOIN depter.controllers c ON c.no = s.controller',
    );
    for (const { name, subject, item } of rows) {
      const controller = await this.#controllers.known(name as ControllerId);
      if (controller !== undefined) await this.#shred({ controller, subject: subject as Uint8Array }, item as string);
    }
  }

  /** Gives every key of a dossier a new epoch, and destroys the old one. */
  renewEpoch(): Promise<void> {
    return this.#keys.renewEpoch();
  }

  async #shred(target: Target, item: string): Promise<void> {
    const place = [target.controller.no, target.subject, item];
    await this.#postgres.run(SQL.intend, place);
    await this.#postgres.transaction(async (queries) => {
      await queries.rows(SQL.alone, [ACCEPT_LOCK, target.controller.no]);
      if (item === WHOLE) await this.#dossier(target, queries);
      else await this.#item(target, item, queries);
      await queries.run(SQL.done, place);
    });
  }

  /** Done twice it is as done once. */
  async #dossier({ controller, subject }: Target, queries: Queries): Promise<void> {
    await this.#keys.shredDossier(controller.id, subject);
    const events = await queries.rows(SQL.events, [controller.no, subject]);
    for (const statement of [SQL.forgetIdentity, SQL.dropReferences, SQL.dropTies]) {
      await queries.run(statement, [controller.no, subject]);
    }
    await queries.run(SQL.dropDigests, [events.map(({ first }) => first as number)]);
    await queries.run(SQL.dropBoxes, [events.map(({ seq }) => seq as number)]);
  }

  /** A repeat of an action that brought a value of the item is known by its id alone from now on. */
  async #item({ controller, subject }: Target, item: string, queries: Queries): Promise<void> {
    const events = await queries.rows(SQL.events, [controller.no, subject]);
    const firsts = new Map(events.map(({ seq, first }) => [seq as number, first as number]));
    const seqs = [...firsts.keys()];
    await this.#keys.shredItem(controller.id, subject, item, async (key) => {
      const labels = await queries.rows(SQL.labels, [key, seqs]);
      return new Set([TEXT_LABEL, DIGEST_LABEL, ...labels.map(({ label }) => label as string)]);
    });
    const dropped = await queries.rows(SQL.dropItem, [seqs, item]);
    await queries.run(SQL.emptyDigests, [dropped.map(({ seq }) => firsts.get(seq as number)!)]);
  }

  async #targetOf(id: ControllerId, ref: SubjectRef): Promise<Target | undefined> {
    const controller = await this.#controllers.known(id);
    const subject = idBytes(ref);
    return controller && subject && { controller, subject };
  }
}
