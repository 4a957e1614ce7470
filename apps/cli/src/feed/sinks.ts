/** The places that a feed can go to. */
import { resolve } from 'node:path';
import { controllerOf } from '../controller.js';
import type { Folder } from '../folder.js';
import { get, peerOf } from '../peer.js';
import type { Sink } from './feed.js';
import { feedFolder } from './into-folder.js';
import { feedOverHttp } from './over-http.js';

/** Throws CommandFailure 2 where the address or key is none. */
export function httpSink(url: string, key: string, controller: string, retrySeconds: number): Sink {
  const peer = peerOf(url, key);
  const id = controllerOf(controller);
  return {
    name: `${peer.url.origin}${peer.url.pathname} ${id}`,
    log: () => newestLog((generation) => get(peer, `/log/${id}/${generation}/vkey`)),
    feed: (parts) => feedOverHttp({ peer, controller: id, retrySeconds }, parts),
  };
}

/** A folder that is open already. */
export function folderSink({ store, controllers }: Folder, dir: string, controller: string): Sink {
  const id = controllerOf(controller);
  return {
    name: `${resolve(dir)} ${id}`,
    log: () => newestLog((generation) => store.log.verifierKey(id, generation)),
    feed: (parts) => feedFolder(store.ledger, controllers, id, parts),
  };
}

/** Each restored backup begins one; a peer that has more is no Depter. */
const MOST_GENERATIONS = 100;

/** A log that was restored goes on in a new generation, and may have lost what a feed thinks to be there. */
async function newestLog(
  verifierKey: (generation: number) => Promise<string | undefined>,
): Promise<string | undefined> {
  let newest: string | undefined;
  try {
    for (let generation = 1; generation <= MOST_GENERATIONS; generation += 1) {
      const next = await verifierKey(generation);
      if (next === undefined) return newest;
      newest = next;
    }
  } catch {
    // A log that cannot be asked is not known; a feed to it begins at the beginning.
  }
  return undefined;
}
