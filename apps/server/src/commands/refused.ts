import { Problem } from '#host';
import type { Outcome } from '#ledger';

/** A refused command as a problem: its code, and by which clause; `items` are the names of those that it is about. */
export function refusedAs(
  { code, clause, pack }: Extract<Outcome, { readonly kind: 'refused' }>,
  items: readonly string[],
): Problem {
  return new Problem(code, { clause, pack, ...(items.length === 0 ? {} : { items }) });
}
