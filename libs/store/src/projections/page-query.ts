/**
 * One page of rows in several states. From each state the index alone gives where its first rows stand; what they say is
 * read only of those that the page has.
 */
import { sql, type Kysely } from 'kysely';
import type { ControllerId, SubjectRef } from '#ledger';
import { mergePages } from './pages.js';
import type { BoardCursor, BoardPage, BoardRow } from './port.js';
import type { Tables } from './tables.js';

/** Rows of one stored state, whose last day may be bounded: `from` is included, `before` is not. */
export interface StateSpan {
  readonly stored: string;
  readonly shown: string;
  readonly from?: string;
  readonly before?: string;
}

export interface PageQuery {
  readonly table: 'clocks' | 'findings';
  readonly controller: ControllerId;
  /** The column of the order. */
  readonly day: 'due' | 'started';
  readonly spans: readonly StateSpan[];
  readonly page: BoardPage;
}

/** Rows may be replaced between the two looks: then both are taken again, so often at most. */
const TRIES = 10;

export async function readPage(db: Kysely<Tables>, query: PageQuery): Promise<readonly BoardRow<ReadRow>[]> {
  for (let left = TRIES; ; left -= 1) {
    const { rows, isWhole } = await look(db, query);
    if (isWhole || left === 1) return rows;
  }
}

export interface ReadRow {
  readonly text: string;
  readonly shown: string;
}

async function look(
  db: Kysely<Tables>,
  query: PageQuery,
): Promise<{ readonly rows: readonly BoardRow<ReadRow>[]; readonly isWhole: boolean }> {
  const pages = await Promise.all(query.spans.map((span) => placesOf(db, query, span)));
  const places = mergePages(pages, query.page.limit);
  const texts = await textsOf(db, query, new Set(places.map(({ subject }) => subject)));
  const rows = places.flatMap((place) => {
    const text = texts.get(`${place.subject} ${place.cursor.ordinal}`);
    return text === undefined ? [] : [{ ...place, row: { text, shown: place.row } }];
  });
  return { rows, isWhole: rows.length === places.length };
}

/** Where the rows of one state stand; `row` is the state that they are shown in. */
async function placesOf(
  db: Kysely<Tables>,
  { table, controller, day, page }: PageQuery,
  { stored, shown, from, before }: StateSpan,
): Promise<readonly BoardRow<string>[]> {
  const { after, limit } = page;
  // In the other order the last day is compared in a way that leads to no index, lest that one be taken and all be sorted.
  const lastDay = day === 'due' ? sql.ref<string>('due') : sql<string>`due || ''`;
  const rows = await db
    .selectFrom(table)
    .select(['subject', 'ordinal', sql.ref<string>(day).as('day')])
    .where('controller', '=', controller)
    .where('state', '=', stored)
    .$if(from !== undefined, (query) => query.where(lastDay, '>=', from!))
    .$if(before !== undefined, (query) => query.where(lastDay, '<', before!))
    .$if(after !== undefined, (query) => query.where(isAfter(day, after!)))
    .orderBy(sql.ref(day))
    .orderBy('subject')
    .orderBy('ordinal')
    .limit(limit)
    .execute();
  return rows.map(({ subject, ordinal, day: on }) => ({
    cursor: { day: on, subject, ordinal },
    subject: subject as SubjectRef,
    row: shown,
  }));
}

/** What the rows of these people say, by subject and ordinal. */
async function textsOf(
  db: Kysely<Tables>,
  { table, controller }: PageQuery,
  subjects: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  if (subjects.size === 0) return new Map();
  const rows = await db
    .selectFrom(table)
    .select(['subject', 'ordinal', 'row'])
    .where('controller', '=', controller)
    .where('subject', 'in', [...subjects])
    .execute();
  return new Map(rows.map(({ subject, ordinal, row }) => [`${subject} ${ordinal}`, row]));
}

function isAfter(day: 'due' | 'started', { day: last, subject, ordinal }: BoardCursor) {
  return sql<boolean>`(${sql.ref(day)}, subject, ordinal) > (${last}, ${subject}, ${ordinal})`;
}
