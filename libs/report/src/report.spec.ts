import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { compile, parsePack, type Rulebook } from '#packs';
import type { Answer } from './answer.js';
import { LANGUAGES } from './dictionary.js';
import { htmlReport } from './html.js';
import { textReport } from './text.js';

const here = new URL('.', import.meta.url);
const packsFolder = new URL('../../packs/data/', here);
const testdata = new URL('../testdata/', here);

const rulebook: Rulebook = compile(
  readdirSync(packsFolder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => {
      const parsed = parsePack(parse(readFileSync(new URL(name, packsFolder), 'utf8')), name);
      if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems));
      return parsed.pack;
    }),
  'kz.autosiyliq',
);
const scenario = JSON.parse(readFileSync(new URL('scenario-4.4.2026-07-20.json', testdata), 'utf8')) as Answer;

/** Compares with the file, which is written anew where GOLDEN=write is set. */
function golden(name: string, text: string): void {
  const file = new URL(name, testdata);
  if (process.env['GOLDEN'] === 'write') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

describe('the answer of scenario 4.4 as of 2026-07-20', () => {
  test.each(LANGUAGES)('is the page that was read and approved, in %s', (language) => {
    golden(`scenario-4.4.2026-07-20.${language}.html`, htmlReport(scenario, rulebook, language));
  });
  test.each(LANGUAGES)('is the text that was read and approved, in %s', (language) => {
    golden(`scenario-4.4.2026-07-20.${language}.txt`, textReport(scenario, rulebook, language, { width: 100 }));
  });
});
