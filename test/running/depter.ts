/** A real `depter serve` for tests: its own process, started by the command line as its user would, on a free port. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const CLI = resolve('dist/apps/cli/src/main.js');
const run = promisify(execFile);

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  json<T>(): T;
}

/** A folder of data and everything a test does with it; `dispose` stops the server and removes the folder. */
export class Depter {
  private child: ChildProcess | undefined;
  url = '';
  /** Everything the server printed, standard error included: for tests that look for what must not be there. */
  output = '';

  protected constructor(
    readonly dir: string,
    private readonly through: readonly string[],
    /** What says where the store is, for every command and for the server alone. */
    private readonly store: readonly string[] = [],
    private readonly log: readonly string[] = [],
  ) {}

  /** On a database, with a new folder for the root key; `log` are the server's flags about the log. */
  static async onDatabase(postgres: string, log: readonly string[] = []): Promise<Depter> {
    return new Depter(await Depter.folder(), [], ['--postgres', postgres], log);
  }

  static async inNewFolder(): Promise<Depter> {
    return new Depter(await Depter.folder(), []);
  }

  protected static folder(): Promise<string> {
    return mkdtemp(join(tmpdir(), 'depter-test-'));
  }

  /** On a folder that is there already; `through` is a command before every other, for a place that only it can see. */
  static at(dir: string, through: readonly string[] = []): Depter {
    return new Depter(dir, through);
  }

  private command(args: readonly string[]): [string, string[]] {
    const [first, ...rest] = [...this.through, process.execPath, CLI, ...args];
    return [first!, rest];
  }

  /** Makes a key on the command line, before the server runs; the secret stands alone on the last line. */
  async key(controller: string, role: string, subject?: string): Promise<string> {
    const more = subject === undefined ? [] : ['--subject', subject];
    const place = ['--data', this.dir, ...this.store];
    const flags = ['key', 'add', ...place, '--controller', controller, '--role', role, ...more];
    const { stdout } = await run(...this.command(flags));
    return stdout.trimEnd().split('\n').at(-1) ?? '';
  }

  /** Starts the server and waits until it says that it is ready. */
  async serve(
    options: { readonly now?: string; readonly flags?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
  ): Promise<void> {
    const flags = [
      'serve',
      '--data',
      this.dir,
      ...this.store,
      ...this.log,
      '--port',
      '0',
      ...(options.now === undefined ? [] : ['--now', options.now]),
      ...(options.flags ?? []),
    ];
    const child = spawn(...this.command(flags), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    });
    this.child = child;
    child.stderr.on('data', (part: Buffer) => (this.output += part.toString()));
    const lines = createInterface({ input: child.stdout });
    this.url = await new Promise<string>((ready, fail) => {
      lines.on('line', (line) => {
        this.output += `${line}\n`;
        if (line.startsWith('ready ')) ready(line.slice('ready '.length).trim());
      });
      child.once('exit', (code) =>
        fail(new Error(`the server ended with ${code} before it was ready: ${this.output.slice(-2000)}`)),
      );
    });
  }

  /** Ends the server by a signal and waits for the end; the exit status, or null after a signal. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await ended)[0];
  }

  /** kill -9, or another signal, of the server's own process, not of the command that started it; waits until both are gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const { pid } = JSON.parse(await readFile(join(this.dir, 'owner.json'), 'utf8')) as { pid: number };
    const child = this.child;
    this.child = undefined;
    if (child === undefined) throw new Error('no server runs');
    const ended = once(child, 'exit') as Promise<[number | null]>;
    process.kill(pid, signal);
    return (await ended)[0];
  }

  async ask(
    method: string,
    path: string,
    key?: string,
    body?: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      text,
      json: <T>() => JSON.parse(text) as T,
    };
  }

  get(path: string, key?: string, headers?: Record<string, string>): Promise<Answer> {
    return this.ask('GET', path, key, undefined, headers);
  }

  post(path: string, key: string, value: unknown, type = 'application/json'): Promise<Answer> {
    return this.ask('POST', path, key, JSON.stringify(value), { 'content-type': type });
  }

  /** Sends actions as one NDJSON stream and gives the answer lines. */
  async feed(controller: string, key: string, lines: readonly string[]): Promise<Record<string, unknown>[]> {
    const answer = await this.ask('POST', `/v1/${controller}/actions`, key, lines.join('\n') + '\n', {
      'content-type': 'application/x-ndjson',
    });
    if (answer.status !== 200) throw new Error(`feeding was answered ${answer.status}: ${answer.text}`);
    return answer.text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async dispose(): Promise<void> {
    await this.stop('SIGKILL');
    await rm(this.dir, { recursive: true, force: true });
  }
}
