/** What an engine keeps of the journal of destructions: it belongs to the store, whoever opens it. */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SubjectRef } from '#ledger';
import { collected } from './actions.js';
import { siyliq, type Engine } from './engine.js';
import { recorded } from './ledger-contract.js';

export interface JournalPlace {
  open(journal?: string): Promise<Engine>;
  remove(): Promise<void>;
}

export function journalContract(makePlace: () => Promise<JournalPlace>): void {
  describe('a journal of destructions', () => {
    let place: JournalPlace;
    let store: Engine;
    let dir: string;
    let journal: string;
    let subject: SubjectRef;

    beforeEach(async () => {
      place = await makePlace();
      dir = await mkdtemp(join(tmpdir(), 'depter-journal-'));
      journal = join(dir, 'journal');
      store = await place.open(journal);
      subject = recorded((await store.ledger.record(siyliq, [collected('1', 'A', { values: { name: 'A' } })]))[0]).subject!;
    }); // prettier-ignore
    afterEach(async () => {
      await store.close();
      await place.remove();
      await rm(dir, { recursive: true });
    });

    const destroy = () =>
      store.destructions.destroy(siyliq, {
        act: { kind: 'own', name: 'destroyed', subject, by: null, at: '2026-03-01T10:00:00.000Z', data: { items: ['name'], method: 'erase' } },
        dossiers: [subject],
      }); // prettier-ignore
    const journalled = () =>
      readFileSync(journal, 'utf8')
        .split('\n')
        .filter((line) => line !== '').length;

    test('is written by whoever opens the store, though they do not name it', async () => {
      expect(journalled()).toBe(0);
      await store.close();
      store = await place.open();
      expect(await destroy()).toMatchObject({ kind: 'recorded' });
      expect(journalled()).toBe(1);
    });

    test('that is away is not made again: nothing is acknowledged until it is back', async () => {
      renameSync(journal, join(dir, 'away'));
      await expect(destroy()).rejects.toMatchObject({ name: 'StoreFailure', code: 'unavailable' });
      await store.close();
      store = await place.open(journal);
      expect(existsSync(journal)).toBe(false);
      await store.close();
      renameSync(join(dir, 'away'), journal);
      store = await place.open();
      expect(journalled()).toBe(1);
    });
  });
}
