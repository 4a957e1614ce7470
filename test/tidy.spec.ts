/** Forbids what review forgets: the rules of the house that no type or lint rule can say. */
import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '');
const sources = files.filter((file) => /^(apps|libs|test)\/.*\.ts$/.test(file));
const text = (file: string): string => readFileSync(file, 'utf8');
const offenders = (among: readonly string[], pattern: RegExp): string[] =>
  among.filter((file) => pattern.test(text(file)));

const PURE = /^libs\/(packs|ledger|proof|report)\/src\//;
const pure = sources.filter((file) => PURE.test(file) && !file.endsWith('.spec.ts'));
const product = sources.filter((file) => !file.endsWith('.spec.ts') && file !== 'test/tidy.spec.ts');

describe('tidy', () => {
  test('there is something to look at', () => {
    expect(pure.length).toBeGreaterThan(20);
  });

  test('pure libraries read no clock and roll no dice', () => {
    expect(offenders(pure, /\bDate\.now\b|new Date\(\)|Math\.random|\bperformance\.now|Temporal\.Now/)).toEqual([]);
  });

  test('a library has one index.ts, at its root', () => {
    expect(
      files.filter((file) => /^libs\/.*\/index\.ts$/.test(file) && !/^libs\/[a-z]+\/src\/index\.ts$/.test(file)),
    ).toEqual([]);
  });

  test('no file or folder is named for nothing', () => {
    expect(files.filter((file) => /(^|\/)(utils?|common|shared|core|helpers?|misc)(\/|\.ts$)/.test(file))).toEqual([]);
  });

  test('a file can be held in the head', () => {
    expect(product.filter((file) => text(file).split('\n').length > 400)).toEqual([]);
  });

  test('nothing is left for later in the code', () => {
    const later = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX:', 'not imple' + 'mented'].join('|'));
    expect(offenders(sources, later)).toEqual([]);
    expect(offenders(sources, new RegExp('\\.(only|todo)\\('))).toEqual([]);
  });

  test('nobody publishes from the command path', () => {
    expect(offenders(product, /\bEventBus\b|AggregateRoot|@Saga\(/)).toEqual([]);
  });
});
