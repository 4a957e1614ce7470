/** A destruction on a disk that is full: nothing is done, or it is carried out when there is room, by the next start at the latest. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { onSmallDisks, SmallDisks } from './small-disks.js';

const KIB = 1024;

interface Told {
  readonly opening?: string;
  readonly became?: string;
  readonly found?: boolean;
  readonly texts?: number;
  readonly added?: readonly string[];
}

const WHOLE = { found: true, texts: 20, added: [] };
const DONE = { found: false, texts: 0, added: ['destroying', 'destroyed'] };

onSmallDisks('a destruction on a full disk', () => {
  let disks: SmallDisks;
  afterEach(() => disks.dispose());

  async function run(what: 'make' | 'destroy' | 'look'): Promise<Told> {
    const program = [process.execPath, resolve('test/fault/destruction-full-disk-victim.ts'), disks.path('all', 'data'), what]; // prettier-ignore
    const [command, ...args] = [...disks.through, ...program];
    const { stdout } = await promisify(execFile)(command!, args);
    return JSON.parse(stdout) as Told;
  }

  // So much room is left: each amount ends it at another step.
  test.each([[0], [24], [96], [256], [512]])(
    '%i KiB are left',
    async (kib) => {
      disks = await SmallDisks.make({ all: 8 * 1024 * KIB });
      expect(await run('make')).toEqual({ became: 'made', ...WHOLE });
      disks.fill('all', kib * KIB);
      const cut = await run('destroy');
      if (cut.opening === undefined) {
        expect(['full', 'unavailable', 'recorded']).toContain(cut.became);
        if (cut.became === 'recorded') expect(cut).toMatchObject(DONE);
      }
      disks.empty('all');
      const next = await run('look');
      const nothing = JSON.stringify(next) === JSON.stringify({ became: 'looked', ...WHOLE });
      expect(next).toEqual({ became: 'looked', ...(nothing ? WHOLE : DONE) });
      expect(await run('destroy')).toMatchObject(DONE);
    },
    60_000,
  );
});
