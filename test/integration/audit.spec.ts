/** The rolling audit in a real server: it goes through the whole log, says how far it is, and finds what was changed far back. */
import { mkdtemp, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { collected, CONTROLLER, InProcess, NDJSON } from './in-process.js';

let dir: string;
let server: InProcess;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'depter-audit-'));
  server = await InProcess.start('--data', dir, '--audit-rate', '100000', '--audit-rest-seconds', '0.05');
  await server.send(Array.from({ length: 700 }, () => JSON.stringify(collected())).join('\n'), NDJSON);
}, 60_000);
afterEach(async () => {
  await server.dispose();
  await rm(dir, { recursive: true });
});

interface Health {
  readonly status: string;
  readonly parts: Record<string, { state: string; position: number; lag: number; damage?: string }>;
}

async function healthWhere(holds: (part: Health['parts'][string]) => boolean): Promise<Health> {
  for (;;) {
    const health = (await server.get('/health/ready')).json<Health>();
    if (holds(health.parts[`audit ${CONTROLLER}`]!)) return health;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function change(sql: string, ...values: (string | number | Uint8Array)[]): void {
  const db = new DatabaseSync(join(dir, 'ledger.db'));
  db.prepare(sql).run(...values);
  db.close();
}

it('goes through the log again and again, and says how far it is', async () => {
  const ended = await healthWhere(({ position, lag }) => position === 700 && lag === 0);
  expect(ended.status).not.toBe('unavailable');
  await server.send(JSON.stringify(collected()), NDJSON);
  const again = await healthWhere(({ position }) => position === 701);
  expect(again.parts[`audit ${CONTROLLER}`]).not.toHaveProperty('damage');
});

it.each([
  ['an entry', `UPDATE events SET entry = CAST(replace(CAST(entry AS TEXT), 'collected', 'collectee') AS BLOB) WHERE at % 1099511627776 = 17 AND at / 1099511627776 = (SELECT no FROM controllers WHERE name = ?)`, 'entry-mismatch at entry 17 (tile/entries/000)'],
  ['a tile', `UPDATE tiles SET hashes = zeroblob(8192) WHERE level = 0 AND n = 1 AND controller = (SELECT no FROM controllers WHERE name = ?)`, 'tile-mismatch at tile/0/001'],
])('finds %s that was changed, says where, and is not ready any more', async (_, sql, damage) => {
  change(sql, CONTROLLER);
  const health = await healthWhere(({ state }) => state === 'damaged');
  expect(health.status).toBe('unavailable');
  // What was changed is found at the place itself, or where the right edge of the tree is made of it.
  expect([damage, 'root-mismatch at the right edge of the tree of 700 entries']).toContain(health.parts[`audit ${CONTROLLER}`]!.damage);
  expect(server.log).toContain('damaged');
}); // prettier-ignore
