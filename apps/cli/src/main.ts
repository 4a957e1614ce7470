#!/usr/bin/env node
/** `depter`: the command line. */
import { tooOld } from './node-version.js';
import { beginSmall } from './small-process.js';

/** They take actions in as the server does, or measure in their own process what it does. */
const AS_THE_SERVER = ['feed', 'bench'];

const refused = tooOld(process.versions.node);
if (refused === undefined && AS_THE_SERVER.includes(process.argv[2] ?? '')) beginSmall();

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
