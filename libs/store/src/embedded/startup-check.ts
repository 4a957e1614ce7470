/**
 * Whether what a folder holds of a log is what its head says, tried before anything is appended: the head's signature,
 * the last 65,536 entries against the tiles, the tiles against the edge, the edge against the root. What lies further
 * back is for a rolling audit.
 */
import type { DatabaseSync } from 'node:sqlite';
import { leafHash, tileBytes, tileWidth, Tree, TreeFailure } from '#proof';
import { StoreFailure } from '../ports.js';
import { sha256 } from '../sealing/hashing.js';
import { POSITIONS } from './schema.js';
import { rootOfHead } from '../tree/head.js';
import { rootOf } from '../tree/tile-root.js';
import { logKeys } from './key-rotation.js';
import type { LogRow, LogStatements } from './controller-log.js';

const CHECKED_ENTRIES = 65_536;
const HASH_BYTES = 32;

export interface CheckedLog {
  readonly tree: Tree;
  readonly head: string;
}

/** Throws StoreFailure `corrupt`, naming the place; never what stands there. */
export function checkLog(ledger: DatabaseSync, statements: LogStatements, row: LogRow): CheckedLog {
  const place = `log ${row.name}/${row.generation}`;
  const state = ledger
    .prepare('SELECT size, edge FROM generations WHERE controller = ? AND generation = ?')
    .get(row.controller, row.generation);
  if (state === undefined) throw corrupt(`${place}, no state`);
  const size = state['size'] as number;
  const { head, root } = checkHead(ledger, row, size, place);
  const first = row.controller * POSITIONS + row.base;
  const beyond = ledger.prepare('SELECT max(at) AS at FROM events WHERE at >= ? AND at < ?');
  const last = beyond.get(first, (row.controller + 1) * POSITIONS)?.['at'] as number | null;
  if ((last ?? first - 1) - first + 1 !== size) throw corrupt(`${place}, count of entries`);
  const leaves = checkEntries(ledger, statements, row, size, place);
  const partial = partialTiles(statements, row, size, leaves, place);
  try {
    const tree = Tree.resume(sha256, { size, hashes: state['edge'] as Uint8Array }, partial);
    if (!Buffer.from(root).equals(tree.root())) throw corrupt(`${place}, root of the head`);
    return { tree, head };
  } catch (failure) {
    if (failure instanceof TreeFailure) throw corrupt(`${place}, ${failure.code}`);
    throw failure;
  }
}

function checkHead(ledger: DatabaseSync, row: LogRow, size: number, place: string) {
  const found = ledger
    .prepare('SELECT note FROM heads WHERE controller = ? AND generation = ? ORDER BY day DESC LIMIT 1')
    .get(row.controller, row.generation);
  if (found === undefined) throw corrupt(`${place}, no head`);
  const head = found['note'] as string;
  const signed = rootOfHead(
    head,
    {
      ...row,
      laterKeys: logKeys(ledger, row)
        .slice(1)
        .map((key) => key.verifierKey),
    },
    size,
  );
  if ('fault' in signed) throw corrupt(`${place}, ${signed.fault}`);
  return { head, root: signed.root };
}

/** Compares the last entries with the tiles and gives the leaves of the unfinished tile. */
function checkEntries(
  ledger: DatabaseSync,
  statements: LogStatements,
  row: LogRow,
  size: number,
  place: string,
): Buffer {
  const full = Math.floor(size / tileWidth);
  const from = Math.max(0, Math.ceil((size - CHECKED_ENTRIES) / tileWidth)) * tileWidth;
  const first = row.controller * POSITIONS + row.base;
  const rows = ledger.prepare('SELECT at, entry FROM events WHERE at >= ? AND at < ? ORDER BY at');
  let next = Math.min(from, size);
  let leaves = Buffer.alloc(0);
  for (let tile = Math.floor(next / tileWidth); tile <= full; tile++) {
    const end = Math.min(size, (tile + 1) * tileWidth);
    leaves = Buffer.alloc((end - tile * tileWidth) * HASH_BYTES);
    for (const event of rows.iterate(first + next, first + end)) {
      if (event['at'] !== first + next) throw corrupt(`${place}, entry ${next}`);
      leaves.set(leafHash(sha256, event['entry'] as Uint8Array), (next - tile * tileWidth) * HASH_BYTES);
      next++;
    }
    if (next !== end) throw corrupt(`${place}, entry ${next}`);
    if (tile < full && !leaves.equals(fullTile(statements, row, 0, tile, place)))
      throw corrupt(`${place}, tile 0/${tile}`);
  }
  return leaves;
}

function partialTiles(
  statements: LogStatements,
  row: LogRow,
  size: number,
  leaves: Buffer,
  place: string,
): Uint8Array[] {
  const tiles: Uint8Array[] = [leaves];
  for (let level = 1; Math.floor(size / tileWidth ** level) > 0; level++) {
    const count = Math.floor(size / tileWidth ** level);
    const from = Math.floor(count / tileWidth) * tileWidth;
    const roots: Uint8Array[] = [];
    for (let n = from; n < count; n++) roots.push(rootOf(fullTile(statements, row, level - 1, n, place)));
    tiles.push(Buffer.concat(roots));
  }
  return tiles;
}

function fullTile(statements: LogStatements, row: LogRow, level: number, n: number, place: string): Uint8Array {
  const hashes = statements.tile.get(row.controller, row.generation, level, n)?.['hashes'];
  if (!(hashes instanceof Uint8Array) || hashes.length !== tileBytes) throw corrupt(`${place}, tile ${level}/${n}`);
  return hashes;
}

function corrupt(place: string): StoreFailure {
  return new StoreFailure('corrupt', `the data folder is damaged: ${place}`, false);
}
