/** A Kafka broker of a test's own, to be killed and started again: `kafka/run` of the folder of services. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class KafkaBroker {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly services: string,
    private readonly dir: string,
    readonly port: number,
  ) {}

  static async inNewFolder(services: string): Promise<KafkaBroker> {
    return new KafkaBroker(services, await mkdtemp(join(tmpdir(), 'depter-kafka-')), await twoFreePorts());
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Starts it where it was, and waits until it listens. */
  async start(): Promise<void> {
    const child = spawn(join(this.services, 'kafka', 'run'), {
      stdio: 'ignore',
      env: { ...process.env, KAFKA_PORT: String(this.port), KAFKA_DATA: this.dir, KAFKA_HEAP: '384m' },
    });
    this.child = child;
    while (!(await isOpen(this.port))) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`the broker ended with ${child.exitCode ?? child.signalCode}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** kill -9: `run` has become the broker itself by then. */
  async kill(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.dir, { recursive: true, force: true });
  }
}

function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).then((open) => {
    socket.destroy();
    return open === true;
  });
}

/**
 * Two neighbouring free ports, the broker's and its controller's: the first. Below those that the machine gives to
 * outgoing connections, one of which could take a port while its broker is dead.
 */
async function twoFreePorts(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  server.close();
  return free;
}
