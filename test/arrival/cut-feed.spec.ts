/**
 * A lender's history fed over HTTP while the client and twice the server are killed, and the same file fed once straight into
 * another folder: the same answers about the same people, and logs of the same length.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Depter } from '../running/depter.js';
import { normalised } from './arrivals.js';

const CLI = resolve('dist/apps/cli/src/main.js');
const CONTROLLER = 'kz.autosiyliq';
const PERSONS = 400;
const SAMPLE = 50;

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

interface Feeding {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  over: boolean;
}

describe('a feed that is cut', () => {
  let folder: string;
  let file: string;
  let cut: Depter;
  let whole: Depter;
  let lines = 0;
  const keys = { emitter: '', cut: '', whole: '' };

  function depter(...args: string[]): Feeding {
    const child = spawn(process.execPath, [CLI, ...args]);
    let [out, err] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (out += part.toString()));
    child.stderr.on('data', (part: Buffer) => (err += part.toString()));
    const feeding: Feeding = {
      child,
      over: false,
      ended: once(child, 'close').then(([status]) => {
        feeding.over = true;
        return { status: status as number | null, out, err };
      }),
    };
    return feeding;
  }

  /** Waits until so many lines are noted as answered. Throws where the feed ends before that: then nothing would be cut. */
  async function answered(feeding: Feeding, atLeast: number): Promise<void> {
    for (;;) {
      const text = await readFile(`${file}.depter-progress`, 'utf8').catch(() => undefined);
      if (text !== undefined && (JSON.parse(text) as { standing: { line: number } }).standing.line >= atLeast) return;
      if (feeding.over) throw new Error(`the feed was over too soon: ${(await feeding.ended).err.slice(-2000)}`);
      await sleep(5);
    }
  }

  const size = async (server: Depter): Promise<number> =>
    Number((await server.get(`/log/${CONTROLLER}/1/checkpoint`)).text.split('\n')[1]);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'depter-cut-'));
    file = join(folder, 'lender.ndjson');
    const simulation = spawn(process.execPath, [CLI, 'simulate', '--persons', String(PERSONS), '--seed', '11', '--from', '2025-01-01', '--to', '2025-12-31']); // prettier-ignore
    await pipeline(simulation.stdout, createWriteStream(file));
    lines = (await readFile(file, 'utf8')).trimEnd().split('\n').length;
    [cut, whole] = [await Depter.inNewFolder(), await Depter.inNewFolder()];
    keys.emitter = await cut.key(CONTROLLER, 'emitter');
    keys.cut = await cut.key(CONTROLLER, 'officer');
    keys.whole = await whole.key(CONTROLLER, 'officer');
  }, 120_000);
  afterAll(async () => {
    await cut.dispose();
    await whole.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  test('goes on over one kill -9 of the client and two of the server', async () => {
    await cut.serve();
    const { url } = cut;
    const again = { flags: ['--port', new URL(url).port] };
    const target = ['feed', file, '--controller', CONTROLLER, '--url', url, '--key', keys.emitter];

    const first = depter(...target);
    await answered(first, 1);
    first.child.kill('SIGKILL');
    expect((await first.ended).status).toBeNull();

    const second = depter(...target);
    for (const share of [0.2, 0.5]) {
      await answered(second, lines * share);
      await cut.kill();
      await cut.serve(again);
    }
    const { status, out, err } = await second.ended;
    expect([status, err]).toEqual([0, expect.stringContaining('going on after line')]);
    expect(err.match(/stopped at line/g)?.length).toBeGreaterThanOrEqual(2);
    expect(out).toContain(`${lines} actions`);
    expect(out).toContain(' 0 refused');
  }, 480_000);

  test('and gives what the same file gives when it is fed once', async () => {
    const fed = await depter('feed', file, '--controller', CONTROLLER, '--data', whole.dir).ended;
    expect([fed.status, fed.out]).toEqual([0, expect.stringContaining(`${lines} recorded, 0 repeated, 0 refused`)]);
    await whole.serve();
    const sizes = [await size(cut), await size(whole)];
    expect(sizes[0]).toBe(sizes[1]);
    expect(sizes[0]).toBeGreaterThanOrEqual(lines);

    const people = [...new Set((await readFile(file, 'utf8')).match(/"iin":"\d{12}"/g))];
    expect(people.length).toBeGreaterThan(SAMPLE);
    const step = Math.floor(people.length / SAMPLE);
    let readings = 0;
    for (let n = 0; n < SAMPLE; n += 1) {
      const person = JSON.parse(`{${people[n * step]!}}`) as object;
      const [one, other] = [await answers(cut, keys.cut, person), await answers(whole, keys.whole, person)];
      expect(one).toEqual(other);
      // The search, the lineage and the findings.
      readings += 3;
    }
    // Beside what was fed, only the readings are in the log.
    expect([await size(cut), await size(whole)]).toEqual(sizes.map((before) => before + readings));
  }, 480_000);

  /** Lineage and findings without what depends on arrival. */
  async function answers(server: Depter, key: string, person: object): Promise<unknown> {
    const found = await server.post(`/v1/${CONTROLLER}/subjects/find`, key, { person });
    const { subject } = found.json<{ subject: string }>();
    const views = await Promise.all(
      ['lineage', 'findings'].map(async (view) => {
        const answer = await server.get(`/v1/${CONTROLLER}/subjects/${subject}/${view}?asOf=2026-01-15`, key);
        expect(answer.status).toBe(200);
        const { evidence: _, asKnown: __, ...rest } = answer.json<Record<string, unknown>>();
        return rest;
      }),
    );
    expect((views[0]!['items'] as unknown[]).length).toBeGreaterThan(0);
    return normalised(views);
  }
});
