/** A destruction waits for whoever reads the files, as a backup does; what is recorded meanwhile does not. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SubjectRef } from '#ledger';
import { openEmbedded, type EmbeddedStore } from '#store';
import { collected } from '../contract/actions.js';
import { options, siyliq } from '../contract/engine.js';

let dir: string;
let store: EmbeddedStore;
let reader: DatabaseSync;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'depter-reader-'));
  store = await openEmbedded({ dir, ...options() });
});
afterEach(async () => {
  if (reader.isOpen) reader.close();
  await store.close();
  await rm(dir, { recursive: true });
});

test('actions are recorded while a reader holds a destruction up', async () => {
  const [outcome] = await store.ledger.record(siyliq, [collected('1', 'A', { values: { name: 'A' } })]);
  const { subject } = outcome as { subject: SubjectRef };
  reader = new DatabaseSync(join(dir, 'ledger.db'), { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM events').get();
  let isDone = false;
  const destroyed = store.destructions
    .destroy(siyliq, {
      act: { kind: 'own', name: 'destroyed', subject, by: null, at: '2026-03-01T10:00:00.000Z', data: { items: ['name'], method: 'erase' } },
      dossiers: [subject],
    })
    .finally(() => (isDone = true)); // prettier-ignore
  // Its keys are gone by then, and it tries to have the files let go of the rest.
  await sleep(1000);
  for (let n = 2; n < 12; n++) {
    const begun = performance.now();
    await store.ledger.record(siyliq, [collected(`${n}`, 'B')]);
    expect(performance.now() - begun).toBeLessThan(2000);
  }
  expect(isDone).toBe(false);
  reader.close();
  expect(await destroyed).toMatchObject({ kind: 'recorded' });
}, 30_000);
