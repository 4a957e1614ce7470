/** What a page says, word by word, and every word that a page may say in a language. */
import type { Day, Language, Rulebook } from '#packs';
import { WORDS } from '../src/dictionary.js';

export const TAG = /<[^<>]*>/g;
const NOT_READ = /<style>[\s\S]*?<\/style>|<nav[\s\S]*?<\/nav>|<pre>[\s\S]*?<\/pre>/g;

/** What a person reads of a page: no style, no switch to other languages, no bytes of proofs. */
export function readable(page: string): string {
  return unescaped(page.replace(NOT_READ, ' ').replace(TAG, ' ')).replace(/\s+/g, ' ');
}

/** The page without its texts: where texts stand, and that they are there. */
export function skeleton(page: string): readonly string[] {
  return page
    .replace(NOT_READ, ' ')
    .split(/(<[^<>]*>)/)
    .flatMap((part) => {
      const tag = /^<(\/?\w+)/.exec(part)?.[1];
      if (tag !== undefined) return [tag];
      return part.trim() === '' ? [] : ['text'];
    });
}

export function unescaped(html: string): string {
  return html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => {
    return { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }[name] ?? '';
  });
}

/** Every text of a dictionary under its path; the classes of a plural apart. */
export function leaves(value: unknown, path = ''): readonly (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

/** Where a text has a place to fill. */
export const PLACE = /\{[\w.]+\}/g;

export const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/\p{L}{2,}/gu) ?? [];

/** Every word that a report may say in a language: the dictionary's, and the labels of the packs. */
export function vocabulary(rulebook: Rulebook, language: Language, on: Day): ReadonlySet<string> {
  const labels = [
    rulebook.names,
    ...rulebook.all('item').map((id) => rulebook.item(id, on)?.labels),
    ...rulebook.all('purpose').map((id) => rulebook.purpose(id, on)?.labels),
    ...rulebook.all('organisation').map((id) => rulebook.organisation(id, on)?.labels),
    ...rulebook.all('basis').map((id) => rulebook.basis(id, on)?.labels),
  ].map((all) => all?.[language] ?? '');
  const countries = new Intl.DisplayNames(language, { type: 'region' });
  const own = leaves(WORDS[language]).map(([, text]) => text.replace(PLACE, ' '));
  return new Set(wordsOf([...own, ...labels, countries.of('KZ'), countries.of('KG')].join(' ')));
}
