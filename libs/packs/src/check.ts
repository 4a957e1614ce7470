/** Everything that can be wrong with pack files, in one list: what `depter pack check` tells. */

import { coverageProblems, coverageSchema, type Coverage } from './coverage.js';
import { checkPacks, parsePack, type Pack, type PackProblem } from './parse.js';

/** A file that was read and parsed, and nothing more. */
export interface ParsedFile {
  readonly source: string;
  readonly content: unknown;
}

/** Keys whose value is a figure of law or policy: none may stand without saying how well it is known. */
const FIGURES = ['term', 'overdueDays', 'count', 'year', 'day', 'adequate'] as const;

/**
 * Checks packs and the coverage of their documents: the schema, figures without a mark, what one names and another
 * lacks, clauses without a field. References and coverage are looked at once every file has the right form.
 */
export function checkFiles(
  packs: readonly ParsedFile[],
  coverages: readonly ParsedFile[] = [],
): readonly PackProblem[] {
  const problems: PackProblem[] = [];
  const good: Pack[] = [];
  for (const { source, content } of packs) {
    const parsed = parsePack(content, source);
    if (parsed.kind === 'pack') good.push(parsed.pack);
    else problems.push(...parsed.problems);
    const told = new Set(problems.map((problem) => `${problem.source} ${problem.pointer}`));
    problems.push(...unmarkedFigures(content, source).filter((one) => !told.has(`${source} ${one.pointer}`)));
  }
  const documents: { readonly source: string; readonly coverage: Coverage }[] = [];
  for (const { source, content } of coverages) {
    const parsed = coverageSchema.safeParse(content);
    if (parsed.success) documents.push({ source, coverage: parsed.data });
    else problems.push(...parsed.error.issues.map((issue) => problemOf(source, issue.path, issue.message)));
  }
  if (problems.length > 0) return problems;
  return [
    ...checkPacks(good),
    ...documents.flatMap(({ source, coverage }) => coverageProblems(coverage, good, source)),
  ];
}

/** Every object of a file that holds a figure and no mark. The pointer is that of the mark that is missing. */
export function unmarkedFigures(content: unknown, source: string): readonly PackProblem[] {
  const found: PackProblem[] = [];
  const walk = (node: unknown, path: readonly PropertyKey[]): void => {
    if (typeof node !== 'object' || node === null) return;
    const has = (key: string): boolean => Object.hasOwn(node, key);
    if (!Array.isArray(node) && FIGURES.some(has) && !has('mark')) {
      found.push(problemOf(source, [...path, 'mark'], 'a figure without a mark'));
    }
    for (const [key, value] of Object.entries(node)) walk(value, [...path, key]);
  };
  walk(content, []);
  return found;
}

function problemOf(source: string, path: readonly PropertyKey[], reason: string): PackProblem {
  const pointer = path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return { source, pointer, reason };
}
