/**
 * The whole engine under fault: a server and a worker on one PostgreSQL, which is killed -9 under load and started again,
 * and the worker killed while it has the lead. Nothing acknowledged is lost, nothing is there twice, the tree is one, and
 * it goes on within seconds without hands.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { controllerId } from '#ledger';
import { Postgres, PostgresEventLog, PostgresSequencing } from '#store';
import { collected } from '../integration/in-process.js';
import { Depter } from '../running/depter.js';
import { PostgresServer } from '../running/postgres.js';
import { Worker } from '../running/worker.js';

const CONTROLLER = 'kz.autosiyliq';
const SENDERS = 8;
/** How long it may take from a server that is there again to the next acknowledgement. */
const RECOVERED_WITHIN_MS = 15_000;

let server: PostgresServer;
let url: string;
let depter: Depter;
let worker: Worker;
let key: string;
let load: Load;

beforeAll(async () => {
  server = await PostgresServer.start();
}, 60_000);
afterAll(() => server.stop());

beforeEach(async () => {
  url = await server.database();
  depter = await Depter.onDatabase(url);
  key = await depter.key(CONTROLLER, 'emitter');
  await depter.serve();
  worker = await Worker.inNewFolder();
  await startWorker();
  load = new Load();
  await load.grownBy(10);
}, 60_000);
afterEach(async () => {
  await load.stop();
  await worker.dispose();
  await depter.dispose();
}, 60_000);

const startWorker = () =>
  worker.start('--postgres', url, '--root-key', join(depter.dir, 'root.key'), '--roles', 'sequencer');

/** Sends single actions, each until it is acknowledged with its place. */
class Load {
  /** Positions by event, as they were acknowledged. */
  readonly acknowledged = new Map<string, number>();
  #on = true;
  #next = 0;
  /** When those who still wait for an answer give up. */
  #until = Infinity;
  #last = '';
  readonly #running: Promise<unknown>;

  constructor() {
    this.#running = Promise.all(Array.from({ length: SENDERS }, () => this.#send()));
    // Met by whoever stops it.
    this.#running.catch(() => undefined);
  }

  async grownBy(count: number): Promise<number> {
    const begun = performance.now();
    let refused: unknown;
    this.#running.catch((failure: unknown) => (refused = failure));
    const goal = this.acknowledged.size + count;
    while (this.acknowledged.size < goal) {
      if (refused !== undefined) throw refused;
      if (performance.now() - begun > 40_000) throw new Error(`nothing is acknowledged any more: ${this.#last}`);
      await sleep(20);
    }
    return performance.now() - begun;
  }

  async stop(): Promise<void> {
    this.#on = false;
    this.#until = performance.now() + RECOVERED_WITHIN_MS;
    await this.#running;
  }

  async #send(): Promise<void> {
    while (this.#on) {
      const n = (this.#next += 1);
      const body = JSON.stringify(collected({ id: `load-${n}` }, { person: { client: `C-${n % 40}` } }));
      while (!(await this.#sent(body))) {
        if (performance.now() > this.#until) throw new Error(`an action was never acknowledged: ${this.#last}`);
        await sleep(100);
      }
    }
  }

  /** False where it is to be sent again: there is no answer, or none of an action with its place. */
  async #sent(body: string): Promise<boolean> {
    try {
      const answer = await depter.ask('POST', `/v1/${CONTROLLER}/actions`, key, body, {
        'content-type': 'application/cloudevents+json',
      });
      if (answer.status !== 200 && answer.status !== 201) {
        this.#last = `${answer.status} ${answer.text}`;
        if (![202, 429, 500, 502, 503, 504].includes(answer.status)) throw new Refused(answer.text);
        return false;
      }
      const { event, position } = answer.json<{ event: string; position: number }>();
      this.acknowledged.set(event, position);
      return true;
    } catch (error) {
      if (error instanceof Refused) throw error;
      return false;
    }
  }
}

class Refused extends Error {}

/** A worker looks at its store again on its own: it says so within the time that a recovery may take. */
async function workerReady(): Promise<void> {
  const until = performance.now() + RECOVERED_WITHIN_MS;
  for (;;) {
    const store = (await worker.health()).parts['store'];
    if (store?.ready === true) return;
    if (performance.now() > until) throw new Error(`the worker is not ready again: ${JSON.stringify(store)}`);
    await sleep(100);
  }
}

/** What is wrong between what was acknowledged, the database, the log and the signed tree. */
async function faults(): Promise<string[]> {
  await load.stop();
  const postgres = new Postgres({ url, connectionsMax: 2 });
  try {
    const placed = await postgres.rows(
      'SELECT p.position, e.id FROM depter.placed p JOIN depter.events e USING (seq) ORDER BY p.position',
    );
    const found: string[] = [];
    const places = new Map(
      placed.map(({ id, position }) => [(id as Buffer).toString('base64url'), position as number]),
    );
    if (places.size !== placed.length) found.push('an event has two places');
    if (placed.some(({ position }, i) => position !== i)) found.push('the places have a gap');
    for (const [event, position] of load.acknowledged) {
      if (places.get(event) !== position) found.push(`${event} is not where it was acknowledged`);
    }
    const [sums] = await postgres.rows(
      `SELECT (SELECT count(*) FROM depter.events) AS events, (SELECT count(*) FROM depter.pending) AS pending,
        (SELECT count(*) FROM depter.events WHERE type = 'collected') AS actions`,
    );
    // Every sender has got its last answer: what was sent is there, and nothing else.
    if (sums!['pending'] !== 0 || sums!['events'] !== placed.length) found.push('an accepted event has no place');
    if (sums!['actions'] !== load.acknowledged.size)
      found.push(`of ${load.acknowledged.size} actions ${String(sums!['actions'])} are there`);
    const log = { controller: controllerId(CONTROLLER)!, generation: 1 };
    const { size } = await new PostgresSequencing(postgres).stored(log);
    if (size !== placed.length || (await new PostgresEventLog(postgres).size(log)) !== size)
      found.push('the tree has another size');
    return found;
  } finally {
    await postgres.close();
  }
}

test('PostgreSQL killed -9 under a server and a worker, twice', async () => {
  for (let kills = 0; kills < 2; kills += 1) {
    await server.kill();
    await sleep(300);
    await server.restart();
    expect(await load.grownBy(10)).toBeLessThan(RECOVERED_WITHIN_MS);
  }
  expect(await faults()).toEqual([]);
  // The head that stands there is that of its leaves: whoever takes the lead next makes sure of it, and signs on.
  await workerReady();
}, 120_000);

test('the worker killed -9 while it may have the lead, and another in its place', async () => {
  for (let kills = 0; kills < 2; kills += 1) {
    await worker.stop('SIGKILL');
    expect(await load.grownBy(10)).toBeLessThan(RECOVERED_WITHIN_MS);
    await startWorker();
    await load.grownBy(10);
  }
  expect(await faults()).toEqual([]);
}, 120_000);
