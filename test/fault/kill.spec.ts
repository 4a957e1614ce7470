/**
 * kill -9 under load, again and again: nothing acknowledged is ever lost, nothing is ever doubled, and every start
 * accepts what the last end left.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Depter } from '../running/depter.js';
import { servedLog, WatchedLog } from './watched-log.js';

const CONTROLLER = 'kz.autosiyliq';
const KILLS = 22;
const BATCH = 40;

interface Acknowledged {
  readonly event: string;
  readonly position: number;
}

/** The n-th action: a few persons come back often, most are new, so that keys are made all the time. */
function action(n: number): { id: string; line: string } {
  const client = n % 3 === 0 ? `K-${n % 50}` : `K-new-${n}`;
  const id = `kill-${n}`;
  const data = { on: '2026-02-02', person: { client }, items: ['name', 'phone'], values: { name: `Fictitious ${n}` }, origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent', consent: `C-${n % 20}` }; // prettier-ignore
  return {
    id,
    line: JSON.stringify({
      specversion: '1.0',
      id,
      source: 'urn:example:kill',
      type: 'depter.action.collected.v1',
      data,
    }),
  };
}

describe('kill -9 under load', () => {
  let depter: Depter;
  let key: string;
  const acknowledged = new Map<string, Acknowledged>();
  const faults: string[] = [];
  const log = new WatchedLog();
  const source = servedLog(() => depter.url, CONTROLLER);
  const receipts: { readonly entry: Uint8Array; readonly receipt: string; readonly position: number }[] = [];

  const note = (id: string, answer: Acknowledged): void => {
    const before = acknowledged.get(id);
    if (before !== undefined && (before.event !== answer.event || before.position !== answer.position)) {
      faults.push(`${id} was ${before.position} and is ${answer.position}`);
    }
    acknowledged.set(id, { event: answer.event, position: answer.position });
  };

  /** Feeds batches until the server is gone; what it answered before that is acknowledged. */
  async function feedUntilKilled(next: () => number): Promise<void> {
    for (;;) {
      const batch = Array.from({ length: BATCH }, () => action(next()));
      try {
        const response = await fetch(`${depter.url}/v1/${CONTROLLER}/actions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
          body: batch.map((one) => one.line).join('\n') + '\n',
        });
        let rest = '';
        for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
          rest += part;
          const lines = rest.split('\n');
          rest = lines.pop()!;
          for (const line of lines) {
            const answer = JSON.parse(line) as { line?: number; status?: string; event: string; position: number };
            if (answer.status === 'recorded' || answer.status === 'repeated') note(batch[answer.line! - 1]!.id, answer);
          }
        }
      } catch {
        return;
      }
    }
  }

  /** One action by itself, which is answered with its receipt. */
  async function single(n: number): Promise<void> {
    const one = action(n);
    const answer = await depter.ask('POST', `/v1/${CONTROLLER}/actions`, key, one.line, {
      'content-type': 'application/cloudevents+json',
    });
    expect([200, 201]).toContain(answer.status);
    const told = answer.json<Acknowledged & { entry: string; receipt: string }>();
    note(one.id, told);
    receipts.push({ entry: Buffer.from(told.entry, 'base64'), receipt: told.receipt, position: told.position });
  }

  /** After a start the log continues what was published before the kill, and holds all that was acknowledged. */
  async function lookAtLog(): Promise<void> {
    const head = await log.look(source);
    const highest = Math.max(-1, ...[...acknowledged.values()].map(({ position }) => position));
    expect(head.size).toBeGreaterThan(highest);
    for (const { receipt, entry, position } of receipts) expect(log.indexOf(receipt, entry)).toBe(position);
  }

  beforeAll(async () => {
    depter = await Depter.inNewFolder();
    key = await depter.key(CONTROLLER, 'emitter');
  }, 60_000);
  afterAll(async () => depter.dispose());

  test(`${KILLS} times`, async () => {
    let made = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      await depter.serve();
      await lookAtLog();
      await single(made++);
      const start = Math.max(0, made - 100);
      let again = start;
      // Two feeders: one sends new actions, one repeats the last ones of the round before.
      const feeders = [
        feedUntilKilled(() => made++),
        feedUntilKilled(() => (again < made ? again++ : (again = start))),
      ];
      // The moments are spread over the whole of a commit's life; their exact places do not matter and differ each time.
      await new Promise((resolve) => setTimeout(resolve, 30 + ((kill * 37) % 300)));
      await depter.kill();
      await Promise.all(feeders);
    }
    expect(faults).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(KILLS * 10);

    await depter.serve();
    await lookAtLog();
    const before = new Map(acknowledged);
    for (let n = 0; n < made; n += 500) {
      const batch = Array.from({ length: Math.min(500, made - n) }, (_, index) => action(n + index));
      const answers = await depter.feed(
        CONTROLLER,
        key,
        batch.map((one) => one.line),
      );
      batch.forEach((one, index) => {
        const answer = answers[index] as unknown as Acknowledged & { status: string };
        expect(['recorded', 'repeated']).toContain(answer.status);
        if (before.has(one.id)) expect(answer.status).toBe('repeated');
        note(one.id, answer);
      });
    }
    expect(faults).toEqual([]);
    expect(acknowledged.size).toBe(made);
    expect(new Set([...acknowledged.values()].map((one) => one.position)).size).toBe(made);
    expect((await log.look(source)).size).toBe(made);
    // Receipts of before any kill prove their entries still, and today's receipt of the same event does, too.
    await lookAtLog();
    const again = [...receipts];
    receipts.length = 0;
    for (let n = 0; n < made; n += Math.ceil(made / 30)) await single(n);
    await lookAtLog();
    expect(receipts.length + again.length).toBeGreaterThan(KILLS + 20);
    expect(faults).toEqual([]);
    expect((await log.look(source)).size).toBe(made);
    expect(await depter.stop()).toBe(0);
  }, 480_000);
});
