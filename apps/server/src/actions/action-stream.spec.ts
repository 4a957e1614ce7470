/** The stream over a real HTTP server and real sockets; what records is handed in, so that it can be slow or fail. */
import { once } from 'node:events';
import { createServer, request, type ClientRequest, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { EventId } from '#ledger';
import type { ActionAnswer } from '#roles';
import { StoreFailure } from '#store';
import { problemOf } from '#host';
import { ActionStream, type StreamSettings } from './action-stream.js';

type Record = StreamSettings['record'];

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

let nextPosition = 0;
const recordAll: Record = (texts) => Promise.resolve(texts.map((text) => answerOf(text)));

function answerOf(text: Buffer | undefined): ActionAnswer {
  if (text === undefined) return { status: 'refused', code: 'too-large', pointer: '' };
  if (text.toString() === 'bad') return { status: 'refused', code: 'malformed', pointer: '' };
  const event = text.toString().padEnd(22, '_') as EventId;
  return { status: 'recorded', event, position: nextPosition++, subject: null };
}

interface Started {
  readonly port: number;
  /** How each stream ended, in order. */
  readonly ends: unknown[];
}

async function start(record: Record, more: Partial<StreamSettings> = {}): Promise<Started> {
  const ends: unknown[] = [];
  const server = createServer({ requestTimeout: 0 }, (input, output) => {
    const stream = new ActionStream(input, output, {
      maxActionBytes: 100,
      stallMs: 300,
      refusedOnly: false,
      stop: new AbortController().signal,
      begin: () => undefined,
      groupLines: () => 500,
      groupsAtOnce: () => 3,
      turn: () => Promise.resolve(() => undefined),
      record,
      ...more,
    });
    stream.run().then(
      () => ends.push('done'),
      (error: unknown) => {
        ends.push(error);
        if (output.headersSent) output.destroy();
        else output.writeHead(problemOf(error)?.code === 'overloaded' ? 429 : 500).end();
      },
    );
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, ends };
}

function open(port: number): { readonly sending: ClientRequest; readonly answer: Promise<IncomingMessage> } {
  const sending = request({ port, host: '127.0.0.1', method: 'POST', agent: false });
  const answer = once(sending, 'response').then(([response]) => response as IncomingMessage);
  answer.catch(() => undefined);
  return { sending, answer };
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

async function send(port: number, body: string | Buffer): Promise<string> {
  const { sending, answer } = open(port);
  sending.end(body);
  return textOf(await answer);
}

function linesOf(text: string): { line: number; status: string; problem?: unknown }[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { line: number; status: string });
}

describe('ActionStream', () => {
  it('answers every line in order, over many groups that finish out of order', async () => {
    const slowFirst: Record = async (texts) => {
      await delay(texts.length % 2 === 0 ? 15 : 1);
      return texts.map(answerOf);
    };
    const { port } = await start(slowFirst);
    const body = Array.from({ length: 3_333 }, (_, i) => (i % 7 === 0 ? 'bad' : `a${i}`)).join('\n');
    const lines = linesOf(await send(port, body));
    expect(lines.map(({ line }) => line)).toEqual(Array.from({ length: 3_333 }, (_, i) => i + 1));
    expect(lines.filter(({ status }) => status === 'refused')).toHaveLength(477);
  });

  it('goes on after a line that is too long, and counts blank ones', async () => {
    const { port } = await start(recordAll);
    const lines = linesOf(await send(port, `a\r\n\r\n${'x'.repeat(500)}\nb`));
    expect(lines.map(({ line, status }) => [line, status])).toEqual([
      [1, 'recorded'],
      [3, 'refused'],
      [4, 'recorded'],
    ]);
    expect(lines[1]?.problem).toMatchObject({ code: 'too-large', line: 3 });
  });

  it('answers while it runs', async () => {
    const { port } = await start(recordAll);
    const { sending, answer } = open(port);
    sending.write('a\nb');
    const response = await answer;
    const [first] = (await once(response, 'data')) as [Buffer];
    expect(linesOf(first.toString()).map(({ line }) => line)).toEqual([1]);
    sending.end('c\n');
    expect(linesOf(await textOf(response)).map(({ line }) => line)).toEqual([2]);
  });

  it('gives only refused lines and counts where that is asked for', async () => {
    const { port } = await start(recordAll, { refusedOnly: true });
    const lines = (await send(port, 'a\nbad\nb\n')).trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ line: 2, status: 'refused' });
    expect(JSON.parse(lines[1] ?? '')).toEqual({ recorded: 2, repeated: 0, refused: 1 });
    expect(await send(port, '')).toBe('{"recorded":0,"repeated":0,"refused":0}\n');
  });

  it('is refused as a whole while nothing was answered, and waits for room after that', async () => {
    const waits: boolean[] = [];
    const full: Record = (_, wait) => {
      waits.push(wait);
      return Promise.reject(new StoreFailure('overloaded', 'full', true));
    };
    const refused = await start(full);
    const { sending, answer } = open(refused.port);
    sending.end('a\n');
    expect((await answer).resume().statusCode).toBe(429);
    const accepted = await start((texts, wait) => {
      waits.push(wait);
      return recordAll(texts, wait);
    });
    await send(accepted.port, 'a\n'.repeat(1_200));
    expect(waits.slice(0, 2)).toEqual([false, false]);
    expect(waits.slice(2).every((wait) => wait)).toBe(true);
  });

  it('breaks off after the first line that a failed store did not record', async () => {
    let groups = 0;
    const { port, ends } = await start((texts, wait) =>
      (groups += 1) === 2 ? Promise.reject(new StoreFailure('full', 'no space', true)) : recordAll(texts, wait),
    );
    const { sending, answer } = open(port);
    sending.end('a\n'.repeat(2_000));
    const response = await answer;
    let text = '';
    response.on('data', (chunk: Buffer) => (text += chunk.toString()));
    response.on('error', () => undefined);
    await new Promise((resolve) => response.once('close', resolve));
    expect(response.complete).toBe(false);
    const lines = linesOf(text);
    expect(lines.at(-1)).toMatchObject({ line: lines.length, status: 'refused', problem: { code: 'unavailable' } });
    expect(lines.slice(0, -1).every(({ status }) => status === 'recorded')).toBe(true);
    await delay(20);
    expect(ends).toMatchObject([{ name: 'Cut' }]);
  });

  it('cuts a body that stalls, and leaves alone one that flows for longer than that', async () => {
    const { port, ends } = await start(recordAll);
    const stalled = connect(port, '127.0.0.1');
    stalled.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\na\n');
    stalled.resume();
    await once(stalled, 'close');
    expect(ends).toMatchObject([{ name: 'Cut' }]);
    const { sending, answer } = open(port);
    for (let i = 0; i < 8; i += 1) {
      sending.write('a\n');
      await delay(100);
    }
    sending.end();
    expect(linesOf(await textOf(await answer))).toHaveLength(8);
  });

  it('stops reading from a client that does not read, holds little for it, and cuts it in the end', async () => {
    let recorded = 0;
    const { port, ends } = await start((texts, wait) => {
      recorded += texts.length;
      return recordAll(texts, wait);
    });
    const socket = connect(port, '127.0.0.1');
    socket.pause();
    socket.on('error', () => undefined);
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
    const line = 'b\n'.repeat(20_000);
    const chunk = `${line.length.toString(16)}\r\n${line}\r\n`;
    let sent = 0;
    const pump = async (): Promise<void> => {
      while (!socket.destroyed && sent < 20_000_000) {
        sent += 20_000;
        if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
      }
    };
    await Promise.race([pump().catch(() => undefined), delay(8_000, undefined, { ref: false })]);
    expect(ends).toMatchObject([{ name: 'Cut' }]);
    expect(recorded).toBeLessThan(sent);
    socket.destroy();
  });

  it('ends with what it has when the server stops', async () => {
    const stopping = new AbortController();
    const { port, ends } = await start(recordAll, { stop: stopping.signal, refusedOnly: true });
    const { sending, answer } = open(port);
    sending.on('error', () => undefined);
    sending.write('a\nb\n');
    const response = await answer;
    stopping.abort();
    expect(await textOf(response)).toBe('{"recorded":2,"repeated":0,"refused":0}\n');
    expect(ends).toEqual(['done']);
    sending.destroy();
  });
});
