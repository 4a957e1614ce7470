/** A page complete in itself, without a script and without a request to anywhere, with a switch between the languages. */
import type { Language } from '#packs';
import { LANGUAGES, WORDS } from './dictionary.js';
import { join, markup, Markup } from './markup.js';
import { STYLE } from './style.js';

export interface Page {
  readonly language: Language;
  readonly title: string;
  readonly organisation: string;
  /** The languages to switch between; all four where nothing is said. */
  readonly languages?: readonly Language[] | undefined;
  /** Where the same page is in another language. */
  readonly link: (language: Language) => string;
  /** What stands below the title, and what is the body of the page. */
  readonly head: Markup;
  readonly main: Markup;
}

export function page({ language, languages = LANGUAGES, title, organisation, link, head, main }: Page): string {
  return markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>${title} — ${organisation}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<div class="page">
<a class="skip" href="#answer">${WORDS[language].skip}</a>
<header>
<nav aria-label="${WORDS[language].languages}"><ul>${switches(language, languages, link)}</ul></nav>
<p class="who">${organisation}</p>
<h1>${title}</h1>
${head}
</header>
<main id="answer">
${main}</main>
</div>
</body>
</html>
`.text;
}

function switches(here: Language, languages: readonly Language[], link: Page['link']): Markup {
  return join(
    languages.map((one) =>
      one === here
        ? markup`<li><strong lang="${one}" aria-current="page">${WORDS[one].name}</strong></li>`
        : markup`<li><a lang="${one}" hreflang="${one}" href="${link(one)}">${WORDS[one].name}</a></li>`,
    ),
  );
}
