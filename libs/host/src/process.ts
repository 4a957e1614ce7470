/** How the process of an app ends: by a signal in order, and by its exit status where it cannot start. */
import { StoreFailure } from '#store';
import { ConfigError } from './config.js';
import { BufferedSink, crashQuietly, describeFailure, type LogSink } from './logging.js';
import { PackFilesError } from './pack-files.js';

/** `wire.md`, Command line: wrong use, and a store that failed. */
const WRONG_USE = 2;
const FAILED = 3;

/**
 * Starts what an app is and says where it is `ready`. What is wrong with its settings or packs is said plainly, a failure
 * of the store in our own words; anything else is told by its place alone, since its text may quote what is stored.
 */
export async function runApp(start: (log: LogSink) => Promise<{ readonly url: string }>): Promise<void> {
  const log = new BufferedSink(process.stderr);
  crashQuietly(log, (status) => process.exit(status));
  process.on('exit', () => log.flush());
  try {
    const { url } = await start(log);
    process.stdout.write(`ready ${url}\n`);
  } catch (error) {
    const isWrongUse = error instanceof ConfigError || error instanceof PackFilesError;
    const isOurs = isWrongUse || error instanceof StoreFailure;
    process.stderr.write(`${isOurs ? error.message : JSON.stringify(describeFailure(error))}\n`);
    process.exitCode = isWrongUse ? WRONG_USE : FAILED;
  }
}
