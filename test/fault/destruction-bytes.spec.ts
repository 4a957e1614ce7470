/**
 * After a destruction no byte of what went is in any file of the folder: plain, sealed, hashed or wrapped, in the databases'
 * free pages and their journals too. What went cannot be opened from a copy of yesterday; the rest can.
 */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { controllerId, readAction, type Action, type SubjectRef } from '#ledger';
import { Clock, openEmbedded, type DestructionAct, type EmbeddedStore } from '#store';
import { LateValues } from '../../libs/store/src/embedded/late-values.js';
import { RunWriter } from '../../libs/store/src/embedded/run-writer.js';
import { openForWriting } from '../../libs/store/src/embedded/schema.js';
import { newRun } from '../../libs/store/src/destruction/run.js';
import { FileRootKey } from '../../libs/store/src/sealing/root-key.js';
import { storedLog, WatchedLog } from './watched-log.js';

const CONTROLLER = controllerId('kz.autosiyliq')!;
const rules = { has: (_: string, id: string) => id.length < 12, all: () => [] };

class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }
}

function collected(
  id: string,
  person: Readonly<Record<string, string>>,
  data: Readonly<Record<string, unknown>> = {},
): Action {
  const event = {
    specversion: '1.0', id, source: 'urn:example:bytes', type: 'depter.action.collected.v1', time: '2026-02-02T09:00:00Z',
    data: { person, items: ['name', 'phone'], origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent', ...data },
  }; // prettier-ignore
  const read = readAction(event, { controller: CONTROLLER, now: Date.now(), zone: 'UTC' });
  if (read.ok === undefined) throw new Error(`a bad action: ${read.refusal.code}`);
  return read.ok;
}

const person = { client: 'canary-client', email: 'canary@example.org', phone: '+77019998877' };
const CANARIES = [
  'canary-client',
  'canary@example.org',
  '+77019998877',
  'canary-name',
  'canary-note',
  'canary-consent',
];
const mine = (n: number): Action =>
  collected(`m-${n}`, person, { values: { name: `canary-name ${n}`, phone: `canary-phone ${n}` }, note: 'canary-note', consent: 'canary-consent' }); // prettier-ignore

describe('the bytes of what was destroyed', () => {
  let dir: string;
  let store: EmbeddedStore;
  let subject: SubjectRef;
  let receipts: { readonly receipt: string; readonly entry: Uint8Array; readonly position: number }[];

  const open = () => openEmbedded({ dir, clock: new SystemClock(), rulebookFor: () => rules });
  const act = (items: 'all' | string[]): DestructionAct => ({
    kind: 'own', name: 'destroyed', subject, by: null, at: new Date().toISOString(), data: { items, method: 'erase' },
  }); // prettier-ignore
  const values = async (of: EmbeddedStore) =>
    (await of.vault.texts(CONTROLLER, subject)).map(({ field, text }) => `${field} ${text.kind}`);

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'depter-bytes-'));
    store = await open();
    receipts = [];
    for (let n = 0; n < 40; n++) {
      const group = [mine(n), collected(`o-${n}`, { client: `other-${n % 7}` }, { values: { name: `stays ${n}` } })];
      for (const outcome of await store.ledger.record(CONTROLLER, group, { receipts: true })) {
        if (outcome.kind !== 'recorded') throw new Error(outcome.kind);
        receipts.push({ receipt: outcome.receipt!, entry: outcome.entry!, position: outcome.position });
      }
    }
    subject = (await store.ledger.find(CONTROLLER, [{ kind: 'client', value: 'canary-client' }]))!;
  });
  afterEach(async () => {
    await store.close();
    await rm(dir, { recursive: true, force: true });
  });

  /** Everything secret that the files hold of the person, as bytes. */
  function secretsOf(label?: string): Buffer[] {
    const [ledger, keys] = ['ledger.db', 'keys.db'].map((file) => new DatabaseSync(join(dir, file), { readOnly: true, timeout: 5000 })); // prettier-ignore
    const name = Buffer.from(subject, 'base64url');
    const found = (db: DatabaseSync, sql: string, ...more: string[]): Buffer[] =>
      db.prepare(sql).all(name, ...more).flatMap((row) => Object.values(row)).filter((one) => one instanceof Uint8Array).map((one) => Buffer.from(one as Uint8Array)); // prettier-ignore
    try {
      const boxes = 'SELECT s.box FROM events e JOIN sealed s ON s.at = e.at WHERE e.subject = ?';
      if (label !== undefined) return found(ledger!, `${boxes} AND s.label = ?`, label);
      return [
        ...found(ledger!, boxes),
        ...found(ledger!, 'SELECT hmac, box FROM dossiers WHERE subject = ?'),
        ...found(ledger!, 'SELECT hmac, box FROM ref_texts WHERE owner = ?'),
        ...found(ledger!, 'SELECT d.digest FROM events e JOIN digests d ON d.at = e.at WHERE e.subject = ?'),
        ...found(keys!, 'SELECT wrapped FROM keys WHERE dossier = ?'),
      ];
    } finally {
      ledger!.close();
      keys!.close();
    }
  }

  async function filesHolding(secrets: readonly (Buffer | string)[]): Promise<string[]> {
    const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['ledger.db', 'keys.db']));
    const found: string[] = [];
    for (const { name, parentPath } of files) {
      const bytes = await readFile(join(parentPath, name));
      for (const secret of secrets) if (bytes.includes(secret)) found.push(`${name}: ${secret.toString('hex')}`);
    }
    return found;
  }

  test('of a person: none is left, every receipt holds, and the old actions are gone', async () => {
    const secrets = secretsOf();
    // 40 of name and phone and as many notes, an identifier, a reference, 40 digests, a key.
    expect(secrets.length).toBeGreaterThan(160);
    expect((await filesHolding(secrets.slice(0, 1))).length).toBeGreaterThan(0);
    const done = await store.destructions.destroy(CONTROLLER, { act: act('all'), dossiers: [subject] });
    expect(done.kind).toBe('recorded');
    expect(await filesHolding([...secrets, ...CANARIES])).toEqual([]);

    const log = new WatchedLog();
    await log.look(storedLog(store.log, CONTROLLER));
    for (const { receipt, entry, position } of receipts) expect(log.indexOf(receipt, entry)).toBe(position);
    const again = await store.ledger.record(CONTROLLER, [mine(0), mine(39)]);
    expect(again).toEqual([{ kind: 'gone' }, { kind: 'gone' }]);
    await store.close();
    expect(await filesHolding([...secrets, ...CANARIES])).toEqual([]);
    store = await open();
    expect(await store.ledger.record(CONTROLLER, [mine(1)])).toEqual([{ kind: 'gone' }]);
  }, 60_000);

  test('of an item: none is left, and a copy of yesterday opens with the keys of today what is not of it', async () => {
    const secrets = secretsOf('name');
    expect(secrets).toHaveLength(40);
    await store.close();
    const yesterday = `${dir}-yesterday`;
    await cp(dir, yesterday, { recursive: true });
    store = await open();
    await store.destructions.destroy(CONTROLLER, { act: act(['name']), dossiers: [subject] });
    expect(await filesHolding([...secrets, 'canary-name'])).toEqual([]);
    await store.close();

    try {
      await cp(join(dir, 'keys.db'), join(yesterday, 'keys.db'));
      const old = await openEmbedded({ dir: yesterday, clock: new SystemClock(), rulebookFor: () => rules });
      try {
        expect(new Set(await values(old))).toEqual(new Set(['name erased', 'note value', 'phone value']));
      } finally {
        await old.close();
      }
    } finally {
      await rm(yesterday, { recursive: true, force: true });
      store = await open();
    }
    expect(new Set(await values(store))).toEqual(new Set(['note value', 'phone value']));
  }, 60_000);

  test('the moment that counts is two small commits, for 10,000 events as for 10', async () => {
    const large = Array.from({ length: 10_000 }, (_, n) =>
      collected(`l-${n}`, { client: 'large' }, { values: { name: `n ${n}` } }),
    );
    for (let at = 0; at < large.length; at += 1000) {
      await store.ledger.record(CONTROLLER, large.slice(at, at + 1000), { wait: true });
    }
    const small = Array.from({ length: 10 }, (_, n) => collected(`s-${n}`, { client: 'small' }));
    await store.ledger.record(CONTROLLER, small);
    const people = await Promise.all(
      ['small', 'large'].map(async (value) => (await store.ledger.find(CONTROLLER, [{ kind: 'client', value }]))!),
    );
    await store.close();
    const dbs = openForWriting(dir);
    const writer = new RunWriter(dbs, FileRootKey.open(dir), new LateValues(dbs.ledger));
    const place = { controller: 1, name: CONTROLLER };
    const changes = () =>
      [dbs.ledger, dbs.keys].map((db) => db.prepare('SELECT total_changes() AS n').get()!['n'] as number);
    for (const ended of people) {
      const run = newRun({ act: null, expecting: null, zone: 'UTC', facts: [], ended: [ended], erased: [] });
      const id = Buffer.from(run.id, 'base64url');
      writer.keep(place, run);
      const before = changes();
      writer.shred(place, id, 0);
      // The identity and the run in one file, the key in the other: how fast that is, the disk alone says.
      expect(changes().map((n, i) => n - before[i]!)).toEqual([2, 1]);
      expect(writer.sweep(place, id, 0).state).toBe('swept');
      writer.forget(place, id);
    }
    dbs.ledger.close();
    dbs.keys.close();
    store = await open();
  }, 120_000);
});
