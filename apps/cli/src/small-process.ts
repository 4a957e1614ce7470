/** What a process that takes actions in by the million begins with, so that it stays small: only its start can say it. */

/** MiB of the heap's nursery, where what is made begins: a larger one costs memory three times over and saves no time. */
export const SMALL_NURSERY = '--max-semi-space-size=4';

/** For glibc, which else keeps apart what each thread has freed; other systems do not know the word. */
const FEW_ARENAS = { MALLOC_ARENA_MAX: '2' };

/** The environment for such a process; what somebody chose stays. */
export function smallEnvironment(): NodeJS.ProcessEnv {
  return { ...FEW_ARENAS, ...process.env };
}

/** Begins this process anew so, before it has done anything; it keeps its id, its streams and its settings. */
export function beginSmall(): void {
  const flags = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  // Windows cannot do this, and a channel to a parent would be lost.
  if (flags.includes('--max-semi-space-size') || process.execve === undefined || process.channel !== undefined) return;
  const args = [process.execPath, SMALL_NURSERY, ...process.execArgv, ...process.argv.slice(1)];
  try {
    process.execve(process.execPath, args, smallEnvironment());
  } catch {
    // Where the system forbids it, the same is done in more memory.
  }
}
