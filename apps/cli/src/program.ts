/** The commands and their settings (`wire.md`, Command line); each command's code is loaded when it is used. */
import { Command, CommanderError, Option } from 'commander';
import { CommandFailure, type ExitStatus } from './failure.js';
import type { FeedStreams } from './feed/feed.js';
import {
  type Act,
  type Add,
  CONTROLLER,
  DATA,
  KEY,
  KEYS_POSTGRES,
  ORIGIN,
  PACKS,
  POSTGRES,
  ROOT_KEY,
  text,
  URL_OF_SERVER,
} from './options.js';
import { addBackup } from './backup/commands.js';
import { addPack } from './pack/commands.js';
import { addExport, addProof, addRotateLog, addVerify } from './proof/commands.js';
import { addRebuild } from './rebuild-command.js';
import { applySettingsFile, either, required, setting, SETTINGS_HELP, textOrFile, wholeNumber } from './settings.js';

const ROLES = ['emitter', 'officer', 'subject', 'regulator', 'auditor', 'admin'];

/** Runs one command line; gives the exit status and never throws. */
export async function run(args: readonly string[], streams: FeedStreams): Promise<ExitStatus> {
  let status: ExitStatus = 0;
  const program = new Command('depter').description(
    "The book of record of what an organisation does with people's data.",
  );
  // Commands take these over when they are made.
  program.exitOverride().configureOutput({
    writeOut: (text) => streams.stdout.write(text),
    writeErr: (text) => streams.stderr.write(text),
  });
  const add = (name: string, description: string, options: readonly Option[], act: Act): Command =>
    command(program, name, description, options).action(async (...given: unknown[]) => {
      const self = given.at(-1) as Command;
      if (name !== 'serve') applySettingsFile(self);
      const source = (name: string) => self.getOptionValueSource(name);
      status = await act(self.opts(), self.args, streams, source);
    });
  addServe(add, args, await serverSettings(args));
  addKey(add);
  addRenew(add);
  addRotateLog(add);
  addFeed(add);
  addMigrate(add);
  addRebuild(add);
  addPack(add);
  addBackup(add);
  addReport(add);
  addExport(add);
  addVerify(add);
  addProof(add);
  addSimulate(add);
  addBench(add);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof CommandFailure) {
      streams.stderr.write(`${error.message}\n`);
      return error.status;
    }
    throw error;
  }
}

function command(program: Command, name: string, description: string, options: readonly Option[]): Command {
  const [first, ...rest] = name.split(' ') as [string, ...string[]];
  const nested = rest.length > 0 && !rest[0]?.startsWith('<');
  const parent = nested ? groupOf(program, first) : program;
  const made = parent.command(nested ? rest.join(' ') : name).description(description);
  for (const option of options) made.addOption(option);
  return made.addOption(setting('--config <file>', 'a settings file')).addHelpText('after', SETTINGS_HELP);
}

const GROUPS: Readonly<Record<string, string>> = {
  key: 'API keys, and the keys of logs',
  pack: 'law and policy as data',
  proof: 'proofs of a log',
};

/** The command above others, made by the first of them. */
function groupOf(program: Command, name: string): Command {
  const known = program.commands.find((one) => one.name() === name);
  return known ?? program.command(name).description(GROUPS[name] ?? '');
}

/** What the help says of the server's settings; the server itself reads and judges them. */
const SERVER_SETTINGS: Readonly<Record<string, string>> = {
  data: 'the data folder, made where there is none',
  postgres: 'postgres://…: the store is that database, which several processes may use',
  'keys-postgres': 'another database for the keys',
  eventstore: 'esdb://…: with --postgres, the log lies there',
  'root-key': 'with --postgres: the root key, the same for every process; that of --data, unless said',
  port: 'TCP port; 0 takes a free one',
  host: 'the address to listen on (this machine alone, unless said)',
  packs: 'a folder of packs beside the built-in ones; may be said several times',
  now: 'starts a settable clock, for tests and demos: RFC 3339',
  origin: 'names the log when the data folder is made',
  'log-level': 'how much is logged',
  'drain-seconds': 'how long a stop waits for what is under way',
  'stall-seconds': 'after how long without a byte a connection is cut',
  kafka: 'Kafka brokers, host:port, with commas',
  'kafka-controllers': 'the controllers whose topics are served; all, unless said',
  'kafka-tls': 'TLS to the brokers: true or false',
  'kafka-ca': 'a PEM file of authorities that judge the brokers',
  'kafka-user': 'SASL/SCRAM-SHA-512: the user',
  'kafka-password-file': 'SASL/SCRAM-SHA-512: a file that holds the password',
  'witness-policy': 'a C2SP policy file of the witnesses that cosign the logs, each with its address',
  'witness-seconds': 'how long to wait from one cosigned checkpoint to the next',
  'audit-rate': 'how many entries a second of each log are checked all the time; 0: none',
  'audit-rest-seconds': 'how long that rests at the end of a log',
  roles: 'the roles that run in this process; all, unless said',
};

function addServe(add: Add, args: readonly string[], names: readonly string[]): void {
  const all = new Set([...Object.keys(SERVER_SETTINGS), ...names]);
  const options = [...all].map((name) => setting(`--${name} <value>`, SERVER_SETTINGS[name] ?? 'see apps/server'));
  const description = 'run the server; prints `ready http://127.0.0.1:N` when it serves';
  add('serve', description, options, async () => {
    const { serve } = await import('./serve.js');
    return serve(args.slice(1));
  })
    .allowUnknownOption()
    .allowExcessArguments();
}

/** The names of the server's settings, for the help alone: loading the server's parts takes a while. */
async function serverSettings(args: readonly string[]): Promise<readonly string[]> {
  if (args[0] !== 'serve' || !args.some((arg) => arg === '--help' || arg === '-h')) return [];
  return (await import('#host')).SETTING_NAMES;
}

function addKey(add: Add): void {
  const options = [
    DATA(),
    POSTGRES(),
    KEYS_POSTGRES(),
    ROOT_KEY(),
    PACKS(),
    ORIGIN(),
    URL_OF_SERVER(),
    setting('--key <key>', "with --url: an admin's key, or @FILE"),
    setting('--controller <id>', "the organisation; '*' for an admin of all"),
    setting('--role <role>', 'what the key may do').choices(ROLES),
    setting('--subject <reference>', "a subject's own reference, for the role subject"),
  ];
  add(
    'key add',
    'make an API key and print it, alone on the last line, once',
    options,
    async (given, _args, streams, source) => {
      const { addKeyIn, addKeyOver, keyRequest } = await import('./key.js');
      const request = keyRequest(required(given, 'controller'), required(given, 'role'), text(given, 'subject'));
      const postgres = text(given, 'postgres');
      const place = postgres === undefined ? 'data' : 'postgres';
      const secret =
        either(place, 'url', source) === place
          ? await addKeyIn(postgres === undefined ? required(given, 'data') : text(given, 'data'), request, {
              packs: text(given, 'packs'),
              origin: text(given, 'origin'),
              postgres,
              keysPostgres: text(given, 'keysPostgres'),
              rootKey: text(given, 'rootKey'),
            })
          : await addKeyOver(required(given, 'url'), textOrFile(required(given, 'key'), 'key'), request);
      streams.stdout.write(`${secret}\n`);
      return 0;
    },
  );
}

function addRenew(add: Add): void {
  const options = [
    setting('--postgres <url>', 'the database of a store that several processes share'),
    KEYS_POSTGRES(),
    setting('--root-key <file>', 'the root key, the same as the servers have'),
  ];
  const description =
    'wrap all keys of a database anew: older backups of the keys open nothing that was destroyed since';
  add('key renew', description, options, async (given, _args, streams) => {
    const { renewKeys } = await import('./renew.js');
    await renewKeys({
      postgres: required(given, 'postgres'),
      keysPostgres: text(given, 'keysPostgres'),
      rootKey: required(given, 'root-key'),
    });
    streams.stdout.write('renewed\n');
    return 0;
  });
}

function addMigrate(add: Add): void {
  const options = [
    setting('--data <dir>', 'the data folder, which no server holds'),
    setting('--postgres <url>', 'the database, without a store so far'),
    KEYS_POSTGRES(),
    setting('--eventstore <url>', 'esdb://…: the log goes there'),
  ];
  const description = 'carry a data folder to a database: log, tree, vault and keys; the folder opens no more';
  add('migrate', description, options, async (given, _args, streams) => {
    const { migrateFolder } = await import('./migrate.js');
    const events = await migrateFolder({
      dir: required(given, 'data'),
      postgres: required(given, 'postgres'),
      keysPostgres: text(given, 'keysPostgres'),
      eventstore: text(given, 'eventstore'),
    });
    streams.stdout.write(`carried ${events} events; keep root.key of the folder: every server needs it\n`);
    return 0;
  });
}

function addFeed(add: Add): void {
  const options = [
    URL_OF_SERVER(),
    KEY(),
    CONTROLLER(),
    DATA(),
    PACKS(),
    ORIGIN(),
    setting('--show <number>', 'how many refused lines are shown').default('20'),
    setting('--retry-seconds <number>', 'how long to wait for a server that does not answer').default('120'),
    new Option('--from-start', 'begin at the beginning, whatever an earlier run left'),
  ];
  const description =
    'send actions (NDJSON; - is standard input) to a server, or with --data straight into a folder that no server holds';
  add('feed <file>', description, options, async (given, args, streams, source) => {
    const { feed } = await import('./feed/feed.js');
    const controller = required(given, 'controller');
    const settings = {
      file: args[0] as string,
      show: wholeNumber(given, 'show', 0, 1_000_000),
      fromStart: given['fromStart'] === true,
    };
    if (either('url', 'data', source) === 'url') {
      const { httpSink } = await import('./feed/http-sink.js');
      const retrySeconds = wholeNumber(given, 'retry-seconds', 0, 86_400);
      const key = textOrFile(required(given, 'key'), 'key');
      return feed({ ...settings, sink: httpSink(required(given, 'url'), key, controller, retrySeconds) }, streams);
    }
    const { folderSink } = await import('./feed/folder-sink.js');
    const { withFolder } = await import('./folder.js');
    const dir = required(given, 'data');
    return withFolder({ dir, packs: text(given, 'packs'), origin: text(given, 'origin'), role: 'feed' }, (folder) =>
      feed({ ...settings, sink: folderSink(folder, dir, controller) }, streams),
    );
  });
}

function addReport(add: Add): void {
  const options = [
    URL_OF_SERVER(),
    KEY(),
    CONTROLLER(),
    PACKS(),
    setting('--person <person>', 'whom: @FILE, or - for standard input, with JSON of their identifiers'),
    setting('--as-of <day>', 'a day, or a time with an offset; today where nothing is said'),
    setting('--lang <language>', 'ky, kk, ru or en'),
  ];
  add(
    'report',
    "print a person's lineage: what is held, from where, shared with whom, until when",
    options,
    async (given, _args, streams) => {
      const { readPerson, reportOn } = await import('./report.js');
      const url = required(given, 'url');
      const key = textOrFile(required(given, 'key'), 'key');
      const controller = required(given, 'controller');
      const person = await readPerson(required(given, 'person'), streams.stdin);
      const report = await reportOn(person, {
        url,
        key,
        controller,
        asOf: text(given, 'asOf'),
        language: text(given, 'lang'),
        packs: text(given, 'packs'),
        width: streams.stdout.columns,
        colour: streams.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
      });
      streams.stdout.write(report);
      return 0;
    },
  );
}

function addSimulate(add: Add): void {
  const options = [
    setting('--persons <number>', 'how many people').default('100'),
    setting('--seed <text>', 'the same seed gives the same bytes').default('1'),
    CONTROLLER().default('kz.autosiyliq'),
    setting('--from <day>', 'first day').default('2026-01-01'),
    setting('--to <day>', 'last day').default('2026-06-30'),
    setting('--actions <number>', "so many actions in all, in order of time, drawn from the people by Zipf's law"),
  ];
  add(
    'simulate',
    'write the feed of a lender: whole lives of fictitious people, as NDJSON',
    options,
    async (given, _args, streams) => {
      const { simulation, writeSimulation } = await import('./simulate/write.js');
      await writeSimulation(simulation(given), streams.stdout as NodeJS.WritableStream);
      return 0;
    },
  );
}

function addBench(add: Add): void {
  const options = [
    setting('--actions <number>', 'how many actions are fed').default('300000'),
    setting('--persons <number>', 'of how many people').default('20000'),
    new Option('--quick', 'a run of about a minute'),
    new Option('--long', 'also a million actions'),
  ];
  add('bench', 'measure this machine', options, async (given, _args, streams) => {
    const { bench } = await import('./bench/bench.js');
    const quick = given['quick'] === true;
    const actions = quick ? 50_000 : wholeNumber(given, 'actions', 1000, 100_000_000);
    const persons = quick ? 5_000 : wholeNumber(given, 'persons', 1, 10_000_000);
    await bench({
      actions,
      persons,
      posts: quick ? 500 : 3_000,
      long: given['long'] === true,
      write: (part) => streams.stdout.write(part),
    });
    return 0;
  });
}
