/** `npm run demo [-- --stay]`: stays while somebody sits at the terminal, and ends at once elsewhere. */
import { parseArgs } from 'node:util';
import { CommandFailure } from '../failure.js';
import { demo } from './demo.js';

const { values } = parseArgs({ options: { stay: { type: 'boolean' }, persons: { type: 'string', default: '2000' } } });
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
// Whoever reads the output may stop reading (`| head`); the folder is still to be removed.
process.stdout.on('error', () => stop.abort());
const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true && process.env['CI'] === undefined;

try {
  await demo({
    persons: Number(values.persons),
    stay: values.stay ?? interactive,
    streams: process,
    signal: stop.signal,
  });
} catch (error) {
  if (!(error instanceof CommandFailure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.status;
}
