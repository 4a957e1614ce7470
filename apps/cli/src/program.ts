/** The commands and their settings (`wire.md`, Command line); each command's code is loaded when it is used. */
import { Command, CommanderError, Option } from 'commander';
import { CommandFailure, type ExitStatus } from './failure.js';
import type { FeedStreams } from './feed/feed.js';
import { applySettingsFile, required, setting, SETTINGS_HELP, textOrFile, wholeNumber } from './settings.js';

type Options = Record<string, unknown>;

const DATA = () => setting('--data <dir>', 'the data folder, made where there is none');
const URL_OF_SERVER = () => setting('--url <url>', 'the address of a running server');
const KEY = () => setting('--key <key>', 'an API key, or @FILE to read it from');
const CONTROLLER = () => setting('--controller <id>', 'the organisation, for example kz.autosiyliq');

/** Runs one command line; gives the exit status and never throws. */
export async function run(args: readonly string[], streams: FeedStreams): Promise<ExitStatus> {
  let status: ExitStatus = 0;
  const program = new Command('depter').description(
    "The book of record of what an organisation does with people's data.",
  );
  const add = (name: string, description: string, options: readonly Option[], act: Act): Command =>
    command(program, name, description, options).action(async (...given: unknown[]) => {
      const self = given.at(-1) as Command;
      applySettingsFile(self);
      status = await act(self.opts(), self.args, streams);
    });
  addServe(add);
  addFeed(add);
  addSimulate(add);
  program.exitOverride().configureOutput({
    writeOut: (text) => streams.stdout.write(text),
    writeErr: (text) => streams.stderr.write(text),
  });
  for (const one of program.commands) inherit(one, program);
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

type Act = (options: Options, args: readonly string[], streams: FeedStreams) => Promise<ExitStatus>;
type Add = (name: string, description: string, options: readonly Option[], act: Act) => Command;

function command(program: Command, name: string, description: string, options: readonly Option[]): Command {
  const [first, ...rest] = name.split(' ') as [string, ...string[]];
  const nested = rest.length > 0 && !rest[0]?.startsWith('<');
  const parent = nested ? program.command(first).description('API keys') : program;
  const made = parent.command(nested ? rest.join(' ') : name).description(description);
  for (const option of options) made.addOption(option);
  return made.addOption(setting('--config <file>', 'a settings file')).addHelpText('after', SETTINGS_HELP);
}

/** Settings of commander that its commands do not take over by themselves. */
function inherit(command: Command, from: Command): void {
  command.copyInheritedSettings(from);
  for (const one of command.commands) inherit(one, from);
}

/** The settings of the server; a test holds this list against the server's own. */
export function serveOptions(): Option[] {
  return [
    DATA(),
    setting('--port <number>', 'TCP port; 0 takes a free one'),
    setting('--host <address>', 'the address to listen on (this machine alone, unless said)'),
    new Option('--packs <dir...>', 'folders of packs beside the built-in ones').env('DEPTER_PACKS'),
    setting('--now <time>', 'starts a settable clock, for tests and demos: RFC 3339'),
    setting('--origin <origin>', 'names the log when the data folder is made'),
    setting('--log-level <level>', 'how much is logged'),
    setting('--drain-seconds <seconds>', 'how long a stop waits for what is under way'),
    setting('--stall-seconds <seconds>', 'after how long without a byte a connection is cut'),
  ];
}

function addServe(add: Add): void {
  add(
    'serve',
    'run the embedded server; prints `ready http://127.0.0.1:N` when it serves',
    serveOptions(),
    async (options) => {
      const { serve } = await import('./serve.js');
      required(options, 'data');
      const flags = serveOptions().flatMap((option) => {
        const value = options[option.attributeName()];
        const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
        return values.flatMap((one) => [`--${option.name()}`, String(one)]);
      });
      return serve(flags);
    },
  );
}

function addFeed(add: Add): void {
  const options = [
    URL_OF_SERVER(),
    KEY(),
    CONTROLLER(),
    setting('--show <number>', 'how many refused lines are shown').default('20'),
    setting('--retry-seconds <number>', 'how long to wait for a server that does not answer').default('120'),
    new Option('--from-start', 'begin at the beginning, whatever an earlier run left'),
  ];
  add(
    'feed <file>',
    'send actions (NDJSON; - is standard input) to a server',
    options,
    async (given, args, streams) => {
      const { feed } = await import('./feed/feed.js');
      const { httpSink } = await import('./feed/sinks.js');
      const controller = required(given, 'controller');
      const retrySeconds = wholeNumber(given, 'retry-seconds', 0, 86_400);
      const sink = httpSink(
        required(given, 'url'),
        textOrFile(required(given, 'key'), 'key'),
        controller,
        retrySeconds,
      );
      const settings = {
        file: args[0] as string,
        sink,
        show: wholeNumber(given, 'show', 0, 1_000_000),
        fromStart: given['fromStart'] === true,
      };
      return feed(settings, streams);
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
