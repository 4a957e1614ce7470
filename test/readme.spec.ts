/** The tour of the README, run as it stands, in a folder of its own; the block of the second terminal runs beside the others. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const has = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
const tools = ['bash', 'curl', 'sed', 'grep', 'npx'].every(has);

const tour = readFileSync('README.md', 'utf8').split('## Ten-minute tour')[1]!.split('\n## ')[0]!;
const blocks = [...tour.matchAll(/```sh(.*)\n([\s\S]*?)```/g)].map((match) => ({
  server: match[1] === ' server',
  text: match[2]!,
}));
const second = blocks.findIndex((block) => block.server);

/** The tour names one port; a machine on which something else holds it tries the tour on another. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

let folder: string;
let port: number;
let server: ChildProcess | undefined;
let over = false;

const asItStands = (text: string): string =>
  text.replaceAll('8484', String(port)).replace(/(^|[\s@(])tour\b/gm, `$1${folder}`);
const shell = async (from: number, to: number): Promise<string> => {
  const script = ['set -euo pipefail', ...blocks.slice(from, to).map((block) => block.text)].join('\n');
  return (await promisify(execFile)('bash', ['-c', asItStands(script)], { maxBuffer: 2 ** 26 })).stdout;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'depter-tour-'));
  port = await freePort();
});
afterAll(async () => {
  // A test that ran out of time goes on, and must not start anything any more.
  over = true;
  // Ctrl-C reaches everything that runs in the terminal: the whole group.
  if (server?.pid !== undefined && server.exitCode === null && server.signalCode === null)
    process.kill(-server.pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

test('the tour has its blocks', () => {
  expect(blocks.length).toBeGreaterThanOrEqual(8);
  expect(second).toBeGreaterThan(0);
});

(tools ? test : test.skip)(
  'the tour runs (it needs bash, curl, sed, grep and npx)',
  async () => {
    await shell(0, second);
    if (over) return;
    server = spawn('bash', ['-c', asItStands(blocks[second]!.text)], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [ready] = (await once(server.stdout!, 'data')) as [Buffer];
    expect(ready.toString()).toContain(`ready http://127.0.0.1:${port}`);
    const output = await shell(second + 1, blocks.length);
    expect(output).toContain('c2sp.org/tlog-proof@v1');
    expect(output).toContain('"conflict"');
    expect(output.toLowerCase()).toContain('фамилия, имя, отчество');
    expect(output).toContain('/log/kz.autosiyliq/1');
    const ended = once(server, 'exit');
    process.kill(-server.pid!, 'SIGINT');
    await ended;
    await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow();
  },
  180_000,
);
