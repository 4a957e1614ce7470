/** Options that several commands have, and how a command is added. */
import type { Command, Option } from 'commander';
import type { ExitStatus } from './failure.js';
import type { FeedStreams } from './feed/feed.js';
import { setting, type SourceOf } from './settings.js';

export type Options = Record<string, unknown>;

/** What a command does; it gives the exit status, or throws CommandFailure. */
export type Act = (
  options: Options,
  args: readonly string[],
  streams: FeedStreams,
  source: SourceOf,
) => Promise<ExitStatus>;

/** Adds a command; a name of two words stands under the first. */
export type Add = (name: string, description: string, options: readonly Option[], act: Act) => Command;

export const text = (options: Options, name: string) => options[name] as string | undefined;

export const PACKS = () => setting('--packs <dir>', 'a folder of packs beside the built-in ones');
export const ORIGIN = () => setting('--origin <origin>', 'names the log when the data folder is made');
export const DATA = () => setting('--data <dir>', 'the data folder, made where there is none');
export const POSTGRES = () => setting('--postgres <url>', 'the database of a store that several processes share');
export const KEYS_POSTGRES = () => setting('--keys-postgres <url>', 'another database for the keys');
export const ROOT_KEY = () =>
  setting('--root-key <file>', 'with --postgres: the root key; that of --data, unless said');
export const URL_OF_SERVER = () => setting('--url <url>', 'the address of a running server');
export const KEY = () => setting('--key <key>', 'an API key, or @FILE to read it from');
export const CONTROLLER = () => setting('--controller <id>', 'the organisation, for example kz.autosiyliq');
