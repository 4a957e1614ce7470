/** A lineage in all languages: JSON that is the same, and pages that say all of it, each in its own language alone. */
import type { Language, Rulebook } from '#packs';
import { readable, skeleton, vocabulary, wordsOf } from '../../libs/report/testdata/spoken.js';
import type { Row } from './asked.js';
import type { Scenario } from './scenario.js';

export const LANGUAGES = ['ky', 'kk', 'ru', 'en'] as const satisfies readonly Language[];

export interface InLanguage {
  readonly language: Language;
  readonly json: string;
  readonly html: string;
}

/** Each reading is in the log itself, so that what proves an answer is newer with each. */
const ARRIVED = { asKnown: '', evidence: {} };

/** What is wrong with one answer as it was given in each language; `asOf` is its day. */
export function wrongInLanguages(
  told: Scenario,
  rulebook: Rulebook,
  asOf: string,
  given: readonly InLanguage[],
): readonly string[] {
  const [first] = given;
  const answer = JSON.parse(first!.json) as { readonly items: readonly Row[] };
  const stated = (json: string): string => JSON.stringify({ ...(JSON.parse(json) as object), ...ARRIVED });
  const form = skeleton(first!.html);
  const said = new Set(wordsOf(ofNoLanguage(told, first!.json)));
  return given.flatMap(({ language, json, html }) => {
    const spoken = vocabulary(rulebook, language, asOf);
    const page = readable(html);
    const unsaid = labelsOf(answer.items, rulebook, language, asOf).filter((label) => !saysLabel(page, label));
    const foreign = wordsOf(page).filter((word) => !spoken.has(word) && !said.has(word));
    const own = skeleton(html);
    return [
      ...(stated(json) === stated(first!.json) ? [] : [`JSON in ${language} is another`]),
      ...(html.includes(`<html lang="${language}">`) ? [] : [`the page is not in ${language}`]),
      ...unsaid.map((label) => `the page in ${language} does not say ${label}`),
      ...[...new Set(foreign)].map((word) => `the page in ${language} says ${word}`),
      ...(own.join() === form.join() ? [] : [`the page in ${language} has other texts than in ${first!.language}`]),
    ];
  });
}

/** Within a sentence a label has no capital. */
const saysLabel = (page: string, label: string): boolean => page.toLowerCase().includes(label.toLowerCase());

/** The names that a page must say: of every item, purpose, recipient and basis of the answer. */
function labelsOf(items: readonly Row[], rulebook: Rulebook, language: Language, on: string): readonly string[] {
  const found = items.flatMap((row) => [
    rulebook.item(row['item'] as string, on),
    ...(row['purposes'] as readonly Row[]).map(({ purpose }) => rulebook.purpose(purpose as string, on)),
    ...(row['shared'] as readonly Row[]).map(({ recipient }) => rulebook.organisation(recipient as string, on)),
  ]);
  return [...new Set(found.flatMap((one) => one?.labels[language] ?? []))];
}

/** Of no language: values that were told, numbers of laws, the zone, and what proves the answer. */
function ofNoLanguage(told: Scenario, json: string): string {
  const { subject, evidence } = JSON.parse(json) as { readonly subject: string; readonly evidence: unknown };
  const values = told.feed.flatMap((entry) => Object.values((entry['values'] ?? {}) as object).map(String));
  return [...values, '94-V 191-IV 573-II', told.zone, subject, JSON.stringify(evidence)].join(' ');
}
