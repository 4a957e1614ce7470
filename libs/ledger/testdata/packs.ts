/** The packs that come with Depter, compiled for a controller. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { compile, parsePack, type Rulebook } from '#packs';

const DATA = join(import.meta.dirname, '..', '..', 'packs', 'data');

export function rulebookOf(controller: string): Rulebook {
  const packs = readdirSync(DATA)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => {
      const parsed = parsePack(parse(readFileSync(join(DATA, file), 'utf8')), file);
      if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems));
      return parsed.pack;
    });
  return compile(packs, controller);
}
