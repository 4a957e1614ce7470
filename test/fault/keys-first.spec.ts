/**
 * kill -9 at one very moment, again and again: the keys of a group are on the disk and the group is not. The victim's
 * writer stands still there, so that the blow never misses.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { controllerId, subjectRef } from '#ledger';
import { Clock, openEmbedded, type EmbeddedStore } from '#store';
import { rootOver, storedLog, WatchedLog } from './watched-log.js';

const CONTROLLER = controllerId('kz.autosiyliq')!;
const KILLS = 6;
const NEW_PER_ROUND = 60;
/** Keys that a process makes ahead when the second newcomer comes: those of the group are stored after them. */
const MADE_AHEAD = 32;
/** Far longer than a test may last: the victim never gets beyond it. */
const STALL_MS = 600_000;

interface Told {
  readonly id: string;
  readonly kind: 'recorded' | 'repeated';
  readonly event: string;
  readonly position: number;
}

class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }
}

/** Three quarters of the actions bring a new person; every second one a text under their new key. */
function lineOf(n: number): string {
  const client = n % 4 === 0 ? `K-${n % 16}` : `K-new-${n}`;
  const data = { on: '2026-02-02', person: { client }, items: ['name'], values: { name: `Fictitious ${n}` }, origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent', consent: `C-${n % 7}`, ...(n % 2 === 0 ? { note: `n ${n}` } : {}) }; // prettier-ignore
  const type = 'depter.action.collected.v1';
  return JSON.stringify({ specversion: '1.0', id: `keys-first-${n}`, source: 'urn:example:kill', type, data });
}
const lines = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => lineOf(from + i));

describe('kill -9 between the commit of the keys and that of their group', () => {
  let place: string;
  let dir: string;
  const acknowledged = new Map<string, Told>();
  const log = new WatchedLog();

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'depter-keys-first-'));
    dir = join(place, 'data');
  });
  afterAll(() => rm(place, { recursive: true, force: true }));

  /** Feeds lines through a victim; it is killed as soon as `blow` says so, which is asked again and again. */
  async function victim(fed: readonly string[], stallMs: number, blow: () => boolean): Promise<Told[]> {
    const file = join(place, 'actions.ndjson');
    await writeFile(file, fed.join('\n') + '\n');
    const out = join(place, 'acknowledged.ndjson');
    const output = await open(out, 'w');
    const child = spawn(process.execPath, [resolve('test/fault/victim.ts'), dir, file, String(stallMs)], {
      stdio: ['ignore', output.fd, 'pipe'],
    });
    let errors = '';
    child.stderr?.on('data', (part: Buffer) => (errors += part.toString()));
    const closed = once(child, 'close') as Promise<[number | null]>;
    let ended = false;
    void closed.then(() => (ended = true));
    while (!ended && !blow()) await sleep(10);
    child.kill('SIGKILL');
    const [status] = await closed;
    await output.close();
    if (status !== null && status !== 0) throw new Error(`the victim ended by itself with ${status}: ${errors}`);
    return (await readFile(out, 'utf8'))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Told);
  }

  /** How many keys and dossiers the folder's files hold, read beside whoever has it open. */
  function count(file: 'keys.db' | 'ledger.db', table: string): number {
    const db = new DatabaseSync(join(dir, file), { readOnly: true, timeout: 10_000 });
    try {
      return db.prepare(`SELECT count(*) AS n FROM ${table}`).get()!['n'] as number;
    } finally {
      db.close();
    }
  }

  const rules = { has: () => true, all: () => [] };
  async function opened<T>(use: (store: EmbeddedStore) => Promise<T>): Promise<T> {
    const store = await openEmbedded({ dir, clock: new SystemClock(), rulebookFor: () => rules });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  }

  /** All that was acknowledged is there as it was, and the file of all lines makes each action once. */
  async function feedAgain(all: number, before: ReadonlyMap<string, Told>): Promise<void> {
    const told = await victim(lines(0, all), 0, () => false);
    expect(told).toHaveLength(all);
    for (const one of told) {
      const known = before.get(one.id);
      if (known === undefined) expect(one.kind).toBe('recorded');
      else expect(one).toEqual({ ...known, kind: 'repeated' });
      acknowledged.set(one.id, one);
    }
    expect(new Set([...acknowledged.values()].map(({ position }) => position)).size).toBe(all);
  }

  test(`${KILLS} times: nothing acknowledged is lost, nothing is doubled, unused keys harm nobody`, async () => {
    await feedAgain(NEW_PER_ROUND, acknowledged);
    for (let round = 1; round <= KILLS; round += 1) {
      const sizes = { keys: count('keys.db', 'keys'), events: count('ledger.db', 'events') };
      const [from, to] = [round * NEW_PER_ROUND, (round + 1) * NEW_PER_ROUND];
      const told = await victim(lines(from, to), STALL_MS, () => count('keys.db', 'keys') > sizes.keys + MADE_AHEAD);

      // The blow fell where it should: new keys are there, their group is not, and nothing was said of it.
      expect(told).toEqual([]);
      expect(count('keys.db', 'keys')).toBeGreaterThan(sizes.keys + MADE_AHEAD);
      expect(count('ledger.db', 'events')).toBe(sizes.events);
      const head = await opened((store) => log.look(storedLog(store.log, CONTROLLER)));
      expect(head.size).toBe(sizes.events);

      await feedAgain(to, new Map(acknowledged));
      expect(count('ledger.db', 'events')).toBe(to);
    }
    expect(count('keys.db', 'keys')).toBeGreaterThan(count('ledger.db', 'dossiers'));
  }, 300_000);

  test('the tree continues, holds every entry once, and all texts open', async () => {
    await opened(async (store) => {
      const head = await log.look(storedLog(store.log, CONTROLLER));
      const entries = await store.ledger.entries(CONTROLLER, 0, head.size + 1);
      expect(entries.length).toBe(acknowledged.size);
      expect(Buffer.from(rootOver(entries.map(({ entry }) => entry))).equals(head.root)).toBe(true);
      const events = [...acknowledged.values()].map(({ event }) => event);
      expect(new Set(entries.map(({ event }) => event.id))).toEqual(new Set(events));
      const subjects = new Set(entries.flatMap(({ event }) => (event.subject === null ? [] : [event.subject])));
      expect(subjects.size).toBe(count('ledger.db', 'dossiers'));
      for (const name of subjects) {
        const subject = subjectRef(name)!;
        const texts = await store.vault.texts(CONTROLLER, subject);
        expect(texts.length).toBeGreaterThan(0);
        expect(texts.filter(({ text }) => text.kind === 'erased')).toEqual([]);
        expect(await store.vault.identifiers(CONTROLLER, subject)).toHaveLength(1);
      }
    });
  }, 120_000);
});
