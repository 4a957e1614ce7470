/** A worker of one's own, its own process like any other. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { peerFailed } from '../../failure.js';

const MAIN = fileURLToPath(new URL('../../../../worker/src/main.js', import.meta.url));

export class BenchWorker {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Waits until it is ready. `nodeFlags` are for profiles. Throws CommandFailure 3 where it ends before. */
  static async start(flags: readonly string[], nodeFlags: readonly string[]): Promise<BenchWorker> {
    const args = [...nodeFlags, MAIN, '--port', '0', '--log-level', 'warn', ...flags];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (part: Buffer) => (said = (said + part.toString()).slice(-4000)));
    const lines = createInterface({ input: child.stdout });
    await new Promise<void>((resolve, reject) => {
      lines.on('line', (line) => line.startsWith('ready ') && resolve());
      child.once('error', (error) => reject(peerFailed('The worker cannot be started.', error)));
      child.once('exit', () => reject(peerFailed(`The worker ended before it was ready. It said:\n${said}`)));
    });
    return new BenchWorker(child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}
