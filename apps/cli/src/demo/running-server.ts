/** A `depter serve` of one's own: for the demo and the benchmarks, which are users of the server like any other. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { peerFailed } from '../failure.js';
import { serverCommand } from '../serve.js';

const READY = 'ready ';

export class RunningServer {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** Waits until it serves. Throws CommandFailure 3 where it ends before, with what it said. */
  static async start(flags: readonly string[]): Promise<RunningServer> {
    const { command, args, env } = serverCommand(flags);
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    let said = '';
    child.stderr?.on('data', (part: Buffer) => (said = (said + part.toString()).slice(-4000)));
    const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> });
    const url = await new Promise<string>((resolve, reject) => {
      lines.on('line', (line) => {
        if (line.startsWith(READY)) resolve(line.slice(READY.length).trim());
      });
      child.once('error', (error) => reject(peerFailed('The server cannot be started.', error)));
      child.once('exit', () => reject(peerFailed(`The server ended before it was ready. It said:\n${said}`)));
    });
    return new RunningServer(child, url);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** When the server has ended, asked or not. */
  ended(): Promise<unknown> {
    return this.#running() ? once(this.#child, 'exit') : Promise.resolve();
  }

  async stop(): Promise<void> {
    if (!this.#running()) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }

  #running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }
}
