/** A real worker for tests: its own process on a folder of its own, started as its operator would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const MAIN = resolve('dist/apps/worker/src/main.js');

export interface WorkerHealth {
  readonly status: string;
  readonly parts: Readonly<
    Record<string, { readonly ready: boolean; readonly state?: string; readonly lag: number | null }>
  >;
}

export class Worker {
  private child: ChildProcess | undefined;
  private url = '';
  /** Everything it printed. */
  output = '';

  private constructor(readonly dir: string) {}

  static async inNewFolder(): Promise<Worker> {
    return new Worker(await mkdtemp(join(tmpdir(), 'depter-worker-')));
  }

  /** Starts it and waits until it works, or waits for its brokers. */
  async start(...flags: readonly string[]): Promise<void> {
    const child = spawn(process.execPath, [MAIN, '--data', this.dir, '--port', '0', ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stderr.on('data', (part: Buffer) => (this.output += part.toString()));
    const lines = createInterface({ input: child.stdout });
    this.url = await new Promise<string>((ready, fail) => {
      lines.on('line', (line) => line.startsWith('ready ') && ready(line.slice('ready '.length)));
      child.once('exit', (code) => fail(new Error(`the worker ended with ${code}: ${this.output.slice(-2000)}`)));
    });
  }

  async health(): Promise<WorkerHealth & { readonly http: number }> {
    const answer = await fetch(`${this.url}/health/ready`);
    return { http: answer.status, ...((await answer.json()) as WorkerHealth) };
  }

  /** Ends it by a signal and waits for the end; the exit status, or null after kill -9. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await ended)[0];
  }

  async dispose(): Promise<void> {
    await this.stop('SIGKILL');
    await rm(this.dir, { recursive: true, force: true });
  }
}
