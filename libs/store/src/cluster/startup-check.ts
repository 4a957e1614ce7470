/**
 * Whether the last entries of a log are what the tree says, in PostgreSQL and in the event log, tried before anything is
 * appended: each against its leaf, the leaves against the tiles. The head, the edge and the root are tried wherever the
 * tree is taken up; what lies further back is for a rolling audit.
 */
import { hashBytes, leafHash, tileWidth } from '#proof';
import { StoreFailure } from '../ports.js';
import { sha256 } from '../sealing/hashing.js';
import { groupEntriesMax, type EventLog, type LogName } from './event-log.js';
import type { PlacedEntry, Placement } from './sequencing.js';

const CHECKED_ENTRIES = 65_536;
/** Whole tiles of one reading, within what the event log gives at once. */
const TILES_AT_ONCE = Math.floor(groupEntriesMax / tileWidth);

/** Throws StoreFailure: `corrupt`, naming the place, never what stands there; `unavailable` as the servers are. */
export async function checkLastEntries(
  log: LogName,
  size: number,
  placement: Placement,
  eventLog: EventLog,
): Promise<void> {
  const step = TILES_AT_ONCE * tileWidth;
  // At a tile's edge, so that what is left unread is whole tiles.
  const first = Math.max(0, Math.ceil((size - CHECKED_ENTRIES) / tileWidth)) * tileWidth;
  for (let from = first; from < size; from += step) {
    const to = Math.min(size, from + step);
    const placed = await placement.entries(log, from, to);
    checkLeaves(log, from, placed);
    await checkTiles(log, from, to, placed, placement);
    await checkLogged(log, from, placed, eventLog);
  }
}

function checkLeaves(log: LogName, from: number, placed: readonly PlacedEntry[]): void {
  placed.forEach(({ entry, leaf }, i) => {
    if (!same(leafHash(sha256, entry), leaf)) throw corrupt(log, `entry ${from + i}`);
  });
}

async function checkTiles(
  log: LogName,
  from: number,
  to: number,
  placed: readonly PlacedEntry[],
  placement: Placement,
): Promise<void> {
  for (let at = from; at + tileWidth <= to; at += tileWidth) {
    const leaves = placed.slice(at - from, at - from + tileWidth).map(({ leaf }) => leaf);
    const tile = await placement.leafTile(log, at / tileWidth);
    if (tile === undefined || !same(tile, Buffer.concat(leaves, tileWidth * hashBytes))) {
      throw corrupt(log, `tile 0/${at / tileWidth}`);
    }
  }
}

async function checkLogged(
  log: LogName,
  from: number,
  placed: readonly PlacedEntry[],
  eventLog: EventLog,
): Promise<void> {
  const logged = await eventLog.read(log, from, placed.length);
  placed.forEach(({ id, leaf }, i) => {
    const there = logged[i];
    if (there === undefined || !same(there.id, id) || !same(leafHash(sha256, there.entry), leaf)) {
      throw corrupt(log, `entry ${from + i} of the event log`);
    }
  });
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function corrupt({ controller, generation }: LogName, place: string): StoreFailure {
  return new StoreFailure('corrupt', `the store is damaged: log ${controller}/${generation}, ${place}`, false);
}
