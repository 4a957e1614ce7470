/** A certificate of destruction as one page for paper, complete in itself: it holds references, counts, times and proofs. */
import type { Language, Rulebook } from '#packs';
import { CERTIFICATE_WORDS, type CertificateWords } from './certificate-words.js';
import { join, markup, Markup } from './markup.js';
import { listed, Naming } from './naming.js';
import { page } from './page.js';

/** An entry of the log with what proves it: the stored bytes in base64, and a receipt (C2SP tlog-proof). */
export interface ProvenEntry {
  readonly position: number;
  readonly entry: string;
  readonly receipt: string;
}

/**
 * What was carried out, as it stands in the log, without anything of the person. Instants are RFC 3339 in UTC; `at` of what
 * was reported may be a day. `evidence` and `intent` are null of what somebody else carried out and reported: the log proves
 * the report, and Depter says that its own copy followed.
 */
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
  } | null;
  readonly intent: ProvenEntry | null;
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
  return page({
    language,
    title,
    organisation,
    link: (one) => `?lang=${one}`,
    head: markup`<p class="asof"><time datetime="${certificate.at}">${naming.moment(certificate.at)}</time></p>
<p>${words.tagline}</p>${evidence === null ? markup`\n<p>${words.reportedNote}</p>` : ''}`,
    main: markup`${section('what', words.what, undefined, [
      [words.person, certificate.subject],
      [words.items, itemsOf(certificate, naming, words.all)],
      ...(certificate.method === null ? [] : [[words.method, certificate.method] as const]),
      [evidence === null ? words.carriedOut : words.ordered, naming.moment(certificate.at)],
      ...(evidence === null
        ? []
        : [
            [words.shredded, naming.moment(evidence.shredded)] as const,
            [words.swept, naming.moment(evidence.swept)] as const,
          ]),
      [words.recorded, naming.moment(certificate.recorded)],
    ])}
${evidence === null ? '' : ofEvidence(evidence, words)}
${section('proof', words.proof, words.proofNote, [
  [words.event, certificate.event],
  [words.position, String(outcome.position)],
  ...(evidence === null ? [] : [[words.tree, `${evidence.size} · ${evidence.root}`] as const]),
  [words.verifier, certificate.verifierKey],
])}
${section('bytes', words.entryOf.outcome, undefined, [
  ...(intent === null
    ? []
    : [
        [words.entryOf.intent, verbatim(intent.entry)] as const,
        [words.receiptOf.intent, verbatim(intent.receipt)] as const,
      ]),
  [words.entryOf.outcome, verbatim(outcome.entry)],
  [words.receiptOf.outcome, verbatim(outcome.receipt)],
])}
`,
  });
}

function ofEvidence(evidence: NonNullable<Certificate['evidence']>, words: CertificateWords): Markup {
  return markup`${section('counts', words.counts, undefined, [
    [words.dossiers, String(evidence.dossiers)],
    [words.identifiers, String(evidence.identifiers)],
    [words.values, String(evidence.values)],
    [words.texts, String(evidence.texts)],
  ])}
${section('keys', words.keys, words.keysNote, [[words.keys, evidence.keys.join(' ')]])}`;
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
