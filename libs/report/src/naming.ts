/** The names of things: labels of the packs in one language, and words for what no pack lists. */
import { isReference, UNLISTED } from '#ledger';
import type { Citation, Day, Labels, Language, Mark, Rulebook } from '#packs';
import type { ItemRow } from './answer.js';
import { clauseText } from './clause.js';
import type { Detail, Tone } from './content.js';
import { dayForms, localDay, moment } from './date.js';
import { WORDS } from './dictionary.js';
import { entry, fill, type DayForms, type Words } from './words.js';

type Listed = 'item' | 'purpose' | 'recipient' | 'basis';

/** Between names that may have commas of their own. */
const BETWEEN = '; ';

const regions = (language: Language): Intl.DisplayNames =>
  new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
/** Made once: making one costs more than a whole report. */
const REGIONS = { ky: regions('ky'), kk: regions('kk'), ru: regions('ru'), en: regions('en') };

/** The names of things in one language, as the packs have them on one day. */
export class Naming {
  readonly words: Words;
  readonly rulebook: Rulebook;
  readonly language: Language;
  /** The local day by which the packs are asked. */
  readonly today: Day;

  constructor(rulebook: Rulebook, language: Language, asOf: string) {
    this.words = WORDS[language];
    this.rulebook = rulebook;
    this.language = language;
    this.today = localDay(asOf, rulebook.zone);
  }

  day(day: Day): DayForms {
    return dayForms(this.language, day);
  }

  moment(dayOrInstant: string): string {
    return moment(this.language, dayOrInstant, this.rulebook.zone);
  }

  purpose(id: string): string {
    return this.#label('purpose', id, this.rulebook.purpose(id, this.today)?.labels);
  }

  purposes(ids: readonly string[]): string {
    return ids.map((id) => withinSentence(this.purpose(id))).join(BETWEEN);
  }

  organisation(id: string): string {
    return this.#label('recipient', id, this.rulebook.organisation(id, this.today)?.labels);
  }

  /** The title of a row. `others` are the references of all the people that rows of this item are about. */
  item(row: Pick<ItemRow, 'item' | 'about'>, others: readonly string[]): string {
    const label = this.#label('item', row.item, this.rulebook.item(row.item, this.today)?.labels);
    if (typeof row.about !== 'string') return label;
    const n = others.indexOf(row.about) + 1;
    const about = others.length > 1 ? fill(this.words.aboutOthers, { n: String(n) }) : this.words.aboutOther;
    return `${label} (${about})`;
  }

  /** The ground by its label, with its clause and mark beside it. */
  ground(id: string): Detail {
    const basis = this.rulebook.basis(id, this.today);
    const text = fill(this.words.ground, { basis: withinSentence(this.#label('basis', id, basis?.labels)) });
    return basis === undefined ? { text } : this.cited(text, basis.cite);
  }

  /** `text (clause)` and the mark of the figure; neither where they are not known. */
  cited(
    text: string,
    cite: { readonly clause?: Citation['clause'] | null | undefined; readonly mark?: Mark | null | undefined },
  ): Detail {
    const clause = typeof cite.clause === 'string' && cite.clause !== '' ? clauseText(this.words, cite.clause) : '';
    const said = clause === '' ? text : text === '' ? clause : `${text} (${clause})`;
    const mark = entry(this.words.mark, cite.mark);
    if (mark === undefined) return { text: said };
    const tone: Tone = cite.mark === 'S' || cite.mark === 'M' ? 'warn' : 'quiet';
    return { text: said, badge: { text: mark, tone } };
  }

  country(code: string | null | undefined): string {
    if (typeof code !== 'string') return this.words.countryUnknown;
    if (code === 'XX') return this.words.unnamedState;
    const own = entry(this.words.countries, code);
    if (own !== undefined) return own;
    try {
      return REGIONS[this.language].of(code) ?? code;
    } catch {
      return code;
    }
  }

  isAbroad(code: string | null | undefined): boolean {
    return typeof code === 'string' && code !== this.rulebook.country;
  }

  #label(kind: Listed, id: string, labels: Labels | undefined): string {
    if (labels !== undefined) return labels[this.language];
    return id === UNLISTED || isReference(id) ? this.words.unlisted[kind] : id;
  }
}

/** A label as it stands within a sentence: its capital goes, but not that of an abbreviation. */
export function withinSentence(label: string): string {
  const [first = '', second = ''] = label;
  const lower = second === ' ' || (second !== second.toUpperCase() && second === second.toLowerCase());
  return lower ? first.toLowerCase() + label.slice(first.length) : label;
}

export function listed(names: readonly string[]): string {
  return [...new Set(names)].join(BETWEEN);
}

/** The references of the other people whom items are about, in order of appearance. */
export function peopleOf(rows: readonly ItemRow[]): readonly string[] {
  return [...new Set(rows.flatMap(({ about }) => (typeof about === 'string' ? [about] : [])))];
}
