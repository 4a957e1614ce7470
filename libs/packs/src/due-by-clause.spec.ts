/**
 * The last day of every duty and every minimum, by clause, as somebody with the law and a calendar on the wall finds it;
 * and that it catches a change: any term of any pack made another is told by a day that is another.
 */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA, packFiles, type PackFile } from '../testdata/load.js';
import { compile, due, lastDay, parsePack, TRIGGERS, type Pack } from './index.js';

/** Mondays of weeks without a day off, one under each law of Kyrgyzstan. */
const DAYS = ['2026-01-12', '2026-04-13'] as const;
const files = packFiles(DATA);

function packsOf(all: readonly PackFile[]): readonly Pack[] {
  return all.map(({ source, content }) => {
    const parsed = parsePack(content, source);
    if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems));
    return parsed.pack;
  });
}

/** One line for each organisation, day, clause and what is owed by it. */
function linesOf(packs: readonly Pack[]): readonly string[] {
  const controllers = packs.flatMap((pack) => (pack.kind === 'controller' ? [pack.controller.id] : []));
  return [...new Set(controllers)].flatMap((controller) => {
    const rulebook = compile(packs, controller);
    return DAYS.flatMap((day) => [
      ...TRIGGERS.flatMap((trigger) =>
        rulebook
          .deadlines(trigger, day)
          .filter(({ term }) => term !== undefined)
          .map(({ duty, term, cite }) => {
            const last = due(rulebook.calendar(), day, term).due;
            return `${controller} ${day} ${trigger} ${duty}, ${cite.clause}: ${last}`;
          }),
      ),
      ...rulebook.minimums(day).map(({ id, after, term, cite }) => {
        return `${controller} ${day} ${after.kind} minimum ${id}, ${cite.clause}: ${lastDay(day, term)}`;
      }),
    ]);
  });
}

const TABLE = readFileSync(join(import.meta.dirname, '..', 'testdata', 'due-by-clause.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

interface Figure {
  readonly file: number;
  readonly path: readonly (string | number)[];
  readonly term: string;
}

/** Every term that a rule of a pack states. */
function figuresIn(node: unknown, file: number, path: readonly (string | number)[] = []): readonly Figure[] {
  if (typeof node !== 'object' || node === null) return [];
  const entries: [string | number, unknown][] = Array.isArray(node) ? [...node.entries()] : Object.entries(node);
  return entries.flatMap(([key, value]) =>
    key === 'term' && typeof value === 'string'
      ? [{ file, path: [...path, key], term: value }]
      : figuresIn(value, file, [...path, key]),
  );
}

/** One more of the same unit; `at once` becomes a day. */
function another(term: string): string {
  return term === 'at once' ? '1 working day' : term.replace(/\d+/, (count) => String(Number(count) + 1)).replace(/^2 (working day|week|month|year)$/, '2 $1s'); // prettier-ignore
}

function changed({ file, path, term }: Figure): readonly PackFile[] {
  const content = structuredClone(files[file]!.content);
  let at = content as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as typeof at;
  at[path.at(-1)!] = another(term);
  return files.map((one, index) => (index === file ? { ...one, content } : one));
}

/** Its one figure keeps nothing: policies map the dossier, which lasts as long (the pack's reading). */
const UNNAMED = 'kz.aml.yaml';

const figures = files.flatMap(({ content }, file) => figuresIn(content, file));

describe('the last days, by clause', () => {
  it('are those of the table', () => {
    expect([...linesOf(packsOf(files))].sort()).toEqual([...TABLE].sort());
  });

  it('are of every organisation, and under either law', () => {
    expect(figures.length).toBeGreaterThan(50);
    for (const day of DAYS) expect(TABLE.some((line) => line.includes(day))).toBe(true);
  });

  it('know of one minimum that no organisation names for any of its items', () => {
    const names = (id: string): boolean =>
      packsOf(files).some((pack) => pack.kind === 'controller' && pack.retention.some(({ minimum }) => minimum === id));
    const minimums = packsOf(files).flatMap((pack) => (pack.kind === 'law' ? pack.minimums.map(({ id }) => [pack.source, id] as const) : [])); // prettier-ignore
    expect(minimums.filter(([source, id]) => !names(id) || source === UNNAMED)).toEqual([[UNNAMED, 'aml-file']]);
  });

  const felt = figures.filter(({ file }) => files[file]!.source !== UNNAMED);
  it.each(felt.map((figure) => [files[figure.file]!.source, figure.path.join('/'), figure.term, figure] as const))(
    'tell that %s %s is no longer %s',
    (_, __, ___, figure) => {
      expect([...linesOf(packsOf(changed(figure)))].sort()).not.toEqual([...TABLE].sort());
    },
  );
});
