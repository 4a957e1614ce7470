/**
 * The tables of the projections, the same in SQLite and PostgreSQL. They hold references, ids of packs, days and counts,
 * and nothing that cannot be made again from the log: another version of them begins anew.
 */
import { sql, type Kysely } from 'kysely';

/** Of the tables, and of what is written into them: a change of either begins them anew. */
export const PROJECTIONS_VERSION = 3;

/** How far each controller's rows are. */
interface ProgressTable {
  controller: string;
  /** Grows with every write, so that of two who write at once one is told. */
  version: number;
  position: number;
  /** The id of the entry before `position`. */
  last: string;
  settled: number;
  rules: string;
  /** Rounds of looking at everybody again; rows of those with an earlier one are still to be made. */
  round: number;
  /** The last round that an event of the log began. */
  log_round: number;
}

interface DossierTable {
  controller: string;
  subject: string;
  /** An event touched it since its rows were made: 1, else 0. */
  touched: number;
  round: number;
  /** The day on which time alone may change its rows; null where none will. */
  changes_on: string | null;
}

/** A row of a board. `row` is the answer's row as JSON, references as they are stored. */
interface BoardTable {
  controller: string;
  /** The dossier by which the person is named. */
  subject: string;
  /** Of the person's rows, in the order of the person's own view. */
  ordinal: number;
  state: string;
  /** The day of the trigger, or of the finding. */
  started: string;
  row: string;
}

interface ClockTable extends BoardTable {
  /** The last day, or `NO_DAY`. */
  due: string;
}

interface OrderTable {
  controller: string;
  subject: string;
  recipient: string;
  outstanding: number;
}

export interface Tables {
  progress: ProgressTable;
  dossiers: DossierTable;
  clocks: ClockTable;
  findings: BoardTable;
  orders: OrderTable;
}

/** Stands after every day. */
export const NO_DAY = '~';

export interface TableWords {
  /** The type of a text that is compared byte by byte. */
  readonly text: string;
  /** What makes a table lie in the order of its key, where the database has such tables. */
  readonly inKeyOrder: string;
}

/** `more` are statements that follow. */
export async function createTables(
  db: Kysely<Tables>,
  { text, inKeyOrder }: TableWords,
  ...more: readonly string[]
): Promise<void> {
  const board = `controller ${text} NOT NULL, subject ${text} NOT NULL, ordinal integer NOT NULL, state ${text} NOT NULL,
    started ${text} NOT NULL, row ${text} NOT NULL`;
  const key = 'PRIMARY KEY (controller, subject, ordinal)';
  const statements = [
    `CREATE TABLE progress (controller ${text} PRIMARY KEY, version bigint NOT NULL, position bigint NOT NULL, last ${text} NOT NULL,
       settled bigint NOT NULL, rules ${text} NOT NULL, round integer NOT NULL, log_round integer NOT NULL)`,
    `CREATE TABLE dossiers (controller ${text} NOT NULL, subject ${text} NOT NULL, touched smallint NOT NULL,
       round integer NOT NULL, changes_on ${text}, PRIMARY KEY (controller, subject)) ${inKeyOrder}`,
    `CREATE INDEX dossiers_touched ON dossiers (controller) WHERE touched = 1`,
    `CREATE INDEX dossiers_round ON dossiers (controller, round)`,
    `CREATE INDEX dossiers_changes ON dossiers (controller, changes_on)`,
    `CREATE TABLE clocks (${board}, due ${text} NOT NULL, ${key}) ${inKeyOrder}`,
    `CREATE INDEX clocks_due ON clocks (controller, state, due, subject, ordinal)`,
    `CREATE INDEX clocks_started ON clocks (controller, state, started, subject, ordinal)`,
    `CREATE TABLE findings (${board}, ${key}) ${inKeyOrder}`,
    `CREATE INDEX findings_started ON findings (controller, state, started, subject, ordinal)`,
    `CREATE TABLE orders (controller ${text} NOT NULL, subject ${text} NOT NULL, recipient ${text} NOT NULL,
       outstanding integer NOT NULL, PRIMARY KEY (controller, subject, recipient)) ${inKeyOrder}`,
    `CREATE INDEX orders_recipient ON orders (controller, recipient, outstanding)`,
  ];
  for (const statement of [...statements, ...more]) await sql.raw(statement).execute(db);
}
