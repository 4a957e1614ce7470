/** The packs that come with Depter, compiled for a controller; with them the fictitious editions that scenarios publish. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { compile, type Pack, parsePack, type Rulebook } from '#packs';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const DATA = join(ROOT, 'libs', 'packs', 'data');
const FICTITIOUS = join(ROOT, 'test', 'packs');

const read = new Map<string, readonly Pack[]>();

export function packsIn(folder: string): readonly Pack[] {
  let packs = read.get(folder);
  if (packs === undefined) {
    packs = readdirSync(folder)
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => {
        const parsed = parsePack(parse(readFileSync(join(folder, file), 'utf8')), file);
        if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems));
        return parsed.pack;
      });
    read.set(folder, packs);
  }
  return packs;
}

export function builtInPacks(): readonly Pack[] {
  return packsIn(DATA);
}

export function rulebookOf(controller: string): Rulebook {
  return compile(packsIn(DATA), controller);
}

/** With the editions that exist in the scenarios alone. */
export function scenarioRulebookOf(controller: string): Rulebook {
  return compile([...packsIn(DATA), ...packsIn(FICTITIOUS)], controller);
}
