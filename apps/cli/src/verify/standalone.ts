#!/usr/bin/env node
/** The verifier alone, as one file that needs nothing but Node: `node depter-verify.mjs ARCHIVE [--vkey KEY | --policy FILE]`. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Bar } from './bar.js';
import { believed } from './believed.js';
import { FileAccess } from './file-access.js';
import { judged } from './judged.js';
import { nodePrimitives } from './primitives.js';

const USE = `node depter-verify.mjs ARCHIVE|CERTIFICATE [--vkey KEY]... [--policy FILE]

Checks an export of a Depter log, or a certificate of destruction as JSON, without its server and without a network. Exit status: 0 good, 1 bad, 2 wrong use.
`;

class WrongUse extends Error {}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArgs(args);
  const [path, ...more] = positionals;
  if (values.help === true) {
    process.stdout.write(USE);
    return 0;
  }
  if (path === undefined || more.length > 0) throw new WrongUse(USE);
  const policy = values.policy === undefined ? undefined : fileOf(values.policy);
  const keys = (values.vkey ?? []).map((key) => (key.startsWith('@') ? fileOf(key.slice(1)).toString() : key));
  const said = believed(nodePrimitives.sha256, policy, keys);
  if ('wrong' in said) throw new WrongUse(`${said.wrong}\n`);
  const archive = archiveAt(path);
  const bar = new Bar(process.stderr, 'entries');
  const { good, text } = await judged(nodePrimitives, archive, {
    policy: said.policy,
    onProgress: (done, all) => bar.show(done, all),
  });
  bar.clear();
  process.stdout.write(text);
  return good ? 0 : 1;
}

function readArgs(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { policy: { type: 'string' }, vkey: { type: 'string', multiple: true }, help: { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch {
    throw new WrongUse(USE);
  }
}

function archiveAt(path: string): FileAccess {
  try {
    return FileAccess.open(path);
  } catch {
    throw new WrongUse('The archive cannot be read.\n');
  }
}

function fileOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new WrongUse('The file of a key or policy cannot be read.\n');
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof WrongUse)) throw error;
  process.stderr.write(error.message);
  process.exitCode = 2;
}
