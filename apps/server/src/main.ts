/** The server's process: settings, packs and store first, each wrong one said plainly; then it serves until it is told to stop. */
import {
  BufferedSink,
  ConfigError,
  crashQuietly,
  describeFailure,
  keepHeapSmall,
  PackFilesError,
  readConfig,
} from '#host';
import { StoreFailure } from '#store';
import { openParts } from './parts.js';
import { serve } from './server.js';

/** `wire.md`, Command line: wrong use, and a store that failed. */
const WRONG_USE = 2;
const FAILED = 3;

keepHeapSmall();
const log = new BufferedSink(process.stderr);
crashQuietly(log, (status) => process.exit(status));
process.on('exit', () => log.flush());

try {
  const config = readConfig(process.argv.slice(2), process.env);
  const parts = await openParts(config);
  const { app, url } = await serve(parts, log);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  process.stdout.write(`ready ${url}\n`);
} catch (error) {
  if (error instanceof ConfigError || error instanceof PackFilesError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = WRONG_USE;
  } else {
    // A store's failure is of our own words; anything else is told by its place alone.
    const said = error instanceof StoreFailure ? error.message : JSON.stringify(describeFailure(error));
    process.stderr.write(`${said}\n`);
    process.exitCode = FAILED;
  }
}
