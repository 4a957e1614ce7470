/**
 * The notice that a person gets before anything is collected, built from the packs in force on a day: what, on what
 * grounds and for what, to whom it may go, what else may be done with it (`domain.md` 2.1, Law 58, before collection).
 */
import type { Citation, Day, Labels, Language, Mark, Organisation, Rulebook, Rules } from '#packs';
import { LANGUAGES, WORDS } from './dictionary.js';
import { join, markup, type Markup } from './markup.js';
import { Naming } from './naming.js';
import { NOTICE_WORDS } from './notice-words.js';
import { page } from './page.js';

interface Cited {
  readonly clause: string;
  readonly pack: string;
  readonly mark: Mark;
}

/** What a notice says, by ids and by their labels in every language. */
export interface Notice {
  readonly controller: string;
  readonly on: Day;
  /** The edition of the policy that it is made from; null where none was in force. */
  readonly edition: { readonly id: string; readonly hash: string } | null;
  /** By what the law demands it; null where no law does. */
  readonly demanded: Cited | null;
  /** By what each item may be refused without reasons; null where the law does not say so. */
  readonly refusable: Cited | null;
  /** What the law wants said, in its order; where it says nothing, what stands in every notice. */
  readonly elements: readonly { readonly id: string; readonly labels: Labels }[];
  readonly items: readonly (Cited & {
    readonly item: string;
    readonly labels: Labels;
    /** Whom it is about. */
    readonly describes: 'subject' | 'other';
    /** Empty where the policy does not say which item serves which purpose: then any of the purposes. */
    readonly purposes: readonly string[];
  })[];
  readonly purposes: readonly (Cited & { readonly purpose: string; readonly labels: Labels })[];
  readonly bases: readonly (Cited & { readonly basis: string; readonly labels: Labels })[];
  readonly recipients: readonly {
    readonly recipient: string;
    readonly labels: Labels;
    readonly role: Organisation['role'];
    readonly country: string;
  }[];
  /** What the policy says of transfer abroad, publication, automated decisions and lists. */
  readonly otherUse: readonly (Cited & { readonly id: string; readonly labels: Labels })[];
}

const OTHER_USE: ReadonlySet<string> = new Set(['cross-border', 'publication', 'automated', 'lists']);
/** To these nothing goes by an act of sharing: they are told by law, or are places of the controller itself. */
const NOT_TOLD: ReadonlySet<string> = new Set(['authority', 'place']);

/** The notice on a day; of these items alone where any are named. Ids that no pack in force lists are left out. */
export function noticeOf(rulebook: Rulebook, on: Day, items?: readonly string[]): Notice {
  const rules = rulebook.rules(on);
  const edition = rulebook.edition(on);
  const named = items === undefined ? undefined : new Set(items);
  const listed = (kind: 'item' | 'purpose' | 'organisation') =>
    rulebook.all(kind).filter((id) => rulebook.lists(kind, id, on));
  return {
    controller: rulebook.controller,
    on,
    edition: edition === undefined ? null : { id: edition.id, hash: edition.hash },
    demanded: rules.notice === undefined ? null : cited(rules.notice.cite),
    refusable: rules.notice?.refusal === undefined ? null : cited(rules.notice.refusal),
    elements: elementsOf(rules),
    items: listed('item')
      .filter((id) => named?.has(id) ?? true)
      .map((id) => {
        const { labels, describes, purposes = [], cite } = rulebook.item(id, on)!;
        return { item: id, labels, describes, purposes, ...cited(cite) };
      }),
    purposes: listed('purpose').map((id) => {
      const { labels, cite } = rulebook.purpose(id, on)!;
      return { purpose: id, labels, ...cited(cite) };
    }),
    bases: rulebook.all('basis').flatMap((id) => {
      const basis = rulebook.basis(id, on);
      return basis === undefined ? [] : [{ basis: id, labels: basis.labels, ...cited(basis.cite) }];
    }),
    recipients: listed('organisation').flatMap((id) => {
      const { labels, role, country } = rulebook.organisation(id, on)!;
      return NOT_TOLD.has(role) ? [] : [{ recipient: id, labels, role, country }];
    }),
    otherUse: rules.statements
      .filter(({ topic }) => OTHER_USE.has(topic))
      .map(({ id, labels, cite }) => ({ id, labels, ...cited(cite) })),
  };
}

function cited({ clause, pack, mark }: Citation): Cited {
  return { clause, pack, mark };
}

/** What every notice says, in the order of the law that demands one. */
const ALWAYS = ['data', 'grounds-purposes', 'third-parties', 'other-use'] as const;

function elementsOf({ notice }: Rules): Notice['elements'] {
  const demanded = (notice?.elements ?? []).map(({ id, labels }) => ({ id, labels }));
  const more = ALWAYS.filter((id) => demanded.every((one) => one.id !== id));
  return [...demanded, ...more.map((id) => ({ id, labels: inEveryLanguage(id) }))];
}

function inEveryLanguage(id: (typeof ALWAYS)[number]): Labels {
  return Object.fromEntries(LANGUAGES.map((language) => [language, NOTICE_WORDS[language].element[id]])) as Labels;
}

/** The notice as a page in one language. `link` gives the address of the same notice in another one. */
export function noticePage(
  notice: Notice,
  rulebook: Rulebook,
  language: Language,
  link: (language: Language) => string = (one) => `?lang=${one}`,
): string {
  const words = NOTICE_WORDS[language];
  const naming = new Naming(rulebook, language, notice.on);
  const shown: Readonly<Record<string, () => Markup>> = {
    data: () => list(notice.items.map((one) => itemLine(one, notice, naming))),
    'grounds-purposes': () =>
      markup`<h3>${words.purposes}</h3>\n${list(notice.purposes.map((one) => line(one, naming)))}<h3>${words.grounds}</h3>\n${list(notice.bases.map((one) => line(one, naming)))}`,
    'third-parties': () =>
      list(notice.recipients.map(({ recipient, role, country }) => markup`${naming.organisation(recipient)} — ${naming.country(country)} <span class="detail">${WORDS[language].role[role]}</span>`)), // prettier-ignore
    'other-use': () => list(notice.otherUse.map((one) => line(one, naming))),
  };
  const sections = notice.elements.flatMap(({ id, labels }) => {
    const inner = shown[id]?.();
    return inner === undefined
      ? []
      : [section(id, labels[language], inner.text === '' ? markup`<p>${words.none}</p>\n` : inner)];
  });
  const refusal = notice.refusable === null ? undefined : naming.cited(words.refusable, notice.refusable).text;
  return page({
    language,
    title: words.title,
    organisation: rulebook.names[language],
    link,
    head: markup`<p class="asof">${WORDS[language].fact.asOf}: <time datetime="${notice.on}">${naming.moment(notice.on)}</time></p>
<p>${words.tagline}</p>${refusal === undefined ? '' : markup`\n<p><strong>${refusal}</strong></p>`}`,
    main: join(sections),
  });
}

function itemLine(item: Notice['items'][number], notice: Notice, naming: Naming): Markup {
  const words = NOTICE_WORDS[naming.language];
  const purposes = item.purposes.length === 0 ? words.anyPurpose : naming.purposes(item.purposes);
  const about = item.describes === 'other' ? ` (${WORDS[naming.language].aboutOther})` : '';
  const detail = notice.purposes.length === 0 ? '' : markup` <span class="detail">${purposes}</span>`;
  return markup`${item.labels[naming.language]}${about}${detail}`;
}

function line(one: Cited & { readonly labels: Labels }, naming: Naming): Markup {
  return markup`${naming.cited(one.labels[naming.language], one).text}`;
}

function list(lines: readonly Markup[]): Markup {
  return lines.length === 0
    ? markup``
    : markup`<div class="card"><ul>\n${join(lines.map((one) => markup`<li>${one}</li>\n`))}</ul></div>\n`;
}

function section(id: string, heading: string, inner: Markup): Markup {
  return markup`<section aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${inner}</section>\n`;
}
