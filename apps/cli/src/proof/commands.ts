/** Commands about what a log proves: export, verification, single proofs, the log's key. */
import {
  CONTROLLER,
  DATA,
  KEYS_POSTGRES,
  PACKS,
  POSTGRES,
  ROOT_KEY,
  text,
  URL_OF_SERVER,
  type Add,
  type Options,
} from '../options.js';
import type { ProvedLog } from './prove.js';
import { either, required, setting, textOrFile, wholeNumber } from '../settings.js';

export function addRotateLog(add: Add): void {
  const options = [
    DATA(),
    POSTGRES(),
    KEYS_POSTGRES(),
    ROOT_KEY(),
    PACKS(),
    CONTROLLER(),
    setting('--days <number>', 'how long the old key signs, too').default('30'),
  ];
  const description = 'give a log a new key, which the old one introduces; both sign for a while';
  add('key rotate-log', description, options, async (given, _args, streams) => {
    const { rotateLogKey } = await import('./rotate-log.js');
    const postgres = text(given, 'postgres');
    const made = await rotateLogKey({
      dir: postgres === undefined ? required(given, 'data') : text(given, 'data'),
      postgres,
      keysPostgres: text(given, 'keysPostgres'),
      rootKey: text(given, 'rootKey'),
      packs: text(given, 'packs'),
      controller: required(given, 'controller'),
      days: wholeNumber(given, 'days', 1, 3650),
    });
    streams.stdout.write(
      `the old key signs until ${made.until}; tell the witnesses of the new one and publish it:\n${made.key}\n`,
    );
    return 0;
  });
}

export function addExport(add: Add): void {
  const options = [
    CONTROLLER(),
    setting('--from <day>', 'the first day, in the local time of the controller; the beginning, unless said'),
    setting('--to <day>', 'the last day; the end, unless said'),
    setting('--subject <reference>', "one person's entries alone, each with its receipt, and no values"),
    setting(
      '--request <reference>',
      'with --subject: what bears on this one request or dispute alone, for a complaint',
    ),
    setting('--generation <number>', 'of the log; the latest, unless said'),
    setting('--out <file>', 'the archive to write; depter-CONTROLLER.tar, unless said'),
    URL_OF_SERVER(),
    setting('--key <key>', "with --url: a regulator's key, or @FILE; for whole periods an auditor's will do"),
    DATA(),
    POSTGRES(),
    KEYS_POSTGRES(),
    ROOT_KEY(),
    PACKS(),
  ];
  const description = 'write one archive that proves what was recorded: entries, tiles, checkpoints, packs';
  add('export', description, options, async (given, _args, streams, source) => {
    const { exportCommand } = await import('../export/command.js');
    const postgres = text(given, 'postgres');
    const place = postgres === undefined ? 'data' : 'postgres';
    const fromServer = either('url', place, source) === 'url';
    await exportCommand({
      controller: required(given, 'controller'),
      from: text(given, 'from'),
      to: text(given, 'to'),
      subject: text(given, 'subject'),
      request: text(given, 'request'),
      generation: generation(given),
      out: text(given, 'out'),
      packs: text(given, 'packs'),
      place: fromServer
        ? { url: required(given, 'url'), key: textOrFile(required(given, 'key'), 'key') }
        : {
            dir: postgres === undefined ? required(given, 'data') : text(given, 'data'),
            postgres,
            keysPostgres: text(given, 'keysPostgres'),
            rootKey: text(given, 'rootKey'),
          },
      streams,
    });
    return 0;
  });
}

export function addVerify(add: Add): void {
  const options = [
    setting(
      '--policy <file>',
      'a C2SP policy file: the keys of the log, its witnesses, and how many must have cosigned',
    ),
    setting('--vkey <key>', 'the verifier key of the log, as it was published, or @FILE'),
    setting('--controller <id>', 'with the address of a server: whose log'),
    setting('--key <key>', "with an address: a regulator's or auditor's key, or @FILE, to check the entries too"),
  ];
  const description =
    'check an archive or a certificate of destruction (JSON), without a server or a network, or a log at its address; says the first fault and its place';
  add('verify <archive>', description, options, async (given, args, streams) => {
    const { verify } = await import('../verify/verify.js');
    const key = text(given, 'key');
    const good = await verify({
      target: args[0] as string,
      controller: text(given, 'controller'),
      key: key === undefined ? undefined : textOrFile(key, 'key'),
      policyFile: text(given, 'policy'),
      vkeys: vkeys(given),
      out: streams.stdout,
      err: streams.stderr,
    });
    return good ? 0 : 1;
  });
}

/** A proof, made of the tiles of a server and checked here before it is shown. */
export function addProof(add: Add): void {
  const of = () => [
    URL_OF_SERVER(),
    CONTROLLER(),
    setting('--generation <number>', 'of the log; the latest, or that of the older checkpoint, unless said'),
    setting('--vkey <key>', 'the verifier key of the log, as it was published, or @FILE'),
  ];
  add(
    'proof inclusion',
    'prove that an entry is in the log: its index, the path, and the signed checkpoint, as a receipt',
    [...of(), setting('--index <number>', 'of the entry in its generation, from 0')],
    async (given, _args, streams) => {
      const { inclusionReceipt } = await import('./prove.js');
      const index = wholeNumber(given, 'index', 0, Number.MAX_SAFE_INTEGER);
      streams.stdout.write(await inclusionReceipt(provedLog(given), index));
      return 0;
    },
  );
  add(
    'proof consistency',
    'prove that the log of today begins with the log of an older checkpoint',
    [...of(), setting('--checkpoint <file>', 'the older checkpoint, as it was kept')],
    async (given, _args, streams) => {
      const { consistencyWith } = await import('./prove.js');
      const kept = textOrFile(`@${required(given, 'checkpoint')}`, 'checkpoint');
      const said = await consistencyWith(provedLog(given), `${kept}\n`);
      streams.stdout.write(said.text);
      return said.good ? 0 : 1;
    },
  );
}

function provedLog(given: Options): ProvedLog {
  return {
    url: required(given, 'url'),
    controller: required(given, 'controller'),
    generation: generation(given),
    vkeys: vkeys(given),
  };
}

function generation(given: Options): number | undefined {
  return text(given, 'generation') === undefined ? undefined : wholeNumber(given, 'generation', 1, 1_000_000);
}

function vkeys(given: Options): readonly string[] {
  const said = text(given, 'vkey');
  return said === undefined ? [] : textOrFile(said, 'vkey').split('\n');
}
