/**
 * Real file systems of a few megabytes, for disks that are full. They are mounted in a namespace that lives as long as one
 * process, which ends when its input does: whatever becomes of the test, no mount is left behind. An ordinary user gets
 * one, too, where the system lets users have namespaces.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';

const isRoot = process.getuid?.() === 0;
const UNSHARE = isRoot ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
const ENTER = isRoot ? ['--mount'] : ['--user', '--preserve-credentials', '--mount'];

/** A suite on small disks; where none can be made it is skipped, under a name that says what is missing. */
export function onSmallDisks(name: string, suite: () => void): void {
  const possible = canBeMade();
  const needs = 'it needs Linux with unshare and nsenter, and root or a user who may have namespaces';
  (possible ? describe : describe.skip)(possible ? name : `${name} (${needs})`, suite);
}

function canBeMade(): boolean {
  try {
    const mount = 'mount -t tmpfs -o size=1m tmpfs /mnt';
    execFileSync('unshare', [...UNSHARE, 'sh', '-c', mount], { stdio: 'ignore', timeout: 20_000 });
    execFileSync('nsenter', ['--version'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

export class SmallDisks {
  private constructor(
    private readonly keeper: ChildProcess,
    private readonly place: string,
  ) {}

  /** Disks by their names, of so many bytes each. */
  static async make(sizes: Readonly<Record<string, number>>): Promise<SmallDisks> {
    const place = mkdtempSync(join(tmpdir(), 'depter-disks-'));
    const mounts = Object.entries(sizes).map(([name, bytes]) => {
      mkdirSync(join(place, name));
      return `mount -t tmpfs -o size=${bytes} tmpfs '${join(place, name)}'`;
    });
    const keep = [...mounts, 'echo made', 'exec cat'].join(' && ');
    const keeper = spawn('unshare', [...UNSHARE, 'sh', '-c', keep], { stdio: ['pipe', 'pipe', 'inherit'] });
    const made = await Promise.race([once(keeper.stdout, 'data'), once(keeper, 'exit')]);
    if (!(made[0] instanceof Buffer)) throw new Error(`the small disks could not be made (${String(made[0])})`);
    return new SmallDisks(keeper, place);
  }

  /** A command before every command that is to see the disks. */
  get through(): readonly string[] {
    return ['nsenter', '--target', String(this.keeper.pid), ...ENTER, '--'];
  }

  /** A path on a disk, for those who go through. */
  path(disk: string, name: string): string {
    return join(this.place, disk, name);
  }

  /** Fills a disk up to so many free bytes, with a file that can be taken away again. */
  fill(disk: string, freeBytes: number): void {
    const { bavail, bsize } = statfsSync(this.#fromOutside(disk, ''));
    try {
      writeFileSync(this.#fromOutside(disk, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - freeBytes)));
    } catch (failure) {
      // A server that still writes took some of it meanwhile: the disk is as full as can be.
      if ((failure as { code?: unknown }).code !== 'ENOSPC') throw failure;
    }
  }

  empty(disk: string): void {
    rmSync(this.#fromOutside(disk, 'ballast'));
  }

  async dispose(): Promise<void> {
    if (this.keeper.exitCode === null && this.keeper.signalCode === null) {
      const ended = once(this.keeper, 'exit');
      this.keeper.stdin?.end();
      await ended;
    }
    rmSync(this.place, { recursive: true, force: true });
  }

  #fromOutside(disk: string, name: string): string {
    return join(`/proc/${this.keeper.pid}/root`, this.place, disk, name);
  }
}
