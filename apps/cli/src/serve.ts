/** `depter serve`: the server as a child process, with the same Node; its output, signals and exit status go through. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type ExitStatus, peerFailed } from './failure.js';
import { SMALL_NURSERY, smallEnvironment } from './small-process.js';
import { packaged } from './root.js';

const SERVER = packaged('dist/apps/server/src/main.js');
const ORPHAN = pathToFileURL(packaged('dist/apps/cli/src/orphan.js')).href;

/** The command line of the server and its environment, for those who start it themselves. */
export function serverCommand(flags: readonly string[]): {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
} {
  if (!existsSync(SERVER)) throw peerFailed('The server is not built. Run `npm run build` first.');
  const args = [SMALL_NURSERY, '--import', ORPHAN, SERVER, ...flags];
  return { command: process.execPath, args, env: smallEnvironment() };
}

/** Runs until the server ends; its exit status, or 3 where a signal that nobody sent through us ended it. */
export async function serve(flags: readonly string[]): Promise<ExitStatus> {
  const { command, args, env } = serverCommand(flags);
  // The channel is never written to: its end tells the server that this process is gone, even by kill -9.
  const child = spawn(command, args, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  // A terminal sends SIGINT to both; asked twice, the server stops once.
  process.on('SIGTERM', forward);
  process.on('SIGINT', forward);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(peerFailed('The server cannot be started.', error)));
    child.once('exit', (status, signal) => {
      process.off('SIGTERM', forward);
      process.off('SIGINT', forward);
      const asked = signal === 'SIGTERM' || signal === 'SIGINT';
      resolve(asked ? 0 : status === 0 || status === 1 || status === 2 ? status : 3);
    });
  });
}
