/**
 * From loaded packs to the rulebook of one controller.
 *
 * Between two days on which some edition or rule begins or ends, nothing changes. Each such span is compiled once, into
 * maps and arrays; a question on a day finds its span and reads.
 */

import { CompiledCalendar, type CalendarRules, type YearEdition } from './calendar.js';
import { rulesOf } from './compile-rules.js';
import {
  basisOf,
  deadlineOf,
  editionOf,
  groundOf,
  itemOf,
  organisationOf,
  purposeOf,
  wordOf,
} from './compile-words.js';
import { parseIsoTerm } from './counting.js';
import { addDays } from './day.js';
import {
  ALWAYS,
  byStart,
  citing,
  covers,
  datedRulesOf,
  newestOn,
  organisationsOf,
  periodOf,
  type Dated,
  type Rules as RulePack,
} from './in-force.js';
import { listedIds } from './listed.js';
import type { Pack } from './parse.js';
import type {
  Basis,
  Calendar,
  Cause,
  Citation,
  Day,
  Deadline,
  Edition,
  Ground,
  IdKind,
  Item,
  Labels,
  Language,
  LawEdition,
  Listed,
  Minimum,
  Organisation,
  Purpose,
  Rulebook,
  Trigger,
} from './rulebook.js';
import type { Rules, StaleLaw } from './rules.js';
import type { CalendarPack, ControllerPack, LawPack } from './schema.js';
import { staleLawsOf } from './stale-law.js';
import { dayOf } from './zone.js';

const NO_DEADLINES: readonly Deadline[] = [];

/** What is in force through one span of days. */
interface Span {
  readonly from: Day;
  readonly edition: Edition | undefined;
  readonly items: ReadonlyMap<string, Item>;
  readonly purposes: ReadonlyMap<string, Purpose>;
  readonly organisations: ReadonlyMap<string, Organisation>;
  readonly listed: Listed;
  readonly bases: ReadonlyMap<string, Basis>;
  readonly grounds: ReadonlyMap<string, Ground>;
  readonly causes: ReadonlyMap<string, Cause>;
  readonly minimums: readonly Minimum[];
  readonly deadlines: ReadonlyMap<Trigger, readonly Deadline[]>;
  readonly rules: Rules;
  /** By law, where the policy cites it. */
  readonly cited: ReadonlyMap<string, Citation>;
}

/**
 * The rulebook of one controller, from every loaded pack. The packs must be without problems (`parsePack`,
 * `checkPacks`). Throws a RangeError where no loaded pack is the controller's, or its calendar is missing.
 */
export function compile(packs: readonly Pack[], controllerId: string): Rulebook {
  const policies = packs
    .filter((pack) => pack.kind === 'controller')
    .filter((pack) => pack.controller.id === controllerId)
    .sort(byStart);
  const newest = policies.at(-1);
  if (newest === undefined) throw new RangeError('no loaded pack is of this controller');
  const laws = new Set(policies.flatMap((policy) => policy.controller.laws));
  const acts = packs
    .filter((pack) => pack.kind === 'law')
    .filter((pack) => laws.has(pack.meta.id))
    .sort(byStart);
  const calendars = packs
    .filter((pack) => pack.kind === 'calendar')
    .filter((pack) => pack.meta.id === newest.controller.calendar)
    .sort(byStart);
  const stale = staleLawsOf(policies, acts);
  const editions = [...laws].flatMap((law) => acts.filter((act) => act.meta.id === law));
  return new CompiledRulebook(
    newest,
    spansOf([...laws], acts, policies),
    policies,
    stale,
    listedIds(packs),
    calendars,
    [...editions, ...calendars].map(lawEditionOf),
  );
}

class CompiledRulebook implements Rulebook {
  readonly controller: string;
  readonly zone: string;
  readonly country: string;
  readonly languages: readonly Language[];
  readonly names: Labels;
  readonly #editions: ReadonlyMap<string, Edition>;
  readonly #years: readonly YearEdition[];
  readonly #calendarRules: CalendarRules;
  /** By how many editions are known; most moments know all of them. */
  readonly #calendars = new Map<number, CompiledCalendar>();
  readonly #newestFirst: readonly Span[];
  /** What a day's own span does not have is answered by the newest that has it. */
  readonly #newest: { readonly [K in NamedList]: Span[K] };
  /** The day of the last question and its span, and the day on which the next begins. */
  #last: { day: Day; readonly span: Span; readonly before: Day | undefined } | undefined;

  constructor(
    newest: ControllerPack,
    spans: readonly Span[],
    policies: readonly ControllerPack[],
    private readonly stale: readonly StaleLaw[],
    private readonly ids: ReadonlyMap<IdKind, ReadonlySet<string>>,
    calendars: readonly CalendarPack[],
    private readonly lawsLoaded: readonly LawEdition[],
  ) {
    this.controller = newest.controller.id;
    this.zone = newest.controller.zone;
    this.country = newest.controller.country;
    this.languages = newest.controller.languages;
    this.names = newest.controller.names;
    this.#newestFirst = [...spans].reverse();
    const united = <T>(list: (span: Span) => ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
      new Map(spans.flatMap((span) => [...list(span)]));
    this.#newest = {
      items: united((span) => span.items),
      purposes: united((span) => span.purposes),
      organisations: united((span) => span.organisations),
      bases: united((span) => span.bases),
      grounds: united((span) => span.grounds),
      causes: united((span) => span.causes),
    };
    this.#editions = new Map(policies.map((policy) => [policy.edition.id, editionOf(policy)]));
    const calendar = calendars.at(-1);
    if (calendar === undefined) throw new RangeError("the controller's calendar is not loaded");
    this.#calendarRules = calendarRulesOf(calendar);
    this.#years = calendars
      .flatMap((pack) => pack.years.map(yearEditionOf))
      .sort((a, b) => (a.published < b.published ? -1 : a.published > b.published ? 1 : 0));
  }

  has(kind: IdKind, id: string): boolean {
    return this.ids.get(kind)?.has(id) ?? false;
  }

  all(kind: IdKind): readonly string[] {
    return [...(this.ids.get(kind) ?? [])];
  }

  lists(kind: 'item' | 'purpose' | 'organisation', id: string, on: Day): boolean {
    return this.#on(on).listed[kind].has(id);
  }

  listed(on: Day): Listed {
    return this.#on(on).listed;
  }

  edition(on: Day): Edition | undefined {
    return this.#on(on).edition;
  }

  editionById(id: string): Edition | undefined {
    return this.#editions.get(id);
  }

  lawEditions(): readonly LawEdition[] {
    return this.lawsLoaded;
  }

  citedIn(law: string, on: Day): Citation | undefined {
    return this.#on(on).cited.get(law);
  }

  item(id: string, on: Day): Item | undefined {
    return this.#on(on).items.get(id) ?? this.#newest.items.get(id);
  }

  purpose(id: string, on: Day): Purpose | undefined {
    return this.#on(on).purposes.get(id) ?? this.#newest.purposes.get(id);
  }

  organisation(id: string, on: Day): Organisation | undefined {
    return this.#on(on).organisations.get(id) ?? this.#newest.organisations.get(id);
  }

  basis(id: string, on: Day): Basis | undefined {
    return this.#on(on).bases.get(id) ?? this.#newest.bases.get(id);
  }

  ground(id: string, on: Day): Ground | undefined {
    return this.#on(on).grounds.get(id) ?? this.#newest.grounds.get(id);
  }

  cause(id: string, on: Day): Cause | undefined {
    return this.#on(on).causes.get(id) ?? this.#newest.causes.get(id);
  }

  minimums(on: Day): readonly Minimum[] {
    return this.#on(on).minimums;
  }

  everyMinimum(): readonly Minimum[] {
    return this.#newestFirst.flatMap(({ minimums }) => minimums);
  }

  deadlines(trigger: Trigger, on: Day): readonly Deadline[] {
    return this.#on(on).deadlines.get(trigger) ?? NO_DEADLINES;
  }

  rules(on: Day): Rules {
    return this.#on(on).rules;
  }

  grounds(on: Day): readonly Ground[] {
    return [...this.#on(on).grounds.values()];
  }

  staleLaws(): readonly StaleLaw[] {
    return this.stale;
  }

  calendar(asKnown?: string): Calendar {
    const known = asKnown === undefined ? this.#years.length : this.#publishedBy(dayOf(asKnown, this.zone));
    let calendar = this.#calendars.get(known);
    if (calendar === undefined) {
      calendar = new CompiledCalendar(this.#calendarRules, this.#years.slice(0, known));
      this.#calendars.set(known, calendar);
    }
    return calendar;
  }

  #publishedBy(day: Day): number {
    const after = this.#years.findIndex((edition) => edition.published > day);
    return after === -1 ? this.#years.length : after;
  }

  /** An act asks many things of one day, a fold one day after another: nearly always the span is that of the last question. */
  #on(day: Day): Span {
    const last = this.#last;
    if (last !== undefined) {
      if (last.day === day) return last.span;
      if (last.span.from <= day && (last.before === undefined || day < last.before)) {
        last.day = day;
        return last.span;
      }
    }
    let before: Day | undefined;
    for (const span of this.#newestFirst) {
      if (span.from <= day) {
        this.#last = { day, span, before };
        return span;
      }
      before = span.from;
    }
    throw new RangeError('not a day');
  }
}

type NamedList = 'items' | 'purposes' | 'organisations' | 'bases' | 'grounds' | 'causes';

// ---- spans ---------------------------------------------------------------------------------------------------------

function spansOf(
  laws: readonly string[],
  acts: readonly LawPack[],
  policies: readonly ControllerPack[],
): readonly Span[] {
  const days = new Set<Day>([ALWAYS]);
  for (const pack of [...acts, ...policies]) {
    for (const rule of [periodOf(pack), ...datedRulesOf(pack)]) {
      if (rule.from !== undefined) days.add(rule.from);
      if (rule.to !== undefined) days.add(addDays(rule.to, 1));
    }
  }
  return [...days].sort().map((from) => {
    const inForce = laws.flatMap(
      (law) =>
        newestOn(
          acts.filter((act) => act.meta.id === law),
          from,
        ) ?? [],
    );
    return spanOf(from, inForce, newestOn(policies, from));
  });
}

function spanOf(from: Day, acts: readonly LawPack[], policy: ControllerPack | undefined): Span {
  const packs: readonly RulePack[] = policy === undefined ? acts : [...acts, policy];
  const live = <T extends Dated>(rules: readonly T[]): readonly T[] => rules.filter((rule) => covers(rule, from));
  const byId = <T extends Dated & { readonly id: string }, R>(
    list: (pack: RulePack) => readonly T[],
    made: (rule: T, pack: RulePack) => R,
  ): ReadonlyMap<string, R> =>
    new Map(packs.flatMap((pack) => live(list(pack)).map((rule) => [rule.id, made(rule, pack)] as const)));
  const deadlines = new Map<Trigger, Deadline[]>();
  for (const pack of packs) {
    for (const rule of live(pack.deadlines)) {
      const rows = deadlines.get(rule.trigger) ?? [];
      rows.push(deadlineOf(rule, pack));
      deadlines.set(rule.trigger, rows);
    }
  }
  const rules = rulesOf(acts, policy, from);
  const plainly = (list: readonly { readonly id: string; readonly openEnded?: true | undefined }[]): Set<string> =>
    new Set(list.filter(({ openEnded }) => openEnded !== true).map(({ id }) => id));
  const items = new Map(policy?.items.map((item) => [item.id, itemOf(item, policy)]));
  const purposes = new Map(policy?.purposes.map((purpose, order) => [purpose.id, purposeOf(purpose, policy, order)]));
  const organisations = byId(organisationsOf, (one, pack) => organisationOf(one, pack, rules));
  return {
    from,
    edition: policy === undefined ? undefined : editionOf(policy),
    items,
    purposes,
    organisations,
    listed: {
      item: items,
      purpose: purposes,
      organisation: organisations,
      plainly: { item: plainly(policy?.items ?? []), purpose: plainly(policy?.purposes ?? []) },
    },
    bases: byId((pack) => pack.bases, basisOf),
    grounds: byId((pack) => pack.grounds, groundOf),
    causes: byId((pack) => pack.causes, wordOf),
    minimums: policy === undefined ? [] : minimumsOf(policy, acts, from),
    deadlines,
    rules,
    cited: policy === undefined ? new Map() : citedBy(policy),
  };
}

function citedBy(policy: ControllerPack): ReadonlyMap<string, Citation> {
  return new Map(
    policy.lawsCited.flatMap((one) => (one.pack === undefined ? [] : [[one.pack, citing(one, policy)] as const])),
  );
}

function lawEditionOf(pack: (LawPack | CalendarPack) & { readonly sha256?: string }): LawEdition {
  const { id, edition, validFrom, validTo } = pack.meta;
  return { pack: id, edition, from: validFrom, to: validTo, hash: pack.sha256 };
}

/** A minimum is the law's; which items it keeps is the policy's. */
function minimumsOf(policy: ControllerPack, acts: readonly LawPack[], on: Day): readonly Minimum[] {
  return policy.retention.flatMap((rule, order) => {
    for (const act of acts) {
      const found = act.minimums.find((minimum) => minimum.id === rule.minimum && covers(minimum, on));
      const term = found === undefined ? undefined : parseIsoTerm(found.term);
      if (found === undefined || term === undefined) continue;
      return [{ id: found.id, items: rule.items, after: found.after, term, cite: citing(found, act), order }];
    }
    return [];
  });
}

// ---- calendar ------------------------------------------------------------------------------------------------------

function calendarRulesOf(calendar: CalendarPack): CalendarRules {
  return {
    restDays: calendar.restDays,
    fixed: calendar.fixed.map(({ day, fromYear, toYear }) => ({ day, fromYear, toYear })),
  };
}

function yearEditionOf(edition: CalendarPack['years'][number]): YearEdition {
  const { year, published, worked, unknown } = edition;
  return { year, published, off: [...edition.off, ...edition.moved.map((move) => move.to)], worked, unknown };
}
