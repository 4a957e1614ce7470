/** A program of its own that stands still at a step of its work, says so, and is killed there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect } from '@jest/globals';

/** `program` stands beside this file; it is given the step and, as JSON, what to do. */
export async function killedAt(program: string, step: string, given: unknown): Promise<void> {
  const child = spawn(process.execPath, [resolve('test/fault', program), step, JSON.stringify(given)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const said = await Promise.race([once(child.stdout, 'data'), exit]);
  expect(String(said[0])).toBe(`at ${step}\n`);
  child.kill('SIGKILL');
  await exit;
}
