/** A log as its server shows it to anyone who asks. */
import { tilePath } from '#proof';
import { peerFailed } from '../failure.js';
import { ask, get, getBytes, type Peer } from '../peer.js';
import type { ServedLog } from './verify-log.js';

export interface KeyedLog extends ServedLog {
  /** Verifier keys, the first one first, each later one with the note that introduces it. */
  keys(): Promise<readonly { readonly key: string; readonly introduction: string | null }[]>;
  /** The kept checkpoints by size; the last is the latest of all. */
  kept(): Promise<readonly { readonly note: string; readonly cosigned: boolean }[]>;
}

interface CheckpointsAnswer {
  readonly checkpoints?: unknown;
  readonly next?: unknown;
}

/** `prefix` is `/log/<controller>/<generation>`. */
export function servedLog(peer: Peer, prefix: string): KeyedLog {
  const kept = async (): Promise<readonly { readonly note: string; readonly cosigned: boolean }[]> => {
    const all: { readonly note: string; readonly cosigned: boolean }[] = [];
    for (let after: number | undefined = -1; after !== undefined;) {
      const query: string = after < 0 ? '' : `?after=${after}`;
      const answer = JSON.parse(await ask(peer, 'GET', `${prefix}/checkpoints${query}`)) as CheckpointsAnswer;
      if (!Array.isArray(answer.checkpoints)) throw unknownAnswer();
      for (const one of answer.checkpoints as readonly ({ checkpoint?: unknown; cosigned?: unknown } | null)[]) {
        if (typeof one?.checkpoint !== 'string') throw unknownAnswer();
        all.push({ note: one.checkpoint, cosigned: typeof one.cosigned === 'string' });
      }
      after = pageAfter(answer.next, after);
    }
    return all;
  };
  return {
    keys: async () => {
      const answer = JSON.parse(await ask(peer, 'GET', `${prefix}/keys`)) as { keys?: unknown };
      if (!Array.isArray(answer.keys)) throw unknownAnswer();
      return answer.keys.map((one: { key?: unknown; introduction?: unknown } | null) => {
        if (typeof one?.key !== 'string') throw unknownAnswer();
        return { key: one.key, introduction: typeof one.introduction === 'string' ? one.introduction : null };
      });
    },
    kept,
    checkpoint: async () => (await get(peer, `${prefix}/checkpoint`)) ?? '',
    checkpoints: async () => (await kept()).map(({ note }) => note),
    tile: (level, index, width) => withFallback(peer, prefix, level, index, width),
    bundle: (index, width) => withFallback(peer, prefix, 'entries', index, width),
  };
}

/** The generation of a controller's log that grows; 0 where there is none. */
export async function latestGenerationAt(peer: Peer, controller: string): Promise<number> {
  let generation = 0;
  while ((await get(peer, `/log/${controller}/${generation + 1}/vkey`)) !== undefined) generation += 1;
  return generation;
}

/** A log may drop a partial tile once the full one is there: clients fall back to that (`proof-format.md`). */
async function withFallback(
  peer: Peer,
  prefix: string,
  level: number | 'entries',
  index: number,
  width: number,
): Promise<Uint8Array | undefined> {
  const partial = await getBytes(peer, `${prefix}/${tilePath(level, index, width)}`);
  if (partial !== undefined || width === 256) return partial;
  const full = await getBytes(peer, `${prefix}/${tilePath(level, index)}`);
  return level === 'entries' ? firstEntries(full, width) : full?.slice(0, width * 32);
}

/** The first entries of a bundle; undefined where it has not so many. */
function firstEntries(bundle: Uint8Array | undefined, count: number): Uint8Array | undefined {
  if (bundle === undefined) return undefined;
  let end = 0;
  for (let i = 0; i < count; i++) {
    if (end + 2 > bundle.length) return undefined;
    end += 2 + (bundle[end]! << 8) + bundle[end + 1]!;
  }
  return end <= bundle.length ? bundle.slice(0, end) : undefined;
}

/** Where the next page begins; a server that leads back would be asked for ever. */
function pageAfter(next: unknown, before: number): number | undefined {
  if (next === undefined) return undefined;
  if (typeof next !== 'number' || !Number.isSafeInteger(next) || next <= before) throw unknownAnswer();
  return next;
}

const unknownAnswer = () =>
  peerFailed('The server answers in words that this version does not know. Check that the address is that of Depter.');
