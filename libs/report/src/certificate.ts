/** A certificate of destruction as one page for paper, complete in itself: it holds references, counts, times and proofs. */
import type { Language, Rulebook } from '#packs';
import { CERTIFICATE_WORDS } from './certificate-words.js';
import { LANGUAGES, WORDS } from './dictionary.js';
import { join, markup, Markup } from './markup.js';
import { listed, Naming } from './naming.js';
import { STYLE } from './style.js';

/** An entry of the log with what proves it: the stored bytes in base64, and a receipt (C2SP tlog-proof). */
export interface ProvenEntry {
  readonly position: number;
  readonly entry: string;
  readonly receipt: string;
}

/** What was carried out, as it stands in the log, without anything of the person. Instants are RFC 3339 in UTC. */
export interface Certificate {
  readonly controller: string;
  readonly subject: string;
  readonly event: string;
  readonly act: 'destroyed' | 'depersonalised';
  readonly items: readonly string[] | 'all';
  readonly method: string | null;
  readonly at: string;
  readonly recorded: string;
  readonly evidence: {
    readonly dossiers: number;
    readonly identifiers: number;
    readonly intent: string;
    readonly keys: readonly string[];
    readonly root: string;
    readonly shredded: string;
    readonly size: number;
    readonly swept: string;
    readonly texts: number;
    readonly values: number;
  };
  readonly intent: ProvenEntry;
  readonly outcome: ProvenEntry;
  readonly verifierKey: string;
}

/** The page in one language. Items are named as the packs have them on the day of the destruction. */
export function certificatePage(certificate: Certificate, rulebook: Rulebook, language: Language): string {
  const words = CERTIFICATE_WORDS[language];
  const naming = new Naming(rulebook, language, certificate.at);
  const { act, evidence, intent, outcome } = certificate;
  const title = words.title[act];
  const organisation = naming.organisation(certificate.controller);
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
${switches(language)}
<p class="who">${organisation}</p>
<h1>${title}</h1>
<p class="asof"><time datetime="${certificate.at}">${naming.moment(certificate.at)}</time></p>
<p>${words.tagline}</p>
</header>
<main>
${section('what', words.what, undefined, [
  [words.person, certificate.subject],
  [words.items, itemsOf(certificate, naming, words.all)],
  ...(certificate.method === null ? [] : [[words.method, certificate.method] as const]),
  [words.ordered, naming.moment(certificate.at)],
  [words.shredded, naming.moment(evidence.shredded)],
  [words.swept, naming.moment(evidence.swept)],
  [words.recorded, naming.moment(certificate.recorded)],
])}
${section('counts', words.counts, undefined, [
  [words.dossiers, String(evidence.dossiers)],
  [words.identifiers, String(evidence.identifiers)],
  [words.values, String(evidence.values)],
  [words.texts, String(evidence.texts)],
])}
${section('keys', words.keys, words.keysNote, [[words.keys, evidence.keys.join(' ')]])}
${section('proof', words.proof, words.proofNote, [
  [words.event, certificate.event],
  [words.position, String(outcome.position)],
  [words.tree, `${evidence.size} · ${evidence.root}`],
  [words.verifier, certificate.verifierKey],
])}
${section('bytes', words.entryOf.outcome, undefined, [
  [words.entryOf.intent, verbatim(intent.entry)],
  [words.receiptOf.intent, verbatim(intent.receipt)],
  [words.entryOf.outcome, verbatim(outcome.entry)],
  [words.receiptOf.outcome, verbatim(outcome.receipt)],
])}
</main>
</div>
</body>
</html>
`.text;
}

function switches(here: Language): Markup {
  const links = LANGUAGES.map((one) =>
    one === here
      ? markup`<li><strong lang="${one}" aria-current="page">${WORDS[one].name}</strong></li>`
      : markup`<li><a lang="${one}" hreflang="${one}" href="?lang=${one}">${WORDS[one].name}</a></li>`,
  );
  return markup`<header>
<nav aria-label="${WORDS[here].languages}"><ul>${join(links)}</ul></nav>`;
}

function itemsOf({ items }: Certificate, naming: Naming, all: string): string {
  return items === 'all' ? all : listed(items.map((item) => naming.item({ item }, [])));
}

function section(
  id: string,
  heading: string,
  intro: string | undefined,
  facts: readonly (readonly [string, string | Markup])[],
): Markup {
  const rows = facts.map(([label, value]) => markup`<dt>${label}</dt><dd class="number">${value}</dd>\n`);
  return markup`<section aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${intro === undefined ? '' : markup`<p>${intro}</p>\n`}<div class="card"><dl>
${join(rows)}</dl></div>
</section>`;
}

function verbatim(text: string): Markup {
  return markup`<pre>${text}</pre>`;
}
