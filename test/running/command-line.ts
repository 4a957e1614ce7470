/** The command line in the test's own process: what it prints, and its exit status. */
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { run } from '../../apps/cli/src/program.js';

export interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export function depter(...args: readonly string[]): Promise<Said> {
  return depterReading('', args);
}

/** With what stands on its standard input. */
export async function depterReading(stdin: string, args: readonly string[]): Promise<Said> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const [out, err] = [text(stdout), text(stderr)];
  const status = await run(args, { stdin: Readable.from([Buffer.from(stdin)]), stdout, stderr });
  stdout.end();
  stderr.end();
  return { status, out: await out, err: await err };
}
