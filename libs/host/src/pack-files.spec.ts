import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { ControllerId } from '#ledger';
import { builtInPacks, loadControllers, loadPacks, PackFilesError } from './pack-files.js';

const dir = mkdtempSync(join(tmpdir(), 'depter-packs-'));
afterAll(() => rmSync(dir, { recursive: true }));
let folders = 0;

function folder(files: Readonly<Record<string, string>>): string {
  const path = join(dir, String((folders += 1)));
  cpSync(builtInPacks(), path, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

function faultsOf(...paths: string[]): readonly string[] {
  try {
    loadControllers(paths);
    return [];
  } catch (error) {
    if (error instanceof PackFilesError) return error.faults;
    throw error;
  }
}

describe('pack files', () => {
  it('that come with Depter load, each controller with its rulebook', () => {
    const controllers = loadControllers([builtInPacks()]);
    const id = 'kz.autosiyliq' as ControllerId;
    expect(controllers.all()).toContain(id);
    expect(controllers.rulebook(id)).toMatchObject({ controller: id, zone: 'Asia/Almaty', country: 'KZ' });
    expect(controllers.has('kz.nobody' as ControllerId)).toBe(false);
  });

  it('that are no YAML are told by file, line and reason', () => {
    const path = folder({ 'zz.yaml': 'kind: law\nmeta: [1,\n' });
    const faults = faultsOf(path);
    expect(faults[0]).toMatch(/zz\.yaml:[23]: /);
  });

  it('with a key twice, an unknown key or a missing one are told at the line', () => {
    expect(faultsOf(folder({ 'zz.yaml': 'kind: law\nkind: law\n' }))[0]).toMatch(/zz\.yaml:2: /);
    const path = folder({ 'zz.yaml': 'kind: law\nmeta:\n  id: xx.law\n  nonsense: 1\n' });
    const faults = faultsOf(path);
    expect(faults).toContain(`${join(path, 'zz.yaml')}:4: unknown key (/meta/nonsense)`);
    expect(faults.some((fault) => fault.startsWith(`${join(path, 'zz.yaml')}:2: `))).toBe(true);
  });

  it('that contradict each other are told: an edition that is loaded twice', () => {
    const name = 'kz.autosiyliq.yaml';
    const path = folder({ 'copy.yaml': readFileSync(join(builtInPacks(), name), 'utf8') });
    expect(faultsOf(path).some((fault) => /:\d+: this edition is loaded twice/.test(fault))).toBe(true);
  });

  it('that are not there stop the start as well', () => {
    expect(faultsOf(join(dir, 'nowhere'))).toEqual([`${join(dir, 'nowhere')}:1: the folder cannot be read`]);
    const empty = mkdtempSync(join(dir, 'empty-'));
    expect(loadPacks([empty])).toEqual([]);
    expect(faultsOf(empty)[0]).toContain('no pack of a controller is there');
  });
});
