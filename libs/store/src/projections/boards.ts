/** The projections as a database keeps them, in whichever dialect: few tables, every page from an index. */
import { sql, type ExpressionBuilder, type Kysely, type Transaction } from 'kysely';
import type { ClockRow, ControllerId, FindingRow, Standing, SubjectRef } from '#ledger';
import { readPage } from './page-query.js';
import { spansOf } from './pages.js';
import {
  Projections, type BoardPage, type BoardProgress, type BoardRow, type ClockOrder, type StaleDossier, type Touched,
} from './port.js'; // prettier-ignore
import { NO_DAY, type Tables } from './tables.js';

/** Rows of one statement: SQLite takes 32,766 values in it. */
const ROWS_AT_ONCE = 256;

type Writing = Transaction<Tables>;

export class DatabaseBoards extends Projections {
  /** `clear` and `close` are the place's own: how tables are made and a database is let go. */
  constructor(
    private readonly db: Kysely<Tables>,
    private readonly makeAnew: () => Promise<void>,
  ) {
    super();
  }

  override async progress(controller: ControllerId): Promise<BoardProgress> {
    const row = await this.db
      .selectFrom('progress')
      .selectAll()
      .where('controller', '=', controller)
      .executeTakeFirst();
    if (row === undefined) return { version: 0, position: 0, settled: 0, last: '', rules: '' };
    const { version, position, settled, last, rules } = row;
    return { version: Number(version), position: Number(position), settled: Number(settled), last, rules };
  }

  override touch(controller: ControllerId, version: number, touched: Touched): Promise<number | undefined> {
    return this.#write(controller, version, async (writing) => {
      const { round } = await roundsOf(writing, controller);
      for (const subjects of slices([...touched.subjects])) {
        await writing
          .insertInto('dossiers')
          .values(subjects.map((subject) => ({ controller, subject, touched: 1, round, changes_on: null })))
          .onConflict((conflict) => conflict.columns(['controller', 'subject']).doUpdateSet({ touched: 1 }))
          .execute();
      }
      const next = touched.everybody ? { round: round + 1, log_round: round + 1 } : {};
      await writing
        .updateTable('progress')
        .set({ position: touched.position, last: touched.last, ...next })
        .where('controller', '=', controller)
        .execute();
    });
  }

  override reevaluate(controller: ControllerId, version: number, rules: string): Promise<number | undefined> {
    return this.#write(controller, version, async (writing) => {
      const { round } = await roundsOf(writing, controller);
      await writing
        .updateTable('progress')
        .set({ rules, round: round + 1 })
        .where('controller', '=', controller)
        .execute();
    });
  }

  override async stale(controller: ControllerId, day: string, limit: number): Promise<readonly StaleDossier[]> {
    const found = new Map<string, StaleDossier>();
    const add = async (why: StaleDossier['why'], holds: Condition): Promise<void> => {
      if (found.size >= limit) return;
      const rows = await this.db
        .selectFrom('dossiers')
        .select('subject')
        .where('controller', '=', controller)
        .where(holds)
        .limit(limit - found.size)
        .execute();
      for (const row of rows) {
        if (!found.has(row.subject)) found.set(row.subject, { subject: row.subject as SubjectRef, why });
      }
    };
    await add('event', isTouched);
    await add('day', isWoken(day));
    if (found.size < limit) {
      const { round } = await roundsOf(this.db, controller);
      await add('round', isBefore(round));
    }
    return [...found.values()];
  }

  override async isDue(controller: ControllerId, day: string): Promise<boolean> {
    const { logRound } = await roundsOf(this.db, controller);
    const any = async (holds: Condition): Promise<boolean> => {
      const query = this.db.selectFrom('dossiers').select('subject').where('controller', '=', controller).where(holds);
      return (await query.limit(1).executeTakeFirst()) !== undefined;
    };
    return (await any(isTouched)) || (await any(isWoken(day))) || (await any(isBefore(logRound)));
  }

  override async reevaluating(controller: ControllerId, rules: string): Promise<number> {
    const { round } = await roundsOf(this.db, controller);
    const isBegun = (await this.progress(controller)).rules === rules;
    const { left } = await this.db
      .selectFrom('dossiers')
      .select((from) => from.fn.countAll<number | string>().as('left'))
      .where('controller', '=', controller)
      .where('round', '<', isBegun ? round : round + 1)
      .executeTakeFirstOrThrow();
    return Number(left);
  }

  override store(controller: ControllerId, version: number, people: readonly Standing[]): Promise<number | undefined> {
    return this.#write(controller, version, async (writing) => {
      const { round } = await roundsOf(writing, controller);
      await forget(writing, controller, [...new Set(people.flatMap(({ linked }) => linked))]);
      const rows = people.flatMap((person) => rowsOf(controller, person, round));
      const all = <T>(pick: (rows: PersonRows) => readonly T[]): T[][] => slices(rows.flatMap(pick));
      for (const some of all(({ clocks }) => clocks)) await writing.insertInto('clocks').values(some).execute();
      for (const some of all(({ findings }) => findings)) await writing.insertInto('findings').values(some).execute();
      for (const some of all(({ orders }) => orders)) await writing.insertInto('orders').values(some).execute();
      for (const some of all(({ dossiers }) => dossiers)) {
        await writing
          .insertInto('dossiers')
          .values(some)
          .onConflict((conflict) =>
            conflict.columns(['controller', 'subject']).doUpdateSet((from) => ({
              touched: 0,
              round: from.ref('excluded.round'),
              changes_on: from.ref('excluded.changes_on'),
            })),
          )
          .execute();
      }
    });
  }

  override async clocks(
    controller: ControllerId,
    today: string,
    order: ClockOrder,
    states: readonly ClockRow['state'][],
    page: BoardPage,
  ): Promise<readonly BoardRow<ClockRow>[]> {
    const day = order === 'due' ? 'due' : 'started';
    const rows = await readPage(this.db, { table: 'clocks', controller, day, spans: spansOf(states, today), page });
    return rows.map((one) => ({
      ...one,
      row: { ...(JSON.parse(one.row.text) as ClockRow), state: one.row.shown as ClockRow['state'] },
    }));
  }

  override async findings(
    controller: ControllerId,
    states: readonly FindingRow['state'][],
    page: BoardPage,
  ): Promise<readonly BoardRow<FindingRow>[]> {
    const spans = states.map((state) => ({ stored: state, shown: state }));
    const rows = await readPage(this.db, { table: 'findings', controller, day: 'started', spans, page });
    return rows.map((one) => ({ ...one, row: JSON.parse(one.row.text) as FindingRow }));
  }

  override async outstanding(controller: ControllerId): Promise<ReadonlyMap<string, number>> {
    const rows = await this.db
      .selectFrom('orders')
      .select(['recipient', (from) => from.fn.sum<number | string>('outstanding').as('all')])
      .where('controller', '=', controller)
      .groupBy('recipient')
      .execute();
    return new Map(rows.map(({ recipient, all }) => [recipient, Number(all)]));
  }

  override clear(): Promise<void> {
    return this.makeAnew();
  }

  override close(): Promise<void> {
    return this.db.destroy();
  }

  /** One transaction, begun by moving the version: of two who knew the same one the second finds it moved. */
  #write(
    controller: ControllerId,
    version: number,
    work: (writing: Writing) => Promise<void>,
  ): Promise<number | undefined> {
    return this.db.transaction().execute(async (writing) => {
      if (version === 0) {
        const first = { controller, version: 0, position: 0, settled: 0, last: '', rules: '', round: 1, log_round: 1 };
        await writing
          .insertInto('progress')
          .values(first)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
      const moved = await writing
        .updateTable('progress')
        .set({ version: version + 1 })
        .where('controller', '=', controller)
        .where('version', '=', version)
        .executeTakeFirst();
      if (Number(moved.numUpdatedRows) !== 1) return undefined;
      await work(writing);
      await settle(writing, controller);
      return version + 1;
    });
  }
}

type Condition = (
  from: ExpressionBuilder<Tables, 'dossiers'>,
) => ReturnType<ExpressionBuilder<Tables, 'dossiers'>['and']>;

const isTouched: Condition = (from) => from.and([from('touched', '=', sql.lit(1))]);
const isWoken =
  (day: string): Condition =>
  (from) =>
    from.and([from('changes_on', '<=', day)]);
const isBefore =
  (round: number): Condition =>
  (from) =>
    from.and([from('round', '<', round)]);

/** What was read is shown once nothing that an event touched is left. */
async function settle(writing: Writing, controller: ControllerId): Promise<void> {
  const left = writing.selectFrom('dossiers').select('subject').where('controller', '=', controller).limit(1);
  const { logRound } = await roundsOf(writing, controller);
  if ((await left.where(isTouched).executeTakeFirst()) !== undefined) return;
  if ((await left.where(isBefore(logRound)).executeTakeFirst()) !== undefined) return;
  await writing
    .updateTable('progress')
    .set((from) => ({ settled: from.ref('position') }))
    .where('controller', '=', controller)
    .execute();
}

async function roundsOf(
  db: Kysely<Tables>,
  controller: ControllerId,
): Promise<{ readonly round: number; readonly logRound: number }> {
  const row = await db
    .selectFrom('progress')
    .select(['round', 'log_round'])
    .where('controller', '=', controller)
    .executeTakeFirst();
  return { round: row?.round ?? 1, logRound: row?.log_round ?? 1 };
}

async function forget(writing: Writing, controller: ControllerId, subjects: readonly SubjectRef[]): Promise<void> {
  for (const some of slices(subjects)) {
    for (const table of ['clocks', 'findings', 'orders'] as const) {
      await writing.deleteFrom(table).where('controller', '=', controller).where('subject', 'in', some).execute();
    }
  }
}

interface PersonRows {
  readonly clocks: readonly Tables['clocks'][];
  readonly findings: readonly Tables['findings'][];
  readonly orders: readonly Tables['orders'][];
  readonly dossiers: readonly Tables['dossiers'][];
}

function rowsOf(controller: ControllerId, person: Standing, round: number): PersonRows {
  const { subject } = person;
  const board = (row: ClockRow | FindingRow, ordinal: number): Tables['findings'] => {
    return { controller, subject, ordinal, state: row.state, started: row.on, row: JSON.stringify(row) };
  };
  return {
    clocks: person.clocks.map((row, at) => ({ ...board(row, at), due: row.due ?? NO_DAY })),
    findings: person.findings.map(board),
    orders: [...person.outstanding].map(([recipient, outstanding]) => ({
      controller,
      subject,
      recipient,
      outstanding,
    })),
    dossiers: person.linked.map((dossier) => ({
      controller,
      subject: dossier,
      touched: 0,
      round,
      // One of a person's dossiers is looked at for all of them.
      changes_on: dossier === subject ? person.changesOn : null,
    })),
  };
}

/** Of lengths that are powers of two: each length is a statement of its own, which is kept, and a long one takes much. */
function slices<T>(all: readonly T[]): T[][] {
  const found: T[][] = [];
  for (let from = 0, length = ROWS_AT_ONCE; from < all.length; from += length) {
    while (length > all.length - from) length /= 2;
    found.push(all.slice(from, from + length));
  }
  return found;
}
