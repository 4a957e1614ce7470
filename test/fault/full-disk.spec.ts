/**
 * A disk that is really full, under load: what was acknowledged stays, what was not is refused and never acknowledged, the
 * server says so and lives, and goes on by itself when there is room again. Then everything is there exactly once.
 */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Depter } from '../running/depter.js';
import { onSmallDisks, SmallDisks } from './small-disks.js';
import { servedLog, WatchedLog } from './watched-log.js';

const CONTROLLER = 'kz.autosiyliq';
const BATCH = 50;
const FEEDERS = 3;
/** Each feeder goes on until it was refused so often without a success in between. */
const REFUSALS = 3;
const KIB = 1024;

interface Acknowledged {
  readonly event: string;
  readonly position: number;
}

function lineOf(n: number): string {
  const person = { client: n % 5 === 0 ? `F-${n % 25}` : `F-new-${n}` };
  const data = { on: '2026-02-02', person, items: ['name'], values: { name: `Fictitious ${n}` }, origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent', consent: `C-${n % 20}` }; // prettier-ignore
  const type = 'depter.action.collected.v1';
  return JSON.stringify({ specversion: '1.0', id: `full-${n}`, source: 'urn:example:full', type, data });
}

/** Where the data folder and its databases lie, and which disk is filled. */
const PLACES = {
  'the whole data folder': { sizes: { all: 24 * 1024 * KIB }, file: undefined, freeBytes: 1536 * KIB },
  'keys.db alone': { sizes: { all: 4 * 1024 * KIB }, file: 'keys.db', freeBytes: 96 * KIB },
  'ledger.db alone': { sizes: { all: 24 * 1024 * KIB }, file: 'ledger.db', freeBytes: 1536 * KIB },
} as const;

onSmallDisks('a full disk', () => {
  describe.each(Object.entries(PLACES))('%s', (_, place) => {
    let disks: SmallDisks;
    let outside: string;
    let depter: Depter;
    let keys: { emitter: string; officer: string };
    const log = new WatchedLog();
    const acknowledged = new Map<number, Acknowledged>();
    const faults: string[] = [];
    let made = 0;
    let shown = 0;
    let subject = '';

    const note = (n: number, { event, position }: Acknowledged): void => {
      const before = acknowledged.get(n);
      if (before !== undefined && (before.event !== event || before.position !== position)) {
        faults.push(`action ${n} was at ${before.position} and is at ${position}`);
      }
      acknowledged.set(n, { event, position });
    };

    /** Sends a batch; whether all of it was acknowledged. Whatever else is answered must be a refusal that may be repeated. */
    async function send(from: number, to: number, step = 1): Promise<boolean> {
      const numbers = Array.from({ length: Math.ceil((to - from) / step) }, (__, i) => from + i * step);
      const answer = await depter.ask(
        'POST',
        `/v1/${CONTROLLER}/actions`,
        keys.emitter,
        numbers.map((n) => `${lineOf(n)}\n`).join(''),
        { 'content-type': 'application/x-ndjson' },
      );
      if (answer.status !== 200) {
        expect([answer.status, answer.json<{ code: string }>().code]).toEqual(
          answer.status === 429 ? [429, 'overloaded'] : [503, 'unavailable'],
        );
        return false;
      }
      const rows = answer.text.trim().split('\n').map((line) => JSON.parse(line) as Acknowledged & { line: number; status: string }); // prettier-ignore
      for (const row of rows) {
        expect(['recorded', 'repeated']).toContain(row.status);
        note(numbers[row.line - 1]!, row);
      }
      expect(rows).toHaveLength(numbers.length);
      return true;
    }

    /** Several at once, until `enough`; gives how many batches were refused. */
    async function load(enough: (recorded: number, refusedInARow: number) => boolean): Promise<number> {
      let refused = 0;
      const feed = async (): Promise<void> => {
        for (let recorded = 0, inARow = 0; !enough(recorded, inARow);) {
          const from = made;
          made += BATCH;
          if (await send(from, made)) [recorded, inARow] = [recorded + 1, 0];
          else [refused, inARow] = [refused + 1, inARow + 1];
        }
      };
      await Promise.all(Array.from({ length: FEEDERS }, feed));
      return refused;
    }

    const ready = async (): Promise<{ status: number; store: { ready: boolean; failure?: string } }> => {
      const answer = await depter.get('/health/ready');
      return { status: answer.status, store: answer.json<{ parts: { store: { ready: boolean } } }>().parts.store };
    };

    /** Looks for a person and at them; answered only where the reading itself, each an entry of its own, could be recorded. */
    async function look(): Promise<number> {
      const found = await depter.post(`/v1/${CONTROLLER}/subjects/find`, keys.officer, { person: { client: 'F-0' } });
      if (found.status === 200) subject = found.json<{ subject: string }>().subject;
      const answer = await depter.get(`/v1/${CONTROLLER}/subjects/${subject}/lineage`, keys.officer);
      for (const one of [found, answer]) {
        if (one.status === 200) shown += 1;
        else expect(one.json()).toMatchObject({ code: 'unavailable' });
      }
      return answer.status;
    }

    beforeAll(async () => {
      disks = await SmallDisks.make(place.sizes);
      outside = await mkdtemp(join(tmpdir(), 'depter-full-'));
      if (place.file !== undefined) await symlink(disks.path('all', place.file), join(outside, place.file));
      depter = Depter.at(place.file === undefined ? disks.path('all', 'data') : outside, disks.through);
      keys = { emitter: await depter.key(CONTROLLER, 'emitter'), officer: await depter.key(CONTROLLER, 'officer') };
      await depter.serve();
    }, 120_000);
    afterAll(async () => {
      await depter.dispose();
      await disks.dispose();
      await rm(outside, { recursive: true, force: true });
    });

    test('with room it serves', async () => {
      expect(await load((recorded) => recorded === 3)).toBe(0);
      expect(await look()).toBe(200);
      expect(await ready()).toMatchObject({ status: 200, store: { ready: true } });
      await log.look(servedLog(() => depter.url, CONTROLLER));
    }, 120_000);

    test('full, it refuses and says so', async () => {
      disks.fill('all', place.freeBytes);
      expect(await load((__, inARow) => inARow === REFUSALS)).toBeGreaterThanOrEqual(FEEDERS * REFUSALS);
      let seen = await ready();
      // What is told of a failure is told for a while only: on a slow machine another one may be needed.
      for (let tries = 0; seen.status !== 503 && tries < 20; tries += 1) {
        await send(made, (made += BATCH));
        seen = await ready();
      }
      expect(seen).toMatchObject({ status: 503, store: { ready: false, failure: 'full' } });
      expect((await depter.get('/health/live')).status).toBe(200);
      const head = await log.look(servedLog(() => depter.url, CONTROLLER));
      expect(head.size).toBe(acknowledged.size + shown);
      await look();
      expect(faults).toEqual([]);
      // Whoever is known already needs no new key: for them it goes on.
      if (place.file === 'keys.db') expect(await send(made, (made += BATCH), 5)).toBe(true);
    }, 240_000);

    test('with room again it goes on by itself', async () => {
      disks.empty('all');
      expect(await load((recorded) => recorded === 2)).toBe(0);
      expect(await ready()).toMatchObject({ status: 200, store: { ready: true } });
      expect(await look()).toBe(200);
    }, 120_000);

    test('sent again, everything is there exactly once', async () => {
      const before = acknowledged.size;
      expect(before).toBeLessThan(made);
      for (let from = 0; from < made; from += BATCH) expect(await send(from, from + BATCH)).toBe(true);
      expect(faults).toEqual([]);
      expect(acknowledged.size).toBe(made);
      expect(new Set([...acknowledged.values()].map(({ position }) => position)).size).toBe(made);
      expect((await log.look(servedLog(() => depter.url, CONTROLLER))).size).toBe(made + shown);
    }, 240_000);

    test('stopped and started on a full disk, it has it all', async () => {
      disks.fill('all', 0);
      expect(await depter.stop()).toBe(0);
      await depter.serve().catch(() => {
        // To refuse to start is right, too, where it says why.
        expect(depter.output).toMatch(/no room left/);
        disks.empty('all');
        return depter.serve();
      });
      expect((await log.look(servedLog(() => depter.url, CONTROLLER))).size).toBe(made + shown);
      expect(await send(0, BATCH)).toBe(true);
      expect(faults).toEqual([]);
    }, 120_000);
  });
});
