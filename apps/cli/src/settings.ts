/**
 * Where settings come from: flags, then `DEPTER_*` in the environment, then a file. The flags and the environment are
 * commander's; this adds the file, and what is required of the three together.
 */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { Option } from 'commander';
import { parse } from 'yaml';
import { wrongUse } from './failure.js';

/** An option that may also stand in the environment, as `DEPTER_` and its name, and in the settings file. */
export function setting(flags: string, description: string): Option {
  const option = new Option(flags, description);
  return option.env(`DEPTER_${option.name().replaceAll('-', '_').toUpperCase()}`);
}

/** What every command's help ends with. */
export const SETTINGS_HELP = `
Each setting is taken from its flag, then from its variable in the environment, then from the settings file: YAML or
JSON, one setting a line under its flag's name without dashes (--config FILE).

Exit status: 0 done, 1 the answer is no, 2 wrong use, 3 the server or the store failed.`;

/** Fills in from the file what neither flag nor environment gave. Throws CommandFailure 2. */
export function applySettingsFile(command: Command): void {
  const path = command.getOptionValue('config') as string | undefined;
  if (path === undefined) return;
  const found = readSettings(path);
  for (const option of command.options) {
    const value = found[option.name()];
    const source = command.getOptionValueSource(option.attributeName());
    if (value === undefined || (source !== undefined && source !== 'default')) continue;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw wrongUse(`The setting "${option.name()}" of the settings file must be a text or a number.`);
    }
    const text = option.isBoolean() ? value === true || value === 'true' : String(value);
    command.setOptionValueWithSource(option.attributeName(), text, 'config');
  }
}

function readSettings(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw wrongUse('The settings file cannot be read: check --config.');
  }
  let value: unknown;
  try {
    value = parse(text, { logLevel: 'error' });
  } catch {
    // The parser's message would repeat what stands in the file, a key perhaps.
    throw wrongUse('The settings file is neither YAML nor JSON.');
  }
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw wrongUse('The settings file must be a list of "name: value".');
  return value as Record<string, unknown>;
}

/** The value, or CommandFailure 2 that says how to give it. */
export function required(options: Record<string, unknown>, name: string): string {
  const value = options[camel(name)];
  if (typeof value === 'string' && value !== '') return value;
  throw wrongUse(
    `--${name} is missing: give the flag, DEPTER_${name.replaceAll('-', '_').toUpperCase()}, or "${name}" in the settings file.`,
  );
}

/** A whole number within bounds, or CommandFailure 2. */
export function wholeNumber(options: Record<string, unknown>, name: string, low: number, high: number): number {
  const text = required(options, name);
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= low && number <= high) return number;
  throw wrongUse(`--${name} must be a whole number from ${low} to ${high}.`);
}

/** A text, or the contents of a file where it is `@FILE`; for keys, which should not stand in a list of processes. */
export function textOrFile(text: string, name: string): string {
  if (!text.startsWith('@')) return text;
  try {
    return readFileSync(text.slice(1), 'utf8').trim();
  } catch {
    throw wrongUse(`The file given to --${name} cannot be read.`);
  }
}

function camel(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Where a setting came from, by its name: commander's words. */
export type SourceOf = (name: string) => string | undefined;

const NEAREST_LAST = ['default', 'config', 'env', 'cli'];

/**
 * Which of two settings that exclude each other counts: the one said nearer to the command, as a flag is nearer than the
 * environment. Throws CommandFailure 2 where both were said in the same place; `one` where neither was said at all.
 */
export function either(one: string, other: string, source: SourceOf): string {
  const rank = (name: string) => NEAREST_LAST.indexOf(source(name) ?? '');
  if (rank(other) > rank(one)) return other;
  if (rank(one) === rank(other) && rank(one) >= 0) throw wrongUse(`Give --${one} or --${other}, not both.`);
  return one;
}
