/** The nursery of a heap, where what is made begins: nearly all that a feed makes is forgotten at once. */

/** MiB: a larger one costs memory three times over and saves no time. Only a process's start can set it. */
export const SMALL_NURSERY = '--max-semi-space-size=4';

/** Begins this process anew with a small nursery, before it has done anything; it keeps its id, its streams and its settings. */
export function beginSmall(): void {
  const flags = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  // Windows cannot do this, and a channel to a parent would be lost.
  if (flags.includes('--max-semi-space-size') || process.execve === undefined || process.channel !== undefined) return;
  const args = [process.execPath, SMALL_NURSERY, ...process.execArgv, ...process.argv.slice(1)];
  try {
    process.execve(process.execPath, args, process.env);
  } catch {
    // Where the system forbids it, the same is done in more memory.
  }
}
