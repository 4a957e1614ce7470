/** The server's process: settings, packs and store first, each wrong one said plainly; then it serves until it is told to stop. */
import { keepHeapSmall, readConfig, runApp } from '#host';
import { openParts } from './parts.js';
import { serve } from './server.js';

keepHeapSmall();
await runApp(async (log) => {
  const parts = await openParts(readConfig(process.argv.slice(2), process.env));
  const { app, url } = await serve(parts, log).catch(async (error: unknown) => {
    await parts.close.close();
    throw error;
  });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  // A store that a bug has ended ends its process, as any bug does: whoever watches it starts another.
  void parts.lost.then((failure) => {
    throw failure;
  });
  return { url };
});
