/**
 * Every sentence a report may say, once for each language. A missing one does not compile; one that says another
 * thing than its neighbours is what the golden reports are read for.
 *
 * Texts are data, not functions, so that they can be compared, counted and read by a translator in one place.
 */
import type { Language, Mark } from '#packs';
import type { ItemState, OrderKind, Reason, UntilEvent } from './answer.js';

/** The intersection of the types of all properties. */
type All<T> = { [K in keyof T]: (one: T[K]) => void }[keyof T] extends (all: infer I) => void ? I : never;

/**
 * A sentence with places to fill: `{name}`. A place for a day may ask for the form of the date that the sentence needs
 * (`{day.from}`), since Kazakh and Kyrgyz put a case ending where English puts a preposition.
 */
export type Text<Places extends string> = string &
  All<{ [P in Places]: `${string}{${P}${'' | '.from' | '.to' | '.at'}}${string}` }>;

/** A sentence that depends on a number, in the classes of CLDR; `other` serves where a language has no such class. */
export interface Plural<Places extends string> {
  readonly one?: Text<Places>;
  readonly few?: Text<Places>;
  readonly many?: Text<Places>;
  readonly other: Text<Places>;
}

/** A date as it stands alone, after "since", after "until", and after "on". */
export interface DayForms {
  readonly plain: string;
  readonly from: string;
  readonly to: string;
  readonly at: string;
}

/** The names of the twelve months, as they stand in a date, and with each ending. */
export interface Calendar {
  /** `{d}`, `{m}` and `{y}`. */
  readonly pattern: Text<'d' | 'm' | 'y'>;
  readonly plain: Months;
  readonly from: Months;
  readonly to: Months;
  readonly at: Months;
}
export type Months = readonly [string, string, string, string, string, string, string, string, string, string, string, string]; // prettier-ignore

export type SectionName = 'summary' | 'holding' | 'recipients' | 'gone' | 'marks' | 'evidence';
export type RoleWord = 'processor' | 'independent' | 'assignee' | 'authority' | 'public' | 'place';
export type MinimumStart = 'contract-performed' | 'collected' | 'transferred';
export type NamedClause = 'MFO rules, keeping of messages and documents' | 'MFO rules, breach of secrecy';
export type OriginWord =
  | 'subject' | 'automatic' | 'representative' | 'bureau' | 'pension-centre' | 'state-body' | 'bank' | 'public' | 'another-subject'
  | 'bought' | 'derived'; // prettier-ignore

export interface Words {
  /** The language's own name, for the switch. */
  readonly name: string;
  readonly calendar: Calendar;
  /** Names of states where the library of the platform has none, or not the one used in the state itself. */
  readonly countries: Readonly<Record<string, string>>;

  readonly title: string;
  readonly tagline: string;
  readonly languages: string;
  readonly skip: string;
  readonly section: Readonly<Record<SectionName, string>>;

  readonly fact: Readonly<Record<'asOf' | 'asKnown' | 'reference' | 'positions' | 'checkpoint' | 'recorded', string>>;
  /** `asKnown` where it is a position. */
  readonly upTo: Text<'position'>;

  readonly summary: {
    readonly holds: Plural<'n'>;
    readonly holdsNothing: string;
    readonly uses: Text<'purposes'>;
    readonly usesNone: string;
    readonly kept: Plural<'n' | 'why'>;
    readonly stopped: Plural<'n'>;
    readonly blocked: Plural<'n'>;
    readonly destroyed: Plural<'n'>;
    readonly depersonalised: Plural<'n'>;
    readonly notUsed: Text<'purposes' | 'day'>;
    readonly shared: Plural<'n' | 'names'>;
    readonly sharedNone: string;
    readonly abroad: Text<'names'>;
    readonly abroadNone: string;
    readonly outstanding: Readonly<Record<OrderKind, Text<'recipient' | 'items'>>>;
    readonly askToo: Text<'recipient' | 'day'>;
    /** By its cause; then what it touched, and who else held that. */
    readonly breach: Readonly<Record<'controller' | 'recipient' | 'user', Text<'day'>>>;
    readonly breachItems: Text<'items'>;
    readonly breachRecipients: Text<'names'>;
  };

  readonly state: Readonly<Record<ItemState, { readonly heading: string; readonly intro: string }>>;
  /** Instead of the intro of `kept` where all of its items share one reason. */
  readonly keptBecause: Text<'why'>;
  readonly nothing: Readonly<Record<'held' | 'shared' | 'gone', string>>;

  readonly row: Readonly<
    Record<'value' | 'from' | 'purposes' | 'shared' | 'until' | 'fate' | 'given' | 'orders' | 'why', string>
  >;

  readonly origin: Readonly<Record<OriginWord, string>>;
  readonly originUnknown: string;
  readonly purpose: {
    readonly active: string;
    readonly stopped: Text<'day'>;
    readonly ended: Text<'day'>;
    readonly none: string;
  };
  readonly ground: Text<'basis'>;
  readonly for: Text<'purposes'>;
  readonly nobody: string;
  readonly role: Readonly<Record<RoleWord, string>>;
  readonly abroad: string;
  readonly unnamedState: string;
  readonly countryUnknown: string;

  readonly order: {
    readonly told: Readonly<Record<OrderKind, Text<'day'>>>;
    readonly outstanding: string;
    readonly confirmed: Text<'day'>;
  };

  readonly term: {
    /** After "at least". */
    readonly years: Plural<'n'>;
    readonly months: Plural<'n'>;
  };
  /** The law's minimum, to stand inside a sentence. */
  readonly minimum: {
    readonly 'contract-performed': Text<'term'>;
    readonly collected: Text<'term'>;
    readonly transferred: Text<'term' | 'purpose'>;
    /** Instead of a term, where it is an authority that has the items kept. */
    readonly held: string;
    readonly unknown: string;
  };
  readonly until: {
    readonly date: Readonly<Record<Reason['kind'], Text<'day'>>>;
    readonly event: Readonly<Record<UntilEvent, string>>;
    readonly otherEvent: string;
    readonly minimum: Text<'why'>;
    readonly further: Text<'term'>;
    readonly noDate: string;
    readonly silent: string;
    readonly provisional: string;
  };
  readonly reason: {
    readonly purpose: Text<'purpose'>;
    readonly 'legal-minimum': Text<'why'>;
    readonly hold: Text<'authority'>;
    readonly destroy: string;
    readonly 'destroy-blocked': string;
    readonly duty: string;
    readonly binds: string;
  };

  readonly fate: {
    readonly destroyed: Text<'day'>;
    readonly depersonalised: Text<'day'>;
    readonly inTime: Text<'day'>;
    readonly late: Text<'day'>;
    readonly backups: Text<'day'>;
    readonly method: Readonly<Record<'act' | 'degauss' | 'erase' | 'incinerate' | 'overwrite' | 'shred', string>>;
  };

  readonly clause: {
    readonly policy: Text<'clause'>;
    readonly policyIntro: string;
    readonly law: Text<'act' | 'article'>;
    readonly act: Text<'act'>;
    readonly decree: Text<'act'>;
    readonly code: string;
    readonly codeArticle: Text<'article'>;
    readonly codeChapter: Text<'chapter'>;
    readonly faq: string;
    readonly register: Text<'field'>;
    /** Citations that are words themselves, by the words the packs cite with. */
    readonly named: Readonly<Record<NamedClause, string>>;
    readonly packDefault: string;
    readonly first: Text<'clause'>;
    readonly second: Text<'clause'>;
  };
  /** Beside a clause. */
  readonly mark: Readonly<Record<Mark, string>>;
  /** In the legend. */
  readonly markMeans: Readonly<Record<Mark, string>>;
  readonly marksIntro: string;

  readonly unlisted: Readonly<Record<'item' | 'purpose' | 'recipient' | 'basis', string>>;
  readonly aboutOther: string;
  readonly aboutOthers: Text<'n'>;

  readonly evidenceIntro: string;
  readonly evidenceNone: string;
}

export type Filling = string | DayForms;

/** The sentence with its places filled. A place that nobody fills is a bug, and says so. */
export function fill<P extends string>(text: Text<P>, places: Readonly<Record<P, Filling>>): string {
  return put(text, places);
}

function put(text: string, places: Readonly<Record<string, Filling | undefined>>): string {
  return text.replace(/\{(\w+)(?:\.(from|to|at))?\}/g, (_, name: string, form: keyof DayForms | undefined) => {
    const value = Object.hasOwn(places, name) ? places[name] : undefined;
    if (value === undefined) throw new Error(`no filling for {${name}} in "${text}"`);
    return typeof value === 'string' ? value : value[form ?? 'plain'];
  });
}

/** Made once: making one costs more than a whole report. */
const PLURALS: Readonly<Record<Language, Intl.PluralRules>> = {
  ky: new Intl.PluralRules('ky'),
  kk: new Intl.PluralRules('kk'),
  ru: new Intl.PluralRules('ru'),
  en: new Intl.PluralRules('en'),
};

/** The sentence for that number, `n` filled with it. */
export function fillCount<P extends string>(
  language: Language,
  text: Plural<P>,
  n: number,
  places: Readonly<Record<Exclude<P, 'n'>, Filling>>,
): string {
  const rule = PLURALS[language].select(n);
  const chosen = (rule === 'one' || rule === 'few' || rule === 'many' ? text[rule] : undefined) ?? text.other;
  return put(chosen, { ...places, n: String(n) });
}

/** What a table says of a word that came from outside; undefined where it has no such word. */
export function entry<T>(table: Readonly<Record<string, T>>, word: string | null | undefined): T | undefined {
  return typeof word === 'string' && Object.hasOwn(table, word) ? table[word] : undefined;
}
