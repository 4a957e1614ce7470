/** The kept checkpoints of a server, read page by page, and no longer than the pages go on. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { peerOf } from '../peer.js';
import { servedLog } from './served-log.js';

const row = (size: number) => ({ size, cosigned: null, checkpoint: `note of ${size}` });

let server: Server;
let pages: ReadonlyMap<string, unknown>;
let asked: string[];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url!);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(pages.get(request.url!)));
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
});
afterAll(() => new Promise((done) => void server.close(done)));
beforeEach(() => {
  asked = [];
});

const log = () =>
  servedLog(peerOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'none'), '/log/kz.finbox/1');

test('all pages are read, in order', async () => {
  pages = new Map([
    ['/log/kz.finbox/1/checkpoints', { checkpoints: [row(0), row(7)], next: 7 }],
    ['/log/kz.finbox/1/checkpoints?after=7', { checkpoints: [row(9)], next: 9 }],
    ['/log/kz.finbox/1/checkpoints?after=9', { checkpoints: [row(12)] }],
  ]);
  expect(await log().checkpoints()).toEqual(['note of 0', 'note of 7', 'note of 9', 'note of 12']);
  expect(asked).toHaveLength(3);
});

test('a server that leads in circles is not followed', async () => {
  pages = new Map([
    ['/log/kz.finbox/1/checkpoints', { checkpoints: [row(7)], next: 7 }],
    ['/log/kz.finbox/1/checkpoints?after=7', { checkpoints: [row(7)], next: 7 }],
  ]);
  await expect(log().checkpoints()).rejects.toThrow('The server answers in words');
  expect(asked).toHaveLength(2);
});
