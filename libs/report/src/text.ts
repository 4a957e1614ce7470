/** A report for a terminal: one column, so that nothing breaks at any width. */
import type { Language, Rulebook } from '#packs';
import type { Answer } from './answer.js';
import { compose } from './compose.js';
import type { Badge, Card, Fact, Group, Line, RecipientCard, Row, Tone } from './content.js';

export interface TextOptions {
  /** Columns, 80 where nothing is said; never fewer than 40. */
  readonly width?: number | undefined;
  /** ANSI colours. */
  readonly colour?: boolean | undefined;
}

const NARROWEST = 40;
const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Select Graphic Rendition codes of ECMA-48. */
const STYLE = { bold: '1', warn: '33', good: '32', quiet: '2', title: '1;36' } as const;
type Style = keyof typeof STYLE;

/**
 * The lineage report as plain text in one language, ending with a line feed. Names and values can hold anything: what
 * could steer a terminal is replaced, so that they stay text.
 */
export function textReport(answer: Answer, rulebook: Rulebook, language: Language, options: TextOptions = {}): string {
  const content = compose(answer, rulebook, language);
  const page = new Page(Math.max(NARROWEST, options.width ?? 80), options.colour === true);
  page.say(content.organisation, 0, 'quiet');
  page.say(content.title, 0, 'title');
  page.say(`${content.asOf.label}: ${content.asOf.text}`, 0, 'bold');
  page.gap();
  page.say(content.tagline, 0);

  page.heading(content.summary.heading);
  for (const { text, tone } of content.summary.points) page.item(tone === 'warn' ? '!' : '•', text, 0, styleOf(tone));
  page.section(content.holding.heading, content.holding.parts, content.holding.empty, group);
  page.section(content.recipients.heading, content.recipients.parts, content.recipients.empty, recipient);
  page.section(content.gone.heading, content.gone.parts, content.gone.empty, group);
  if (content.marks.marks.length > 0) {
    page.heading(content.marks.heading);
    page.say(content.marks.intro, 0);
    for (const mark of content.marks.marks) page.item('•', `${mark.label}: ${mark.value}`, 0);
  }
  page.heading(content.evidence.heading);
  page.say(content.evidence.intro, 0);
  for (const one of content.evidence.facts) fact(page, one);
  return page.end();
}

function group(page: Page, { heading, intro, rows, cards }: Group): void {
  page.gap();
  page.say(heading, 0, 'bold');
  page.say(intro, 2, 'quiet');
  rows.forEach((one) => row(page, one));
  cards.forEach((one) => card(page, one));
}

function card(page: Page, { titles, held, rows }: Card): void {
  page.gap();
  page.item('▪', titles.join(' · '), 2, 'bold');
  if (held !== undefined) page.say(`${held.label}:`, 4);
  for (const { title, value } of held?.values ?? [])
    page.item('–', titles.length === 1 ? value : `${title}: ${value}`, 6);
  rows.forEach((one) => row(page, one));
}

function recipient(page: Page, { name, country, abroad, role, rows }: RecipientCard): void {
  page.gap();
  page.item('▪', abroad === undefined ? `${name} — ${country}` : `${name} — ${country} [${abroad.text}]`, 2, 'bold');
  if (role !== undefined) page.say(role, 4, 'quiet');
  rows.forEach((one) => row(page, one));
}

function row(page: Page, { label, lines }: Row): void {
  page.say(`${label}:`, 4);
  for (const one of lines) line(page, one);
}

function line(page: Page, { text, recipient: to, badges, details }: Line): void {
  const said = to === undefined ? text : `${to.name}: ${text}`;
  page.item('–', [said, ...badges.map(badged)].join(' '), 6, worst(badges));
  for (const { text: detail, badge } of details) {
    page.say(badge === undefined ? detail : `${detail} ${badged(badge)}`, 8, badge?.tone === 'warn' ? 'warn' : 'quiet');
  }
}

function fact(page: Page, { label, value, verbatim }: Fact): void {
  if (!verbatim) return page.item('•', `${label}: ${value}`, 0);
  page.item('•', `${label}:`, 0);
  for (const part of value.split('\n')) if (part !== '') page.verbatim(part, 2);
}

function badged({ text }: Badge): string {
  return `[${text}]`;
}

function worst(badges: readonly Badge[]): Style | undefined {
  return badges.some(({ tone }) => tone === 'warn') ? 'warn' : undefined;
}

function styleOf(tone: Tone): Style | undefined {
  return tone === 'plain' ? undefined : tone;
}

/** Lines of at most so many columns. */
class Page {
  readonly #lines: string[] = [];
  readonly #width: number;
  readonly #colour: boolean;

  constructor(width: number, colour: boolean) {
    this.#width = width;
    this.#colour = colour;
  }

  gap(): void {
    if (this.#lines.at(-1) !== '') this.#lines.push('');
  }

  heading(text: string): void {
    this.gap();
    this.say(text.toUpperCase(), 0, 'title');
    this.#lines.push('─'.repeat(Math.min(this.#width, [...text].length)));
  }

  section<T>(heading: string, parts: readonly T[], empty: string, show: (page: Page, part: T) => void): void {
    this.heading(heading);
    if (parts.length === 0) this.say(empty, 0);
    for (const part of parts) show(this, part);
  }

  say(text: string, indent: number, style?: Style): void {
    this.#put('', text, indent, style);
  }

  /** With a sign before it, and the lines after the first under the text. */
  item(sign: string, text: string, indent: number, style?: Style): void {
    this.#put(`${sign} `, text, indent, style);
  }

  /** Cut where it must be, with nothing lost or added but the line's end. */
  verbatim(text: string, indent: number): void {
    const room = this.#width - indent;
    for (const part of pieces(harmless(text), room)) this.#lines.push(' '.repeat(indent) + part);
  }

  end(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  #put(sign: string, text: string, indent: number, style: Style | undefined): void {
    const lines = wrap(harmless(text), this.#width - indent - sign.length);
    lines.forEach((one, n) => {
      const lead = ' '.repeat(indent) + (n === 0 ? sign : ' '.repeat(sign.length));
      const shown = one.trimEnd();
      if (shown === '') this.#lines.push(lead.trimEnd());
      else if (!this.#colour || style === undefined) this.#lines.push(lead + shown);
      else this.#lines.push(`${lead}\u001b[${STYLE[style]}m${shown}\u001b[0m`);
    });
  }
}

/** Control characters steer a terminal, and those of direction turn a line round: each becomes a mark that it was there. */
function harmless(text: string): string {
  return text
    .replace(/[\t\n\r]+/g, ' ')
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ').filter((one) => one !== '')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (columns(longer) <= width) {
      current = longer;
      continue;
    }
    if (current !== '') lines.push(current);
    const cut = pieces(word, width);
    lines.push(...cut.slice(0, -1));
    current = cut.at(-1) ?? '';
  }
  return current === '' && lines.length > 0 ? lines : [...lines, current];
}

function pieces(text: string, width: number): readonly string[] {
  const all = [...GRAPHEMES.segment(text)].map(({ segment }) => segment);
  const cut: string[] = [];
  for (let from = 0; from < all.length; from += width) cut.push(all.slice(from, from + width).join(''));
  return cut;
}

function columns(text: string): number {
  // Latin and Cyrillic letters are one column each; only what is beyond them needs the segmenter.
  return /^[\u0020-\u02ff\u0400-\u052f\u2010-\u2027\u2116]*$/.test(text)
    ? text.length
    : [...GRAPHEMES.segment(text)].length;
}
