/** What a page of the due board costs, beside how many people's rows. */
import { mkdir } from 'node:fs/promises';
import type { ClockRow, Standing, SubjectRef } from '#ledger';
import { addDays } from '#packs';
import { type BoardCursor, type Projections, ThreadedBoards } from '#store';
import { controllerOf } from '../controller.js';
import { peerFailed } from '../failure.js';
import { percentile } from './measure.js';
import { milliseconds, perSecond, type Table } from './table.js';

const PEOPLE_AT_ONCE = 2_000;
const PAGES = 2_000;
const PAGE_ROWS = 100;
const TODAY = '2026-06-30';
/** Days over which what is due is spread. */
const DAYS = 2_000;
const FIRST_DAY = '2022-01-01';
const STATES = ['met', 'running', 'late', 'extended', 'paused', 'superseded'] as const;

/** What a desk asks: everything, what is owed, what is late, what comes next. */
const ASKED: readonly (readonly ClockRow['state'][])[] = [STATES, ['running', 'late'], ['late'], ['running']];

/** Prints the rows; `dir` becomes a folder of boards. */
export async function benchDueBoard(dir: string, controller: string, people: number, table: Table): Promise<void> {
  await mkdir(dir, { recursive: true });
  const boards = new ThreadedBoards(dir);
  const id = controllerOf(controller);
  try {
    const begun = performance.now();
    for (let from = 0; from < people; from += PEOPLE_AT_ONCE) {
      const some = Array.from({ length: Math.min(PEOPLE_AT_ONCE, people - from) }, (_, at) => personOf(from + at));
      const { version } = await boards.progress(id);
      if ((await boards.store(id, version, some)) === undefined) throw peerFailed('Somebody else writes the boards.');
    }
    const rate = people / ((performance.now() - begun) / 1000);
    table.heading(`The due board of ${people} people`);
    table.row({ name: 'people stored', figure: perSecond(rate) });
    const samples = await pages(boards, id);
    const [p50, p99] = [percentile(samples, 50), percentile(samples, 99)];
    table.row({
      name: `a page of ${PAGE_ROWS}, anywhere: p50, p99`,
      figure: `${milliseconds(p50)}, ${milliseconds(p99)}`,
      beside: 'goal p99 20 ms',
    });
  } finally {
    await boards.close();
  }
}

async function pages(boards: Projections, id: ReturnType<typeof controllerOf>): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let at = 0; at < PAGES; at += 1) {
    const states = ASKED[at % ASKED.length]!;
    const after: BoardCursor = { day: dayOf((at * 7919) % DAYS), subject: subjectOf(at * 104_729), ordinal: 0 };
    const page = at % 3 === 0 ? { limit: PAGE_ROWS } : { limit: PAGE_ROWS, after };
    const begun = performance.now();
    await boards.clocks(id, TODAY, 'due', states, page);
    samples.push(performance.now() - begun);
  }
  return samples;
}

function personOf(number: number): Standing {
  const subject = subjectOf(number);
  const due = dayOf((number * 7) % DAYS);
  const clocks = [clock(due, STATES[number % STATES.length]!), clock(addDays(due, 30), 'met')];
  return { subject, linked: [subject], clocks, findings: [], outstanding: new Map(), changesOn: null };
}

function clock(due: string, state: ClockRow['state']): ClockRow {
  return {
    duty: 'destroy',
    items: ['address', 'iin', 'name', 'phone'],
    trigger: 'AAAAAAAAAAAAAAAAAAAAAA',
    on: addDays(due, -15),
    due,
    term: '15 working days',
    clause: '94-V 25(2)',
    pack: 'kz.94-v',
    mark: 'V',
    binds: true,
    provisional: false,
    state,
  };
}

const days: string[] = [];
function dayOf(number: number): string {
  return (days[number] ??= addDays(FIRST_DAY, number));
}

/** Spread as random references are, so that the index is built as it would be. */
function subjectOf(number: number): SubjectRef {
  const mixed = Math.imul(number + 1, 0x9e37_79b1) >>> 0;
  return `${mixed.toString(36).padStart(7, '0')}${String(number).padStart(15, '0')}` as SubjectRef;
}
