/**
 * Keys in PostgreSQL: the root key wraps epochs and the controllers' own keys, an epoch wraps those of the dossiers. The
 * database may be another than the ledger's, so nothing here takes part in its transactions: a key is committed before
 * the event that needs it, and one that nobody uses is harmless.
 */
import { StoreFailure } from '../ports.js';
import { controllerContext, epochContext, keyContext, type ControllerKeyKind } from '../sealing/key-context.js';
import { randomOwn } from '../sealing/mint.js';
import type { RootKey } from '../sealing/root-key.js';
import { Opener, WholeKey, type Unwrapped } from '../sealing/whole-key.js';
import type { KeyOfLog } from '../tree/keys-ahead.js';
import { unwrapKey, wrapKey } from '../sealing/wrapping.js';
import { KEY_MIGRATIONS, migrate } from './migrations.js';
import type { Postgres, Queries, Row } from './postgres.js';
import { StatementRefused } from './postgres-failure.js';

const NO_DOSSIER = new Uint8Array(0);
const FIRST_KINDS: readonly ControllerKeyKind[] = ['identity-pepper', 'intake', 'log-signing 1'];
/** An epoch that was destroyed is forgotten here after so long, too. */
const EPOCHS_KEPT_MS = 60_000;
/** Keys that are wrapped anew in one transaction. */
const RENEWED_AT_ONCE = 500;
const FOREIGN_KEY_VIOLATION = '23503';

const SQL = {
  whole: {
    name: 'keys-whole',
    text: `SELECT dossier, id, wrapped_by, wrapped FROM depter_keys.keys
      WHERE controller = $1 AND dossier = ANY ($2::bytea[]) AND label = ''`,
  },
  all: {
    name: 'keys-all',
    text: 'SELECT id, label, wrapped_by, wrapped FROM depter_keys.keys WHERE controller = $1 AND dossier = $2',
  },
  add: {
    name: 'keys-add',
    text: `INSERT INTO depter_keys.keys (id, label, controller, dossier, wrapped_by, wrapped)
      SELECT id, label, $1, dossier, $2, wrapped
      FROM unnest($3::bytea[], $4::text[], $5::bytea[], $6::bytea[]) AS k (id, label, dossier, wrapped)
      ON CONFLICT DO NOTHING`,
  },
  byId: {
    name: 'keys-by-id',
    text: `SELECT id, label, dossier, wrapped_by, wrapped FROM depter_keys.keys
      WHERE id = ANY ($1::bytea[]) AND controller = $2 AND label IN ('', $3)`,
  },
  ids: {
    name: 'keys-ids',
    text: `SELECT DISTINCT id FROM depter_keys.keys WHERE controller = $1
      AND (dossier = ANY ($2::bytea[]) OR dossier = ANY ($3::bytea[]) AND label = '')`,
  },
  end: {
    name: 'keys-end',
    text: 'DELETE FROM depter_keys.keys WHERE controller = $1 AND dossier = ANY ($2::bytea[])',
  },
  drop: {
    name: 'keys-drop',
    text: `DELETE FROM depter_keys.keys WHERE controller = $1 AND dossier = $2
      AND (label = ANY ($3::text[]) AND id <> $4 OR id = $5 AND label = '')`,
  },
  epoch: { name: 'keys-epoch', text: 'SELECT wrapped FROM depter_keys.epochs WHERE id = $1' },
  current: { name: 'keys-current-epoch', text: 'SELECT id FROM depter_keys.epochs ORDER BY no DESC LIMIT 1' },
  old: {
    name: 'keys-old',
    text: `SELECT id, label, controller, dossier, wrapped_by, wrapped FROM depter_keys.keys
      WHERE wrapped_by <> $1 LIMIT ${RENEWED_AT_ONCE} FOR UPDATE`,
  },
};

/** A key to be added, unwrapped; the label is empty for the whole key. */
export interface NewKey {
  readonly dossier: Uint8Array | null;
  readonly id: Uint8Array;
  readonly label: string;
  readonly key: Uint8Array;
}

/** What goes of one dossier that lives on: labels, but for what was sealed anew under the key of survivors. */
export interface LabelShredding {
  readonly dossier: Uint8Array;
  readonly labels: readonly string[];
  readonly survivorsKey: Uint8Array;
  readonly wholeKey: Uint8Array;
  /** Which labels were sealed under a key. */
  readonly labelsUnder: (id: Uint8Array) => Promise<ReadonlySet<string>>;
}

interface Epoch {
  readonly id: Uint8Array;
  readonly key: Buffer;
}

export class KeyStore {
  readonly #postgres: Postgres;
  readonly #root: RootKey;
  readonly #epochs = new Map<string, { readonly epoch: Epoch; readonly untilMs: number }>();
  #current: { readonly id: Uint8Array; readonly untilMs: number } | undefined;

  private constructor(postgres: Postgres, root: RootKey) {
    this.#postgres = postgres;
    this.#root = root;
  }

  /** Migrates, and makes the first epoch. Throws StoreFailure `corrupt` where the keys are under another root. */
  static async open(postgres: Postgres, root: RootKey): Promise<KeyStore> {
    await migrate(postgres, KEY_MIGRATIONS, 'public.depter_key_migrations');
    const name = Buffer.from(root.id).toString('hex');
    await postgres.run(`INSERT INTO depter_keys.meta VALUES ('root', $1) ON CONFLICT DO NOTHING`, [name]);
    const [row] = await postgres.rows(`SELECT value FROM depter_keys.meta WHERE name = 'root'`);
    if (row?.['value'] !== name) throw new StoreFailure('corrupt', 'the keys are under another root key', false);
    const store = new KeyStore(postgres, root);
    await store.#addEpoch('INSERT INTO depter_keys.epochs VALUES ($1, 1, $2, $3) ON CONFLICT DO NOTHING');
    return store;
  }

  /** Makes the keys of a controller where there are none; a half-made one keeps those that it has. */
  async createControllerKeys(controller: string): Promise<void> {
    for (const kind of FIRST_KINDS) await this.addControllerKey(controller, kind, randomOwn(32));
    await this.add(controller, [{ dossier: null, id: randomOwn(16), label: '', key: randomOwn(32) }]);
  }

  /** Keeps the key that is there already. */
  async addControllerKey(controller: string, kind: ControllerKeyKind, key: Uint8Array): Promise<void> {
    const wrapped = this.#root.wrap(key, controllerContext(controller, kind));
    await this.#postgres.run('INSERT INTO depter_keys.controller_keys VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
      controller,
      kind,
      this.#root.id,
      wrapped,
    ]);
  }

  /** Those of every log, of which some may not be there yet. */
  async keysOfLogs(): Promise<readonly KeyOfLog[]> {
    const rows = await this.#postgres.rows(
      `SELECT controller, kind FROM depter_keys.controller_keys WHERE kind LIKE 'log-signing %'`,
    );
    return rows.map((row) => ({ controller: row['controller'] as string, kind: row['kind'] as string }));
  }

  /** Whether there is a key of any person at a controller. */
  async hasPeople(controller: string): Promise<boolean> {
    const sql = `SELECT 1 FROM depter_keys.keys WHERE controller = $1 AND dossier <> '' LIMIT 1`;
    return (await this.#postgres.rows(sql, [controller])).length > 0;
  }

  /** Throws StoreFailure `corrupt` where it is missing. */
  async controllerKey(controller: string, kind: ControllerKeyKind): Promise<Buffer> {
    const [row] = await this.#postgres.rows(
      'SELECT wrapped FROM depter_keys.controller_keys WHERE controller = $1 AND kind = $2',
      [controller, kind],
    );
    if (row === undefined) throw new StoreFailure('corrupt', `a key of ${controller} is missing`, false);
    return this.#root.unwrap(row['wrapped'] as Uint8Array, controllerContext(controller, kind));
  }

  /** The whole keys of dossiers (empty bytes: the controller's own), by their bytes in hex; none where it was shredded. */
  async whole(controller: string, dossiers: readonly Uint8Array[]): Promise<Map<string, WholeKey>> {
    const keys = new Map<string, WholeKey>();
    if (dossiers.length === 0) return keys;
    for (const row of await this.#postgres.rows(SQL.whole, [controller, dossiers])) {
      const dossier = row['dossier'] as Buffer;
      const id = row['id'] as Uint8Array;
      const key = await this.#unwrap(row, keyContext(controller, dossier, id, ''));
      keys.set(dossier.toString('hex'), new WholeKey(id, key));
    }
    return keys;
  }

  /** Whether a dossier (null: the controller's own) has a key, and what opens all that it sealed. */
  async dossier(controller: string, dossier: Uint8Array | null): Promise<{ alive: boolean; opener: Opener }> {
    const rows = await this.#postgres.rows(SQL.all, [controller, dossier ?? NO_DOSSIER]);
    const unwrapped = await this.#unwrapAll(
      controller,
      rows.map((row) => ({ ...row, dossier: dossier ?? NO_DOSSIER })),
    );
    return { alive: rows.some(({ label }) => label === ''), opener: new Opener(controller, dossier, unwrapped) };
  }

  /** What opens one label under key ids of several dossiers; undefined where the key was shredded. */
  async byId(controller: string, ids: readonly Uint8Array[], label: string): Promise<Unwrapped> {
    if (ids.length === 0) return () => undefined;
    return this.#unwrapAll(controller, await this.#postgres.rows(SQL.byId, [ids, controller, label]));
  }

  /** Adds keys, wrapped by the present epoch; durable when this returns. */
  async add(controller: string, keys: readonly NewKey[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#underEpoch((epoch) => addKeys(this.#postgres, epoch, controller, keys));
  }

  /** Ids of the keys that go: all of a dossier that ends, the whole one of a dossier that lives on. */
  async idsOf(
    controller: string,
    ended: readonly Uint8Array[],
    erased: readonly Uint8Array[],
  ): Promise<readonly Uint8Array[]> {
    const rows = await this.#postgres.rows(SQL.ids, [controller, ended, erased]);
    return rows.map(({ id }) => id as Uint8Array);
  }

  /** A key for values of one label that stay when the label's others go. Keeps the one that is there already. */
  async addSurvivors(controller: string, dossier: Uint8Array, id: Uint8Array, label: string): Promise<void> {
    await this.add(controller, [{ dossier, id, label, key: randomOwn(32) }]);
  }

  /**
   * In one transaction, deletes every key of the dossiers that end, and of the others replaces the whole key by the keys of
   * the labels in use but those that go, and a fresh whole key. From here on nothing that goes can be opened.
   */
  async shred(controller: string, ended: readonly Uint8Array[], erased: readonly LabelShredding[]): Promise<void> {
    const whole = await this.whole(
      controller,
      erased.map(({ dossier }) => dossier),
    );
    const replacements: { readonly one: LabelShredding; readonly old: Uint8Array; readonly keys: readonly NewKey[] }[] =
      [];
    for (const one of erased) {
      const { dossier, labels, wholeKey, labelsUnder } = one;
      const old = whole.get(Buffer.from(dossier).toString('hex'));
      // It has none, or this happened before.
      if (old === undefined || Buffer.from(old.id).equals(wholeKey)) continue;
      const inUse = [...(await labelsUnder(old.id))].filter((label) => !labels.includes(label));
      const keys = inUse.map((label): NewKey => ({ dossier, id: old.id, label, key: old.label(label) }));
      const fresh: NewKey = { dossier, id: wholeKey, label: '', key: randomOwn(32) };
      replacements.push({ one, old: old.id, keys: [...keys, fresh] });
    }
    await this.#underEpoch((epoch) =>
      this.#postgres.transaction(async (queries) => {
        await queries.run(SQL.end, [controller, ended]);
        for (const { one, old, keys } of replacements) {
          await queries.run(SQL.drop, [controller, one.dossier, one.labels, one.survivorsKey, old]);
          await addKeys(queries, epoch, controller, keys);
        }
      }),
    );
  }

  /**
   * Wraps every dossier's key by a new epoch and destroys the old ones: what a backup of this database holds of keys that
   * were shredded since opens with it alone, and no longer with what stands here.
   */
  async renewEpoch(): Promise<void> {
    await this.#addEpoch(
      'INSERT INTO depter_keys.epochs SELECT $1, max(no) + 1, $2, $3 FROM depter_keys.epochs ON CONFLICT DO NOTHING',
    );
    this.#current = undefined;
    const epoch = await this.#currentEpoch();
    for (;;) {
      if ((await this.#renewSome(epoch)) > 0) continue;
      try {
        await this.#postgres.run('DELETE FROM depter_keys.epochs WHERE id <> $1', [epoch.id]);
        break;
      } catch (failure) {
        // Somebody added a key under the old epoch a moment ago.
        if (!isForeignKey(failure)) throw failure;
      }
    }
    this.#epochs.clear();
  }

  async #renewSome(epoch: Epoch): Promise<number> {
    return this.#postgres.transaction(async (queries) => {
      const rows = await queries.rows(SQL.old, [epoch.id]);
      for (const row of rows) {
        const [id, label] = [row['id'] as Uint8Array, row['label'] as string];
        const context = keyContext(row['controller'] as string, row['dossier'] as Uint8Array, id, label);
        const wrapped = wrapKey(epoch.key, await this.#unwrap(row, context), context);
        await queries.run('UPDATE depter_keys.keys SET wrapped_by = $3, wrapped = $4 WHERE id = $1 AND label = $2', [
          id, label, epoch.id, wrapped,
        ]); // prettier-ignore
      }
      return rows.length;
    });
  }

  async #addEpoch(insert: string): Promise<void> {
    const id = randomOwn(16);
    await this.#postgres.run(insert, [id, this.#root.id, this.#root.wrap(randomOwn(32), epochContext(id))]);
  }

  /** Tries once more where the epoch was destroyed under it. */
  async #underEpoch<T>(work: (epoch: Epoch) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#currentEpoch());
    } catch (failure) {
      if (!isForeignKey(failure)) throw failure;
      this.#current = undefined;
      return work(await this.#currentEpoch());
    }
  }

  async #currentEpoch(): Promise<Epoch> {
    if (this.#current === undefined || performance.now() > this.#current.untilMs) {
      const [row] = await this.#postgres.rows(SQL.current);
      if (row === undefined) throw new StoreFailure('corrupt', 'the keys have no epoch', false);
      this.#current = { id: row['id'] as Uint8Array, untilMs: performance.now() + EPOCHS_KEPT_MS };
    }
    return this.#epoch(this.#current.id);
  }

  async #epoch(id: Uint8Array): Promise<Epoch> {
    const name = Buffer.from(id).toString('hex');
    const kept = this.#epochs.get(name);
    if (kept !== undefined && performance.now() < kept.untilMs) return kept.epoch;
    this.#epochs.delete(name);
    const [row] = await this.#postgres.rows(SQL.epoch, [id]);
    if (row === undefined) throw new StoreFailure('unavailable', 'an epoch of the keys was renewed meanwhile', true);
    const epoch = { id, key: this.#root.unwrap(row['wrapped'] as Uint8Array, epochContext(id)) };
    this.#epochs.set(name, { epoch, untilMs: performance.now() + EPOCHS_KEPT_MS });
    return epoch;
  }

  async #unwrapAll(controller: string, rows: readonly Row[]): Promise<Unwrapped> {
    const unwrapped = new Map<string, Buffer>();
    const placed = (id: Uint8Array, label: string) => `${Buffer.from(id).toString('hex')}${label}`;
    for (const row of rows) {
      const [id, label] = [row['id'] as Buffer, row['label'] as string];
      const context = keyContext(controller, row['dossier'] as Buffer, id, label);
      unwrapped.set(placed(id, label), await this.#unwrap(row, context));
    }
    return (id, label) => unwrapped.get(placed(id, label));
  }

  async #unwrap(row: Row, context: Uint8Array): Promise<Buffer> {
    const { key } = await this.#epoch(row['wrapped_by'] as Uint8Array);
    const unwrapped = unwrapKey(key, row['wrapped'] as Uint8Array, context);
    if (unwrapped === undefined) throw new StoreFailure('corrupt', 'a key was not wrapped by its epoch', false);
    return unwrapped;
  }
}

async function addKeys(queries: Queries, epoch: Epoch, controller: string, keys: readonly NewKey[]): Promise<void> {
  await queries.run(SQL.add, [
    controller,
    epoch.id,
    keys.map(({ id }) => id),
    keys.map(({ label }) => label),
    keys.map(({ dossier }) => dossier ?? NO_DOSSIER),
    keys.map(({ dossier, id, label, key }) => wrapKey(epoch.key, key, keyContext(controller, dossier, id, label))),
  ]);
}

function isForeignKey(failure: unknown): boolean {
  return failure instanceof StatementRefused && failure.sqlstate === FOREIGN_KEY_VIOLATION;
}
