import { afterEach, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETTING_NAMES } from '#host';
import { depterReading } from '../../../test/running/command-line.js';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  for (const name of Object.keys(process.env)) if (name.startsWith('DEPTER_')) delete process.env[name];
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'depter-cli-'));
  folders.push(folder);
  return folder;
}

const depter = (args: readonly string[], stdin = '') => depterReading(stdin, args);

const COMMANDS = [
  ['serve'],
  ['key', 'add'],
  ['feed'],
  ['report'],
  ['simulate'],
  ['bench'],
  ['rebuild'],
  ['pack', 'check'],
  ['pack', 'diff'],
];

describe('depter', () => {
  it.each(COMMANDS)('says all settings of %s in its help', async (...command) => {
    const { status, out } = await depter([...command, '--help']);
    expect(status).toBe(0);
    expect(out).toContain('DEPTER_CONFIG');
    expect(out).toContain('Exit status: 0 done, 1 the answer is no, 2 wrong use, 3 the server or the store failed.');
  });

  it('has each of its commands in the table of the README', async () => {
    const { out } = await depter(['--help']);
    const commands = [...out.slice(out.indexOf('Commands:')).matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name!);
    // The one measures the machine and is said below the table, the other is the help itself.
    const told = commands.filter((name) => name !== 'bench' && name !== 'help');
    const rows = readFileSync('README.md', 'utf8').split('\n');
    const missing = told.filter((name) => !rows.some((row) => row.startsWith(`| \`${name} `)));
    expect({ known: told.length > 9, missing }).toEqual({ known: true, missing: [] });
  });

  it('says every setting of the server in the help of serve', async () => {
    const { out } = await depter(['serve', '--help']);
    const missing = SETTING_NAMES.filter((name) => !out.includes(`--${name} <value>`));
    expect({ known: SETTING_NAMES.length > 5, missing }).toEqual({ known: true, missing: [] });
  });

  it.each([
    [['nonsense']],
    [['feed']],
    [['feed', 'x', '--nonsense']],
    [['feed', 'x', '--url', 'http://127.0.0.1:1', '--key', 'k']],
    [['feed', 'no-such-file', '--url', 'http://127.0.0.1:1', '--key', 'k', '--controller', 'kz.autosiyliq']],
    [['feed', '-', '--url', 'ftp://example.com', '--key', 'k', '--controller', 'kz.autosiyliq']],
    [['feed', '-', '--url', 'http://127.0.0.1:1', '--key', 'k', '--controller', 'Not-An-Id']],
    [['feed', '-', '--url', 'http://127.0.0.1:1', '--data', 'x', '--controller', 'kz.autosiyliq']],
    [['simulate', '--persons', 'many']],
    [['simulate', '--from', '2026-13-01']],
    [['key', 'add', '--data', 'x', '--controller', 'kz.autosiyliq', '--role', 'nobody']],
    [['key', 'add', '--data', 'x', '--controller', '*', '--role', 'officer']],
    [['key', 'add', '--data', 'x', '--controller', 'kz.autosiyliq', '--role', 'subject']],
    [
      [
        'report',
        '--url',
        'http://127.0.0.1:1',
        '--key',
        'k',
        '--controller',
        'kz.autosiyliq',
        '--person',
        '{"iin":"850505400018"}',
      ],
    ],
    [['report', '--config', 'no-such-file', '--person', '-']],
  ])('ends with 2 and a reason: %j', async (args) => {
    const { status, out, err } = await depter(args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/\S/);
    expect(err).not.toContain('850505400018');
  });

  it('ends with 3 where the server cannot be reached', async () => {
    const args = [
      'report',
      '--url',
      'http://127.0.0.1:1',
      '--key',
      'k',
      '--controller',
      'kz.autosiyliq',
      '--person',
      '-',
    ];
    const { status, err } = await depter(args, '{"iin":"850505400018"}');
    expect(status).toBe(3);
    expect(err).toContain('ECONNREFUSED');
    expect(err).not.toContain('850505400018');
  });

  it('takes a setting from its flag, then from the environment, then from the file', async () => {
    const folder = await newFolder();
    const config = join(folder, 'depter.yaml');
    await writeFile(config, 'persons: 1\nseed: file\nfrom: "2026-02-01"\n');
    const ask = async (args: readonly string[]) => (await depter(['simulate', ...args])).out;
    const same = (seed: string, from = '2026-02-01') => ask(['--persons', '1', '--seed', seed, '--from', from]);
    expect(await ask(['--config', config])).toBe(await same('file'));
    process.env['DEPTER_SEED'] = 'environment';
    expect(await ask(['--config', config])).toBe(await same('environment'));
    expect(await ask(['--config', config, '--seed', 'flag'])).toBe(await same('flag'));
  });

  it('takes the target that was said nearer to the command', async () => {
    process.env['DEPTER_DATA'] = 'a folder of the server';
    const { err } = await depter([
      'feed',
      '-',
      '--url',
      'http://127.0.0.1:1',
      '--key',
      'k',
      '--controller',
      'kz.autosiyliq',
    ]);
    expect(err).toBe('');
  });

  it('repeats nothing of a settings file that cannot be read', async () => {
    const config = join(await newFolder(), 'depter.yaml');
    await writeFile(config, 'key: [secret-canary\n  : }{');
    const { status, err } = await depter(['simulate', '--config', config]);
    expect(status).toBe(2);
    expect(err).not.toContain('canary');
  });

  it('makes a key in a new folder, alone on the last line, and feeds the folder', async () => {
    const data = join(await newFolder(), 'data');
    const key = await depter(['key', 'add', '--data', data, '--controller', 'kz.autosiyliq', '--role', 'emitter']);
    expect(key.status).toBe(0);
    expect(key.out).toMatch(/^\S{32,}\n$/);
    expect(existsSync(join(data, 'ledger.db'))).toBe(true);

    const lines = (await depter(['simulate', '--persons', '3'])).out;
    const count = lines.trimEnd().split('\n').length;
    const into = ['feed', '-', '--data', data, '--controller', 'kz.autosiyliq'];
    const first = await depter(into, `${lines}{"specversion":"1.0","canary":"canary"}\n\n`);
    expect([first.status, first.err]).toEqual([1, `line ${count + 1}: missing-field at /id\n`]);
    expect(first.out).toContain(`${count} recorded, 0 repeated, 1 refused`);
    const second = await depter(into, lines);
    expect(second.out).toContain(`0 recorded, ${count} repeated, 0 refused`);
  });

  it('ends with 3 and names what holds the folder', async () => {
    const data = join(await newFolder(), 'data');
    const { withFolder } = await import('./folder.js');
    await withFolder({ dir: data, packs: undefined, origin: undefined, role: 'feed' }, async () => {
      const { status, err } = await depter(['key', 'add', '--data', data, '--controller', '*', '--role', 'admin']);
      expect(status).toBe(3);
      expect(err).toContain('feed');
      expect(err).toContain('Stop the process that holds the folder');
    });
  });
});
