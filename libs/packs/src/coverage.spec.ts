/** Each document's coverage is whole, and the page made of it is the one in the folder. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { format, resolveConfig } from 'prettier';
import { DATA, FICTITIOUS, loadPacks, packFiles } from '../testdata/load.js';
import {
  checkFiles,
  coverageProblems,
  coverageSchema,
  coverageTable,
  unmarkedFigures,
  type Coverage,
} from './index.js';

const FOLDER = join(import.meta.dirname, '..', 'coverage');
const PAGE = join(import.meta.dirname, '..', 'COVERAGE.md');
const packs = loadPacks(DATA);
const files = packFiles(FOLDER);
const coverages = files.map((file) => coverageSchema.parse(file.content));
const somo = coverages.find((one) => one.pack === 'kg.somo') as Coverage;

describe('the coverage', () => {
  it('is of five documents', () => {
    expect(coverages.map((one) => one.pack).sort()).toEqual([
      'kg.holder',
      'kg.softskills',
      'kg.somo',
      'kz.autosiyliq',
      'kz.finbox',
    ]);
  });

  it.each(files.map((file) => [file.source, file] as const))('%s is whole', (source, file) => {
    expect(coverageProblems(coverageSchema.parse(file.content), packs, source)).toEqual([]);
  });

  it('leaves out little, and says why', () => {
    for (const { rows } of coverages) {
      const out = rows.filter((row) => 'unmapped' in row);
      expect(out.length / rows.length).toBeLessThan(0.2);
      for (const row of out) expect('unmapped' in row ? row.unmapped.length : 0).toBeGreaterThan(20);
    }
  });

  // To make the page again: UPDATE_COVERAGE=1 and this test.
  it('is the page in the folder', async () => {
    const options = await resolveConfig(PAGE);
    const page = await format(coverageTable(coverages), { ...options, parser: 'markdown' });
    if (process.env['UPDATE_COVERAGE'] === '1') writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });
});

describe('a coverage that is not whole', () => {
  const reasons = (change: Partial<Coverage>): string[] =>
    coverageProblems({ ...somo, ...change }, packs, 'somo.yaml').map((one) => `${one.pointer} ${one.reason}`);

  it('tells a clause without a row', () => {
    expect(reasons({ clauses: [...somo.clauses, '9.3'] })).toEqual([
      `/clauses/${somo.clauses.length} clause 9.3 has no row`,
    ]);
    expect(reasons({ rows: somo.rows.filter((row) => row.clause !== '9.2') })).toEqual([
      `/clauses/${somo.clauses.indexOf('9.2')} clause 9.2 has no row`,
    ]);
  });

  it('tells a row of no clause, a place that is none, a place of another clause', () => {
    const row = (clause: string, at: string): string[] =>
      reasons({ rows: [...somo.rows, { clause, says: 'x', at: [at] }] });
    const n = somo.rows.length;
    expect(row('9.3', '/statements/change')[0]).toBe(`/rows/${n}/clause the document has no clause 9.3`);
    expect(row('9.2', '/statements/none')).toEqual([`/rows/${n}/at/0 nothing stands at /statements/none`]);
    expect(row('9.1', '/statements/change')).toEqual([`/rows/${n}/at/0 /statements/change cites policy 9.2, not 9.1`]);
    expect(row('9.2', 'kg.nobody#/edition')).toEqual([`/rows/${n}/at/0 nothing stands at kg.nobody#/edition`]);
  });

  it('tells a clause that the pack cites and the document does not list', () => {
    const without = {
      clauses: somo.clauses.filter((clause) => clause !== '8.1'),
      rows: somo.rows.filter((row) => row.clause !== '8.1'),
    };
    expect(reasons(without)).toEqual(['/clauses the pack cites clause 8.1, which is not listed']);
  });
});

describe('a check of all files', () => {
  it('finds nothing in those that come with Depter, nor in the fictitious ones', () => {
    expect(checkFiles(packFiles(DATA), files)).toEqual([]);
    expect(checkFiles([...packFiles(DATA), ...packFiles(FICTITIOUS)], files)).toEqual([]);
  });

  it('tells an unmarked figure once, a dangling name, and a coverage that is none', () => {
    const changed = (name: string, change: (content: Record<string, unknown>) => unknown): readonly unknown[] =>
      checkFiles(
        packFiles(DATA).map((file) =>
          file.source === name
            ? { source: name, content: change(structuredClone(file.content) as Record<string, unknown>) }
            : file,
        ),
        files,
      );
    expect(
      changed('kg.aml.yaml', (pack) => ({
        ...pack,
        minimums: [{ ...(pack['minimums'] as object[])[0], mark: undefined }],
      })),
    ).toHaveLength(1);
    expect(
      changed('kz.56-v.yaml', (pack) => ({ ...pack, transferBans: [{ overdueDays: 90, clause: 'x' }] })),
    ).toMatchObject([{ source: 'kz.56-v.yaml', pointer: '/transferBans/0/mark' }]);
    expect(
      changed('kg.somo.yaml', (pack) => ({
        ...pack,
        undertakingsOwed: [{ undertakings: ['silence'], categories: ['bank'], clause: 'policy 4.2', mark: 'P' }],
      })),
    ).toMatchObject([{ source: 'kg.somo.yaml', pointer: '/undertakingsOwed/0/undertakings/0' }]);
    expect(checkFiles(packFiles(DATA), [{ source: 'x.yaml', content: {} }]).length).toBeGreaterThan(0);
  });

  it('looks for figures at every depth', () => {
    expect(unmarkedFigures({ a: [{ b: { term: '1 week' } }, { term: '1 week', mark: 'P' }] }, 'x')).toEqual([
      { source: 'x', pointer: '/a/0/b/mark', reason: 'a figure without a mark' },
    ]);
  });
});
