/** The rolling audit in a real server: it goes through the whole log, says how far it is, and finds what was changed far back. */
import { mkdtemp, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Postgres } from '#store';
import { PostgresServer } from '../running/postgres.js';
import { collected, CONTROLLER, InProcess, NDJSON } from './in-process.js';

const PACE = ['--audit-rate', '100000', '--audit-rest-seconds', '0.05'];
const lines = () => Array.from({ length: 700 }, () => JSON.stringify(collected())).join('\n');

interface Health {
  readonly status: string;
  readonly parts: Record<string, { state: string; position: number; lag: number; damage?: string }>;
}

async function healthWhere(server: InProcess, holds: (part: Health['parts'][string]) => boolean): Promise<Health> {
  for (;;) {
    const health = (await server.get('/health/ready')).json<Health>();
    if (holds(health.parts[`audit ${CONTROLLER}`]!)) return health;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('in a folder', () => {
  let dir: string;
  let server: InProcess;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'depter-audit-'));
    server = await InProcess.start('--data', dir, ...PACE);
    await server.send(lines(), NDJSON);
  }, 60_000);
  afterEach(async () => {
    await server.dispose();
    await rm(dir, { recursive: true });
  });

  function change(sql: string, ...values: (string | number | Uint8Array)[]): void {
    const db = new DatabaseSync(join(dir, 'ledger.db'));
    db.prepare(sql).run(...values);
    db.close();
  }

  it('goes through the log again and again, and says how far it is', async () => {
    const ended = await healthWhere(server, ({ position, lag }) => position === 700 && lag === 0);
    expect(ended.status).not.toBe('unavailable');
    await server.send(JSON.stringify(collected()), NDJSON);
    const again = await healthWhere(server, ({ position }) => position === 701);
    expect(again.parts[`audit ${CONTROLLER}`]).not.toHaveProperty('damage');
  });

  it.each([
    ['an entry', `UPDATE events SET entry = CAST(replace(CAST(entry AS TEXT), 'collected', 'collectee') AS BLOB) WHERE at % 1099511627776 = 17 AND at / 1099511627776 = (SELECT no FROM controllers WHERE name = ?)`, 'entry-mismatch at entry 17 (tile/entries/000)'],
    ['a tile', `UPDATE tiles SET hashes = zeroblob(8192) WHERE level = 0 AND n = 1 AND controller = (SELECT no FROM controllers WHERE name = ?)`, 'tile-mismatch at tile/0/001'],
  ])('finds %s that was changed, says where, and is not ready any more', async (_, sql, damage) => {
    change(sql, CONTROLLER);
    const health = await healthWhere(server, ({ state }) => state === 'damaged');
    expect(health.status).toBe('unavailable');
    // What was changed is found at the place itself, or where the right edge of the tree is made of it.
    expect([damage, 'root-mismatch at the right edge of the tree of 700 entries']).toContain(health.parts[`audit ${CONTROLLER}`]!.damage);
    expect(server.log).toContain('damaged');
  }); // prettier-ignore
});

describe('in PostgreSQL', () => {
  let store: PostgresServer;
  let server: InProcess;
  let postgres: Postgres;
  beforeAll(async () => {
    store = await PostgresServer.start();
  }, 60_000);
  afterAll(() => store.stop());
  beforeEach(async () => {
    const url = await store.database();
    postgres = new Postgres({ url, connectionsMax: 1 });
    server = await InProcess.start('--postgres', url, ...PACE);
    await server.send(lines(), NDJSON);
  }, 60_000);
  afterEach(async () => {
    await server.dispose();
    await postgres.close();
  });

  const spoilt = `convert_to(replace(convert_from(entry, 'UTF8'), 'collected', 'collectee'), 'UTF8')`;
  const no = '(SELECT no FROM depter.controllers WHERE name = $1)';
  it.each([
    ['an entry', `UPDATE depter.events SET entry = ${spoilt} WHERE seq = (SELECT seq FROM depter.placed WHERE controller = ${no} AND position = 17)`, 'entry-mismatch at entry 17 (tile/entries/000)'],
    ['a tile', `UPDATE depter.tiles SET hashes = decode(repeat('00', 8192), 'hex') WHERE controller = ${no} AND level = 0 AND n = 1`, 'tile-mismatch at tile/0/001'],
    ['an entry of the event log', `UPDATE depter.log_entries SET entry = ${spoilt} WHERE controller = $1 AND idx = 300`, 'entry-mismatch at entry 300 of the event log'],
    ['the end of the event log', `DELETE FROM depter.log_entries WHERE controller = $1 AND idx = 699`, 'missing at entry 699 of the event log'],
  ])('says how far it is, finds %s that was changed, says where, and is not ready any more', async (_, sql, damage) => {
    const ended = await healthWhere(server, ({ position, lag }) => position === 700 && lag === 0);
    expect(ended.status).not.toBe('unavailable');
    expect(await postgres.run(sql, [CONTROLLER])).toBe(1);
    const health = await healthWhere(server, ({ state }) => state === 'damaged');
    expect(health.status).toBe('unavailable');
    expect([damage, 'root-mismatch at the right edge of the tree of 700 entries']).toContain(health.parts[`audit ${CONTROLLER}`]!.damage);
  }, 60_000); // prettier-ignore
});
