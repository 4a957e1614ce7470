/** The log as tlog-tiles serves it, read from PostgreSQL; partial tiles are computed, receipts are made from the tree as it stands. */
import type { ControllerId, Position } from '#ledger';
import { bundle, formatReceipt, tileWidth, Tree } from '#proof';
import { StoreFailure, TransparencyLog, type Clock, type KeptCheckpoint, type LogKey } from '../ports.js';
import type { Controller } from '../sealing/controller.js';
import { sha256 } from '../sealing/hashing.js';
import { rootOf } from '../tree/tile-root.js';
import type { ClusterControllers } from './controllers.js';
import type { EventLog } from './event-log.js';
import type { KeyStore } from './key-store.js';
import { rotateLogKey } from './log-keys.js';
import { logKeys } from './log-rows.js';
import type { Postgres, Row } from './postgres.js';
import type { PostgresSequencing } from './sequencing-postgres.js';

const SQL = {
  head: {
    name: 'tlog-head',
    text: 'SELECT note FROM depter.heads WHERE controller = $1 AND generation = $2 ORDER BY size DESC, day DESC LIMIT 1',
  },
  generation: {
    name: 'tlog-generation',
    text: 'SELECT base, size, verifier_key FROM depter.generations WHERE controller = $1 AND generation = $2',
  },
  holder: {
    name: 'tlog-holder',
    text: `SELECT generation, base, size FROM depter.generations WHERE controller = $1 AND base <= $2
      ORDER BY generation DESC LIMIT 1`,
  },
  cosigned: {
    name: 'tlog-cosigned',
    text: `SELECT size, note, cosigned FROM depter.cosigned WHERE controller = $1 AND generation = $2
      ORDER BY size DESC LIMIT 1`,
  },
  kept: {
    name: 'tlog-kept',
    text: `WITH page AS (
        SELECT size FROM depter.heads WHERE controller = $1 AND generation = $2 AND size > $3
        UNION ALL SELECT size FROM depter.cosigned WHERE controller = $1 AND generation = $2 AND size > $3
        ORDER BY size LIMIT $4),
      upto AS (SELECT max(size) AS size FROM page)
      SELECT size, note, NULL::bigint AS cosigned FROM depter.heads
      WHERE controller = $1 AND generation = $2 AND size > $3 AND size <= (SELECT size FROM upto)
      UNION ALL SELECT size, note, cosigned FROM depter.cosigned
      WHERE controller = $1 AND generation = $2 AND size > $3 AND size <= (SELECT size FROM upto)
      ORDER BY size, cosigned NULLS FIRST`,
  },
  keep: {
    name: 'tlog-keep',
    text: `INSERT INTO depter.cosigned (controller, generation, size, cosigned, note) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT DO NOTHING`,
  },
  tile: {
    name: 'tlog-tile',
    text: 'SELECT hashes FROM depter.tiles WHERE controller = $1 AND generation = $2 AND level = $3 AND n = $4',
  },
  tiles: {
    name: 'tlog-tiles',
    text: `SELECT hashes FROM depter.tiles WHERE controller = $1 AND generation = $2 AND level = $3 AND n >= $4 AND n < $5
      ORDER BY n`,
  },
  leaves: {
    name: 'tlog-leaves',
    text: `SELECT e.leaf, e.entry FROM depter.placed p JOIN depter.events e USING (seq)
      WHERE p.controller = $1 AND p.position >= $2 AND p.position < $3 ORDER BY p.position`,
  },
};

interface Place {
  readonly controller: Controller;
  readonly base: number;
}

/** A tree as it stood at one size, and the head that signs it. */
interface Standing {
  readonly tree: Tree;
  readonly head: string;
}

export class ClusterTransparencyLog extends TransparencyLog {
  readonly #postgres: Postgres;
  readonly #controllers: ClusterControllers;
  readonly #sequencing: PostgresSequencing;
  readonly #keys: KeyStore;
  readonly #clock: Clock;
  readonly #eventLog: EventLog;
  /** The latest tree of each log that a receipt was made from. */
  readonly #standing = new Map<string, Standing>();
  readonly #opening = new Map<string, Promise<Standing>>();

  constructor(
    postgres: Postgres,
    controllers: ClusterControllers,
    sequencing: PostgresSequencing,
    keys: KeyStore,
    clock: Clock,
    eventLog: EventLog,
  ) {
    super();
    this.#postgres = postgres;
    this.#controllers = controllers;
    this.#sequencing = sequencing;
    this.#keys = keys;
    this.#clock = clock;
    this.#eventLog = eventLog;
  }

  override async checkpoint(id: ControllerId, generation: number): Promise<string | undefined> {
    const controller = await this.#controllers.openedIfAny(id);
    const [row] = controller ? await this.#postgres.rows(SQL.head, [controller.no, generation]) : [];
    return row?.['note'] as string | undefined;
  }

  override async verifierKey(id: ControllerId, generation: number): Promise<string | undefined> {
    return (await this.keys(id, generation)).at(-1)?.verifierKey;
  }

  override async keys(id: ControllerId, generation: number): Promise<readonly LogKey[]> {
    const controller = await this.#controllers.openedIfAny(id);
    const [row] = controller ? await this.#postgres.rows(SQL.generation, [controller.no, generation]) : [];
    if (controller === undefined || row === undefined) return [];
    return logKeys(this.#postgres, controller.no, generation, row['verifier_key'] as string);
  }

  override async rotateKey(id: ControllerId, untilMs: number): Promise<void> {
    await this.#controllers.opened(id);
    await rotateLogKey(this.#postgres, this.#keys, id, { now: Math.floor(this.#clock.now()), until: untilMs });
    // Receipts come under a head that both signed.
    this.#standing.clear();
  }

  override async cosigned(id: ControllerId, generation: number): Promise<KeptCheckpoint | undefined> {
    const controller = await this.#controllers.known(id);
    const [row] = controller ? await this.#postgres.rows(SQL.cosigned, [controller.no, generation]) : [];
    return row && keptOf(row);
  }

  override async checkpoints(
    id: ControllerId,
    generation: number,
    after: number,
    limit: number,
  ): Promise<readonly KeptCheckpoint[]> {
    const controller = await this.#controllers.known(id);
    const rows = controller ? await this.#postgres.rows(SQL.kept, [controller.no, generation, after, limit]) : [];
    return rows.map(keptOf);
  }

  override async keepCosigned(id: ControllerId, generation: number, checkpoint: KeptCheckpoint): Promise<void> {
    const { no } = await this.#controllers.opened(id);
    const { size, cosignedMs, note } = checkpoint;
    await this.#postgres.run(SQL.keep, [no, generation, size, cosignedMs, note]);
  }

  override async tile(
    id: ControllerId,
    generation: number,
    level: number,
    index: number,
    width: number,
  ): Promise<Uint8Array | undefined> {
    const place = await this.#placeOf(id, generation, level, index, width);
    if (place === undefined) return undefined;
    const [full] = await this.#postgres.rows(SQL.tile, [place.controller.no, generation, level, index]);
    if (full !== undefined) return (full['hashes'] as Uint8Array).subarray(0, width * 32);
    const from = index * tileWidth;
    if (level === 0) return Buffer.concat((await this.#leaves(place, from, width)).map(({ leaf }) => leaf as Buffer));
    const below = [place.controller.no, generation, level - 1, from, from + width];
    const rows = await this.#postgres.rows(SQL.tiles, below);
    return Buffer.concat(rows.map(({ hashes }) => rootOf(hashes as Uint8Array)));
  }

  override async bundle(
    id: ControllerId,
    generation: number,
    index: number,
    width: number,
  ): Promise<Uint8Array | undefined> {
    const place = await this.#placeOf(id, generation, 0, index, width);
    if (place === undefined) return undefined;
    return bundle((await this.#leaves(place, index * tileWidth, width)).map(({ entry }) => entry as Uint8Array));
  }

  override async logged(
    id: ControllerId,
    generation: number,
    index: number,
    width: number,
  ): Promise<readonly Uint8Array[]> {
    const logged = await this.#eventLog.read({ controller: id, generation }, index * tileWidth, width);
    return logged.map(({ entry }) => entry);
  }

  override async receipt(id: ControllerId, position: Position): Promise<string | undefined> {
    const controller = await this.#controllers.known(id);
    return controller && this.receiptOf(controller, position);
  }

  /** The receipt of a position under the latest head of its generation; undefined where there is no such leaf. */
  async receiptOf(controller: Controller, position: Position): Promise<string | undefined> {
    if (!Number.isSafeInteger(position) || position < 0) return undefined;
    const [holder] = await this.#postgres.rows(SQL.holder, [controller.no, position]);
    if (holder === undefined) return undefined;
    const [generation, size] = [holder['generation'] as number, holder['size'] as number];
    const index = position - (holder['base'] as number);
    if (index >= size) return undefined;
    const { tree, head } = await this.#standingAt(controller, generation, size);
    const path = await this.#pathOf(controller, generation, tree, index);
    return formatReceipt({ index, path, checkpoint: head });
  }

  /** Where a tile lies; undefined where the log has not so many hashes. */
  async #placeOf(
    id: ControllerId,
    generation: number,
    level: number,
    index: number,
    width: number,
  ): Promise<Place | undefined> {
    if (![generation, level, index, width].every((n) => Number.isSafeInteger(n) && n >= 0)) return undefined;
    if (width < 1 || width > tileWidth) return undefined;
    const controller = await this.#controllers.known(id);
    const [state] = controller ? await this.#postgres.rows(SQL.generation, [controller.no, generation]) : [];
    if (controller === undefined || state === undefined) return undefined;
    const hashes = Math.floor((state['size'] as number) / tileWidth ** level);
    return index * tileWidth + width > hashes ? undefined : { controller, base: state['base'] as number };
  }

  #leaves({ controller, base }: Place, from: number, width: number): Promise<readonly Row[]> {
    return this.#postgres.rows(SQL.leaves, [controller.no, base + from, base + from + width]);
  }

  /** The tree at least at this size; those who ask at once share it. */
  async #standingAt(controller: Controller, generation: number, size: number): Promise<Standing> {
    const name = `${controller.no}/${generation}`;
    const standing = this.#standing.get(name);
    if (standing !== undefined && standing.tree.size >= size) return standing;
    let opening = this.#opening.get(name);
    if (opening === undefined) {
      opening = this.#resume(controller, generation).finally(() => this.#opening.delete(name));
      this.#opening.set(name, opening);
    }
    const opened = await opening;
    this.#standing.set(name, opened);
    return opened.tree.size >= size ? opened : this.#standingAt(controller, generation, size);
  }

  async #resume(controller: Controller, generation: number): Promise<Standing> {
    const { size, edge, partialTiles, head } = await this.#sequencing.stored({ controller: controller.id, generation });
    return { tree: Tree.resume(sha256, { size, hashes: edge }, partialTiles), head };
  }

  /** An inclusion path, with the full tiles that the tree asks for fetched one after another: it has three levels at most. */
  async #pathOf(controller: Controller, generation: number, tree: Tree, index: number): Promise<Uint8Array[]> {
    const fetched = new Map<string, Uint8Array>();
    for (;;) {
      let missing: { readonly level: number; readonly n: number } | undefined;
      try {
        return tree.inclusionPath(index, (level, n) => {
          const tile = fetched.get(`${level}/${n}`);
          if (tile !== undefined) return tile;
          missing = { level, n };
          throw new MissingTile();
        });
      } catch (failure) {
        if (!(failure instanceof MissingTile) || missing === undefined) throw failure;
      }
      const { level, n } = missing;
      const [row] = await this.#postgres.rows(SQL.tile, [controller.no, generation, level, n]);
      if (row === undefined)
        throw new StoreFailure('corrupt', `the log of ${controller.id} has no tile ${level}/${n}`, false);
      fetched.set(`${level}/${n}`, row['hashes'] as Uint8Array);
    }
  }
}

class MissingTile extends Error {}

function keptOf(row: Row): KeptCheckpoint {
  return { size: row['size'] as number, note: row['note'] as string, cosignedMs: row['cosigned'] as number | null };
}
