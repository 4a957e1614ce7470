import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig } from './config.js';

const dir = mkdtempSync(join(tmpdir(), 'depter-config-'));
afterAll(() => rmSync(dir, { recursive: true }));

function file(text: string): string {
  const path = join(dir, 'depter.yaml');
  writeFileSync(path, text);
  return path;
}

describe('readConfig', () => {
  it('takes flags before the environment before the file, and says defaults', () => {
    const path = file('data: from-file\nport: 1\norigin: file.example\nurl: http://not-for-the-server\n');
    const config = readConfig(['--config', path, '--data', 'from-flag'], { DEPTER_DATA: 'from-env', DEPTER_PORT: '2' });
    expect(config).toMatchObject({ data: 'from-flag', port: 2, origin: 'file.example', host: '127.0.0.1', packs: [] });
    expect(readConfig([], { DEPTER_CONFIG: path }).data).toBe('from-file');
  });

  it('takes several folders of packs, by flags or in one variable', () => {
    expect(readConfig(['--data', 'd', '--packs', 'a', '--packs', 'b'], {}).packs).toEqual(['a', 'b']);
    expect(readConfig(['--data', 'd'], { DEPTER_PACKS: 'a,b' }).packs).toEqual(['a', 'b']);
  });

  it('reads the settable clock as a time with an offset', () => {
    expect(readConfig(['--data', 'd', '--now', '2026-02-02T05:00:00+05:00'], {}).now).toBe(Date.UTC(2026, 1, 2));
    expect(readConfig(['--data', 'd'], {}).now).toBeUndefined();
  });

  it.each([
    [[], '--data is missing'],
    [['--data', ''], 'setting data'],
    [['--data', 'd', '--port', 'x'], 'setting port'],
    [['--data', 'd', '--port', '65536'], 'setting port'],
    [['--data', 'd', '--now', '2026-02-02T05:00:00'], 'setting now'],
    [['--data', 'd', '--origin', 'a b'], 'setting origin'],
    [['--data', 'd', '--log-level', 'loud'], 'setting log-level'],
    [['--data', 'd', '--stall-seconds', '61'], 'setting stall-seconds'],
    [['--data', 'd', '--nonsense', '1'], '--nonsense'],
    [['--data', 'd', 'stray'], 'stray'],
    [['--config', join(dir, 'nowhere.yaml')], 'nowhere.yaml'],
  ])('refuses %j', (args, what) => {
    expect(() => readConfig(args, {})).toThrow(ConfigError);
    expect(() => readConfig(args, {})).toThrow(what);
  });

  it.each([
    'key: dk_SECRET"of-another-command: [',
    'key: "dk_SECRET',
    '- dk_SECRET: : x',
    'key: *dk_SECRET',
    '!dk_SECRET x',
  ])('shows no text of a file that is not YAML: %s', (text) => {
    const path = file(`data: d\n${text}\n`);
    let said = '';
    try {
      readConfig(['--config', path], {});
    } catch (error) {
      said = String(error);
    }
    expect(said).toContain(path);
    expect(said).not.toContain('SECRET');
  });
});
