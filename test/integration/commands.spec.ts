/** Commands over HTTP: decided on the fold, refused by clause, recorded once, and never on what is no longer so. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SubjectRef } from '#ledger';
import { Ledger } from '#store';
import { anIin, collected, CONTROLLER, InProcess, type Answer } from './in-process.js';

let server: InProcess;
/** Facts that come between the reading and the writing of a command, one for each try. */
let between: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  server = await InProcess.started((parts) => {
    const { ledger } = parts;
    const growing = new Proxy(ledger, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        if (name !== 'record') return member.bind(target) as unknown;
        return async (...[controller, actions, options]: Parameters<Ledger['record']>) => {
          if (options?.expecting !== undefined) await between.shift()?.();
          return target.record(controller, actions, options);
        };
      },
    });
    return { ...parts, ledger: growing };
  });
}, 60_000);
afterAll(() => server.dispose());

let iin: string;
let subject: SubjectRef;
beforeEach(async () => {
  between = [];
  iin = anIin();
  await fact('collected', { items: ['name', 'email'], values: { name: 'Fictitious Person' } });
  subject = await server.find({ iin });
});

const person = (): string => `/v1/${CONTROLLER}/subjects/${subject}`;

async function fact(type: string, data: Readonly<Record<string, unknown>>, time?: string): Promise<Answer> {
  const told = { type: `depter.action.${type}.v1`, ...(time === undefined ? {} : { time }) };
  const event = type === 'collected' ? collected(told, { person: { iin }, ...data }) : collected(told);
  const answer = await server.send(type === 'collected' ? event : { ...event, data: { person: { iin }, ...data } });
  expect(answer.status).toBe(201);
  return answer;
}

function command(
  path: string,
  body: unknown = {},
  idempotencyKey?: string,
  key = server.keys.officer,
): Promise<Answer> {
  const json = { 'content-type': 'application/json' };
  const headers = idempotencyKey === undefined ? json : { ...json, 'idempotency-key': idempotencyKey };
  return server.ask('POST', `${person()}/${path}`, key, JSON.stringify(body), headers);
}

async function view<Row>(name: string): Promise<readonly Row[]> {
  return (await server.get(`${person()}/${name}`, server.keys.officer)).json<Record<string, Row[]>>()[name]!;
}

/** Opens a request and gives Depter's reference. */
async function asked(right: string, request = `R-${iin}`): Promise<string> {
  const opened = await command('requests', { request, right, channel: 'office' });
  expect(opened.status).toBe(201);
  const rows = await view<{ id: string; request: string }>('requests');
  return rows.find((row) => row.request === request)!.id;
}

describe('a command that is accepted', () => {
  it('is recorded, and answered with its event, position and receipt', async () => {
    const answer = await command('block', { items: ['email'], cause: 'dispute' });
    expect(answer.status).toBe(201);
    const { event, position, receipt } = answer.json<{ event: string; position: number; receipt: string }>();
    expect(Object.keys(answer.json())).toEqual(['event', 'position', 'receipt']);
    expect(receipt).toContain(`index ${position}\n`);
    expect(await view('trail')).toContainEqual(
      expect.objectContaining({ event, position, type: 'blocked', at: '2026-03-10T07:00:00.000Z' }),
    );
    const items = (await server.get(`${person()}/lineage`, server.keys.officer)).json<{ items: object[] }>().items;
    expect(items).toContainEqual(expect.objectContaining({ item: 'email', state: 'blocked' }));
  });

  it('says by whose key, or which member of the staff, as it is told', async () => {
    const keys = await server.get(`/v1/${CONTROLLER}/keys`, server.keys.admin);
    const officer = keys.json<{ keys: { id: string; role: string }[] }>().keys.find(({ role }) => role === 'officer')!;
    await command('hold', { authority: 'kz.authority' });
    await command('release', { by: 'S-17' });
    const trail = await view<{ type: string; by: string | null }>('trail');
    expect(trail.slice(-2)).toMatchObject([
      { type: 'held', by: officer.id },
      { type: 'released', by: 'S-17' },
    ]);
  });

  it.each([
    ['block', { items: 'all', cause: 'dispute', until: '2026-04-01' }, 'blocked'],
    ['unblock', { items: ['email'] }, 'unblocked'],
    ['hold', { authority: 'kz.authority', until: '2026-04-01', note: 'by letter' }, 'held'],
    ['release', {}, 'released'],
    ['stop', { purposes: ['marketing'] }, 'stopped'],
    ['stop', { purposes: 'all' }, 'stopped'],
  ])('%s of %j becomes %s', async (path, body, type) => {
    expect((await command(path, body)).status).toBe(201);
    expect((await view<{ type: string }>('trail')).at(-1)).toMatchObject({ type });
  });

  it('is in the dossier that was named, and stands for all that are linked', async () => {
    const client = `A-${iin}`;
    await fact('collected', { person: { iin, client } });
    const other = await server.find({ client });
    expect(other).toBe(subject);
    const linked = (await server.get(person(), server.keys.officer)).json<{ linked: { subject: SubjectRef }[] }>();
    const id = await asked('access');
    subject = linked.linked[0]!.subject;
    expect((await command(`requests/${id}/answer`)).status).toBe(201);
    subject = other;
    expect(await view('requests')).toMatchObject([{ id, state: 'answered' }]);
  });
});

describe('a request', () => {
  it('is opened by the person, with a number of theirs or of Depter, and answered by an officer', async () => {
    const own = await server.key('subject', subject);
    const numbered = { request: `R-${iin}`, right: 'access', channel: 'cabinet' };
    expect((await command('requests', numbered, undefined, own)).status).toBe(201);
    expect((await command('requests', { right: 'destroy', channel: 'cabinet' }, `key-${iin}`, own)).status).toBe(201);
    const rows = await view<{ id: string; right: string; state: string }>('requests');
    expect(rows).toMatchObject([
      { request: `R-${iin}`, right: 'access', state: 'open' },
      { request: `key-${iin}`, right: 'destroy', state: 'open' },
    ]);
    const [access, destroy] = rows.map(({ id }) => id);
    expect((await command(`requests/${access}/answer`, {}, undefined, own)).status).toBe(403);
    expect((await command(`requests/${access}/answer`, { medium: 'paper' })).status).toBe(201);
    const refusal = { ground: '94-v.8.2.law' };
    await fact('contracted', { contract: `L-${iin}` });
    expect((await command(`requests/${destroy}/refuse`, refusal)).status).toBe(201);
    expect(await view('requests')).toMatchObject([{ state: 'answered' }, { state: 'refused' }]);
  });

  it('of the person themself is by nobody of the staff, whatever they say', async () => {
    const own = await server.key('subject', subject);
    const wanted = { right: 'access', channel: 'cabinet' };
    const said = await command('requests', { ...wanted, by: 'S-17' }, undefined, own);
    expect(said.json()).toMatchObject({ status: 400, code: 'unknown-field', pointer: '/by' });
    expect(await view('requests')).toEqual([]);
    expect((await command('requests', wanted, undefined, own)).status).toBe(201);
    expect((await command('requests', { ...wanted, by: 'S-17' })).status).toBe(201);
  });

  it('that came otherwise than law and policy want is open, and answered with what it lacks', async () => {
    const defects = [
      { defect: 'channel', clause: '94-V 10(2)', pack: 'kz.94-v' },
      { defect: 'channel', clause: 'policy 7.1', pack: 'kz.autosiyliq' },
    ];
    const answer = await command('requests', { request: `R-${iin}`, right: 'access', channel: 'messenger' });
    expect(answer.status).toBe(201);
    expect(answer.json()).toMatchObject({ defects });
    expect(await view('requests')).toMatchObject([{ state: 'open', defects }]);
    expect((await command('requests', { right: 'access', channel: 'email' })).json()).not.toHaveProperty('defects');
  });

  it('that a withdrawal opened is answered by the number that Depter gave it', async () => {
    await fact('withdrew', { parts: 'all' });
    const [row] = await view<{ id: string }>('requests');
    expect((await command(`requests/${row!.id}/answer`)).status).toBe(201);
    expect(await view('requests')).toMatchObject([{ id: row!.id, right: 'withdraw', state: 'answered' }]);
  });

  it('is named in a block by Depter’s reference or by its number', async () => {
    const id = await asked('block');
    const block = { items: ['email'], cause: 'dispute' };
    expect((await command('block', { ...block, request: id })).status).toBe(201);
    expect((await command('block', { ...block, request: `R-${iin}` })).status).toBe(201);
    const trail = await view<{ type: string; data: { request: string } }>('trail');
    expect(trail.filter(({ type }) => type === 'blocked').map(({ data }) => data.request)).toEqual([
      `R-${iin}`,
      `R-${iin}`,
    ]);
    expect((await command('block', { ...block, request: 'R-nobody' })).json()).toMatchObject({
      code: 'invalid-field',
      pointer: '/request',
    });
  });

  it('of nobody, or of somebody else, is not found', async () => {
    const id = await asked('access');
    expect((await command('requests/AAAAAAAAAAAAAAAAAAAAAA/answer')).status).toBe(404);
    iin = anIin();
    await fact('collected', {});
    subject = await server.find({ iin });
    expect((await command(`requests/${id}/answer`)).status).toBe(404);
  });
});

describe('a command that is refused', () => {
  it('for want of a ground, says by which clause', async () => {
    const id = await asked('destroy');
    for (const body of [{}, { ground: null }, { ground: 'because' }]) {
      const answer = await command(`requests/${id}/refuse`, body);
      expect(answer.status).toBe(422);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.json()).toEqual({
        type: 'urn:depter:problem:ground-required',
        title: 'A ground is required',
        status: 422,
        code: 'ground-required',
        clause: '94-V 8(7)',
        pack: 'kz.94-v',
      });
    }
    expect(await view('requests')).toMatchObject([{ state: 'open' }]);
  });

  it('for a condition that does not hold, names the items for which it does not', async () => {
    const id = await asked('destroy');
    await fact('contracted', { contract: `L-${iin}` });
    const body = { ground: '94-v.8.2.law', items: ['name', 'email'] };
    expect((await command(`requests/${id}/refuse`, body)).json()).toMatchObject({
      status: 422,
      code: 'ground-not-met',
      clause: '94-V 8(2)',
      pack: 'kz.94-v',
      items: ['email'],
    });
  });

  it('as an extension that the law does not know', async () => {
    const id = await asked('access');
    const body = { until: '2026-03-20', reason: 'much to look for' };
    expect((await command(`requests/${id}/extend`, body)).json()).toMatchObject({
      status: 422,
      code: 'not-allowed',
      clause: '94-V 25(2)',
    });
  });

  it('leaves nothing in the log, and gives nothing back of what came', async () => {
    const id = await asked('destroy');
    const before = (await view('trail')).length;
    const canary = 'Canary77';
    const body = { ground: 'canary.77', note: canary, document: canary, by: canary };
    const answers = [
      await command(`requests/${id}/refuse`, body, canary),
      await command('block', { items: ['canary.77'], cause: 'dispute', [canary]: 1 }, canary),
      await command('block', { items: [canary], cause: 'dispute' }, canary),
      await command('hold', { authority: canary }, canary),
      await command(`requests/${canary}/answer`, {}, canary),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, 400, 400, 400, 404]);
    for (const { text } of answers) expect(text.toLowerCase()).not.toContain('canary');
    expect(server.log.toLowerCase()).not.toContain('canary');
    expect(await view('trail')).toHaveLength(before);
  });

  it.each([
    ['block', {}, 'missing-field', '/cause'],
    ['block', { items: ['email'], cause: 'dispute', person: { iin: '1' } }, 'unknown-field', ''],
    ['block', { items: ['email'], cause: 'dispute', on: '2026-03-01' }, 'unknown-field', ''],
    ['block', { cause: 'dispute', items: [] }, 'invalid-field', '/items'],
    ['block', { cause: 'dispute', items: ['email'], until: '2026-02-30' }, 'invalid-field', '/until'],
    ['hold', { until: '2026-04-01' }, 'missing-field', '/authority'],
    ['requests', { right: 'access' }, 'missing-field', '/channel'],
    ['requests', { right: 'everything', channel: 'office' }, 'invalid-field', '/right'],
    ['stop', [], 'invalid-field', ''],
  ])('for its form: %s of %j', async (path, body, code, pointer) => {
    expect((await command(path, body)).json()).toMatchObject({ status: 400, code, pointer });
  });

  it('for its key', async () => {
    for (const key of ['', 'with space', 'x'.repeat(129)]) {
      expect((await command('release', {}, key)).json()).toMatchObject({
        status: 400,
        code: 'invalid-field',
        parameter: 'Idempotency-Key',
      });
    }
  });
});

describe('a command that comes again under its key', () => {
  it('is answered with the first event and position, at whatever time', async () => {
    const body = { items: ['email'], cause: 'dispute' };
    const first = (await command('block', body, `b-${iin}`)).json();
    await server.ask('PUT', '/clock', server.operator, JSON.stringify({ now: nextMinute() }), {
      'content-type': 'application/json',
    });
    await fact('collected', {});
    const again = await command('block', body, `b-${iin}`);
    expect(again.status).toBe(201);
    expect(again.json()).toMatchObject({ event: first['event'], position: first['position'] });
    expect((await view<{ type: string }>('trail')).filter(({ type }) => type === 'blocked')).toHaveLength(1);
  });

  it('is so though it would be refused by now', async () => {
    const id = await asked('destroy');
    const contract = `L-${iin}`;
    await fact('contracted', { contract });
    const refusal = { ground: '94-v.8.2.obligation' };
    const first = await command(`requests/${id}/refuse`, refusal, `r-${iin}`);
    expect(first.status).toBe(201);
    await fact('performed', { contract });
    expect((await command(`requests/${id}/refuse`, refusal)).json()).toMatchObject({ code: 'ground-not-met' });
    const again = await command(`requests/${id}/refuse`, refusal, `r-${iin}`);
    expect(again.json()).toMatchObject({ event: first.json()['event'], position: first.json()['position'] });
  });

  it('with another body, another command or of another person is a conflict', async () => {
    const key = `c-${iin}`;
    await command('block', { items: ['email'], cause: 'dispute' }, key);
    expect((await command('block', { items: ['name'], cause: 'dispute' }, key)).json()).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    expect((await command('release', {}, key)).status).toBe(409);
    iin = anIin();
    await fact('collected', {});
    subject = await server.find({ iin });
    expect((await command('block', { items: ['email'], cause: 'dispute' }, key)).status).toBe(409);
  });

  it('many at once are one', async () => {
    const body = { purposes: 'all' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => command('stop', body, `m-${iin}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map((answer) => answer.json()['position'])).size).toBe(1);
  });
});

describe('while the dossier grows', () => {
  it('a command is decided again, on what is there by then', async () => {
    const id = await asked('destroy');
    const contract = `L-${iin}`;
    await fact('contracted', { contract });
    between = [() => fact('collected', {}), () => fact('performed', { contract })];
    const refused = await command(`requests/${id}/refuse`, { ground: '94-v.8.2.obligation' });
    expect(refused.json()).toMatchObject({ status: 422, code: 'ground-not-met' });
    await fact('contracted', { contract: `M-${iin}` });
    between = [() => fact('collected', {}), () => fact('collected', {})];
    expect((await command(`requests/${id}/refuse`, { ground: '94-v.8.2.obligation' })).status).toBe(201);
  });

  it('again and again, it is told so, and nothing is recorded', async () => {
    between = Array.from({ length: 50 }, () => () => fact('collected', {}));
    expect((await command('release')).json()).toMatchObject({ status: 412, code: 'changed' });
    between = [];
    expect((await view<{ type: string }>('trail')).some(({ type }) => type === 'released')).toBe(false);
  });

  it('many commands at once are recorded one after another', async () => {
    const until = (day: number) => ({ authority: 'kz.authority', until: `2026-04-0${day}` });
    const answers = await Promise.all([1, 2, 3, 4].map((day) => command('hold', until(day))));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  });
});

let minutes = 0;
const nextMinute = (): string => new Date(Date.parse('2026-03-10T12:00:00+05:00') + ++minutes * 60_000).toISOString();
