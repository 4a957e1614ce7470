/**
 * A restore drill on PostgreSQL: yesterday's database, brought back by PostgreSQL itself, is refused until `depter restore` has
 * made it forget what was destroyed since, and goes on in a new generation where more was published than it has.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SubjectRef } from '#ledger';
import { logPolicy, parseVerifierKey, verifyReceipt } from '#proof';
import { FileRootKey, LogForked, LogShortened, openCluster, restoreCluster, sha256, verifyEd25519, type ClusterStore } from '#store'; // prettier-ignore
import { action, collected } from '../contract/actions.js';
import { options, siyliq, somo } from '../contract/engine.js';
import { recorded } from '../contract/ledger-contract.js';
import { PostgresServer } from '../running/postgres.js';

const run = promisify(execFile);

describe('a database that was brought back', () => {
  let server: PostgresServer;
  let dir: string;
  let store: ClusterStore;
  let ledger: string;
  let keys: string;

  beforeAll(async () => {
    server = await PostgresServer.start();
  }, 60_000);
  afterAll(() => server.stop());
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'depter-cluster-restore-'));
    FileRootKey.create(dir);
    [ledger, keys] = [await server.database(), await server.database()];
    store = await open(ledger, keys, { journal: path('journal') });
    const people = ['gone', 'part', 'stays'].map((client) =>
      collected(client, client, { values: { name: `name ${client}`, phone: '+77010000001' } }),
    );
    await store.ledger.record(siyliq, people);
  });
  afterEach(async () => {
    await store.close();
    await rm(dir, { recursive: true });
  });

  const path = (name: string): string => join(dir, name);
  const rootKey = () => FileRootKey.open(dir);
  const open = (postgres: string, keysPostgres: string, more = {}) =>
    openCluster({ postgres, keysPostgres, rootKey: rootKey(), origin: 'depter.example', ...options(), ...more });
  const find = (client: string) => store.ledger.find(siyliq, [{ kind: 'client', value: client }]);
  const values = async (subject: SubjectRef) =>
    (await store.vault.texts(siyliq, subject)).flatMap(({ text }) => (text.kind === 'value' ? [text.value] : []));
  const destroy = async (client: string, items: 'all' | string[]) => {
    const subject = (await find(client))!;
    const at = new Date(options().clock.now()).toISOString();
    const act = { kind: 'own', name: 'destroyed', subject, by: null, at, data: { items, method: 'erase' } } as const;
    await store.destructions.destroy(siyliq, { act, dossiers: [subject] });
    return subject;
  };
  /** Copies both databases, as PostgreSQL does it, while nobody uses them. */
  const copies = async () => {
    await store.close();
    const made = { ledger: await server.copyOf(ledger), keys: await server.copyOf(keys) };
    store = await open(ledger, keys);
    return made;
  };
  const restored = (postgres: string, keysPostgres: string, more = {}) =>
    restoreCluster({
      postgres, keysPostgres, rootKey: rootKey(), journal: path('journal'), checkpoints: [], newGeneration: false,
      clock: options().clock, ...more,
    }); // prettier-ignore

  test('is not served before it was restored, and goes on in a new generation that forgets again', async () => {
    const yesterday = await copies();
    await store.ledger.record(siyliq, [collected('lost', 'stays')]);
    const gone = await destroy('gone', 'all');
    const part = await destroy('part', ['name']);
    const published = await store.ledger.size(siyliq);
    const checkpoint = (await store.log.checkpoint(siyliq, 1))!;
    await store.close();

    await expect(open(yesterday.ledger, yesterday.keys)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('Run depter restore'),
    });
    await expect(restored(yesterday.ledger, yesterday.keys)).rejects.toBeInstanceOf(LogShortened);

    // By the command, as its user does it.
    await writeFile(path('published'), checkpoint);
    const place = ['--postgres', yesterday.ledger, '--keys-postgres', yesterday.keys, '--root-key', path('root.key')];
    const flags = ['--destruction-journal', path('journal'), '--checkpoint', path('published'), '--new-generation'];
    const said = await run(process.execPath, [resolve('dist/apps/cli/src/main.js'), 'restore', ...place, ...flags]);
    expect(said.stderr).toContain(`${siyliq} goes on in generation 2, from position ${published}\n`);
    expect(said.stdout).toBe('destructions carried out again: 2\ndossiers without a key, ended: 0\n');

    store = await open(yesterday.ledger, yesterday.keys);
    expect(await find('gone')).toBeUndefined();
    expect(await store.vault.texts(siyliq, gone)).toEqual([]);
    expect(await values(part)).toEqual(['+77010000001']);
    expect(await values((await find('stays'))!)).toEqual(['name stays', '+77010000001']);
    expect((await store.ledger.record(siyliq, [collected('gone', 'gone')]))[0]).toEqual({ kind: 'gone' });
    const [next] = await store.ledger.record(siyliq, [collected('next', 'stays')], { receipts: true });
    const { position, receipt, entry } = recorded(next);
    const entries = await store.ledger.entries(siyliq, published, 10);
    expect(entries.map(({ event }) => event.type)).toEqual([
      'continued', 'destroying', 'destroyed', 'destroying', 'destroyed', 'collected',
    ]); // prettier-ignore
    expect(position).toBe(published + 5);
    const key = parseVerifierKey(sha256, (await store.log.verifierKey(siyliq, 2))!);
    if (!key.ok) throw new Error(key.code);
    expect(verifyReceipt({ sha256, verify: verifyEd25519 }, logPolicy(key.value), receipt!, entry!).ok).toBe(true);
    expect(await store.log.checkpoint(siyliq, 1)).toContain('/log/kz.autosiyliq/1\n3\n');
    // What goes on may be restored again, and is as it was.
    await store.close();
    expect(await restored(yesterday.ledger, yesterday.keys)).toMatchObject({ continued: [] });
    store = await open(yesterday.ledger, yesterday.keys);
    expect(await store.ledger.size(siyliq)).toBe(published + 6);
  }, 120_000);

  test('with the keys of today brings nobody back who was ended, without a journal too', async () => {
    const yesterday = await copies();
    await destroy('gone', 'all');
    const today = await copies();
    await store.close();
    expect(await restored(yesterday.ledger, today.keys, { journal: undefined })).toEqual({
      replayed: 0,
      ended: 1,
      continued: [],
    });
  }, 120_000);

  test('is refused where a log is missing altogether, or has another history, or is being served', async () => {
    await expect(restored(ledger, keys)).rejects.toMatchObject({ code: 'locked' });
    const yesterday = await copies();
    const data = { person: { client: 'S' }, items: ['name'], origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent' }; // prettier-ignore
    await store.ledger.record(somo, [action({ id: 's', type: 'collected', controller: somo, data })]);
    await store.ledger.record(siyliq, [collected('lost', 'stays')]);
    const [somos, lost] = [(await store.log.checkpoint(somo, 1))!, (await store.log.checkpoint(siyliq, 1))!];
    const today = await copies();
    await store.close();
    // The controller came after the copy of the ledger, and its keys are of today.
    await expect(open(yesterday.ledger, today.keys)).rejects.toMatchObject({
      message: expect.stringMatching(/^an older copy that was not restored: the log of kg.somo is not there/),
    });
    await expect(restored(yesterday.ledger, today.keys)).rejects.toMatchObject({
      message: expect.stringContaining(`no log of ${somo}`),
    });
    const again = await restored(yesterday.ledger, today.keys, { checkpoints: [somos], newGeneration: true });
    expect(again.continued).toEqual([{ controller: somo, generation: 2, base: 1 }]);
    // Nobody told of what had been published, and the other log went on from where it was.
    store = await open(yesterday.ledger, today.keys);
    await store.ledger.record(siyliq, [collected('other', 'stays'), collected('another', 'stays')]);
    await store.close();
    for (const newGeneration of [false, true])
      await expect(
        restored(yesterday.ledger, today.keys, { checkpoints: [lost], newGeneration }),
      ).rejects.toBeInstanceOf(LogForked);
    store = await open(ledger, keys);
  }, 120_000);
});
