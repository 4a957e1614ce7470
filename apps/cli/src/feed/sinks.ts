/** The places that a feed can go to. */
import { controllerOf } from '../controller.js';
import { peerOf } from '../peer.js';
import type { Sink } from './feed.js';
import { feedOverHttp } from './over-http.js';

/** Throws CommandFailure 2 where the address or key is none. */
export function httpSink(url: string, key: string, controller: string, retrySeconds: number): Sink {
  const peer = peerOf(url, key);
  const path = controllerOf(controller);
  return {
    name: `${peer.url.origin}${peer.url.pathname} ${path}`,
    feed: (parts) => feedOverHttp({ peer, controller: path, retrySeconds }, parts),
  };
}
