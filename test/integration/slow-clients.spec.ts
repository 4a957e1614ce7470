/** Clients that stall, drip or do not read: they stop nobody else, hold little, and are cut. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACTIONS, collected, CONTROLLER, InProcess, linesOf, NDJSON, SINGLE } from './in-process.js';

let server: InProcess;
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await InProcess.start('--stall-seconds', '3');
}, 60_000);
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await server.dispose();
});

const head = (key: string, type: string, framing: string): string =>
  `POST ${ACTIONS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: ${type}\r\n${framing}\r\n\r\n`;

/** A client that sends this and then nothing; resolves with how long the server let it be, in milliseconds. */
async function stall(text: string): Promise<{ readonly closed: Promise<number>; readonly socket: Socket }> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'connect');
  const start = performance.now();
  socket.write(text);
  const closed = new Promise<number>((resolve) => socket.once('close', () => resolve(performance.now() - start)));
  return { socket, closed };
}

describe('300 clients that stall', () => {
  it('are cut, and until then stop no other', async () => {
    const { emitter } = server.keys;
    const line = JSON.stringify(collected());
    const chunk = `${line.length.toString(16)}\r\n${line}\r\n`;
    const stalled = await Promise.all(
      Array.from({ length: 100 }, () => [
        stall(head(emitter, NDJSON, 'content-length: 100000').slice(0, -10)),
        stall(`${head(emitter, NDJSON, 'transfer-encoding: chunked')}${chunk}`),
        stall(`${head(emitter, SINGLE, 'content-length: 500')}{"specversion":`),
      ]).flat(),
    );
    const start = performance.now();
    const lines = Array.from({ length: 2_000 }, () => JSON.stringify(collected())).join('\n');
    const [fed, one] = await Promise.all([server.send(lines, NDJSON), server.send(collected())]);
    expect(linesOf(fed.text)).toHaveLength(2_000);
    expect(one.status).toBe(201);
    const took = performance.now() - start;
    const letBe = await Promise.all(stalled.map(({ closed }) => closed));
    // All were still there while the others were served, and none stayed for much longer than the bound.
    expect(Math.min(...letBe)).toBeGreaterThan(Math.min(took, 2_500));
    expect(Math.max(...letBe)).toBeLessThan(20_000);
    expect(server.parts.status.now().ready).toBe(true);
  }, 60_000);
});

describe('a client that does not read its answers', () => {
  it('is not read from any more, and is cut', async () => {
    const { emitter } = server.keys;
    const { socket, closed } = await stall(head(emitter, NDJSON, 'transfer-encoding: chunked'));
    socket.pause();
    const before = await server.parts.ledger.size(CONTROLLER);
    const lines = 'x\n'.repeat(30_000);
    const chunk = `${lines.length.toString(16)}\r\n${lines}\r\n`;
    let sent = 0;
    const pump = async (): Promise<void> => {
      for (; !socket.destroyed && sent < 400; sent += 1) {
        if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
      }
    };
    await Promise.race([pump().catch(() => undefined), closed]);
    await closed;
    expect(sent).toBeLessThan(400);
    expect(await server.parts.ledger.size(CONTROLLER)).toBe(before);
  }, 60_000);
});

describe('a client that drips', () => {
  it('is served for longer than a stall may last', async () => {
    const { emitter } = server.keys;
    const { socket, closed } = await stall(head(emitter, NDJSON, 'transfer-encoding: chunked'));
    let text = '';
    socket.on('data', (part: Buffer) => (text += part.toString()));
    for (let i = 0; i < 9; i += 1) {
      const line = `${JSON.stringify(collected())}\n`;
      socket.write(`${line.length.toString(16)}\r\n${line}\r\n`);
      await delay(500);
    }
    socket.write('0\r\n\r\n');
    while (!text.endsWith('0\r\n\r\n') && !socket.destroyed) await delay(20);
    expect(text.match(/"status":"recorded"/g)).toHaveLength(9);
    socket.destroy();
    await closed;
  }, 60_000);
});
