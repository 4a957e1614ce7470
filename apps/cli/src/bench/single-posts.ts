/** Single actions over HTTP from several clients at once, each waiting for its answer before it sends the next. */
import { Agent, request } from 'node:http';
import { peerFailed } from '../failure.js';
import type { Peer } from '../peer.js';

export interface PostSettings {
  readonly peer: Peer;
  readonly controller: string;
  readonly clients: number;
  readonly requests: number;
}

export interface PostResult {
  /** Of each request, from sending to the whole answer. */
  readonly milliseconds: readonly number[];
  readonly perSecond: number;
}

/** Takes as many lines as there are requests, each a new action; the first of each client is not counted. */
export async function singlePosts(settings: PostSettings, lines: Iterator<string>): Promise<PostResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: settings.clients });
  const milliseconds: number[] = [];
  let left = settings.requests;
  const post = () => one(settings, agent, lines.next().value as string);
  await Promise.all(Array.from({ length: settings.clients }, post));
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: settings.clients }, async () => {
      while (left > 0) {
        left -= 1;
        milliseconds.push(await post());
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  agent.destroy();
  return { milliseconds, perSecond: settings.requests / seconds };
}

function one({ peer, controller }: PostSettings, agent: Agent, line: string): Promise<number> {
  const body = Buffer.from(line);
  const headers = {
    authorization: `Bearer ${peer.key}`,
    'content-type': 'application/cloudevents+json',
    'content-length': body.length,
  };
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const sent = request(
      new URL(`/v1/${controller}/actions`, peer.url),
      { method: 'POST', agent, headers },
      (response) => {
        response.resume();
        response.on('end', () => {
          if (response.statusCode === 201) resolve(performance.now() - begun);
          else reject(peerFailed(`A single action was answered ${response.statusCode}.`));
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
