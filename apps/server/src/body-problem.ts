import type { z } from 'zod';
import { Problem, type ProblemCode } from '#host';

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/**
 * The refusal of a body by what is wrong first. An unknown field is told at its parent's place, since its name came in; a
 * missing one at its own.
 */
export function problemOfIssues(issues: readonly Issue[], body: unknown): Problem {
  const issue = issues[0];
  if (issue === undefined) return new Problem('malformed');
  return new Problem(codeOf(issue, body), { pointer: pointerOf(issue.path) });
}

function codeOf(issue: Issue, body: unknown): ProblemCode {
  if (issue.code === 'unrecognized_keys') return 'unknown-field';
  if (isMissing(issue.path, body)) return 'missing-field';
  return issue.code === 'custom' && issue.params?.['refusal'] === 'check-digit' ? 'check-digit' : 'invalid-field';
}

function isMissing(path: Path, body: unknown): boolean {
  let at: unknown = body;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return false;
    if (!Object.hasOwn(at, key)) return true;
    at = (at as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return false;
}

function pointerOf(path: Path): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
