/**
 * A restore of a folder that is killed at each of its steps: nobody opens what it left, and given again it makes the folder
 * from the beginning.
 */
import { copyFile, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ControllerId, SubjectRef } from '#ledger';
import { backupFolder, openEmbedded, RESTORE_STEPS, restoreFolder, type EmbeddedStore } from '#store';
import { action, collected } from '../contract/actions.js';
import { options, siyliq, somo } from '../contract/engine.js';
import { killedAt } from './killed-at.js';

/** A folder has no event log beside it, and its key of a new generation is of the same step as the rest. */
const STEPS = RESTORE_STEPS.filter((step) => step !== 'logged' && step !== 'keyed');

describe('a restore of a folder that is killed', () => {
  let place: string;
  let copies: { readonly ledger: string; readonly keys: string };
  let part: SubjectRef;
  let size: number;
  let checkpoints: readonly string[];

  const path = (name: string): string => join(place, name);
  const person = (id: string, client: string) =>
    collected(id, client, { values: { name: `name ${client}`, phone: '+77010000001' } });
  const find = (store: EmbeddedStore, client: string) => store.ledger.find(siyliq, [{ kind: 'client', value: client }]);

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'depter-restore-steps-'));
    const store = await openEmbedded({ dir: path('data'), journal: path('journal'), ...options() });
    const people = ['gone', 'quiet', 'part', 'stays'];
    await store.ledger.record(siyliq, people.map((client) => person(client, client))); // prettier-ignore
    const backup = (name: string) =>
      backupFolder({ dir: path('data'), ledgerTo: path('ledgers'), keysTo: path('keys'), name });
    const { ledger } = await backup('yesterday');
    // What the copy has not: an event, a controller, three destructions, of the last of which the journal was lost.
    await store.ledger.record(siyliq, [person('lost', 'stays')]);
    const asked = { id: 's', type: 'asked', controller: somo, data: { authority: 'kz.court', request: 'R-1' } };
    await store.ledger.record(somo, [action(asked)]);
    const destroy = async (client: string, items: 'all' | string[]) => {
      const subject = (await find(store, client))!;
      const at = new Date(options().clock.now()).toISOString();
      const act = { kind: 'own', name: 'destroyed', subject, by: null, at, data: { items, method: 'erase' } } as const;
      await store.destructions.destroy(siyliq, { act, dossiers: [subject] });
      return subject;
    };
    await destroy('gone', 'all');
    part = await destroy('part', ['name']);
    await copyFile(path('journal'), path('known'));
    await destroy('quiet', 'all');
    const published = async (name: ControllerId) => (await store.log.checkpoint(name, 1))!;
    checkpoints = [await published(siyliq), await published(somo)];
    size = await store.ledger.size(siyliq);
    copies = { ledger, keys: (await backup('today')).keys };
    await store.close();
  }, 60_000);
  afterAll(() => rm(place, { recursive: true }));

  const command = (dir: string) => ({
    ...copies, dir, rootKey: path('data/root.key'), journal: path('known'), checkpoints, newGeneration: true,
  }); // prettier-ignore

  /** Each with a journal of its own: what one of them has published since, the next must not be behind of. */
  const open = (dir: string) => openEmbedded({ dir, journal: `${dir}.journal`, ...options() });
  const unfinished = { code: 'corrupt', message: expect.stringMatching(/not finished. Run depter restore again$/) };

  async function isRestored(dir: string): Promise<void> {
    restoreFolder({ ...command(dir), clock: options().clock });
    const store = await open(dir);
    try {
      expect([await find(store, 'gone'), await find(store, 'quiet')]).toEqual([undefined, undefined]);
      const texts = async (subject: SubjectRef) =>
        (await store.vault.texts(siyliq, subject)).map(({ field, text }) => `${field} ${text.kind}`);
      expect(await texts(part)).toEqual(['phone value']);
      expect(await texts((await find(store, 'stays'))!)).toEqual(['name value', 'phone value']);
      const entries = await store.ledger.entries(siyliq, size, 10);
      expect(entries.map(({ event }) => event.type)).toEqual([
        'continued', 'destroying', 'destroyed', 'destroying', 'destroyed',
      ]); // prettier-ignore
      expect((await store.ledger.entries(somo, 0, 10)).map(({ event }) => event.type)).toEqual(['continued']);
    } finally {
      await store.close();
    }
  }

  test.each(STEPS.map((step) => [step] as const))(
    'at the step %s is made anew when it is given again, and opened by nobody before',
    async (step) => {
      const dir = path(step);
      await killedAt('restore-victim.ts', step, command(dir));
      await expect(open(dir)).rejects.toMatchObject(unfinished);
      await isRestored(dir);
      expect((await readdir(dir)).filter((name) => name.includes('restoring'))).toEqual([]);
    },
    60_000,
  );

  test('while it copies is opened by nobody either, and is made anew', async () => {
    const dir = path('copying');
    await mkdir(dir);
    await writeFile(join(dir, 'ledger.restoring'), 'the first bytes of a copy');
    await expect(open(dir)).rejects.toMatchObject(unfinished);
    await isRestored(dir);
  }, 60_000);

  test('never takes the place of a folder that was in use', async () => {
    const dir = path('used');
    await cp(path('data'), dir, { recursive: true });
    expect(() => restoreFolder({ ...command(dir), clock: options().clock })).toThrow('is not empty');
    await rm(join(dir, 'ledger.db'));
    expect(() => restoreFolder({ ...command(dir), clock: options().clock })).toThrow('is not empty');
    expect(await readdir(dir)).toContain('keys.db');
  }, 60_000);
});
