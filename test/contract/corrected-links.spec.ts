/** Stores of before it was kept which links were corrected find it out when they are opened. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FileRootKey, openCluster, openEmbedded, Postgres, type Ledger } from '#store';
import { PostgresServer } from '../running/postgres.js';
import { action, collected } from './actions.js';
import { options, siyliq } from './engine.js';

/** Three people; the link of the second is made by one action, that of the third is sent, and both are corrected. */
async function recordLinks(ledger: Ledger): Promise<readonly string[]> {
  const id = { iin: '900101300017' };
  const corrected = (of: string) =>
    action({
      id: `c-${of}`,
      type: 'corrected',
      data: { person: id, event: { source: 'urn:test', id: of }, reason: 'x' },
    });
  await ledger.record(siyliq, [
    collected('a', 'A', { person: { ...id, client: 'A' } }),
    collected('b', 'B', { person: { iin: '850505400018', client: 'B' } }),
    action({ id: 's', type: 'linked', data: { person: { client: 'C' }, other: { client: 'D' } } }),
    corrected('b'),
    corrected('s'),
  ]); // prettier-ignore
  const find = (kind: 'iin' | 'client', value: string) => ledger.find(siyliq, [{ kind, value }]);
  const ends = await Promise.all([find('iin', '850505400018'), find('client', 'B'), find('client', 'C'), find('client', 'D')]); // prettier-ignore
  return ends.map((subject) => subject!).sort();
}

const named = (rows: readonly { readonly subject?: unknown }[]) =>
  rows.map(({ subject }) => Buffer.from(subject as Uint8Array).toString('base64url')).sort();

describe('links that were corrected before anybody kept that', () => {
  let dir: string;
  let server: PostgresServer;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'depter-corrected-links-'));
    server = await PostgresServer.start();
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await rm(dir, { recursive: true });
  });

  test('are found in a folder', async () => {
    const folder = join(dir, 'folder');
    const store = await openEmbedded({ dir: folder, ...options() });
    const ends = await recordLinks(store.ledger);
    await store.close();
    const db = new DatabaseSync(join(folder, 'ledger.db'));
    const read = () => named(db.prepare('SELECT DISTINCT subject FROM corrected_links').all());
    expect(read()).toEqual(ends);
    db.exec('DROP TABLE corrected_links');
    await (await openEmbedded({ dir: folder, ...options() })).close();
    expect(read()).toEqual(ends);
    db.close();
  }, 60_000);

  test('are found in a database', async () => {
    FileRootKey.create(dir);
    const postgres = await server.database();
    const open = () => openCluster({ postgres, rootKey: FileRootKey.open(dir), ...options() });
    const store = await open();
    const ends = await recordLinks(store.ledger);
    await store.close();
    const db = new Postgres({ url: postgres });
    const read = async () => named(await db.rows('SELECT DISTINCT subject FROM depter.corrected_links'));
    expect(await read()).toEqual(ends);
    await db.run('DROP TABLE depter.corrected_links');
    await db.run(`DELETE FROM public.depter_migrations WHERE name = '0008-corrected-links'`);
    await (await open()).close();
    expect(await read()).toEqual(ends);
    await db.close();
  }, 60_000);
});
