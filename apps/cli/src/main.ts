#!/usr/bin/env node
/** `depter`: the command line. */
import { tooOld } from './node-version.js';
import { beginSmall } from './small-process.js';

const refused = tooOld(process.versions.node);
if (refused === undefined && process.argv[2] === 'feed') beginSmall();

// Whoever reads the output may stop reading (`| head`): that ends the command, and is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

if (refused === undefined) {
  // Loaded here, since an older Node does not even load it.
  const { run } = await import('./program.js');
  process.exitCode = await run(process.argv.slice(2), process);
} else {
  process.stderr.write(refused);
  process.exitCode = 2;
}
