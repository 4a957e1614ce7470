/** A litewitness of a test's own, to be killed and started again: `witness/run` of the folder of services. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export class RealWitness {
  #child: ChildProcess | undefined;

  private constructor(
    private readonly services: string,
    private readonly dir: string,
    private readonly port: number,
  ) {}

  static async inNewFolder(services: string): Promise<RealWitness> {
    return new RealWitness(services, await mkdtemp(join(tmpdir(), 'depter-witness-')), await freePort());
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Its verifier key, once it has been started. */
  async vkey(): Promise<string> {
    return (await readFile(join(this.dir, 'vkey'), 'utf8')).trim();
  }

  /** Makes a log known to it, which must have been started once. */
  async know(logKey: string): Promise<void> {
    await promisify(execFile)(join(this.services, 'witness', 'add-log'), [this.dir, logKey]);
  }

  /** Starts it where it was, and waits until it answers. */
  async start(): Promise<void> {
    // A group of its own: the witness and the agent that holds its key are children of `run`.
    const child = spawn(join(this.services, 'witness', 'run'), {
      stdio: 'ignore',
      detached: true,
      env: {
        ...process.env,
        WITNESS_PORT: String(this.port),
        WITNESS_DATA: this.dir,
        WITNESS_NAME: 'witness.example/real',
      },
    });
    this.#child = child;
    for (;;) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error('the witness ended');
      const answer = await fetch(`${this.url}/`).catch(() => undefined);
      if (answer !== undefined && (await this.vkey().catch(() => '')) !== '') return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** kill -9 of the witness and all that belongs to it. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.dir, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
