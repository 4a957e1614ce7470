/**
 * Clauses as a reader meets them.
 *
 * Packs cite in short forms: `94-V 8(2)`, `Law 58 17`, `policy 1.1`. A borrower is told the law and the article, in
 * the language of the page; a form that is not known is shown as the pack writes it.
 */
import { entry, fill, type Words } from './words.js';

/** The clause in the words of that language. */
export function clauseText(words: Words, clause: string): string {
  const named = entry(words.clause.named, clause);
  if (named !== undefined) return named;
  for (const [form, say] of FORMS) {
    const found = form.exec(clause);
    if (found !== null) return say(words.clause, found[1] ?? '', found[2] ?? '');
  }
  return clause;
}

type Say = (words: Words['clause'], first: string, second: string) => string;

/** The forms in which the packs cite, the closer before the looser. */
const FORMS: readonly (readonly [form: RegExp, say: Say])[] = [
  [/^pack default$/, (words) => words.packDefault],
  [/^(?:policy (?:intro|preamble)|preamble)$/, (words) => words.policyIntro],
  // Finbox's policy has two sections of one number.
  [/^policy first (.+)$/, (words, clause) => fill(words.first, { clause: fill(words.policy, { clause }) })],
  [/^policy second (.+)$/, (words, clause) => fill(words.second, { clause: fill(words.policy, { clause }) })],
  [/^policy (.+)$/, (words, clause) => fill(words.policy, { clause })],
  // Told by the agency's page; the page has no points, and what it is about stands beside the clause.
  [/^Law (\d+) \(Agency FAQ\b.*\)$/, (words, act) => `${fill(words.act, { act })} (${words.faq})`],
  [/^(?:Law )?(\d+-[IVXL]+|(?<=Law )\d+) (.+)$/, (words, act, article) => fill(words.law, { act, article })],
  [/^(?:Law )?(\d+-[IVXL]+|(?<=Law )\d+)$/, (words, act) => fill(words.act, { act })],
  [/^Decree (\d+)$/, (words, act) => fill(words.decree, { act })],
  [/^Digital Code$/, (words) => words.code],
  [/^Digital Code, Chapter (\d+)$/, (words, chapter) => fill(words.codeChapter, { chapter })],
  [/^Digital Code (\d.*)$/, (words, article) => fill(words.codeArticle, { article })],
  [/^State Agency FAQ$/, (words) => words.faq],
  [/^register (\d+)$/, (words, field) => fill(words.register, { field })],
];
