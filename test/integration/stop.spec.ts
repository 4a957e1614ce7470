/** The server's own process: how it starts, how it refuses to, and how it stops in the midst of a stream. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openEmbedded } from '#store';
import { builtInPacks, loadControllers, SystemClock } from '#host';
import { ACTIONS, collected, CONTROLLER, linesOf, NDJSON } from './in-process.js';

const MAIN = (app: string): string => resolve(`dist/apps/${app}/src/main.js`);
let dir: string;
let data: string;
let key: string;

async function withStore<T>(use: (store: Awaited<ReturnType<typeof openEmbedded>>) => Promise<T>): Promise<T> {
  const controllers = loadControllers([builtInPacks()]);
  const store = await openEmbedded({
    dir: data,
    clock: new SystemClock(),
    rulebookFor: (controller) => controllers.rulebook(controller),
  });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'depter-stop-'));
  data = join(dir, 'data');
  key = await withStore(
    async (store) => (await store.accessKeys.add({ controller: CONTROLLER, role: 'emitter' })).secret,
  );
}, 60_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Started {
  readonly child: ChildProcess;
  readonly lines: AsyncIterableIterator<string>;
  readonly said: () => string;
}

function start(app: string, ...flags: string[]): Started {
  const child = spawn(process.execPath, [MAIN(app), ...(flags.includes('--port') ? [] : ['--port', '0']), ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {},
  });
  let text = '';
  child.stderr?.on('data', (part: Buffer) => (text += part.toString()));
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return { child, lines, said: () => text };
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  return child.exitCode ?? ((await once(child, 'exit')) as [number | null])[0];
}

describe('a stop', () => {
  it('lets a stream end with what it has, answers nobody else, and loses nothing', async () => {
    const { child, lines } = start('server', '--data', data);
    const ready = String((await lines.next()).value);
    expect(ready).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+$/);
    const url = ready.slice('ready '.length);
    const sending = request(`${url}${ACTIONS}?answers=all`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': NDJSON },
    });
    sending.on('error', () => undefined);
    const actions = Array.from({ length: 1_200 }, () => JSON.stringify(collected({ time: '2026-01-10T10:00:00Z' })));
    sending.write(`${actions.join('\n')}\n`);
    const [response] = (await once(sending, 'response')) as [IncomingMessage];
    child.kill('SIGTERM');
    let text = '';
    for await (const part of response) text += String(part);
    expect(response.complete).toBe(true);
    expect(await exitOf(child)).toBe(0);
    const answered = linesOf(text);
    expect(answered.map(({ line }) => line)).toEqual(answered.map((_, i) => i + 1));
    const size = await withStore((store) => store.ledger.size(CONTROLLER));
    expect(size).toBe(answered.length);
  }, 60_000);
});

describe('a start', () => {
  it('refuses a folder that another process holds, and names the owner', async () => {
    await withStore(async () => {
      const { child, said } = start('server', '--data', data);
      expect(await exitOf(child)).toBe(3);
      expect(said()).toContain(String(process.pid));
    });
  }, 60_000);

  it('refuses wrong settings and says which', async () => {
    const wrong: readonly (readonly [string[], string])[] = [
      [[], '--data is missing'],
      [['--data', data, '--port', '99999'], 'port'],
      [['--data', data, '--now', 'yesterday'], 'now'],
      [['--data', data, '--nonsense'], '--nonsense'],
    ];
    for (const [flags, what] of wrong) {
      const { child, said } = start('server', ...flags);
      expect(await exitOf(child)).toBe(2);
      expect(said()).toContain(what);
    }
  }, 60_000);

  it.each(['server', 'worker'])(
    'refuses a port that somebody has, and ends: the %s',
    async (app) => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const { child, said } = start(app, '--data', data, '--port', String(port));
      expect(await exitOf(child)).toBe(2);
      expect(said()).toContain(`127.0.0.1:${port} is taken. Give another --port or --host.`);
      other.close();
    },
    60_000,
  );

  it('refuses packs with a fault, at their file and line', async () => {
    const packs = join(dir, 'packs');
    await mkdir(packs);
    await writeFile(join(packs, 'wrong.yaml'), 'kind: law\nmeta:\n  id: xx.law\n  nonsense: 1\n');
    const { child, said } = start('server', '--data', data, '--packs', packs);
    expect(await exitOf(child)).toBe(2);
    expect(said()).toContain(`${join(packs, 'wrong.yaml')}:4: unknown key (/meta/nonsense)`);
  }, 60_000);
});
