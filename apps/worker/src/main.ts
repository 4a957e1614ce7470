/** The worker's process: the roles alone, any subset of them (`--roles`); beside them only health and figures. */
import { BufferedSink, ConfigError, crashQuietly, describeFailure, PackFilesError, readConfig } from '#host';
import { StoreFailure } from '#store';
import { openParts } from './parts.js';
import { work } from './worker.js';

/** `wire.md`, Command line: wrong use, and a store that failed. */
const WRONG_USE = 2;
const FAILED = 3;

const log = new BufferedSink(process.stderr);
crashQuietly(log, (status) => process.exit(status));
process.on('exit', () => log.flush());

try {
  const config = readConfig(process.argv.slice(2), process.env);
  const parts = await openParts(config);
  const { app, url } = await work(parts, log).catch(async (error: unknown) => {
    await parts.close.close();
    throw error;
  });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  process.stdout.write(`ready ${url}\n`);
} catch (error) {
  if (error instanceof ConfigError || error instanceof PackFilesError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = WRONG_USE;
  } else {
    const said = error instanceof StoreFailure ? error.message : JSON.stringify(describeFailure(error));
    process.stderr.write(`${said}\n`);
    process.exitCode = FAILED;
  }
}
