/** The log as tlog-tiles serves it, read from the file; partial tiles are computed, receipts are the writer's. */
import { setImmediate } from 'node:timers/promises';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { ControllerId, Position } from '#ledger';
import { bundle, formatReceipt, leafHash, tileWidth } from '#proof';
import { TransparencyLog, type Clock, type KeptCheckpoint, type LogKey } from '../ports.js';
import { BoundedCache } from './bounded-cache.js';
import type { Controllers } from './controllers.js';
import type { Controller } from '../sealing/controller.js';
import { sha256 } from '../sealing/hashing.js';
import { logKeys } from './key-rotation.js';
import type { LogReader } from './log-reader.js';
import { inclusionOf } from '../tree/log-proofs.js';
import { rootOf } from '../tree/tile-root.js';
import type { WriterThread } from './writer-thread.js';

const ROOTS_KEPT = 4096;
/** A root costs 255 hashes; after so many others get the thread. */
const ROOTS_AT_ONCE = 16;

interface Waiting {
  readonly position: Position;
  readonly resolve: (receipt: string | undefined) => void;
  readonly reject: (failure: unknown) => void;
}

export class EmbeddedTransparencyLog extends TransparencyLog {
  readonly #controllers: Controllers;
  readonly #log: LogReader;
  readonly #thread: WriterThread;
  readonly #ledger: DatabaseSync;
  readonly #clock: Clock;
  readonly #sql: Readonly<Record<'head' | 'generation' | 'holder' | 'tile' | 'cosigned' | 'kept', StatementSync>>;
  readonly #roots = new BoundedCache<Uint8Array>(ROOTS_KEPT);
  readonly #waiting = new Map<number, Waiting[]>();

  constructor(controllers: Controllers, ledger: DatabaseSync, log: LogReader, thread: WriterThread, clock: Clock) {
    super();
    this.#ledger = ledger;
    this.#clock = clock;
    this.#controllers = controllers;
    this.#log = log;
    this.#thread = thread;
    this.#sql = {
      head: ledger.prepare('SELECT note FROM heads WHERE controller = ? AND generation = ? ORDER BY day DESC LIMIT 1'),
      generation: ledger.prepare(
        'SELECT base, size, verifier_key FROM generations WHERE controller = ? AND generation = ?',
      ),
      holder: ledger.prepare(
        'SELECT generation, base, size FROM generations WHERE controller = ? AND base <= ? ORDER BY generation DESC LIMIT 1',
      ),
      cosigned: ledger.prepare(
        `SELECT size, note, cosigned FROM cosigned WHERE controller = ? AND generation = ? ORDER BY size DESC LIMIT 1`,
      ),
      kept: ledger.prepare(
        `WITH page AS (
           SELECT size FROM heads WHERE controller = ?1 AND generation = ?2 AND size > ?3
             UNION ALL SELECT size FROM cosigned WHERE controller = ?1 AND generation = ?2 AND size > ?3
             ORDER BY size LIMIT ?4),
         upto AS (SELECT max(size) AS size FROM page)
         SELECT size, note, NULL AS cosigned FROM heads
           WHERE controller = ?1 AND generation = ?2 AND size > ?3 AND size <= (SELECT size FROM upto)
           UNION ALL SELECT size, note, cosigned FROM cosigned
           WHERE controller = ?1 AND generation = ?2 AND size > ?3 AND size <= (SELECT size FROM upto)
           ORDER BY size, cosigned`,
      ),
      tile: ledger.prepare('SELECT hashes FROM tiles WHERE controller = ? AND generation = ? AND level = ? AND n = ?'),
    };
  }

  override async checkpoint(id: ControllerId, generation: number): Promise<string | undefined> {
    const controller = await this.#controllers.openedIfAny(id);
    return controller && (this.#sql.head.get(controller.no, generation)?.['note'] as string | undefined);
  }

  override async verifierKey(id: ControllerId, generation: number): Promise<string | undefined> {
    const controller = await this.#controllers.openedIfAny(id);
    return controller && this.#keysOf(controller, generation).at(-1)?.verifierKey;
  }

  override async keys(id: ControllerId, generation: number): Promise<readonly LogKey[]> {
    const controller = await this.#controllers.openedIfAny(id);
    return controller === undefined ? [] : this.#keysOf(controller, generation);
  }

  override async rotateKey(id: ControllerId, untilMs: number): Promise<void> {
    const { no } = await this.#controllers.opened(id);
    const now = Math.floor(this.#clock.now());
    await this.#thread.run({ kind: 'rotate-log-key', controller: no, now, until: Math.floor(untilMs) });
  }

  #keysOf({ no }: Controller, generation: number): readonly LogKey[] {
    const verifierKey = this.#sql.generation.get(no, generation)?.['verifier_key'] as string | undefined;
    return verifierKey === undefined ? [] : logKeys(this.#ledger, { controller: no, generation, verifierKey });
  }

  override async cosigned(id: ControllerId, generation: number): Promise<KeptCheckpoint | undefined> {
    const controller = this.#controllers.known(id);
    const row = controller && this.#sql.cosigned.get(controller.no, generation);
    return row && keptOf(row);
  }

  override async checkpoints(
    id: ControllerId,
    generation: number,
    after: number,
    limit: number,
  ): Promise<readonly KeptCheckpoint[]> {
    const controller = this.#controllers.known(id);
    return controller === undefined ? [] : this.#sql.kept.all(controller.no, generation, after, limit).map(keptOf);
  }

  override async keepCosigned(id: ControllerId, generation: number, checkpoint: KeptCheckpoint): Promise<void> {
    const controller = await this.#controllers.opened(id);
    await this.#thread.run({ kind: 'keep-cosigned', controller: controller.no, generation, checkpoint });
  }

  override async tile(
    id: ControllerId,
    generation: number,
    level: number,
    index: number,
    width: number,
  ): Promise<Uint8Array | undefined> {
    const place = this.#placeOf(id, generation, level, index, width);
    if (place === undefined) return undefined;
    const full = this.#fullTile(place.controller, generation, level, index);
    if (full !== undefined) return full.subarray(0, width * 32);
    return level === 0
      ? this.#leaves(place, index, width)
      : this.#rootsBelow(place.controller, generation, level, index, width);
  }

  override async bundle(
    id: ControllerId,
    generation: number,
    index: number,
    width: number,
  ): Promise<Uint8Array | undefined> {
    const place = this.#placeOf(id, generation, 0, index, width);
    if (place === undefined) return undefined;
    const made = bundle(this.#log.bytes(place.controller, place.base + index * tileWidth, width));
    return made;
  }

  override async logged(): Promise<undefined> {
    return undefined;
  }

  override async receipt(id: ControllerId, position: Position): Promise<string | undefined> {
    const controller = this.#controllers.known(id);
    if (controller === undefined || position < 0 || position >= controller.size) return undefined;
    // The writer holds the tree that grows alone.
    if (position < controller.base) return this.#receiptOfEarlier(controller, position);
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(controller.no);
      if (waiting !== undefined) waiting.push({ position, resolve, reject });
      else {
        this.#waiting.set(controller.no, [{ position, resolve, reject }]);
        // All that are asked for in one turn go to the writer together: a trail asks for hundreds.
        queueMicrotask(() => void this.#askReceipts(controller));
      }
    });
  }

  /** Of a generation that grows no more: under its last head, made of its tiles; undefined of a position that was lost. */
  async #receiptOfEarlier(controller: Controller, position: Position): Promise<string | undefined> {
    const holder = this.#sql.holder.get(controller.no, position);
    const [generation, size] = [holder?.['generation'] as number, holder?.['size'] as number];
    const index = position - (holder?.['base'] as number);
    const head = this.#sql.head.get(controller.no, generation)?.['note'] as string | undefined;
    if (holder === undefined || head === undefined || index >= size) return undefined;
    const path = await inclusionOf(this, controller.id, generation, index, size);
    return formatReceipt({ index, path, checkpoint: head });
  }

  async #askReceipts(controller: Controller): Promise<void> {
    const waiting = this.#waiting.get(controller.no) ?? [];
    this.#waiting.delete(controller.no);
    const positions = waiting.map(({ position }) => position);
    try {
      const receipts = await this.#thread.run({ kind: 'receipts', controller: controller.no, positions });
      waiting.forEach(({ resolve }, i) => resolve(receipts[i]));
    } catch (failure) {
      for (const { reject } of waiting) reject(failure);
    }
  }

  /** Where a tile lies; undefined where the log has not so many hashes. */
  #placeOf(id: ControllerId, generation: number, level: number, index: number, width: number) {
    const controller = this.#controllers.known(id);
    const state = controller && this.#sql.generation.get(controller.no, generation);
    if (controller === undefined || state === undefined) return undefined;
    if (
      ![level, index, width].every(Number.isSafeInteger) ||
      level < 0 ||
      index < 0 ||
      width < 1 ||
      width > tileWidth
    ) {
      return undefined;
    }
    const hashes = Math.floor((state['size'] as number) / tileWidth ** level);
    if (index * tileWidth + width > hashes) return undefined;
    return { controller, base: state['base'] as number };
  }

  #fullTile(controller: Controller, generation: number, level: number, index: number): Uint8Array | undefined {
    return this.#sql.tile.get(controller.no, generation, level, index)?.['hashes'] as Uint8Array | undefined;
  }

  #leaves({ controller, base }: { controller: Controller; base: number }, index: number, width: number): Uint8Array {
    const entries = this.#log.bytes(controller, base + index * tileWidth, width);
    return Buffer.concat(entries.map((entry) => leafHash(sha256, entry)));
  }

  async #rootsBelow(
    controller: Controller,
    generation: number,
    level: number,
    index: number,
    width: number,
  ): Promise<Uint8Array> {
    const roots: Uint8Array[] = [];
    let made = 0;
    for (let n = index * tileWidth; n < index * tileWidth + width; n++) {
      const name = `${controller.no}/${generation}/${level - 1}/${n}`;
      let root = this.#roots.get(name);
      if (root === undefined) {
        root = rootOf(this.#fullTile(controller, generation, level - 1, n)!);
        this.#roots.set(name, root);
        if (++made % ROOTS_AT_ONCE === 0) await setImmediate();
      }
      roots.push(root);
    }
    return Buffer.concat(roots);
  }
}

function keptOf(row: Readonly<Record<string, SQLOutputValue>>): KeptCheckpoint {
  return { size: row['size'] as number, note: row['note'] as string, cosignedMs: row['cosigned'] as number | null };
}
