/** What comes between the steps of a destruction, in the files: nothing that was acknowledged is lost by it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SubjectRef } from '#ledger';
import { FileRootKey, openEmbedded, type RunMoment } from '#store';
import { newRun, type Run } from '../../libs/store/src/destruction/run.js';
import { LateValues } from '../../libs/store/src/embedded/late-values.js';
import { RunWriter } from '../../libs/store/src/embedded/run-writer.js';
import { openForWriting, type Databases } from '../../libs/store/src/embedded/schema.js';
import { collected } from '../contract/actions.js';
import { options, siyliq } from '../contract/engine.js';

const place = { controller: 1, name: siyliq };
const NOW = Date.parse('2026-03-01T10:00:00Z');

class Cut extends Error {}

describe('between the steps of a destruction', () => {
  let dir: string;
  let dbs: Databases;
  let a: SubjectRef;
  let b: SubjectRef;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'depter-steps-'));
    const store = await openEmbedded({ dir, ...options() });
    const group = ['A', 'B'].map((client) => collected(client, client, { values: { name: client } }));
    const outcomes = await store.ledger.record(siyliq, group);
    [a, b] = outcomes.map((outcome) => (outcome as { subject: SubjectRef }).subject) as [SubjectRef, SubjectRef];
    await store.close();
    dbs = openForWriting(dir);
  });
  afterEach(async () => {
    dbs.ledger.close();
    dbs.keys.close();
    await rm(dir, { recursive: true });
  });

  const bytes = (text: string) => Buffer.from(text, 'base64url');
  /** A writer that is cut at a moment, as by kill -9. */
  const writer = (moment?: RunMoment) =>
    new RunWriter(dbs, FileRootKey.open(dir), new LateValues(dbs.ledger), (reached) => {
      if (reached === moment) throw new Cut();
    });
  /** A new event of a dossier. */
  const grow = (subject: SubjectRef) =>
    dbs.ledger
      .prepare('INSERT INTO events SELECT at + 1000, randomblob(16), subject, 0, recorded, entry FROM events WHERE subject = ?')
      .run(bytes(subject)); // prettier-ignore
  const hasKey = (subject: SubjectRef) =>
    dbs.keys.prepare('SELECT 1 FROM keys WHERE dossier = ?').get(bytes(subject)) !== undefined;
  const isFound = (subject: SubjectRef) =>
    dbs.ledger.prepare('SELECT 1 FROM dossiers WHERE subject = ? AND hmac IS NOT NULL').get(bytes(subject)) !==
    undefined;
  const ending = (): Run => {
    const part = (person: SubjectRef) => ({
      person,
      expecting: [[person, 1] as const],
      facts: [],
      ended: [person],
      erased: [],
    });
    const parts = [part(a), part(b)];
    return newRun({ act: null, expecting: null, zone: 'UTC', facts: [], ended: [a, b], erased: [], parts });
  };

  test('who has grown before the keys go is left out, whatever cuts the run then', () => {
    const run = ending();
    writer().keep(place, run);
    expect(() => writer('intended').shred(place, bytes(run.id), NOW)).toThrow(Cut);
    grow(a);
    expect(() => writer('keys-gone').shred(place, bytes(run.id), NOW)).toThrow(Cut);
    const done = writer().shred(place, bytes(run.id), NOW);
    expect(done).toMatchObject({ state: 'shredded', ended: [b], leftOut: [a] });
    expect([a, b].map(hasKey)).toEqual([true, false]);
    expect([a, b].map(isFound)).toEqual([true, false]);
  });

  test('whose keys are gone is ended, though more was recorded before that was told', () => {
    const run = ending();
    writer().keep(place, run);
    expect(() => writer('keys-gone').shred(place, bytes(run.id), NOW)).toThrow(Cut);
    grow(a);
    expect(writer().shred(place, bytes(run.id), NOW)).toMatchObject({ state: 'shredded', ended: [a, b] });
    expect([a, b].map(isFound)).toEqual([false, false]);
  });

  test('a value under the fresh key stays, and one of before is not kept any more', () => {
    const labels = [{ label: 'name', surviving: [], at: '2026-03-01T09:00:00.000Z' }];
    const erased = [{ dossier: a, labels }];
    const run = newRun({ act: null, expecting: null, zone: 'UTC', facts: [], ended: [], erased });
    writer().keep(place, run);
    writer().shred(place, bytes(run.id), NOW);
    const destroyed = dbs.ledger.prepare('SELECT day, instant FROM destroyed_items WHERE dossier = ?').all(bytes(a));
    expect(destroyed).toEqual([{ day: '2026-03-01', instant: '2026-03-01T09:00:00.000Z' }]);
    grow(a);
    dbs.ledger
      .prepare('INSERT INTO sealed SELECT max(at), ?, ?, ? FROM events WHERE subject = ?')
      .run('name', bytes(run.erased[0]!.wholeKey), Buffer.from('sealed'), bytes(a));
    expect(writer().sweep(place, bytes(run.id), NOW).counts.values).toBe(1);
    const left = dbs.ledger.prepare('SELECT s.box FROM sealed s JOIN events e ON e.at = s.at WHERE e.subject = ?');
    expect(left.all(bytes(a)).map(({ box }) => Buffer.from(box as Uint8Array).toString())).toEqual(['sealed']);
  });
});
