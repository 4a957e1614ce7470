/** Small measures of the benchmarks: percentiles, events of a folder, the peak of a process's memory. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The p-th percentile (0 to 100) of samples, by the nearest rank; NaN of none. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((p / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** How many events a data folder holds, of all controllers. */
export function eventsIn(data: string): number {
  const ledger = new DatabaseSync(join(data, 'ledger.db'), { readOnly: true });
  try {
    return (ledger.prepare('SELECT count(*) AS events FROM events').get() as { events: number }).events;
  } finally {
    ledger.close();
  }
}

/** The most memory a process ever held, in MB (a million bytes), as the kernel counts it; undefined where it does not say. */
export function peakMegabytes(pid: number): number | undefined {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found === null ? undefined : Math.round((Number(found[1]) * 1024) / 1e6);
  } catch {
    return undefined;
  }
}

/** Looks at a process's peak until `done`; what it held at the last look. */
export async function watchPeak(pid: number, done: Promise<unknown>): Promise<number | undefined> {
  let peak = peakMegabytes(pid);
  const timer = setInterval(() => (peak = peakMegabytes(pid) ?? peak), 200);
  try {
    await done;
  } finally {
    clearInterval(timer);
  }
  return peak;
}
