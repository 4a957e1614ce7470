/**
 * Clauses as a reader meets them.
 *
 * Packs cite in short forms: `94-V 8(2)`, `Law 58 17`, `policy 1.1`. A borrower is told the law and the article, in
 * the language of the page; a form that is not known is shown as the pack writes it.
 */
import { entry, fill, type Words } from './words.js';

const POLICY = /^policy (?:(first|second) )?(.+)$/;
const KAZAKH_ACT = /^(\d+-[IVXL]+) (\S.*)$/;
const KYRGYZ_ACT = /^Law (\d+) (\S.*)$/;

/** The clause in the words of that language. */
export function clauseText(words: Words, clause: string): string {
  if (clause === 'pack default') return words.clause.packDefault;
  const named = entry(words.clause.named, clause);
  if (named !== undefined) return named;
  const policy = POLICY.exec(clause);
  if (policy !== null) return policyClause(words, policy[1], policy[2] ?? '');
  const act = KAZAKH_ACT.exec(clause) ?? KYRGYZ_ACT.exec(clause);
  if (act !== null) return fill(words.clause.law, { act: act[1] ?? '', article: act[2] ?? '' });
  return clause;
}

function policyClause(words: Words, which: string | undefined, number: string): string {
  if (number === 'intro' || number === 'preamble') return words.clause.policyIntro;
  const said = fill(words.clause.policy, { clause: number });
  // Finbox's policy has two sections of one number.
  if (which === undefined) return said;
  return fill(which === 'first' ? words.clause.first : words.clause.second, { clause: said });
}
