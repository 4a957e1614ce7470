/** A page complete in itself, without a script and without a request to anywhere, with a switch between the languages. */
import type { Language } from '#packs';
import { LANGUAGES, WORDS } from './dictionary.js';
import { join, markup, Markup } from './markup.js';
import { STYLE } from './style.js';

export interface Page {
  readonly language: Language;
  readonly title: string;
  readonly organisation: string;
  /** Where the same page is in another language. */
  readonly link: (language: Language) => string;
  /** What stands below the title, and what is the body of the page. */
  readonly head: Markup;
  readonly main: Markup;
}

export function page({ language, title, organisation, link, head, main }: Page): string {
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
<header>
<nav aria-label="${WORDS[language].languages}"><ul>${switches(language, link)}</ul></nav>
<p class="who">${organisation}</p>
<h1>${title}</h1>
${head}
</header>
<main>
${main}</main>
</div>
</body>
</html>
`.text;
}

function switches(here: Language, link: (language: Language) => string): Markup {
  return join(
    LANGUAGES.map((one) =>
      one === here
        ? markup`<li><strong lang="${one}" aria-current="page">${WORDS[one].name}</strong></li>`
        : markup`<li><a lang="${one}" hreflang="${one}" href="${link(one)}">${WORDS[one].name}</a></li>`,
    ),
  );
}
