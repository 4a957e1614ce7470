import { controllerOf } from '../controller.js';
import { get, peerOf } from '../peer.js';
import type { Sink } from './feed.js';
import { newestLog } from './newest-log.js';
import { feedOverHttp } from './over-http.js';

/** A running server as the place that a feed goes to. Throws CommandFailure 2 where the address or key is none. */
export function httpSink(url: string, key: string, controller: string, retrySeconds: number): Sink {
  const peer = peerOf(url, key);
  const id = controllerOf(controller);
  return {
    name: `${peer.url.origin}${peer.url.pathname} ${id}`,
    log: () => newestLog((generation) => get(peer, `/log/${id}/${generation}/vkey`)),
    feed: (parts) => feedOverHttp({ peer, controller: id, retrySeconds }, parts),
  };
}
