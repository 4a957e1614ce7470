/**
 * What law, policy and a calendar on the wall say of given days, worked out by hand from the texts (`domain.md` 1 and 2):
 * the last day of every duty and minimum by clause, the days off of a year as known on a day, what begins or ends when.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCENARIOS } from './load.js';
import {
  addDays,
  compile,
  due,
  lastDay,
  transferBansFor,
  TRIGGERS,
  weekday,
  type Day,
  type Pack,
  type Rulebook,
} from '../src/index.js';

/** Mondays of weeks without a day off, one under each law of Kyrgyzstan. */
export const DAYS = ['2026-01-12', '2026-04-13'] as const;

/** The lines of `due-by-clause.txt`, in order. */
export const DUE_BY_CLAUSE: readonly string[] = readFileSync(join(import.meta.dirname, 'due-by-clause.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .sort();

/** One line for each day, clause and what is owed by it. */
export function dueByClause(rulebook: Rulebook): readonly string[] {
  const lines = DAYS.flatMap((day) => [
    ...TRIGGERS.flatMap((trigger) =>
      rulebook
        .deadlines(trigger, day)
        .filter(({ term }) => term !== undefined)
        .map(({ duty, term, cite }) => {
          const last = due(rulebook.calendar(), day, term).due;
          return `${rulebook.controller} ${day} ${trigger} ${duty}, ${cite.clause}: ${last}`;
        }),
    ),
    ...rulebook.minimums(day).map(({ id, after, term, cite }) => {
      return `${rulebook.controller} ${day} ${after.kind} minimum ${id}, ${cite.clause}: ${lastDay(day, term)}`;
    }),
  ]);
  return [...new Set(lines)].sort();
}

// ---- days off ------------------------------------------------------------------------------------------------------

const KG_FIXED = '01-01..01-07 03-08 03-21 05-01..05-09 08-31';
const KZ_FIXED = '01-01 01-02 01-07 03-08 03-21..03-23 05-01 05-07 05-09 07-06 10-25 12-16';
const KZ_2025 = '01-01 01-02 01-07 03-10 03-21 03-24 03-25 05-01 05-07 05-09 06-06 07-07 09-01 10-27 12-16';
const KZ_2026 = '01-01 01-02 01-07 03-09 03-23..03-25 05-01 05-07 05-11 05-27 07-06 10-26 12-16';
const WHOLE = '01-01..12-31';

interface YearOff {
  readonly country: 'KG' | 'KZ';
  readonly year: number;
  /** The day on which it is asked; absent: with all that is known. */
  readonly known?: Day;
  /** Days off, whether or not they fall on a weekend. */
  readonly off: string;
  readonly unknown: string;
}

/** `domain.md` 2.5, each edition of a year from the day on which it was published, and the day before. */
export const DAYS_OFF: readonly YearOff[] = [
  { country: 'KG', year: 2025, known: '2025-02-03', off: KG_FIXED, unknown: WHOLE },
  { country: 'KG', year: 2025, known: '2025-02-04', off: `${KG_FIXED} 03-30`, unknown: '06-04..06-08' },
  { country: 'KG', year: 2025, known: '2025-05-27', off: `${KG_FIXED} 03-30`, unknown: '06-04..06-08' },
  { country: 'KG', year: 2025, known: '2025-05-28', off: `${KG_FIXED} 03-30 06-06`, unknown: '' },
  { country: 'KG', year: 2025, off: `${KG_FIXED} 03-30 06-06`, unknown: '' },
  { country: 'KG', year: 2026, known: '2025-12-10', off: KG_FIXED, unknown: WHOLE },
  { country: 'KG', year: 2026, known: '2025-12-11', off: KG_FIXED, unknown: '03-18..03-22 05-25..05-31' },
  { country: 'KG', year: 2026, known: '2026-03-09', off: KG_FIXED, unknown: '03-18..03-22 05-25..05-31' },
  { country: 'KG', year: 2026, known: '2026-03-10', off: `${KG_FIXED} 03-20`, unknown: '05-25..05-31' },
  { country: 'KG', year: 2026, off: `${KG_FIXED} 03-20`, unknown: '05-25..05-31' },
  { country: 'KG', year: 2024, off: KG_FIXED, unknown: WHOLE },
  { country: 'KG', year: 2028, off: KG_FIXED, unknown: WHOLE },
  { country: 'KZ', year: 2025, known: '2024-12-31', off: `${KZ_FIXED} 08-30`, unknown: WHOLE },
  { country: 'KZ', year: 2025, known: '2025-01-01', off: KZ_2025, unknown: '' },
  { country: 'KZ', year: 2025, off: KZ_2025, unknown: '' },
  { country: 'KZ', year: 2026, known: '2026-01-01', off: KZ_FIXED, unknown: WHOLE },
  { country: 'KZ', year: 2026, known: '2026-01-02', off: `${KZ_2026} 08-31`, unknown: '' },
  { country: 'KZ', year: 2026, known: '2026-03-17', off: `${KZ_2026} 08-31`, unknown: '' },
  { country: 'KZ', year: 2026, known: '2026-03-18', off: KZ_2026, unknown: '' },
  { country: 'KZ', year: 2026, off: KZ_2026, unknown: '' },
  { country: 'KZ', year: 2024, off: `${KZ_FIXED} 08-30`, unknown: WHOLE },
  { country: 'KZ', year: 2027, off: `${KZ_FIXED} 03-15`, unknown: WHOLE },
  { country: 'KZ', year: 2029, off: `${KZ_FIXED} 03-15`, unknown: WHOLE },
];

/** Days off that no list of fixed holidays has: moving ones, and the day of a Constitution that was replaced in the year. */
const MOVING = ['2025-03-30', '2025-06-06', '2026-03-20', '2026-05-27', '2026-08-30'];

/** `01-01..01-07 03-08`, of one year. */
export function daysOf(year: number, spans: string): ReadonlySet<Day> {
  const found = new Set<Day>();
  for (const span of spans.split(' ').filter((one) => one !== '')) {
    const [first = '', last = first] = span.split('..');
    for (let day = `${year}-${first}`; day <= `${year}-${last}`; day = addDays(day, 1)) found.add(day);
  }
  return found;
}

const ALL_DAYS = new Map(DAYS_OFF.map(({ year }) => [year, [...daysOf(year, WHOLE)]] as const));

/** The days of the year for which `told` is not what the list says. */
const differing = (year: number, list: string, told: (day: Day) => boolean): readonly Day[] => {
  const listed = daysOf(year, list);
  return ALL_DAYS.get(year)!.filter((day) => told(day) !== listed.has(day));
};

/**
 * What the calendars say otherwise than the list. A holiday on a weekend is told apart by the same calendar without its
 * days of rest; those days themselves by the calendar as it stands.
 */
export function wrongDaysOff(packs: readonly Pack[], country: string): string | undefined {
  const withoutRest = packs.map((pack) => (pack.kind === 'calendar' ? { ...pack, restDays: [] } : pack));
  const controller = CONTROLLERS_OF[country]!;
  const [real, bare] = [compile(packs, controller), compile(withoutRest, controller)];
  for (const row of DAYS_OFF.filter((one) => one.country === country)) {
    const { year, known, off, unknown } = row;
    const asKnown = known === undefined ? undefined : `${known}T06:00:00.000Z`;
    const [calendar, everyDay] = [real.calendar(asKnown), bare.calendar(asKnown)];
    const listed = daysOf(year, off);
    const works = (day: Day): boolean => !isWeekend(day) && !listed.has(day);
    const wrong = [
      ...differing(year, off, (day) => !everyDay.works(day)),
      ...ALL_DAYS.get(year)!.filter((day) => calendar.works(day) !== works(day)),
      ...differing(year, unknown, (day) => !calendar.knows(day)),
    ];
    if (wrong.length > 0) return `${country} ${year} as known ${known ?? 'now'}: ${wrong.join(' ')}`;
  }
  return undefined;
}

const CONTROLLERS_OF: Readonly<Record<string, string>> = { KG: 'kg.somo', KZ: 'kz.finbox' };

const isWeekend = (day: Day): boolean => weekday(day) >= 6;

/**
 * In a published year every fixed holiday is off on its own day, or on another for it; and what is off or moved besides is
 * a holiday that has no fixed day. A day given for a holiday comes after it.
 */
export function wrongHolidays(packs: readonly Pack[]): string | undefined {
  for (const pack of packs) {
    if (pack.kind !== 'calendar') continue;
    for (const { year, off, moved, published } of pack.years) {
      const fixed = pack.fixed
        .filter(({ fromYear = year, toYear = year }) => fromYear <= year && year <= toYear)
        .map(({ day }) => `${year}-${day}`);
      const held = [...off, ...moved.map(({ holiday }) => holiday)].filter((day) => !MOVING.includes(day));
      const wrong = [
        ...fixed.filter((day) => !held.includes(day)),
        ...held.filter((day) => !fixed.includes(day)),
        ...moved.flatMap(({ holiday, to }) => (holiday < to && isWeekend(holiday) ? [] : [holiday])),
      ];
      if (wrong.length > 0) return `${pack.meta.id} ${published}: ${wrong.join(' ')}`;
    }
  }
  return undefined;
}

// ---- what begins, ends and counts ----------------------------------------------------------------------------------

interface Worked {
  readonly says: string;
  readonly controller: string;
  readonly ask: (book: Rulebook) => unknown;
  readonly answer: unknown;
}

const ofPack = (book: Rulebook, trigger: (typeof TRIGGERS)[number], pack: string, days: readonly Day[]): unknown =>
  days.map((day) => book.deadlines(trigger, day).filter((row) => row.cite.pack === pack).length);

const bansOn = (book: Rulebook, day: Day, overdue: number): readonly string[] => {
  const rules = book.rules(day);
  return transferBansFor(rules, book.organisation('kz.collector', day)!, ['collect-debt'], ['name'], overdue).map(
    ({ cite }) => cite.clause,
  );
};

const abroad = (book: Rulebook, day: Day): unknown =>
  book.rules(day).crossBorder.flatMap((rule) => (rule.kind === 'adequacy-or-consent' ? [rule.adequate] : []));

const ids = (list: readonly { readonly id: string }[] | undefined): string => (list ?? []).map(({ id }) => id).join(' ');

const NINE = 'fact grounds-purposes methods holder-recipients data-source terms rights cross-border other';
const ASSIGNEES = ['bank', 'collection-agency', 'mfo', 'securitisation-company', 'pledgee', 'special-fund'];

const wantedOf = (book: Rulebook, right: string, day: Day): readonly string[] =>
  book
    .rules(day)
    .requests.filter(({ rights }) => rights.includes(right))
    .map(({ requires, subjectLines, cite }) =>
      [cite.clause, ...requires, ...subjectLines.map(({ language, text }) => `${language} ${text}`)].join(' | '),
    );

/** What the head of a scenario says of recipients and minimums, on its first day. */
const OF_HEADS: readonly Worked[] = SCENARIOS.flatMap((head) => {
  const day = head.feed[0]!.on;
  const { controller } = head;
  const needs = Object.entries(head.recipients);
  const minimums = Object.entries(head.minimums);
  return [
    {
      says: `scenario ${head.scenario}: what a recipient undertakes first`,
      controller,
      ask: (book: Rulebook) => needs.map(([id]) => [id, [...(book.organisation(id, day)?.needs ?? [])].sort()]),
      answer: needs.map(([id, one]) => [id, [...(one.needs ?? [])].sort()]),
    },
    {
      says: `scenario ${head.scenario}: what a minimum keeps`,
      controller,
      ask: (book: Rulebook) => book.minimums(day).map(({ id, items }) => [id, [...items].sort()]),
      answer: minimums.map(([id, { items }]) => [id, [...items].sort()]),
    },
  ];
});

/** A line of `domain.md`, and what the rulebook must say on the days around it. */
export const WORKED: readonly Worked[] = [
  {
    says: '2.2, 19-1: 60 days after the publication of Law 231-VIII of 17.11.2025',
    controller: 'kz.finbox',
    ask: (book) => ofPack(book, 'objection.received', 'kz.94-v', ['2026-01-16', '2026-01-17']),
    answer: [0, 1],
  },
  {
    says: '2.2: notice of a breach from 01.07.2024',
    controller: 'kz.finbox',
    ask: (book) => ofPack(book, 'breach.found', 'kz.94-v', ['2024-06-30', '2024-07-01']),
    answer: [0, 1],
  },
  {
    says: '2.1: the Digital Code is in force from 05.02.2026 and repeals Law 58',
    controller: 'kg.holder',
    ask: (book) =>
      ['2026-02-03', '2026-02-04', '2026-02-05', '2026-02-06'].map((day) =>
        book.deadlines('access.requested', day).map((row) => row.cite.pack),
      ),
    answer: [['kg.law-58'], ['kg.law-58'], ['kg.digital-code'], ['kg.digital-code']],
  },
  {
    says: '2.2, 56-V 9-1(5-2): no assignment to a collection agency through 30.04.2026',
    controller: 'kz.autosiyliq',
    ask: (book) => ['2026-04-30', '2026-05-01'].map((day) => bansOn(book, day, 100)),
    answer: [['56-V 9-1(5-2)'], []],
  },
  {
    says: '2.2, 56-V 9-2(5): a claim is assigned after more than 90 days',
    controller: 'kz.autosiyliq',
    ask: (book) => [90, 91].map((overdue) => bansOn(book, '2026-06-12', overdue)),
    answer: [['56-V 9-2(5)'], []],
  },
  {
    says: '2.2: 105-V was replaced by the Social Code from 01.07.2023',
    controller: 'kz.autosiyliq',
    ask: (book) => book.staleLaws().map(({ on }) => on),
    answer: ['2023-07-01'],
  },
  {
    says: '1.5: protocol 4/2 of 10.03.2020, in force from approval',
    controller: 'kz.finbox',
    ask: (book) => ['2020-03-09', '2020-03-10'].map((day) => book.edition(day)?.id),
    answer: [undefined, 'edition-1'],
  },
  {
    says: '1.2: a user is a capable person of 18 and more',
    controller: 'kg.softskills',
    ask: (book) => book.rules('2025-09-01').capacity.years?.count,
    answer: 18,
  },
  ...['kg.holder', 'kg.somo', 'kg.softskills'].map((controller) => ({
    says: '2.1: no list of states that protect equally was found, under either law',
    controller,
    ask: (book: Rulebook) => DAYS.map((day) => abroad(book, day)),
    answer: [[[]], [[]]],
  })),
  ...['kz.autosiyliq', 'kz.finbox'].map((controller) => ({
    says: '2.2, 94-V 16: no list of protecting states was found',
    controller,
    ask: (book: Rulebook) => DAYS.map((day) => abroad(book, day)),
    answer: [[[]], [[]]],
  })),
  {
    says: '1.3: an answer has nine elements, а to и, under either law',
    controller: 'kg.holder',
    ask: (book) => DAYS.map((day) => ids(book.rules(day).answer.elements)),
    answer: [NINE, NINE],
  },
  {
    says: '2.2, 94-V 24: fact, purpose, sources, methods, list and terms are known',
    controller: 'kz.finbox',
    ask: (book) => ids(book.rules('2026-06-22').answer.elements),
    answer: 'fact grounds-purposes methods data-source terms',
  },
  {
    says: '1.3: list, grounds and purposes, third parties and other use are told before collection; under the Code, whose own words are unread, the same',
    controller: 'kg.somo',
    ask: (book) => DAYS.map((day) => ids(book.rules(day).notice?.elements)),
    answer: ['data grounds-purposes third-parties other-use', 'data grounds-purposes third-parties other-use'],
  },
  {
    says: '1.3: an entry has twelve fields',
    controller: 'kg.holder',
    ask: (book) => DAYS.map((day) => ids(book.rules(day).register?.fields)),
    answer: [
      'array holder purposes storage data subjects sources informing security responsible recipients cross-border',
      '',
    ],
  },
  {
    says: '2.2, 94-V 8(4): what a consent says',
    controller: 'kz.autosiyliq',
    ask: (book) => ids(book.rules('2026-02-02').consent.elements),
    answer: 'operator subject term third-parties cross-border publication data other',
  },
  {
    says: '2.2, 56-V 9-1(5): six kinds of assignee, and no other',
    controller: 'kz.autosiyliq',
    ask: (book) =>
      [...ASSIGNEES, 'shop'].map((category) => {
        const agency = { ...book.organisation('kz.collector', '2026-06-12')!, category };
        const bans = transferBansFor(book.rules('2026-06-12'), agency, ['collect-debt'], ['name'], 100);
        return bans.map(({ cite }) => cite.clause);
      }),
    answer: [...ASSIGNEES.map(() => []), ['56-V 9-1(5)']],
  },
  {
    says: '2.1, 17 в: a processor gives technical and organisational guarantees, under either law',
    controller: 'kg.holder',
    ask: (book) => DAYS.map((day) => book.rules(day).undertakings.map(({ undertakings }) => undertakings.join(' '))),
    answer: DAYS.map(() => ['technical-guarantees organisational-guarantees']),
  },
  {
    says: '1.3: access is asked for in writing, a change on documents',
    controller: 'kg.holder',
    ask: (book) => ['access', 'see-documents', 'rectify'].map((right) => wantedOf(book, right, '2025-05-19')),
    answer: [
      ['Law 58 (Agency FAQ, access) | writing'],
      ['Law 58 (Agency FAQ, access) | writing'],
      ['Law 58 28 | documents'],
    ],
  },
  {
    says: '1.1: a withdrawal is in writing',
    controller: 'kg.somo',
    ask: (book) => wantedOf(book, 'withdraw', '2025-04-14'),
    answer: ['policy 6.4 | writing'],
  },
  {
    says: '1.2: by e-mail with one of two subject lines in two languages, the own e-mail and the demand in it',
    controller: 'kg.softskills',
    ask: (book) => ['rectify', 'withdraw'].flatMap((right) => wantedOf(book, right, '2026-04-13')),
    answer: [
      'policy 7 | own-email | demand | ru Уточнить персональные данные | ky Жеке маалыматтарды тактоо',
      'policy 7 | own-email | demand | ru Прекратить обработку персональных данных | ky Жеке маалыматтарды иштетүүнү токтотуу',
    ],
  },
  {
    says: '1.2: no keeping of what is anonymous after a demand or a withdrawal',
    controller: 'kg.softskills',
    ask: (book) => book.rules('2025-11-04').anonymised?.notAfter,
    answer: ['destruction.requested', 'consent.withdrawn'],
  },
  ...OF_HEADS,
];
