/** The server on the other side: its address, the key shown to it, and what its refusals mean for the user. */
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { CommandFailure, peerFailed, wrongUse } from './failure.js';
import { plain } from './feed/tally.js';

export interface Peer {
  readonly url: URL;
  readonly key: string;
}

/** Throws CommandFailure 2 where the address is none. */
export function peerOf(url: string, key: string): Peer {
  const parsed = URL.parse(url);
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) {
    throw wrongUse('The address of the server is not one: give --url http://HOST:PORT or https://HOST.');
  }
  if (!/^[\x21-\x7e]+$/.test(key))
    throw wrongUse('The key is not of the form of a key: give the last line of `depter key add`.');
  return { url: parsed, key };
}

/** Opens a request; a path starts with a slash and follows the path of the peer's address. */
export function open(peer: Peer, method: string, path: string, headers: Record<string, string>): ClientRequest {
  const url = new URL(peer.url.pathname.replace(/\/+$/, '') + path, peer.url);
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return request(url, { method, agent: false, headers: { authorization: `Bearer ${peer.key}`, ...headers } });
}

/** A response's body as text; a peer that sends more than `limit` bytes is not listened to. */
export async function bodyOf(response: IncomingMessage, limit: number): Promise<string> {
  return (await bytesOf(response, limit)).toString('utf8');
}

async function bytesOf(response: IncomingMessage, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > limit)
      throw peerFailed('The server answers more than it should. Check that --url is the address of Depter.');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const ANSWER_LIMIT_BYTES = 64 * 1024 * 1024;

/** One question with a JSON body, or none; throws CommandFailure 3 unless it is answered 2xx. */
export async function ask(
  peer: Peer,
  method: string,
  path: string,
  body?: unknown,
  accept = 'application/json',
): Promise<string> {
  return (await askBytes(peer, method, path, body, accept)).toString('utf8');
}

async function askBytes(peer: Peer, method: string, path: string, body: unknown, accept: string): Promise<Buffer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = { accept, ...(text === undefined ? {} : { 'content-type': 'application/json' }) };
  const request = open(peer, method, path, headers);
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
  });
  request.end(text);
  let response: IncomingMessage;
  let answer: Buffer;
  try {
    response = await answered;
    answer = await bytesOf(response, ANSWER_LIMIT_BYTES);
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw peerFailed(
      `The server cannot be reached (${errorCode(error)}). Check --url, and that \`depter serve\` runs there.`,
      error,
    );
  }
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 299) throw refusal(status, answer.toString('utf8'));
  return answer;
}

/** A public text of the server; undefined where there is none (404). Throws CommandFailure 3. */
export async function get(peer: Peer, path: string): Promise<string | undefined> {
  try {
    return await ask(peer, 'GET', path, undefined, 'text/plain');
  } catch (error) {
    if (error instanceof CommandFailure && error.status === 1) return undefined;
    throw error;
  }
}

/** Bytes of the log; undefined where there are none (404). Throws CommandFailure 3. */
export async function getBytes(peer: Peer, path: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await askBytes(peer, 'GET', path, undefined, 'application/octet-stream'));
  } catch (error) {
    if (error instanceof CommandFailure && error.status === 1) return undefined;
    throw error;
  }
}

/** What a refusal means, and what to do; of the peer's words only code and place are repeated. */
export function refusal(status: number, body: string): CommandFailure {
  const { code, pointer } = problemOf(body);
  const place = pointer === '' ? '' : ` at ${pointer}`;
  switch (status) {
    case 401:
      return peerFailed(
        'The server does not know this key. Make one with `depter key add` and give it as --key or DEPTER_KEY.',
      );
    case 403:
      return peerFailed(
        'This key may not do that. Ask for a key of another role: `depter feed` needs emitter or officer, `depter report` officer, `depter export` regulator (of whole periods auditor, too), `depter key add` admin.',
      );
    case 404:
      return new CommandFailure(
        1,
        'The server answers "not found": it has no such controller or person, or the key belongs to another one.',
      );
    default:
      return peerFailed(`The server refuses: ${status}${code === '' ? '' : ` ${code}`}${place}.`);
  }
}

function problemOf(body: string): { code: string; pointer: string } {
  try {
    const problem = JSON.parse(body) as { code?: unknown; pointer?: unknown } | null;
    return { code: plain(problem?.code), pointer: plain(problem?.pointer) };
  } catch {
    return { code: '', pointer: '' };
  }
}

/** The code of a system error, which names no address and no content. */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? plain(error.code) : 'the connection was cut';
}
