/** CPU time of whole processes, their children and their dead children included, where the kernel tells (`/proc`). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The kernel counts in hundredths of a second on every platform that Node has a `/proc` on. */
const TICKS_PER_SECOND = 100;
const LISTENING = '0A';

interface Stat {
  readonly parent: number;
  /** User and system time, its own and that of its children that ended. */
  readonly seconds: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name stands in parentheses and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    return { parent: Number(fields[1]), seconds: ticks / TICKS_PER_SECOND };
  } catch {
    return undefined;
  }
}

function processes(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Seconds that a process and all below it have used so far; undefined where that is not told. */
export function cpuSeconds(pid: number): number | undefined {
  const own = statOf(pid);
  if (own === undefined) return undefined;
  const children = new Map<number, number[]>();
  const stats = new Map<number, Stat>();
  for (const one of processes()) {
    const stat = statOf(one);
    if (stat === undefined) continue;
    stats.set(one, stat);
    const siblings = children.get(stat.parent);
    if (siblings === undefined) children.set(stat.parent, [one]);
    else siblings.push(one);
  }
  let seconds = own.seconds;
  const below = [...(children.get(pid) ?? [])];
  for (let one = below.pop(); one !== undefined; one = below.pop()) {
    seconds += stats.get(one)?.seconds ?? 0;
    below.push(...(children.get(one) ?? []));
  }
  return seconds;
}

/** The process that listens on a port of this machine; undefined where it is not ours to see. */
export function listenerOn(port: number): number | undefined {
  const socket = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => socketIn(table, port))[0];
  if (socket === undefined) return undefined;
  return processes().find((pid) => holds(pid, `socket:[${socket}]`));
}

function socketIn(table: string, port: number): string[] {
  try {
    const rows = readFileSync(table, 'latin1').split('\n').slice(1);
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    return rows.flatMap((row) => {
      const fields = row.trim().split(/\s+/);
      return fields[1]?.endsWith(`:${hex}`) === true && fields[3] === LISTENING ? [fields[9]!] : [];
    });
  } catch {
    return [];
  }
}

function holds(pid: number, target: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`) === target;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

/** CPU time of named processes between two moments. */
export class CpuMeter {
  readonly #pids: ReadonlyMap<string, readonly number[]>;
  readonly #before: ReadonlyMap<string, number | undefined>;

  constructor(pids: ReadonlyMap<string, readonly number[]>) {
    this.#pids = pids;
    this.#before = this.#now();
  }

  /** Microseconds since the meter was made, by name; undefined where they are not told. */
  microseconds(): ReadonlyMap<string, number | undefined> {
    const now = this.#now();
    return new Map(
      [...now].map(([name, seconds]) => {
        const before = this.#before.get(name);
        return [name, seconds === undefined || before === undefined ? undefined : (seconds - before) * 1e6];
      }),
    );
  }

  #now(): Map<string, number | undefined> {
    return new Map(
      [...this.#pids].map(([name, pids]) => {
        const all = pids.map(cpuSeconds);
        return [name, all.length === 0 || all.includes(undefined) ? undefined : sum(all as number[])];
      }),
    );
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
