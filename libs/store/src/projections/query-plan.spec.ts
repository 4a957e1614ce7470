/** Every page of a board comes from an index, in order: nothing is scanned, and nothing is sorted. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ControllerId } from '#ledger';
import type { BoardPage, Projections } from './port.js';
import { openSqliteBoards } from './sqlite.js';

const controller = 'kz.autosiyliq' as ControllerId;
const TODAY = '2026-03-10';
const STATES = ['running', 'met', 'late', 'extended', 'paused', 'superseded'] as const;
const after = { day: '2026-03-01', subject: 'A'.repeat(22), ordinal: 3 };

let dir: string;
let boards: Projections;
let asked: { readonly sql: string; readonly values: readonly unknown[] }[] = [];
let plain: DatabaseSync;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'depter-plan-'));
  const path = join(dir, 'boards.db');
  boards = await openSqliteBoards(path, (sql, values) => asked.push({ sql, values }));
  plain = new DatabaseSync(path, { readOnly: true });
});
afterAll(async () => {
  plain.close();
  await boards.close();
  await rm(dir, { recursive: true });
});

/** How SQLite carries out what is asked of a table. */
async function plansOf(table: string, ask: () => Promise<unknown>): Promise<readonly string[]> {
  asked = [];
  await ask();
  const statements = asked.filter(({ sql }) => sql.includes(`from "${table}"`));
  expect(statements.length).toBeGreaterThan(0);
  return statements.flatMap(({ sql, values }) =>
    plain
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...(values as string[]))
      .map((row) => row['detail'] as string),
  );
}

const pages: readonly [string, BoardPage][] = [
  ['the first', { limit: 100 }],
  ['another', { limit: 100, after }],
];

describe.each(pages)('%s page', (_, page) => {
  it.each([
    ['due', 'clocks_due'],
    ['on', 'clocks_started'],
  ] as const)('of clocks by %s', async (order, index) => {
    for (const detail of await plansOf('clocks', () => boards.clocks(controller, TODAY, order, STATES, page))) {
      expect(detail).toMatch(
        new RegExp(`^SEARCH clocks USING (COVERING )?INDEX ${index} \\(controller=\\? AND state=\\?`),
      );
    }
  });

  it('of findings', async () => {
    const plans = await plansOf('findings', () => boards.findings(controller, ['open', 'closed'], page));
    for (const detail of plans) {
      expect(detail).toMatch(/^SEARCH findings USING COVERING INDEX findings_started \(controller=\? AND state=\?/);
    }
  });
});

it('the due board goes on from its cursor without reading what came before', async () => {
  const page = { limit: 100, after };
  const plans = await plansOf('clocks', () => boards.clocks(controller, TODAY, 'due', ['met'], page));
  expect(plans).toEqual([
    'SEARCH clocks USING COVERING INDEX clocks_due (controller=? AND state=? AND (due,subject,ordinal)>(?,?,?))',
  ]);
  const late = await plansOf('clocks', () => boards.clocks(controller, TODAY, 'due', ['late', 'running'], page));
  for (const detail of late) expect(detail).toMatch(/due[<>]\?|\(due,subject,ordinal\)>/);
});

it('whoever is stale is found by an index', async () => {
  for (const detail of await plansOf('dossiers', () => boards.stale(controller, TODAY, 10))) {
    expect(detail).toMatch(/^SEARCH dossiers USING (COVERING )?INDEX dossiers_(touched|changes|round)/);
  }
});
