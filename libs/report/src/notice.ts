/**
 * The notice that a person gets before anything is collected, built from the packs in force on a day: what, on what
 * grounds and for what, to whom it may go, what else may be done with it (`domain.md` 2.1, Law 58, before collection).
 */
import type { Citation, Day, Item, Labels, Language, Mark, OpenClause, Organisation, Rulebook, Rules } from '#packs';
import { LANGUAGES, WORDS } from './dictionary.js';
import { join, markup, type Markup } from './markup.js';
import { Naming } from './naming.js';
import { NOTICE_WORDS } from './notice-words.js';
import { page } from './page.js';
import { fill } from './words.js';

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
  /** Who may consent: the least age in full years, and that a representative consents for who may not. */
  readonly capacity: {
    readonly years: (Cited & { readonly count: number }) | null;
    readonly representative: Cited | null;
  };
  /** What the law wants said, in its order; where it says nothing, what stands in every notice. */
  readonly elements: readonly { readonly id: string; readonly labels: Labels }[];
  readonly items: readonly (Cited & {
    readonly item: string;
    readonly labels: Labels;
    /** Whom it is about. */
    readonly describes: 'subject' | 'other';
    /** Empty where the policy does not say which item serves which purpose: then any of the purposes. */
    readonly purposes: readonly string[];
    /** Kinds of data that the law protects more. */
    readonly special: readonly (Cited & { readonly labels: Labels })[];
    /** Where the policy says that nobody is identified by it; null where it does not. */
    readonly identifyingClaim: Cited | null;
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
  /** What the policy leaves open ("other data"). */
  readonly open: readonly (Cited & { readonly of: OpenClause['of'] })[];
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
    capacity: capacityOf(rules),
    elements: elementsOf(rules),
    items: listed('item')
      .filter((id) => named?.has(id) ?? true)
      .map((id) => {
        const item = rulebook.item(id, on)!;
        const { labels, describes, purposes = [], cite } = item;
        return { item: id, labels, describes, purposes, ...protectionOf(item, rules), ...cited(cite) };
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
    open: rules.open.map(({ of, cite }) => ({ of, ...cited(cite) })),
  };
}

function cited({ clause, pack, mark }: Citation): Cited {
  return { clause, pack, mark };
}

function capacityOf({ capacity: { years, representative } }: Rules): Notice['capacity'] {
  return {
    years: years === undefined ? null : { count: years.count, ...cited(years.cite) },
    representative: representative === undefined ? null : cited(representative),
  };
}

function protectionOf(
  { classes, identifyingClaim }: Item,
  { special }: Rules,
): Pick<Notice['items'][number], 'special' | 'identifyingClaim'> {
  return {
    special: special
      .filter((one) => classes?.includes(one.class))
      .map(({ labels, cite }) => ({ labels, ...cited(cite) })),
    identifyingClaim: identifyingClaim === undefined ? null : cited(identifyingClaim),
  };
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
    'other-use': () => markup`${list(notice.otherUse.map((one) => line(one, naming)))}${openEnds(notice, naming)}`,
  };
  const sections = notice.elements.flatMap(({ id, labels }) => {
    const inner = shown[id]?.();
    return inner === undefined
      ? []
      : [section(id, labels[language], inner.text === '' ? markup`<p>${words.none}</p>\n` : inner)];
  });
  return page({
    language,
    title: words.title,
    organisation: rulebook.names[language],
    link,
    head: markup`<p class="asof">${WORDS[language].fact.asOf}: <time datetime="${notice.on}">${naming.moment(notice.on)}</time></p>
<p>${words.tagline}</p>${join(headLines(notice, naming).map((text) => markup`\n<p><strong>${text}</strong></p>`))}`,
    main: join(sections),
  });
}

/** What a person must know before anything else: that each item may be refused, and who may consent at all. */
function headLines({ refusable, capacity: { years, representative } }: Notice, naming: Naming): readonly string[] {
  const words = NOTICE_WORDS[naming.language];
  const age = years === null ? [] : [naming.cited(fill(words.leastAge, { years: String(years.count) }), years)];
  return [
    ...(refusable === null ? [] : [naming.cited(words.refusable, refusable)]),
    ...age,
    ...(representative === null ? [] : [naming.cited(words.representative, representative)]),
  ].map(({ text }) => text);
}

/** Nobody can be told what an open clause will bring: it is told that it is open. */
function openEnds({ open }: Notice, naming: Naming): Markup {
  const words = NOTICE_WORDS[naming.language];
  if (open.length === 0) return markup``;
  return markup`<p>${words.leftOpen}</p>\n${list(open.map((one) => markup`${naming.cited(words.open[one.of], one).text}`))}`;
}

function itemLine(item: Notice['items'][number], notice: Notice, naming: Naming): Markup {
  const words = NOTICE_WORDS[naming.language];
  const purposes = item.purposes.length === 0 ? words.anyPurpose : naming.purposes(item.purposes);
  const about = item.describes === 'other' ? ` (${WORDS[naming.language].aboutOther})` : '';
  const more = [
    ...item.special.map((one) => naming.cited(one.labels[naming.language], one)),
    ...(item.identifyingClaim === null ? [] : [naming.cited(words.identifiesNobody, item.identifyingClaim)]),
  ].map(({ text }) => markup` <span class="detail">${text}</span>`);
  const detail = notice.purposes.length === 0 ? '' : markup` <span class="detail">${purposes}</span>`;
  return markup`${item.labels[naming.language]}${about}${detail}${join(more)}`;
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
