/** A report as one page. */
import type { Language, Rulebook } from '#packs';
import type { Answer } from './answer.js';
import { compose } from './compose.js';
import type { Badge, Card, Detail, Fact, Group, Line, RecipientCard, Row, Section, Value } from './content.js';
import { join, markup, Markup } from './markup.js';
import { page } from './page.js';

export interface HtmlOptions {
  /** The languages to switch between; all four where nothing is said. */
  readonly languages?: readonly Language[] | undefined;
  /**
   * Where the same report is in another language, so that the other parameters of the address can be kept; `?lang=`
   * and no more where nothing is said.
   */
  readonly link?: ((language: Language) => string) | undefined;
}

const NONE = new Markup('');

/** The lineage report as an HTML page in one language. */
export function htmlReport(answer: Answer, rulebook: Rulebook, language: Language, options: HtmlOptions = {}): string {
  const content = compose(answer, rulebook, language);
  const { summary, holding, recipients, gone, marks, evidence } = content;
  return page({
    language,
    languages: options.languages,
    title: content.title,
    organisation: content.organisation,
    link: options.link ?? ((one) => `?lang=${one}`),
    head: markup`<p class="asof">${content.asOf.label}: <time datetime="${content.asOf.day}">${content.asOf.text}</time></p>
<p>${content.tagline}</p>`,
    main: markup`${sectionOf('summary', summary.heading, points(summary.points))}
${section('holding', holding, group)}
${section('recipients', recipients, recipient)}
${section('gone', gone, group)}
${marks.marks.length === 0 ? NONE : facts('marks', marks.heading, marks.intro, marks.marks)}
${facts('evidence', evidence.heading, evidence.intro, evidence.facts)}
`,
  });
}

function sectionOf(id: string, heading: string, inner: Markup): Markup {
  return markup`<section aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${inner}</section>`;
}

function section<T>(id: string, { heading, parts, empty }: Section<T>, show: (part: T) => Markup): Markup {
  return sectionOf(id, heading, parts.length === 0 ? markup`<p>${empty}</p>\n` : join(parts.map(show)));
}

function points(all: readonly Badge[]): Markup {
  const items = all.map(({ text, tone }) => markup`<li class="${tone}">${text}</li>\n`);
  return markup`<div class="card summary"><ul>\n${join(items)}</ul></div>\n`;
}

function facts(id: string, heading: string, intro: string, all: readonly Fact[]): Markup {
  return sectionOf(id, heading, markup`<p>${intro}</p>\n<div class="card"><dl>\n${join(all.map(fact))}</dl></div>\n`);
}

function fact({ label, value, verbatim }: Fact): Markup {
  const shown = verbatim ? markup`<pre>${value}</pre>` : markup`${value}`;
  return markup`<dt>${label}</dt><dd class="number">${shown}</dd>\n`;
}

function group({ heading, intro, rows, cards, state }: Group): Markup {
  const shared =
    rows.length === 0 ? NONE : markup`<div class="card common"><dl class="rows">\n${join(rows.map(row))}</dl></div>\n`;
  return markup`<h3 id="state-${state}">${heading}</h3>
<p>${intro}</p>
${shared}${join(cards.map(card))}`;
}

function card({ titles, held, rows }: Card): Markup {
  const value = ({ title, value: written }: Value): Markup =>
    markup`<li>${titles.length === 1 ? NONE : markup`${title}: `}<bdi class="value">${written}</bdi></li>`;
  const first =
    held === undefined ? NONE : markup`<dt>${held.label}</dt><dd><ul>${join(held.values.map(value))}</ul></dd>\n`;
  return markup`<article class="card">
<h4>${titles.join(' · ')}</h4>
<dl class="rows">
${first}${join(rows.map(row))}</dl>
</article>
`;
}

function recipient({ card: id, name, country, abroad, role, rows }: RecipientCard): Markup {
  const tag = abroad === undefined ? NONE : markup` ${badge(abroad)}`;
  const what = role === undefined ? NONE : markup`<p>${role}</p>\n`;
  return markup`<article class="card" id="${id}">
<h4>${name} — ${country}${tag}</h4>
${what}<dl class="rows">
${join(rows.map(row))}</dl>
</article>
`;
}

function row({ label, lines }: Row): Markup {
  return markup`<dt>${label}</dt><dd><ul>${join(lines.map(line))}</ul></dd>\n`;
}

function line({ text, recipient: to, badges, details }: Line): Markup {
  const lead = to === undefined ? NONE : markup`<a href="#${to.card}">${to.name}</a>: `;
  return markup`<li>${lead}${text}${join(badges.map((one) => markup` ${badge(one)}`))}${join(details.map(detail))}</li>`;
}

function detail({ text, badge: own }: Detail): Markup {
  return markup`<span class="detail">${text}${own === undefined ? NONE : markup` ${badge(own)}`}</span>`;
}

function badge({ text, tone }: Badge): Markup {
  return markup`<span class="badge ${tone}">${text}</span>`;
}
