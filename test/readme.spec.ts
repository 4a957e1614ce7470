/** The tour of the README, run as it stands: block after block in one shell, which stops at the first that fails. */
import { expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const has = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
const tools = has('bash') && has('curl') && has('sed') && has('grep');

/** The tour names one port; a machine on which something else holds it tries the tour on another. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const tour = readFileSync('README.md', 'utf8').split('## Ten-minute tour')[1]!.split('\n## ')[0]!;
const blocks = [...tour.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]!);

test('the tour has its blocks', () => {
  expect(blocks.length).toBeGreaterThanOrEqual(8);
});

(tools ? test : test.skip)(
  'the tour runs (it needs bash, curl, sed and grep)',
  async () => {
    const port = await freePort();
    const script = ['set -euo pipefail', 'trap \'kill "${SERVER:-}" 2>/dev/null || true\' EXIT', ...blocks]
      .join('\n')
      .replaceAll('8484', String(port));
    const output = execFileSync('bash', ['-c', script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    });
    expect(output).toContain('c2sp.org/tlog-proof@v1');
    expect(output).toContain('"conflict"');
    expect(output).toContain('Фамилия, имя, отчество');
    expect(output).toContain('/log/kz.autosiyliq/1');
  },
  150_000,
);
