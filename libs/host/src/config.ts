/**
 * Settings, read in one place: flags, then `DEPTER_*` in the environment, then a file (`wire.md`, Command line). What
 * comes out is validated and typed; nothing else reads `process.argv` or `process.env`.
 */
import { readFileSync } from 'node:fs';
import { parseArgs, types } from 'node:util';
import { LineCounter, parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { readInstant } from '#ledger';
import { LOG_LEVELS } from './logging.js';

/** A wrong setting; the message names the setting and where it was said, never a secret, since no setting is one. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

const instant = z.string().transform((text, context) => {
  const at = readInstant(text);
  if (at !== undefined) return at;
  context.addIssue({ code: 'custom', message: 'is not an RFC 3339 time with an offset' });
  return z.NEVER;
});

const list = z.union([
  z.array(z.string().min(1)),
  z.string().transform((text) => text.split(',').filter((one) => one !== '')),
]);

const SETTINGS = z.strictObject({
  /** The data folder; made where there is none. With `postgres` it holds the root key alone. */
  data: z.string().min(1).optional(),
  /** `postgres://…`: the store is that database, which other processes may use, too; a password may be in PGPASSWORD. */
  postgres: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'is not postgres://…')
    .optional(),
  /** Another database for the keys. */
  'keys-postgres': z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'is not postgres://…')
    .optional(),
  /** `esdb://…`: with `postgres`, the log lies there. */
  eventstore: z
    .string()
    .regex(/^(esdb|kurrentdb)(\+discover)?:\/\//, 'is not esdb://…')
    .optional(),
  /** With `postgres`: the file of the root key, the same for every process; `root.key` of the data folder, unless said. */
  'root-key': z.string().min(1).optional(),
  /** A file, off this machine, that every destruction is copied to before it is acknowledged; `restore` replays it. */
  'destruction-journal': z.string().min(1).optional(),
  /** TCP port; 0 takes a free one. */
  port: z.coerce.number().int().min(0).max(65_535).default(8080),
  /** The address to listen on. Only this machine, unless it is said otherwise. */
  host: z.string().min(1).default('127.0.0.1'),
  /** Folders of packs beside the built-in ones. */
  packs: list.default([]),
  /** Starts a settable clock, in milliseconds since the epoch; absent: the machine's clock. */
  now: instant.optional(),
  /** Names the log when the data folder is made: no spaces, no `+` (`proof-format.md`). */
  origin: z
    .string()
    .regex(/^[^\s+]{1,200}$/, 'holds a space or a plus')
    .optional(),
  'log-level': z.enum(LOG_LEVELS).default('info'),
  /** How long a stop waits for what is under way, in seconds. */
  'drain-seconds': z.coerce.number().min(0).max(600).default(10),
  /** After how long without a byte a body, or a reader of answers, is cut, in seconds. */
  'stall-seconds': z.coerce.number().min(1).max(60).default(40),
  /** Kafka brokers, `host:port`; none: nothing comes in or goes out that way. */
  kafka: list.default([]),
  /** The controllers whose topics are served; none said: all that packs name. */
  'kafka-controllers': list.default([]),
  /** TLS to the brokers, judged by the machine's authorities; `kafka-ca` (a PEM file) turns it on with its own. */
  'kafka-tls': z.union([z.boolean(), z.stringbool()]).default(false),
  'kafka-ca': z.string().min(1).optional(),
  /** SASL/SCRAM-SHA-512; the password is the text of a file, since no setting is a secret. */
  'kafka-user': z.string().min(1).optional(),
  'kafka-password-file': z.string().min(1).optional(),
  /** A policy file (C2SP tlog-policy) of the witnesses that cosign the logs, each with its address; none: no witness. */
  'witness-policy': z.string().min(1).optional(),
  /** How long to wait from one cosigned checkpoint to the next, in seconds. */
  'witness-seconds': z.coerce.number().min(0).max(86_400).default(10),
  /** How many entries a second the audit of each log checks; 0: none. */
  'audit-rate': z.coerce.number().min(0).max(1_000_000).default(2_000),
  /** How long it rests at the end of a log, in seconds, before it begins at its first entry again. */
  'audit-rest-seconds': z.coerce.number().min(0).max(31_536_000).default(3_600),
  /** Roles that run in this process beside its edge; none said: all that it can. */
  roles: list.default([]),
});

export type Config = Readonly<z.infer<typeof SETTINGS>>;
type Setting = keyof typeof SETTINGS.shape;

const NAMES = Object.keys(SETTINGS.shape) as Setting[];
const REPEATED: ReadonlySet<string> = new Set(['packs']);

/** The settings that flags can say, for the help of the command line. */
export const SETTING_NAMES: readonly string[] = NAMES;

/**
 * Reads the settings. `args` are the flags (`--data DIR`), `env` the environment; `--config FILE` or `DEPTER_CONFIG`
 * names a YAML file of the same names. Throws ConfigError.
 */
export function readConfig(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Config {
  const flags = readFlags(args);
  const fromEnv = readEnvironment(env);
  const path = flags['config'] ?? env['DEPTER_CONFIG'];
  const fromFile = typeof path === 'string' ? readFile(path) : {};
  delete flags['config'];
  const result = SETTINGS.safeParse({ ...fromFile, ...fromEnv, ...flags });
  if (result.success) {
    requireStore(result.data);
    return result.data;
  }
  const issue = result.error.issues[0];
  const name = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : (issue?.path.join('.') ?? '');
  const missing = issue?.code === 'invalid_type' && !(name in { ...fromFile, ...fromEnv, ...flags });
  throw new ConfigError(missing ? `--${name} is missing` : `setting ${name}: ${issue?.message ?? 'is wrong'}`);
}

/** Where the data lies must be said, and with PostgreSQL where the root key does. */
function requireStore(config: Config): void {
  if (config.data !== undefined) return;
  if (config.postgres === undefined) throw new ConfigError('--data is missing');
  if (config['root-key'] === undefined) throw new ConfigError('--root-key or --data is missing');
}

function readFlags(args: readonly string[]): Record<string, unknown> {
  const options = Object.fromEntries(
    [...NAMES, 'config'].map((name) => [name, { type: 'string' as const, multiple: REPEATED.has(name) }]),
  );
  try {
    return { ...parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values };
  } catch (error) {
    throw new ConfigError(types.isNativeError(error) ? error.message : 'the flags cannot be read');
  }
}

function readEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const name of NAMES) {
    const value = env[`DEPTER_${name.toUpperCase().replaceAll('-', '_')}`];
    if (value !== undefined && value !== '') found[name] = value;
  }
  return found;
}

function readFile(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(
      `the settings file ${path}: ${types.isNativeError(error) ? error.message : 'cannot be read'}`,
    );
  }
  const parsed = parseSettings(path, text);
  const object = z.record(z.string(), z.unknown()).safeParse(parsed);
  if (!object.success) throw new ConfigError(`the settings file ${path}: is not a list of names and values`);
  // The same file serves every command: what is for others is theirs to judge.
  return Object.fromEntries(Object.entries(object.data).filter(([name]) => NAMES.some((one) => one === name)));
}

/** The parser's own words would repeat what stands in the file, a key of another command perhaps: only the place is told. */
function parseSettings(path: string, text: string): unknown {
  const lines = new LineCounter();
  try {
    return parse(text, { prettyErrors: false, logLevel: 'error', lineCounter: lines });
  } catch (error) {
    const place = error instanceof YAMLParseError ? lines.linePos(error.pos[0]) : undefined;
    const where = place === undefined ? '' : ` (line ${place.line}, column ${place.col})`;
    throw new ConfigError(`the settings file ${path}: is not YAML${where}`);
  }
}
