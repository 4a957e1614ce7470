#!/usr/bin/env node
/** `depter`: the command line. */
import { run } from './program.js';

// Whoever reads the output may stop reading (`| head`): that ends the command, and is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await run(process.argv.slice(2), process);
