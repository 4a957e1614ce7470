/** The worker's process: the roles alone, any subset of them (`--roles`); beside them only health and figures. */
import { readConfig, runApp } from '#host';
import { openParts } from './parts.js';
import { work } from './worker.js';

await runApp(async (log) => {
  const parts = await openParts(readConfig(process.argv.slice(2), process.env));
  const { app, url } = await work(parts, log).catch(async (error: unknown) => {
    await parts.close.close();
    throw error;
  });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  return { url };
});
