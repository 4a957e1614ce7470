/** The packs that come with Depter, the fictitious editions of the scenarios, and the scenarios themselves. */

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parsePack, type Pack } from '../src/index.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');
export const DATA = join(import.meta.dirname, '..', 'data');
export const FICTITIOUS = join(ROOT, 'test', 'packs');

export interface PackFile {
  readonly source: string;
  readonly content: unknown;
}

export function packFiles(folder: string): readonly PackFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((source) => ({ source, content: parse(readFileSync(join(folder, source), 'utf8')) as unknown }));
}

/** Every pack of the folders; throws where one has a problem. */
export function loadPacks(...folders: readonly string[]): Pack[] {
  return folders.flatMap(packFiles).map(({ source, content }) => {
    const parsed = parsePack(content, source);
    if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems, null, 2));
    return parsed.pack;
  });
}

export interface Entry {
  readonly n: number;
  readonly on: string;
  readonly do: string;
  readonly [key: string]: unknown;
}

export interface Asked {
  readonly row: number | string;
  readonly on: string;
  readonly clock?: Readonly<Record<string, unknown>>;
  readonly finding?: Readonly<Record<string, unknown>>;
  readonly decision?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

type Named<T> = Readonly<Record<string, T>>;

export interface Scenario {
  readonly scenario: string;
  readonly controller: string;
  readonly zone: string;
  readonly country: string;
  readonly laws: readonly string[];
  readonly editions: Named<{ readonly from?: string; readonly clause?: string; readonly fictitious?: true }>;
  readonly items: Named<string>;
  readonly purposes: Named<{
    readonly clause: string;
    readonly ends: string;
    readonly barred?: boolean;
    readonly edition?: string;
  }>;
  readonly recipients: Named<{
    readonly role: string;
    readonly country: string;
    readonly category: string;
    readonly needs?: readonly string[];
  }>;
  readonly authorities: readonly string[];
  readonly sources?: readonly string[];
  readonly bases: Named<string>;
  readonly grounds: Named<{ readonly clause: string; readonly mark?: string }>;
  readonly minimums: Named<{
    readonly clause?: string;
    readonly after: string;
    readonly term: string;
    readonly mark: string;
    readonly items: readonly string[];
  }>;
  readonly terms: Named<string>;
  readonly feed: readonly Entry[];
  readonly asks: readonly Asked[];
}

export const SCENARIOS: readonly Scenario[] = ['4.1', '4.2', '4.3', '4.4', '4.5'].map(
  (name) => parse(readFileSync(join(ROOT, 'test', 'scenarios', `${name}.yaml`), 'utf8')) as Scenario,
);
