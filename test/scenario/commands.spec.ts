/** Commands through the running server on every engine: recorded once, refused under a hold, and nobody left to be found. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Answer, Depter } from '../running/depter.js';
import { onEveryEngine, type RunningEngine } from '../running/engines.js';

const CONTROLLER = 'kz.autosiyliq';
const person = { iin: '900101300017' };
const collected = {
  specversion: '1.0',
  id: 'c-1',
  source: 'urn:example:los',
  type: 'depter.action.collected.v1',
  time: '2026-03-10T10:00:00+05:00',
  data: {
    person,
    items: ['name', 'email'],
    values: { name: 'Fictitious Person', email: 'fictitious@example.org' },
    origin: { kind: 'subject' },
    purposes: ['loan'],
    basis: 'consent',
  },
};

onEveryEngine((engine) => `commands on ${engine}`, commandsOn);

function commandsOn(engine: RunningEngine): void {
  let depter: Depter;
  let dispose: () => Promise<void>;
  let officer: string;
  let emitter: string;
  let subject: string;

  beforeAll(async () => {
    const made = await engine.make(CONTROLLER);
    depter = made.depter;
    dispose = () => made.dispose();
    officer = await depter.key(CONTROLLER, 'officer');
    emitter = await depter.key(CONTROLLER, 'emitter');
    await depter.serve({ now: '2026-03-10T12:00:00+05:00' });
    await send();
    subject = (await find()).json<{ subject: string }>().subject;
  }, 60_000);
  afterAll(() => dispose());

  const send = (): Promise<Answer> =>
    depter.post(`/v1/${CONTROLLER}/actions`, emitter, collected, 'application/cloudevents+json');
  const find = (): Promise<Answer> => depter.post(`/v1/${CONTROLLER}/subjects/find`, officer, { person });
  const command = (path: string, body: unknown, key: string): Promise<Answer> => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    const address = `/v1/${CONTROLLER}/subjects/${subject}/${path}`;
    return depter.ask('POST', address, officer, JSON.stringify(body), headers);
  };
  interface Done {
    readonly event: string;
    readonly position: number;
    readonly receipt: string;
  }

  test('one that comes twice is one, many at once follow each other', async () => {
    const block = { items: ['email'], cause: 'dispute' };
    const first = await command('block', block, 'b-1');
    expect(first.status).toBe(201);
    const { event, position, receipt } = first.json<Done>();
    expect(receipt).toContain(`index ${position}\n`);
    expect((await command('block', block, 'b-1')).json()).toMatchObject({ event, position });
    expect((await command('unblock', { items: ['email'] }, 'b-1')).status).toBe(409);
    const holds = [1, 2, 3].map((n) =>
      command('hold', { authority: 'kz.authority', until: `2026-04-0${n}` }, `h-${n}`),
    );
    expect((await Promise.all(holds)).map(({ status }) => status)).toEqual([201, 201, 201]);
  });

  test('a request is opened, found by its reference, and answered', async () => {
    expect((await command('requests', { right: 'access', channel: 'office' }, 'R-1')).status).toBe(201);
    const asked = await depter.get(`/v1/${CONTROLLER}/subjects/${subject}/requests`, officer);
    const [row] = asked.json<{ requests: { id: string; request: string }[] }>().requests;
    expect(row!.request).toBe('R-1');
    expect((await command(`requests/${row!.id}/answer`, {}, 'a-1')).status).toBe(201);
  });

  test('all of a person is destroyed when no hold keeps it any more, and told the same ever after', async () => {
    const all = { items: 'all', method: 'erase' };
    expect((await command('destroy', all, 'd-1')).json()).toMatchObject({
      status: 422,
      code: 'kept-by-law',
      items: ['email', 'name'],
    });
    expect((await command('release', {}, 'l-1')).status).toBe(201);
    const done = await command('destroy', all, 'd-1');
    expect(done.status).toBe(201);
    expect((await find()).status).toBe(404);
    const { event, position } = done.json<Done>();
    expect((await command('destroy', all, 'd-1')).json()).toMatchObject({ event, position });
    expect((await command('destroy', all, 'd-2')).status).toBe(410);
    expect((await send()).status).toBe(410);
  });
}
