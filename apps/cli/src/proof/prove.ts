/** `depter proof`: single proofs of a served log, made of its public tiles and checked before they are shown. */
import {
  consistencyProof, consistencyTiles, formatReceipt, inclusionProof, inclusionTiles, logPolicy, verifyCheckpoint, verifyConsistency,
  verifyInclusion, type ReadCheckpoint, type TilePlace, type VerifierKey,
} from '#proof'; // prettier-ignore
import { CommandFailure, peerFailed, wrongUse } from '../failure.js';
import { peerOf } from '../peer.js';
import { believed } from '../verify/believed.js';
import { logKeys } from '../verify/log-keys.js';
import { nodePrimitives } from '../verify/primitives.js';
import { latestGenerationAt, servedLog, type KeyedLog } from '../verify/served-log.js';

/** Which log, and whom to believe: the server's first key and what it introduces, unless a key is given. */
export interface ProvedLog {
  readonly url: string;
  readonly controller: string;
  /** The one that grows, unless said. */
  readonly generation: number | undefined;
  readonly vkeys: readonly string[];
}

interface Opened {
  readonly log: KeyedLog;
  readonly keys: readonly VerifierKey[];
  readonly note: string;
  readonly head: ReadCheckpoint;
}

async function open({ url, controller, generation: asked, vkeys }: ProvedLog): Promise<Opened> {
  const said = believed(nodePrimitives.sha256, undefined, vkeys);
  if ('wrong' in said) throw wrongUse(said.wrong);
  const peer = peerOf(url, 'none');
  const generation = asked ?? (await latestGenerationAt(peer, controller));
  if (generation === 0) throw new CommandFailure(1, 'This controller has no log at that address.');
  const prefix = `/log/${controller}/${generation}`;
  const log = servedLog(peer, prefix);
  const { keys } = await logKeys(log, said.policy, prefix);
  const note = await log.checkpoint();
  const checked = verifyCheckpoint(nodePrimitives.verify, logPolicy(...keys), note);
  if (!checked.ok) throw new CommandFailure(1, `The checkpoint of the log is not good: ${checked.code}.`);
  return { log, keys, note, head: checked.value.head };
}

async function tilesOf(log: KeyedLog, places: readonly TilePlace[]) {
  const tiles = new Map<string, Uint8Array>();
  for (const { level, index, width } of places) {
    const tile = await log.tile(level, index, width);
    if (tile === undefined) throw peerFailed(`The log has no tile ${level}/${index}.`);
    tiles.set(`${level}/${index}`, tile);
  }
  return (level: number, index: number): Uint8Array => tiles.get(`${level}/${index}`)!;
}

/** A receipt without its entry: whoever holds the entry can check it. Throws CommandFailure 1 where the log is shorter. */
export async function inclusionReceipt(of: ProvedLog, index: number): Promise<string> {
  const { log, note, head } = await open(of);
  if (index >= head.size) throw new CommandFailure(1, `The log has ${head.size} entries under its checkpoint.`);
  const read = await tilesOf(log, inclusionTiles(head.size, index));
  const path = inclusionProof(nodePrimitives.sha256, head.size, index, read);
  const leaf = read(0, Math.floor(index / 256)).slice((index % 256) * 32, (index % 256) * 32 + 32);
  const judged = verifyInclusion(nodePrimitives.sha256, { index, size: head.size, leaf, path, root: head.root });
  if (!judged.ok) throw new CommandFailure(1, `The log's tiles do not prove entry ${index}: ${judged.code}.`);
  return formatReceipt({ index, path, checkpoint: note });
}

/** Whether the log of today begins with that of an older checkpoint, of whose generation it is, and the proof. */
export async function consistencyWith(
  of: ProvedLog,
  kept: string,
): Promise<{ readonly good: boolean; readonly text: string }> {
  const { log, keys, head } = await open({ ...of, generation: of.generation ?? generationOf(kept) });
  const older = verifyCheckpoint(nodePrimitives.verify, logPolicy(...keys), kept);
  if (!older.ok) throw wrongUse(`The older checkpoint is not one of this log: ${older.code}.`);
  const { size: oldSize, root: oldRoot } = older.value.head;
  if (oldSize > head.size) return { good: false, text: `bad: the log has ${head.size} entries, and had ${oldSize}\n` };
  const places = oldSize === 0 || oldSize === head.size ? [] : consistencyTiles(oldSize, head.size);
  const read = await tilesOf(log, places);
  const path = places.length === 0 ? [] : consistencyProof(nodePrimitives.sha256, oldSize, head.size, read);
  const claim = { oldSize, oldRoot, size: head.size, root: head.root, path };
  const judged = verifyConsistency(nodePrimitives.sha256, claim);
  if (!judged.ok) return { good: false, text: `bad: fork, ${judged.code} from ${oldSize} to ${head.size} entries\n` };
  const hashes = path.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('');
  return { good: true, text: `good: the ${oldSize} entries of then are the first of ${head.size}\n${hashes}` };
}

/** The last part of the origin, in the first line; whether it is that of this log its signature says. */
function generationOf(kept: string): number | undefined {
  const said = /^[^\n]*\/log\/[^/\n]+\/([1-9]\d{0,5})\n/.exec(kept)?.[1];
  return said === undefined ? undefined : Number(said);
}
