/**
 * A destruction that is cut at each of its moments, by kill -9 or by a disk that is full: either nothing is done, or it is
 * carried out by the next start. Afterwards no byte of what went is in any file.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { controllerId, readAction, type Action, type EventId, type SubjectRef } from '#ledger';
import { Clock, openEmbedded, RUN_MOMENTS, type EmbeddedStore, type RunMoment } from '#store';
import { storedLog, WatchedLog } from './watched-log.js';

const CONTROLLER = controllerId('kz.autosiyliq')!;
const AT = '2026-03-01T10:00:00.000Z';
/** So long nothing changes in the files: the victim stands still. */
const STILL_MS = 400;
const CANARY = 'canary-of-a-value';

class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }
}

const rules = { has: () => true, all: () => [] };

function collected(id: string, client: string, values: Readonly<Record<string, string>>): Action {
  const data = { person: { client }, items: ['name', 'phone'], origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent', consent: `C-${client}`, note: `note of ${client}`, values }; // prettier-ignore
  const event = { specversion: '1.0', id, source: 'urn:example:cut', type: 'depter.action.collected.v1', time: '2026-02-02T09:00:00Z', data }; // prettier-ignore
  const read = readAction(event, { controller: CONTROLLER, now: Date.now(), zone: 'UTC' });
  if (read.ok === undefined) throw new Error('a bad action');
  return read.ok;
}

const ofVictim = (n: number): Action =>
  collected(`v-${n}`, 'canary-client', { name: `${CANARY} ${n}`, phone: `+7701000000${n}` });

describe('a destruction that is cut', () => {
  let dir: string;
  let subject: SubjectRef;
  let event: EventId;
  let size: number;
  const children: ChildProcess[] = [];

  async function opened<T>(use: (store: EmbeddedStore) => Promise<T>): Promise<T> {
    const store = await openEmbedded({ dir, clock: new SystemClock(), rulebookFor: () => rules });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  }

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'depter-destruction-'));
    await opened(async (store) => {
      const group = [ofVictim(1), ofVictim(2), collected('o-1', 'other', { name: 'stays' })];
      const [outcome] = await store.ledger.record(CONTROLLER, group);
      subject = (outcome as { subject: SubjectRef }).subject;
      event = await store.destructions.commandId(CONTROLLER, 'cut');
      size = await store.ledger.size(CONTROLLER);
    });
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(dir, { recursive: true, force: true });
  });

  /** What the files hold of the run, to see whether it moves. */
  function state(): string {
    const told = (file: string, sql: string): string => {
      const db = new DatabaseSync(join(dir, file), { readOnly: true, timeout: 5000 });
      try {
        return JSON.stringify(db.prepare(sql).all());
      } finally {
        db.close();
      }
    };
    return [
      told('ledger.db', 'SELECT run FROM destructions'),
      told('ledger.db', 'SELECT count(*) FROM events'),
      told('keys.db', 'SELECT count(*) FROM keys'),
    ].join();
  }

  async function killedAt(moment: RunMoment, items: string): Promise<void> {
    const program = resolve('test/fault/destruction-victim.ts');
    const child = spawn(process.execPath, [program, dir, subject, event, items, AT, moment], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const exit = once(child, 'exit');
    await Promise.race([once(child.stdout, 'data'), exit]);
    for (let last = '', since = performance.now(); performance.now() - since < STILL_MS; await sleep(50)) {
      const now = state();
      if (now !== last) [last, since] = [now, performance.now()];
    }
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
    await exit;
  }

  async function filesWith(text: string): Promise<string[]> {
    const found: string[] = [];
    for (const name of await readdir(dir, { recursive: true })) {
      const bytes = await readFile(join(dir, name)).catch(() => Buffer.alloc(0));
      if (bytes.includes(text)) found.push(name);
    }
    return found;
  }

  const byMoment = RUN_MOMENTS.map((moment) => [moment] as const);

  test.each(byMoment)(
    'at the moment %s, of a person',
    async (moment) => {
      await killedAt(moment, 'all');
      await opened(async (store) => {
        const found = await store.ledger.find(CONTROLLER, [{ kind: 'client', value: 'canary-client' }]);
        if (moment === 'ordered') {
          // Nothing was done, and nothing is lost.
          expect(found).toBe(subject);
          expect(await store.ledger.size(CONTROLLER)).toBe(size);
          expect((await store.vault.texts(CONTROLLER, subject)).every(({ text }) => text.kind === 'value')).toBe(true);
          return;
        }
        expect(found).toBeUndefined();
        expect(await store.vault.texts(CONTROLLER, subject)).toEqual([]);
        const log = new WatchedLog();
        expect((await log.look(storedLog(store.log, CONTROLLER))).size).toBe(size + 2);
        const added = (await store.ledger.entries(CONTROLLER, size, 10)).map(({ event: one }) => one);
        expect(added.map(({ type }) => type)).toEqual(['destroying', 'destroyed']);
        expect(added[1]).toMatchObject({
          id: event,
          data: { evidence: { intent: added[0]!.id, dossiers: 1, identifiers: 1, values: 4, texts: 3 } },
        });
        expect((await store.ledger.record(CONTROLLER, [ofVictim(1)]))[0]).toEqual({ kind: 'gone' });
      });
      expect(state()).toMatch(/^\[\]/);
      if (moment === 'ordered') return;
      const db = new DatabaseSync(join(dir, 'keys.db'), { readOnly: true });
      const left = db
        .prepare('SELECT count(*) AS n FROM keys WHERE dossier = ?')
        .get(Buffer.from(subject, 'base64url'));
      db.close();
      expect(left).toEqual({ n: 0 });
      expect(await filesWith(CANARY)).toEqual([]);
    },
    60_000,
  );

  test.each([['intended'], ['keys-gone'], ['shredded'], ['truncated']] as const)(
    'at the moment %s, of an item',
    async (moment) => {
      await killedAt(moment, 'name');
      await opened(async (store) => {
        expect(await store.ledger.find(CONTROLLER, [{ kind: 'client', value: 'canary-client' }])).toBe(subject);
        const texts = (await store.vault.texts(CONTROLLER, subject)).map(({ field, text }) => [field, text.kind]);
        expect(texts).toEqual(
          Array.from({ length: 2 }, () => [
            ['note', 'value'],
            ['phone', 'value'],
          ]).flat(),
        );
        const added = (await store.ledger.entries(CONTROLLER, size, 10)).map(({ event: one }) => one);
        expect(added.map(({ type }) => type)).toEqual(['destroying', 'destroyed']);
        expect(added[1]!.data).toMatchObject({ evidence: { dossiers: 0, values: 2 } });
        const again = { kind: 'own', name: 'destroyed', event, subject, by: null, at: AT, data: { items: ['name'], method: 'erase' } } as const; // prettier-ignore
        const order = { act: { ...again, data: { items: ['name'], method: 'erase' } }, dossiers: [subject] };
        expect(await store.destructions.destroy(CONTROLLER, order)).toMatchObject({ kind: 'repeated', event });
        // What comes is sealed under the fresh key.
        await store.ledger.record(CONTROLLER, [ofVictim(3)]);
        expect(await store.vault.texts(CONTROLLER, subject)).toHaveLength(6);
      });
    },
    60_000,
  );
});
