/** A feed whose client, and then whose server, is killed in the middle: nothing is lost and nothing is there twice. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunningServer } from '../demo/running-server.js';
import { addKeyIn } from '../key.js';
import { get, peerOf } from '../peer.js';
import { packaged } from '../root.js';
import { writeSimulation } from '../simulate/write.js';

const CLI = packaged('dist/apps/cli/src/main.js');
const CONTROLLER = 'kz.autosiyliq';
const ACTIONS = 30_000;

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'depter-killed-'));
  file = join(folder, 'feed.ndjson');
  const out = createWriteStream(file);
  await writeSimulation(
    { persons: 3000, seed: 'killed', controller: CONTROLLER, from: '2026-01-01', to: '2026-06-30', actions: ACTIONS },
    out,
  );
  out.end();
  await once(out, 'close');
});

afterAll(async () => {
  // A test that failed in the middle leaves a server behind.
  for (const server of started) await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const started: RunningServer[] = [];

async function serving(data: string, port: string): Promise<RunningServer> {
  const server = await RunningServer.start(['--data', data, '--port', port]);
  started.push(server);
  return server;
}

function feeding(more: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [CLI, 'feed', file, '--controller', CONTROLLER, ...more]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  return { child, ended: once(child, 'close').then(([status]) => ({ status: status as number | null, out, err })) };
}

async function progressThere(): Promise<void> {
  while (!existsSync(`${file}.depter-progress`)) await sleep(5);
}

async function sizeOfLog(url: string): Promise<number> {
  const checkpoint = await get(peerOf(url, 'none'), `/log/${CONTROLLER}/1/checkpoint`);
  return Number(checkpoint?.split('\n')[1]);
}

describe('a feed that is killed', () => {
  it('goes on where it stood, over kill -9 of the client and of the server', async () => {
    const data = join(folder, 'data');
    const key = await addKeyIn(data, { controller: CONTROLLER, role: 'emitter', subject: undefined });
    let server = await serving(data, '0');
    const { url } = server;
    const target = ['--url', url, '--key', key];

    const first = feeding(target);
    await progressThere();
    first.child.kill('SIGKILL');
    expect((await first.ended).status).toBeNull();

    const second = feeding(target);
    await once(second.child.stderr as NonNullable<ChildProcess['stderr']>, 'data');
    await sleep(200);
    process.kill(server.pid, 'SIGKILL');
    await server.ended();
    server = await serving(data, new URL(url).port);
    const { status, out, err } = await second.ended;
    expect([status, err]).toEqual([0, expect.stringContaining('going on after line')]);
    expect(out).toContain(`${ACTIONS} actions`);
    expect(out).toContain(' 0 refused');
    expect(existsSync(`${file}.depter-progress`)).toBe(false);

    const size = await sizeOfLog(url);
    const again = await feeding([...target, '--from-start']).ended;
    expect(again.out).toContain(` 0 recorded, ${ACTIONS} repeated, 0 refused`);
    expect(await sizeOfLog(url)).toBe(size);
    await server.stop();

    // The same file into a folder of its own, cut and taken up again there too, makes a log of the same length.
    const other = join(folder, 'other');
    const cut = feeding(['--data', other]);
    await progressThere();
    cut.child.kill('SIGKILL');
    await cut.ended;
    const rest = await feeding(['--data', other]).ended;
    expect(rest.status).toBe(0);
    expect(rest.err).toContain('going on after line');
    const reader = await serving(other, '0');
    expect(await sizeOfLog(reader.url)).toBe(size);
    await reader.stop();
  }, 300_000);
});
