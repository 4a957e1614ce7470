#!/usr/bin/env node
/** `depter`: the command line. */
import { run } from './program.js';

process.exitCode = await run(process.argv.slice(2), process);
