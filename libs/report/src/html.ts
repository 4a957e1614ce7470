/** A report as one page: complete in itself, without a script and without a request to anywhere. */
import type { Language, Rulebook } from '#packs';
import type { Answer } from './answer.js';
import { compose } from './compose.js';
import type { Badge, Card, Content, Detail, Fact, Group, Line, RecipientCard, Row, Section } from './content.js';
import { LANGUAGES, WORDS } from './dictionary.js';
import { STYLE } from './style.js';

export interface HtmlOptions {
  /** The languages to switch between; all four where nothing is said. */
  readonly languages?: readonly Language[] | undefined;
  /** Where the same report is in another language, so that other parameters of the address are kept; `?lang=` where nothing is said. */
  readonly link?: ((language: Language) => string) | undefined;
}

/** Text that is HTML already. Only `html` and `join` make it, so whatever is not of it gets escaped. */
class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const NONE = new Markup('');

/** The lineage report as an HTML page in one language. */
export function htmlReport(answer: Answer, rulebook: Rulebook, language: Language, options: HtmlOptions = {}): string {
  const content = compose(answer, rulebook, language);
  const { summary, holding, recipients, gone, marks, evidence } = content;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="referrer" content="no-referrer" />
        <title>${content.title} — ${content.organisation}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <div class="page">
          <a class="skip" href="#answer">${WORDS[language].skip}</a>
          ${head(content, options)}
          <main id="answer">
            <section aria-labelledby="summary">
              <h2 id="summary">${summary.heading}</h2>
              <div class="card summary">
                <ul>
                  ${join(summary.points.map(({ text, tone }) => html`<li class="${tone}">${text}</li> `))}
                </ul>
              </div>
            </section>
            ${section('holding', holding, group)} ${section('recipients', recipients, recipient)}
            ${section('gone', gone, group)}
            ${
              marks.marks.length === 0
                ? NONE
                : html`<section aria-labelledby="marks">
                    <h2 id="marks">${marks.heading}</h2>
                    <p>${marks.intro}</p>
                    <div class="card"><dl>${join(marks.marks.map(fact))}</dl></div>
                  </section>`
            }
            <section aria-labelledby="evidence">
              <h2 id="evidence">${evidence.heading}</h2>
              <p>${evidence.intro}</p>
              <div class="card"><dl>${join(evidence.facts.map(fact))}</dl></div>
            </section>
          </main>
        </div>
      </body>
    </html> `.text;
}

function head(content: Content, { languages = LANGUAGES, link = (one) => `?lang=${one}` }: HtmlOptions): Markup {
  const here = content.language;
  const switches = languages.map((one) =>
    one === here
      ? html`<li><strong lang="${one}" aria-current="page">${WORDS[one].name}</strong></li>`
      : html`<li><a lang="${one}" hreflang="${one}" href="${link(one)}">${WORDS[one].name}</a></li>`,
  );
  return html`<header>
    <nav aria-label="${WORDS[here].languages}">
      <ul>
        ${join(switches)}
      </ul>
    </nav>
    <p class="who">${content.organisation}</p>
    <h1>${content.title}</h1>
    <p class="asof">${content.asOf.label}: <time datetime="${content.asOf.day}">${content.asOf.text}</time></p>
    <p>${content.tagline}</p>
  </header>`;
}

function section<T>(id: string, { heading, parts, empty }: Section<T>, show: (part: T) => Markup): Markup {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${heading}</h2>
    ${parts.length === 0 ? html`<p>${empty}</p>` : join(parts.map(show))}
  </section>`;
}

function group({ heading, intro, rows: common, cards, state }: Group): Markup {
  const shared = common.length === 0 ? NONE : html`<div class="card common">${rows(common)}</div> `;
  return html`<h3 id="state-${state}">${heading}</h3>
    <p>${intro}</p>
    ${shared}${join(cards.map(card))}`;
}

function card({ titles, values, rows: own }: Card): Markup {
  const value = ({ title, value: held }: Card['values'][number]): Markup =>
    html`<p>${titles.length === 1 ? NONE : html`${title}: `}<bdi class="value">${held}</bdi></p> `;
  return html`<article class="card">
    <h4>${titles.join(' · ')}</h4>
    ${join(values.map(value))}${rows(own)}
  </article> `;
}

function recipient({ card: id, name, country, abroad, role, rows: own }: RecipientCard): Markup {
  return html`<article class="card" id="${id}">
    <h4>${name} — ${country}${abroad === undefined ? NONE : html` ${badge(abroad)}`}</h4>
    ${role === undefined ? NONE : html`<p>${role}</p> `}${rows(own)}
  </article> `;
}

function rows(all: readonly Row[]): Markup {
  return html`<dl class="rows">
    ${join(
      all.map(
        ({ label, lines }) =>
          html`<dt>${label}</dt>
            <dd>
              <ul>
                ${join(lines.map(line))}
              </ul>
            </dd> `,
      ),
    )}
  </dl>`;
}

function line({ text, recipient: to, badges, details }: Line): Markup {
  const lead = to === undefined ? NONE : html`<a href="#${to.card}">${to.name}</a>: `;
  return html`<li>${lead}${text}${join(badges.map((one) => html` ${badge(one)}`))}${join(details.map(detail))}</li>`;
}

function detail({ text, badge: own }: Detail): Markup {
  return html`<span class="detail">${text}${own === undefined ? NONE : html` ${badge(own)}`}</span>`;
}

function badge({ text, tone }: Badge): Markup {
  return html`<span class="badge ${tone}">${text}</span>`;
}

function fact({ label, value, verbatim }: Fact): Markup {
  return html`<dt>${label}</dt>
    <dd class="number">${verbatim ? html`<pre>${value}</pre>` : value}</dd> `;
}

/** Puts text into markup: whatever is not markup itself is escaped, in elements and in quoted attributes alike. */
function html(parts: TemplateStringsArray, ...values: readonly (string | Markup)[]): Markup {
  return new Markup(
    parts.reduce((all, part, n) => {
      const value = values[n - 1] ?? '';
      return all + (value instanceof Markup ? value.text : escape(value)) + part;
    }),
  );
}

function join(all: readonly Markup[]): Markup {
  return new Markup(all.map(({ text }) => text).join(''));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters have no place in a page (HTML, 13.2.3.5), and those of direction must not turn what stands beside. */
function escape(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n]|[\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}
