/**
 * After a destruction in PostgreSQL no row of any table holds what went. Of what dead rows and the write-ahead log still have
 * nothing is promised but that it opens with no key that stands: after the epoch was renewed, the one above it is gone.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SubjectRef } from '#ledger';
import { FileRootKey, openCluster, Postgres, type ClusterStore } from '#store';
import { collected } from '../contract/actions.js';
import { options, siyliq } from '../contract/engine.js';
import { recorded } from '../contract/ledger-contract.js';
import { PostgresServer } from '../running/postgres.js';

const CANARIES = ['canary-client', 'canary-name', 'canary-note', 'canary-consent', '+77019998877'];

let server: PostgresServer;
let dir: string;
let store: ClusterStore;
let db: Postgres;
let subject: SubjectRef;
beforeEach(async () => {
  server = await PostgresServer.start();
  dir = await mkdtemp(join(tmpdir(), 'depter-cluster-bytes-'));
  FileRootKey.create(dir);
  const postgres = await server.database();
  store = await openCluster({ postgres, rootKey: FileRootKey.open(dir), ...options() });
  db = new Postgres({ url: postgres });
  const mine = Array.from({ length: 10 }, (_, n) =>
    collected(`m-${n}`, 'canary-client', {
      values: { name: `canary-name ${n}`, phone: '+77019998877' }, note: 'canary-note', consent: 'canary-consent',
    }),
  ); // prettier-ignore
  const others = ['x', 'y'].map((client) => collected(client, client, { values: { name: 'stays' } }));
  subject = recorded((await store.ledger.record(siyliq, [...mine, ...others]))[0]).subject!;
}, 60_000);
afterEach(async () => {
  await db.close();
  await store.close();
  await server.stop();
  await rm(dir, { recursive: true });
});

const destroy = (items: 'all' | string[]) =>
  store.destructions.destroy(siyliq, {
    act: { kind: 'own', name: 'destroyed', subject, by: null, at: '2026-03-01T09:00:00.000Z', data: { items, method: 'erase' } },
    dossiers: [subject],
  }); // prettier-ignore

/** What the tables hold of the person that must go, in hex: of one label, or all of it with the key that seals it. */
async function secretsOf(label?: string): Promise<readonly string[]> {
  const boxes = 'SELECT s.box AS secret FROM depter.events e JOIN depter.sealed s USING (seq) WHERE e.subject = $1';
  const name = Buffer.from(subject, 'base64url');
  const all = [
    boxes,
    'SELECT unnest(ARRAY[hmac, box]) FROM depter.dossiers WHERE subject = $1',
    'SELECT unnest(ARRAY[hmac, box]) FROM depter.ref_texts WHERE owner = $1',
    'SELECT d.digest FROM depter.events e JOIN depter.digests d USING (seq) WHERE e.subject = $1',
    'SELECT wrapped FROM depter_keys.keys WHERE dossier = $1',
  ];
  const rows = label === undefined ? await db.rows(all.join(' UNION ALL '), [name]) : await db.rows(`${boxes} AND s.label = $2`, [name, label]); // prettier-ignore
  return rows.map(({ secret }) => (secret as Buffer).toString('hex'));
}

/** The tables of which a row, as text with bytes in hex, holds one of these. */
async function tablesHolding(secrets: readonly string[]): Promise<string[]> {
  const tables = await db.rows(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
      WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  expect(tables.length).toBeGreaterThan(20);
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await db.rows(`SELECT t::text AS row FROM ${name as string} t`);
    const text = rows.map(({ row }) => row as string).join('\n');
    if (secrets.some((secret) => text.includes(secret))) found.push(name as string);
  }
  return found.sort();
}

const canaries = CANARIES.flatMap((text) => [text, Buffer.from(text).toString('hex')]);

test('of a person no row holds anything, and no key that stands opens what held it', async () => {
  const secrets = await secretsOf();
  // 10 of name, phone and note, an identifier and a reference twice each, 10 digests, a key.
  expect(secrets).toHaveLength(45);
  expect(await tablesHolding(secrets)).toEqual([
    'depter.digests', 'depter.dossiers', 'depter.ref_texts', 'depter.refs', 'depter.sealed', 'depter_keys.keys',
  ]); // prettier-ignore
  const epochs = async () => (await db.rows('SELECT id, wrapped FROM depter_keys.epochs')).flatMap(({ id, wrapped }) => [id, wrapped].map((one) => (one as Buffer).toString('hex'))); // prettier-ignore
  const before = await epochs();
  expect((await destroy('all')).kind).toBe('recorded');
  expect(await tablesHolding([...secrets, ...canaries])).toEqual([]);
  expect(await store.ledger.record(siyliq, [collected('m-0', 'canary-client')])).toMatchObject([{ kind: 'gone' }]);

  // What dead rows have of the person's key is wrapped by an epoch that is nowhere any more.
  await store.renewEpoch();
  expect(await tablesHolding(before)).toEqual([]);
  expect(await epochs()).toHaveLength(2);
  const other = (await store.ledger.find(siyliq, [{ kind: 'client', value: 'x' }]))!;
  expect(await store.vault.texts(siyliq, other)).toMatchObject([{ text: { kind: 'value', value: 'stays' } }]);
}, 60_000);

test('of an item no row holds anything, and the rest is there', async () => {
  const [secrets, keys] = [await secretsOf('name'), await db.rows('SELECT wrapped FROM depter_keys.keys WHERE dossier = $1', [Buffer.from(subject, 'base64url')])]; // prettier-ignore
  expect([secrets.length, keys.length]).toEqual([10, 1]);
  await destroy(['name']);
  const wrapped = (keys[0]!['wrapped'] as Buffer).toString('hex');
  expect(await tablesHolding([...secrets, wrapped, 'canary-name', Buffer.from('canary-name').toString('hex')])).toEqual(
    [],
  );
  const texts = (await store.vault.texts(siyliq, subject)).map(({ field, text }) => `${field} ${text.kind}`);
  expect([...new Set(texts)].sort()).toEqual(['note value', 'phone value']);
}, 60_000);
