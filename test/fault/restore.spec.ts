/** A restore drill: yesterday's copies bring back the log and its people, and nobody who was destroyed since. */
import { copyFile, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { controllerId, readAction, type Action, type SubjectRef } from '#ledger';
import { logPolicy, parseVerifierKey, verifyReceipt } from '#proof';
import { backupFolder, Clock, LogForked, LogShortened, openEmbedded, restoreFolder, sha256, verifyEd25519, type EmbeddedStore } from '#store'; // prettier-ignore
import { storedLog, WatchedLog } from './watched-log.js';

const CONTROLLER = controllerId('kz.autosiyliq')!;
const rules = { has: (_: string, id: string) => id.length < 12, all: () => [] };

class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }
}

function collected(id: string, client: string, controller = CONTROLLER): Action {
  const event = {
    specversion: '1.0', id, source: 'urn:example:restore', type: 'depter.action.collected.v1', time: '2026-02-02T09:00:00Z',
    data: { person: { client }, items: ['name', 'phone'], values: { name: `name ${id}`, phone: `phone ${id}` }, origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent' },
  }; // prettier-ignore
  const read = readAction(event, { controller, now: Date.now(), zone: 'UTC' });
  if (read.ok === undefined) throw new Error('a bad action');
  return read.ok;
}

describe('a folder made of copies', () => {
  let place: string;
  let store: EmbeddedStore;
  const path = (name: string): string => join(place, name);
  const open = (dir: string) =>
    openEmbedded({ dir, clock: new SystemClock(), rulebookFor: () => rules, journal: path('journal') });
  const find = (of: EmbeddedStore, client: string) => of.ledger.find(CONTROLLER, [{ kind: 'client', value: client }]);
  const values = async (of: EmbeddedStore, subject: SubjectRef) =>
    (await of.vault.texts(CONTROLLER, subject)).flatMap(({ text }) => (text.kind === 'value' ? [text.value] : []));
  const destroy = (subject: SubjectRef, items: 'all' | string[]) =>
    store.destructions.destroy(CONTROLLER, {
      act: { kind: 'own', name: 'destroyed', subject, by: null, at: new Date().toISOString(), data: { items, method: 'erase' } },
      dossiers: [subject],
    }); // prettier-ignore
  const backup = (name: string) =>
    backupFolder({ dir: path('data'), ledgerTo: path('ledgers'), keysTo: path('keys'), name });
  const restored = (copies: { readonly ledger: string; readonly keys: string }, more = {}) =>
    restoreFolder({
      ...copies, rootKey: path('data/root.key'), dir: path('new'), journal: path('journal'), checkpoints: [], newGeneration: false,
      clock: new SystemClock(), ...more,
    }); // prettier-ignore

  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'depter-restore-'));
    store = await open(path('data'));
    await store.ledger.record(
      CONTROLLER,
      ['gone', 'part', 'stays'].map((client) => collected(client, client)),
    );
  });
  afterEach(async () => {
    await store.close();
    await rm(place, { recursive: true, force: true });
  });

  test('of today goes on as it was', async () => {
    await destroy((await find(store, 'gone'))!, 'all');
    const copies = await backup('today');
    expect(restored(copies)).toEqual({ replayed: 1, ended: 0, continued: [] });
    const again = await open(path('new'));
    expect(await find(again, 'gone')).toBeUndefined();
    expect(await values(again, (await find(again, 'stays'))!)).toEqual(['name stays', 'phone stays']);
    expect((await again.ledger.record(CONTROLLER, [collected('next', 'stays')]))[0]).toMatchObject({ position: 5 });
    await again.close();
  }, 60_000);

  test('of yesterday is refused, since more was published; a new generation continues it and forgets again', async () => {
    const copies = await backup('yesterday');
    const log = new WatchedLog();
    await store.ledger.record(CONTROLLER, [collected('lost', 'stays')]);
    const [gone, part] = [(await find(store, 'gone'))!, (await find(store, 'part'))!];
    await destroy(gone, 'all');
    await destroy(part, ['name']);
    const published = (await log.look(storedLog(store.log, CONTROLLER))).size;
    await store.close();

    expect(() => restored(copies)).toThrow(LogShortened);
    expect(await readdir(path('new'))).toEqual([]);
    const done = restored(copies, { newGeneration: true });
    expect(done).toEqual({
      replayed: 2,
      ended: 0,
      continued: [{ controller: CONTROLLER, generation: 2, base: published }],
    });

    store = await open(path('new'));
    expect(await find(store, 'gone')).toBeUndefined();
    expect(await store.vault.texts(CONTROLLER, gone)).toEqual([]);
    expect(await values(store, part)).toEqual(['phone part']);
    expect(await values(store, (await find(store, 'stays'))!)).toEqual(['name stays', 'phone stays']);
    expect((await store.ledger.record(CONTROLLER, [collected('gone', 'gone')]))[0]).toEqual({ kind: 'gone' });

    // The first entry of the new generation is what was last published; positions begin after it.
    const entries = await store.ledger.entries(CONTROLLER, published, 10);
    expect(entries[0]).toMatchObject({ position: published, event: { type: 'continued', data: { size: published } } });
    expect(entries.slice(1).map(({ event }) => event.type)).toEqual([
      'destroying',
      'destroyed',
      'destroying',
      'destroyed',
    ]);
    const [outcome] = await store.ledger.record(CONTROLLER, [collected('next', 'stays')], { receipts: true });
    expect(outcome).toMatchObject({ kind: 'recorded', position: published + 5 });
    expect(await store.log.checkpoint(CONTROLLER, 1)).toContain('/log/kz.autosiyliq/1\n3\n');
    expect(await store.log.checkpoint(CONTROLLER, 2)).toContain('/log/kz.autosiyliq/2\n6\n');
  }, 60_000);

  test('is refused where a later generation was published than the copy knows', async () => {
    const copies = await backup('yesterday');
    await store.ledger.record(CONTROLLER, [collected('lost', 'stays')]);
    const lost = (await store.log.checkpoint(CONTROLLER, 1))!;
    await store.close();
    expect(restored(copies, { checkpoints: [lost], newGeneration: true }).continued).toHaveLength(1);
    store = await open(path('new'));
    await store.ledger.record(CONTROLLER, [collected('second', 'stays')]);
    const second = (await store.log.checkpoint(CONTROLLER, 2))!;
    const later = await backupFolder({
      dir: path('new'), ledgerTo: path('ledgers'), keysTo: path('keys'), name: 'later',
    }); // prettier-ignore
    // To begin the second generation once more would be a fork of it, however it is asked for.
    for (const newGeneration of [false, true]) {
      const again = { dir: path('again'), checkpoints: [lost, second], newGeneration };
      expect(() => restored(copies, again)).toThrow(LogForked);
      expect(await readdir(path('again'))).toEqual([]);
    }
    const kept = { dir: path('again'), checkpoints: [lost, second] };
    expect(restored(later, kept)).toMatchObject({ continued: [] });
  }, 60_000);

  test('is refused where the copy is as long as what was published, and another', async () => {
    const copies = await backup('yesterday');
    await store.ledger.record(CONTROLLER, [collected('lost', 'stays')]);
    const lost = (await store.log.checkpoint(CONTROLLER, 1))!;
    await store.close();
    // Nobody told of what had been published, and the log went on from where it was.
    restored(copies);
    store = await open(path('new'));
    await store.ledger.record(CONTROLLER, [collected('other', 'stays'), collected('another', 'stays')]);
    const forked = await backupFolder({
      dir: path('new'), ledgerTo: path('ledgers'), keysTo: path('keys'), name: 'forked',
    }); // prettier-ignore
    for (const newGeneration of [false, true])
      expect(() => restored(forked, { dir: path('again'), checkpoints: [lost], newGeneration })).toThrow(LogForked);
  }, 60_000);

  test('removes what backups of days ago did not come to the end of, and nothing else', async () => {
    await backup('first');
    const [old, young, other] = ['keys-old.db.part', 'keys-young.db.part', 'keys-other.db.part.txt'] as const;
    for (const name of [old, young, other]) await writeFile(path(join('keys', name)), 'half');
    const daysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    for (const name of [old, other, 'keys-first.db']) await utimes(path(join('keys', name)), daysAgo, daysAgo);
    await backup('second');
    expect((await readdir(path('keys'))).toSorted()).toEqual(['keys-first.db', other, 'keys-second.db', young]);
  });

  test('proves the entries of every generation', async () => {
    const copies = await backup('yesterday');
    await store.ledger.record(CONTROLLER, [collected('lost', 'stays')]);
    const lost = (await store.log.checkpoint(CONTROLLER, 1))!;
    await store.close();
    restored(copies, { checkpoints: [lost], newGeneration: true });
    store = await open(path('new'));
    await store.ledger.record(CONTROLLER, [collected('later', 'stays')]);
    const entries = await store.ledger.entries(CONTROLLER, 0, 10);
    expect(entries.map(({ position }) => position)).toEqual([0, 1, 2, 4, 5]);
    for (const { position, entry } of entries) {
      const generation = position < 4 ? 1 : 2;
      const key = parseVerifierKey(sha256, (await store.log.verifierKey(CONTROLLER, generation))!);
      if (!key.ok) throw new Error(key.code);
      const receipt = (await store.log.receipt(CONTROLLER, position))!;
      const judged = verifyReceipt({ sha256, verify: verifyEd25519 }, logPolicy(key.value), receipt, entry);
      expect(judged).toMatchObject({ ok: true, value: { index: generation === 1 ? position : position - 4 } });
    }
    expect(await store.log.receipt(CONTROLLER, 3)).toBeUndefined();
  }, 60_000);

  test('agrees with every head that it has had', async () => {
    const heads = [(await store.log.checkpoint(CONTROLLER, 1))!];
    for (const [from, to] of [[3, 4], [4, 255], [255, 256], [256, 257], [257, 512], [512, 600]] as const) {
      const more = Array.from({ length: to - from }, (_, i) => collected(`m-${from + i}`, 'stays'));
      await store.ledger.record(CONTROLLER, more, { wait: true });
      heads.push((await store.log.checkpoint(CONTROLLER, 1))!);
    } // prettier-ignore
    expect(heads.map((head) => head.split('\n')[1])).toEqual(['3', '4', '255', '256', '257', '512', '600']);
    expect(restored(await backup('today'), { checkpoints: heads })).toMatchObject({ continued: [] });
  }, 60_000);

  test('with the keys of today brings nobody back who was ended, without a journal too', async () => {
    const { ledger } = await backup('yesterday');
    await destroy((await find(store, 'gone'))!, 'all');
    const { keys } = await backup('today');
    await store.close();
    await rm(path('journal'));
    expect(restored({ ledger, keys }, { journal: undefined })).toEqual({ replayed: 0, ended: 1, continued: [] });
    store = await open(path('new'));
    expect(await find(store, 'gone')).toBeUndefined();
    expect((await store.ledger.record(CONTROLLER, [collected('gone', 'gone')]))[0]).toEqual({ kind: 'gone' });
  }, 60_000);

  test('is not served where the journal knows more than it, whoever put it there', async () => {
    const copies = await backup('yesterday');
    await destroy((await find(store, 'gone'))!, 'all');
    await store.close();
    restored(copies, { journal: undefined });
    for (const _ of [1, 2])
      await expect(open(path('new'))).rejects.toMatchObject({
        code: 'corrupt',
        message: expect.stringMatching(/has 3 entries in generation 1, and .* knows 5 .* Run depter restore on it$/),
      });
    store = await open(path('data'));
  }, 60_000);

  test('is refused where a log is missing that came after the copy, until its last checkpoint is given', async () => {
    const { ledger } = await backup('yesterday');
    const other = controllerId('kg.somo')!;
    await store.ledger.record(other, [collected('o', 'O', other)]);
    const { keys } = await backup('today');
    const published = (await store.log.checkpoint(other, 1))!;
    expect(() => restored({ ledger, keys })).toThrow(`no log of ${other}`);
    expect(() => restored({ ledger, keys }, { checkpoints: [published] })).toThrow(LogShortened);
    expect(restored({ ledger, keys }, { checkpoints: [published], newGeneration: true })).toEqual({
      replayed: 0,
      ended: 0,
      continued: [{ controller: other, generation: 2, base: 1 }],
    });
    const again = await open(path('new'));
    const [outcome] = await again.ledger.record(other, [collected('p', 'O', other)]);
    expect(outcome).toMatchObject({ kind: 'recorded', position: 2 });
    await again.close();
  }, 60_000);

  test('is not served beside keys of people or of a generation that it has not, whoever put it there', async () => {
    const other = controllerId('kg.somo')!;
    const older = { code: 'corrupt', message: expect.stringMatching(/^an older copy that was not restored: the log of kg.somo /) }; // prettier-ignore
    const before = await backup('before');
    await store.ledger.record(other, [collected('o', 'O', other)]);
    const lost = await backup('lost');
    await store.ledger.record(other, [collected('p', 'P', other)]);
    const published = (await store.log.checkpoint(other, 1))!;
    await store.close();
    restored(lost, { checkpoints: [published], newGeneration: true, journal: undefined });
    const folder = async (ledger: string, keys: string) => {
      await rm(path('put'), { recursive: true, force: true });
      await mkdir(path('put'));
      for (const [from, to] of [[ledger, 'ledger.db'], [keys, 'keys.db'], [path('new/root.key'), 'root.key']] as const)
        await copyFile(from, join(path('put'), to)); // prettier-ignore
      return path('put');
    };
    for (const [ledger, keys] of [[before.ledger, lost.keys], [lost.ledger, path('new/keys.db')]] as const) {
      const dir = await folder(ledger, keys);
      for (const _ of [1, 2]) {
        const opening = openEmbedded({ dir, clock: new SystemClock(), rulebookFor: () => rules });
        await expect(opening).rejects.toMatchObject(older);
      }
    } // prettier-ignore
    // A controller that was being made when its process died has its own keys alone.
    const dir = await folder(before.ledger, lost.keys);
    const db = new DatabaseSync(join(dir, 'keys.db'));
    db.exec(`DELETE FROM keys WHERE controller = 'kg.somo' AND dossier <> x''`);
    db.close();
    store = await openEmbedded({ dir, clock: new SystemClock(), rulebookFor: () => rules });
    expect((await store.ledger.record(other, [collected('q', 'Q', other)]))[0]).toMatchObject({ position: 0 });
  }, 60_000);

  test('is refused where what was published is of a log that neither copy knows', async () => {
    const copies = await backup('yesterday');
    const other = controllerId('kg.somo')!;
    await store.ledger.record(other, [collected('o', 'O', other)]);
    const published = (await store.log.checkpoint(other, 1))!;
    expect(() => restored(copies, { checkpoints: [published] })).toThrow(LogForked);
  }, 60_000);

  test('is made while the store is written, and holds together', async () => {
    const writing = Array.from({ length: 20 }, (_, n) =>
      store.ledger.record(
        CONTROLLER,
        Array.from({ length: 50 }, (__, i) => collected(`w-${n}-${i}`, `w-${i}`)),
        { wait: true },
      ),
    );
    const copies = await backup('busy');
    await Promise.all(writing);
    expect(restored(copies)).toMatchObject({ ended: 0 });
    const again = await open(path('new'));
    const size = await again.ledger.size(CONTROLLER);
    const entries = await again.ledger.entries(CONTROLLER, 0, size);
    for (const subject of new Set(entries.map(({ event }) => event.subject as SubjectRef))) {
      expect((await again.vault.texts(CONTROLLER, subject)).every(({ text }) => text.kind === 'value')).toBe(true);
    }
    await again.close();
  }, 60_000);
});
