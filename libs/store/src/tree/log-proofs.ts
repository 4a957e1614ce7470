/** Proofs of a log, made of the tiles that the store serves. */
import type { ControllerId } from '#ledger';
import { consistencyProof, consistencyTiles, inclusionProof, inclusionTiles, type TilePlace } from '#proof';
import { StoreFailure, type TransparencyLog } from '../ports.js';
import { sha256 } from '../sealing/hashing.js';

type Tiles = Pick<TransparencyLog, 'tile'>;

/** RFC 6962 consistency proof from an older size; the log must have grown to `size`, else StoreFailure. */
export async function consistencyOf(
  log: Tiles,
  controller: ControllerId,
  generation: number,
  oldSize: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  if (oldSize === 0 || oldSize === size) return [];
  const read = await tilesOf(log, controller, generation, consistencyTiles(oldSize, size));
  return consistencyProof(sha256, oldSize, size, read);
}

/** RFC 6962 inclusion path of a leaf in the tree of `size` leaves. */
export async function inclusionOf(
  log: Tiles,
  controller: ControllerId,
  generation: number,
  index: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  const read = await tilesOf(log, controller, generation, inclusionTiles(size, index));
  return inclusionProof(sha256, size, index, read);
}

async function tilesOf(log: Tiles, controller: ControllerId, generation: number, places: readonly TilePlace[]) {
  const tiles = new Map<string, Uint8Array>();
  for (const { level, index, width } of places) {
    const tile = await log.tile(controller, generation, level, index, width);
    if (tile === undefined) throw new StoreFailure('unavailable', 'the log has not grown so far', true);
    tiles.set(`${level}/${index}`, tile);
  }
  return (level: number, index: number): Uint8Array => tiles.get(`${level}/${index}`)!;
}
