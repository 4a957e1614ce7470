/** What the embedded engine keeps beyond the contracts: its folder, its owner, its start, and failures of its databases. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openEmbedded, type EmbeddedStore, type Outcome } from '#store';
import { collected } from './actions.js';
import { embeddedPlace } from './embedded-place.js';
import { options, rules, siyliq, somo } from './engine.js';

let place: Awaited<ReturnType<typeof embeddedPlace>>;
const open = (more: { origin?: string; role?: string } = {}): Promise<EmbeddedStore> =>
  openEmbedded({ dir: place.dir, ...options(), ...more });
const many = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) =>
    collected(`${from + i}`, `P${(from + i) % 17}`, { values: { name: `n${i}` } }),
  );

beforeEach(async () => {
  place = await embeddedPlace();
});
afterEach(() => place.remove());

/** Changes a database behind the back of the store, which is closed. */
function damage(file: 'ledger.db' | 'keys.db', sql: string, ...values: (Uint8Array | number | string)[]): void {
  const db = new DatabaseSync(join(place.dir, file));
  db.prepare(sql).run(...values);
  db.close();
}

describe('the owner of a folder', () => {
  test('a second one is refused, and told who has it; when the first is gone it may have it', async () => {
    const first = await open({ role: 'server' });
    await expect(open({ role: 'feed' })).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(`server (process ${process.pid})`),
    });
    await first.close();
    const second = await open({ role: 'feed' });
    await second.close();
  });

  test('a folder that cannot be written to is a failure of the store, and is let go', async () => {
    const owner = join(place.dir, 'owner.json');
    await mkdir(owner);
    await expect(open()).rejects.toMatchObject({ name: 'StoreFailure', code: 'unavailable' });
    await rm(owner, { recursive: true });
    await (await open()).close();
  });

  test('a start that failed lets the folder go', async () => {
    await (await open({ origin: 'one.example' })).close();
    for (let i = 0; i < 2; i++)
      await expect(open({ origin: 'two.example' })).rejects.toMatchObject({ code: 'unavailable' });
    const store = await open();
    expect(await store.log.checkpoint(siyliq, 1)).toContain(`one.example/log/${siyliq}/1`);
    await store.close();
  });

  test('root key, folder and databases are for their owner alone, though the folder was open to others', async () => {
    await chmod(place.dir, 0o755);
    const store = await open();
    expect((await stat(place.dir)).mode & 0o777).toBe(0o700);
    for (const file of ['ledger.db', 'ledger.db-wal', 'keys.db'])
      expect((await stat(join(place.dir, file))).mode & 0o777).toBe(0o600);
    await store.close();
    expect((await stat(join(place.dir, 'root.key'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(place.dir, 'root.key'))).size).toBe(32);
  });
});

describe('a damaged folder is refused at the start, with the place', () => {
  beforeEach(async () => {
    const store = await open();
    await store.ledger.record(siyliq, many(0, 600));
    await store.close();
  });
  const refusal = (): Promise<unknown> =>
    open().then(
      () => undefined,
      (failure: unknown) => failure,
    );
  const corrupt = (message: RegExp) => ({ code: 'corrupt', message: expect.stringMatching(message) });

  test('undamaged it opens', async () => {
    const store = await open();
    expect(await store.ledger.size(siyliq)).toBe(600);
    await store.close();
  });

  test.each([
    [
      'an entry in a full tile',
      `UPDATE events SET entry = CAST(replace(CAST(entry AS TEXT), 'collected', 'collectef') AS BLOB) WHERE at = (1 << 40) + 100`,
      /tile 0\/0/,
    ],
    ['an entry of the unfinished tile', `UPDATE events SET entry = x'00' WHERE at = (1 << 40) + 590`, /edge-mismatch/],
    ['an entry that is missing', `DELETE FROM events WHERE at = (1 << 40) + 300`, /entry 300/],
    [
      'an entry too many',
      `INSERT INTO events SELECT at + 1, x'00', subject, accessed, recorded, entry FROM events WHERE at = (1 << 40) + 599`,
      /count of entries/,
    ],
    ['a tile', `UPDATE tiles SET hashes = zeroblob(8192) WHERE n = 1`, /tile 0\/1/],
    ['a tile that is missing', `DELETE FROM tiles WHERE n = 0`, /tile 0\/0/],
    ['the edge', `UPDATE generations SET edge = zeroblob(length(edge))`, /edge-mismatch/],
    ['the size', `UPDATE generations SET size = size - 1`, /size of the head/],
    [
      'the head',
      `UPDATE heads SET note = replace(note, char(10) || '600' || char(10), char(10) || '601' || char(10))`,
      /signature of the head/,
    ],
    ['no head', `DELETE FROM heads`, /no head/],
  ])('%s', async (_, sql, message) => {
    damage('ledger.db', sql);
    expect(await refusal()).toMatchObject(corrupt(message));
  });

  test('another root key, or none', async () => {
    const path = join(place.dir, 'root.key');
    const key = await readFile(path);
    await writeFile(path, Buffer.alloc(32, 7));
    expect(await refusal()).toMatchObject(corrupt(/root key/));
    await rm(path);
    expect(await refusal()).toMatchObject(corrupt(/root key is missing/));
    await writeFile(path, key);
    await (await open()).close();
  });

  test('the ledger is gone and its keys are there: no second log is begun under them', async () => {
    for (const file of ['ledger.db', 'ledger.db-wal', 'ledger.db-shm'])
      await rm(join(place.dir, file), { force: true });
    for (let i = 0; i < 2; i++) expect(await refusal()).toMatchObject(corrupt(/ledger\.db is gone/));
  });

  test('no origin: none is made up', async () => {
    damage('ledger.db', `DELETE FROM meta WHERE name = 'origin'`);
    expect(await refusal()).toMatchObject(corrupt(/no origin/));
  });

  test('a file that is no database', async () => {
    await writeFile(
      join(place.dir, 'ledger.db'),
      'not a database, and long enough to be looked at as one would'.repeat(99),
    );
    expect(await refusal()).toMatchObject(corrupt(/damaged/));
  });
});

describe('a database that fails', () => {
  test.each(['ledger.db', 'keys.db'] as const)(
    '%s held by another: nothing is recorded or half recorded, and all works again after',
    async (file) => {
      const store = await open();
      await store.ledger.record(siyliq, many(0, 10));
      const before = await store.log.checkpoint(siyliq, 1);
      const other = new DatabaseSync(join(place.dir, file));
      other.exec('BEGIN IMMEDIATE');
      // More people than there are keys made ahead for.
      const crowd = Array.from({ length: 100 }, (_, i) => collected(`n${i}`, `New ${i}`));
      const newcomers = [collected('a', 'New'), collected('b', 'New'), collected('c', 'P1'), ...crowd];
      const failing = [store.ledger.record(siyliq, newcomers), store.ledger.record(siyliq, many(10, 900))];
      for (const result of await Promise.allSettled(failing)) {
        expect(result).toMatchObject({
          status: 'rejected',
          reason: { name: 'StoreFailure', code: 'unavailable', retryable: true },
        });
      }
      other.exec('ROLLBACK');
      other.close();
      expect(await store.log.checkpoint(siyliq, 1)).toBe(before);
      expect(await store.ledger.find(siyliq, [{ kind: 'client', value: 'New' }])).toBeUndefined();
      expect(store.health()).toMatchObject({ ready: false, failure: 'unavailable', queued: 0 });
      const outcomes = await store.ledger.record(siyliq, [...newcomers, ...many(10, 900)]);
      expect(outcomes.every(({ kind }) => kind === 'recorded')).toBe(true);
      expect(await store.ledger.size(siyliq)).toBe(1003);
      expect(store.health()).toMatchObject({ ready: true, queued: 0 });
      await store.close();
      await (await open()).close();
    },
  );
});

test('an API key that was ended opens nothing', async () => {
  const store = await open();
  const { secret } = await store.accessKeys.add({ controller: siyliq, role: 'officer' });
  expect(await store.accessKeys.check(secret)).toMatchObject({ role: 'officer' });
  damage('ledger.db', 'UPDATE access_keys SET ended = ?', Date.parse('2026-03-02T10:00:00Z'));
  expect(await store.accessKeys.check(secret)).toBeUndefined();
  await store.close();
});

test('a reading that fails in the database is a failure of the store', async () => {
  const store = await open();
  const [outcome] = await store.ledger.record(siyliq, [collected('1', 'A')]);
  const { subject, event } = outcome as Extract<Outcome, { kind: 'recorded' }>;
  for (const table of ['ties', 'events', 'heads', 'access_keys', 'ref_texts'])
    damage('ledger.db', `ALTER TABLE ${table} RENAME TO ${table}_away`);
  const failure = { name: 'StoreFailure', code: 'unavailable', retryable: true };
  const readings = [
    () => store.ledger.person(siyliq, subject!),
    () => store.ledger.event(siyliq, event),
    () => store.log.checkpoint(siyliq, 1),
    () => store.accessKeys.check('none'),
    () => store.vault.references(siyliq, subject),
    () => store.ledger.follow(siyliq, 0, new AbortController().signal)[Symbol.asyncIterator]().next(),
  ];
  for (const reading of readings) await expect(reading()).rejects.toMatchObject(failure);
  await store.close();
});

test('whoever reads while keys.db is written waits, and the thread does not', async () => {
  const store = await open();
  const values = { name: 'x' };
  const [outcome] = await store.ledger.record(siyliq, [collected('1', 'A', { values })]);
  const { subject } = outcome as Extract<Outcome, { kind: 'recorded' }>;
  const other = new DatabaseSync(join(place.dir, 'keys.db'));
  other.exec('BEGIN EXCLUSIVE');
  const texts = store.vault.texts(siyliq, subject);
  const began = performance.now();
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(performance.now() - began).toBeLessThan(2_000);
  other.exec('ROLLBACK');
  other.close();
  expect(await texts).toMatchObject([{ text: { kind: 'value', value: 'x' } }]);
  await store.close();
});

test('nothing of what was shredded is left in the write-ahead log, though somebody was reading', async () => {
  const store = await open();
  const [outcome] = await store.ledger.record(siyliq, [collected('1', 'A', { values: { name: 'x' } })]);
  const reader = new DatabaseSync(join(place.dir, 'ledger.db'), { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM events').get();
  const end = setTimeout(() => reader.exec('COMMIT'), 7_000);
  await store.keys.shredDossier(siyliq, (outcome as Extract<Outcome, { kind: 'recorded' }>).subject!);
  expect((await stat(join(place.dir, 'ledger.db-wal'))).size).toBe(0);
  clearTimeout(end);
  reader.close();
  await store.close();
});

test('packs that two controllers share list for each its own references', async () => {
  const sizes = { items: ['shoe-size'] };
  const first = await open();
  await first.ledger.record(siyliq, [collected('1', 'A', sizes)]);
  await first.ledger.record(somo, [collected('1', 'A', sizes)]);
  await first.close();
  const shared = rules({ item: ['shoe-size'] });
  const store = await openEmbedded({ dir: place.dir, ...options({ rulebookFor: () => shared }) });
  for (const controller of [siyliq, somo]) {
    const subject = (await store.ledger.find(controller, [{ kind: 'client', value: 'A' }]))!;
    const reference = await store.vault.referenceOf(controller, 'item', 'shoe-size');
    expect((await store.ledger.person(controller, subject))!.listed).toEqual(new Map([[reference, 'shoe-size']]));
  }
  await store.close();
});

test('a shredding that was cut between its keys and its sweep is ended at the next start', async () => {
  const store = await open();
  const [outcome] = await store.ledger.record(siyliq, [collected('1', 'A', { values: { name: 'x' } })]);
  await store.close();
  const subject = Buffer.from((outcome as { subject: string }).subject, 'base64url');
  damage('ledger.db', `INSERT INTO shreds VALUES (1, ?, '')`, subject);
  damage('keys.db', 'DELETE FROM keys WHERE dossier = ?', subject);
  const again = await open();
  expect(await again.ledger.find(siyliq, [{ kind: 'client', value: 'A' }])).toBeUndefined();
  expect((await again.ledger.record(siyliq, [collected('2', 'A')]))[0]).toMatchObject({
    kind: 'recorded',
    position: 1,
  });
  await again.close();
});
