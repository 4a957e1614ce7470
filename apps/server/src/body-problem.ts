import type { z } from 'zod';
import { Problem } from '#host';
import { faults, firstOf } from '#ledger';

/** The refusal of a body by what is wrong first in its order, judged as an action is. */
export function problemOfIssues(issues: readonly z.core.$ZodIssue[], body: unknown): Problem {
  const found = faults(issues, body);
  if (found.length === 0) return new Problem('malformed');
  const { code, pointer } = firstOf(found, body);
  return new Problem(code, { pointer });
}
