/** Destroying over HTTP: decided, carried out as a whole, told by its first event ever after, and nothing to be read. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SubjectRef } from '#ledger';
import type { Destructions } from '#store';
import { anIin, collected, CONTROLLER, InProcess, type Answer } from './in-process.js';

let server: InProcess;
/** What comes between the reading and the carrying out of a command, one for each destruction. */
let between: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  server = await InProcess.started((parts) => {
    const { destructions } = parts;
    const growing = new Proxy(destructions, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        if (name !== 'destroy') return member.bind(target) as unknown;
        return async (...[controller, order]: Parameters<Destructions['destroy']>) => {
          await between.shift()?.();
          return target.destroy(controller, order);
        };
      },
    });
    return { ...parts, destructions: growing };
  });
}, 60_000);
afterAll(() => server.dispose());

const NAME = 'Fictitious Person';
let iin: string;
let subject: SubjectRef;
let first: Record<string, unknown>;
beforeEach(async () => {
  between = [];
  iin = anIin();
  const values = { name: NAME, email: 'fictitious@example.org' };
  first = collected({}, { person: { iin }, items: ['name', 'email'], values });
  expect((await server.send(first)).status).toBe(201);
  subject = await server.find({ iin });
});

const json = { 'content-type': 'application/json' };

function command(path: string, body: unknown, key?: string, of: SubjectRef = subject): Promise<Answer> {
  const headers = key === undefined ? json : { ...json, 'idempotency-key': key };
  const address = `/v1/${CONTROLLER}/subjects/${of}/${path}`;
  return server.ask('POST', address, server.keys.officer, JSON.stringify(body), headers);
}

async function fact(type: string, data: Readonly<Record<string, unknown>>): Promise<void> {
  const event = collected({ type: `depter.action.${type}.v1` });
  expect((await server.send({ ...event, data: { person: { iin }, ...data } })).status).toBe(201);
}

interface Row {
  readonly item: string;
  readonly state: string;
  readonly value?: string;
}
async function items(of: SubjectRef = subject): Promise<readonly Row[]> {
  const answer = await server.get(`/v1/${CONTROLLER}/subjects/${of}/lineage`, server.keys.officer);
  return answer.json<{ items: Row[] }>().items;
}
async function types(of: SubjectRef = subject): Promise<readonly string[]> {
  const answer = await server.get(`/v1/${CONTROLLER}/subjects/${of}/trail`, server.keys.officer);
  return answer.json<{ trail: { type: string }[] }>().trail.map(({ type }) => type);
}

describe('destroying items', () => {
  it('leaves the others, and says in the log that it begins and that it is done', async () => {
    const answer = await command('destroy', { items: ['email'], method: 'erase' });
    expect(answer.status).toBe(201);
    const { position, receipt } = answer.json<{ position: number; receipt: string }>();
    expect(receipt).toContain(`index ${position}\n`);
    const rows = await items();
    expect(rows).toContainEqual(expect.objectContaining({ item: 'email', state: 'destroyed' }));
    expect(rows.find(({ item }) => item === 'email')).not.toHaveProperty('value');
    expect(rows).toContainEqual(expect.objectContaining({ item: 'name', value: NAME }));
    expect((await types()).slice(-2)).toEqual(['destroying', 'destroyed']);
  });

  it('under a key is done once', async () => {
    const body = { items: ['email'], method: 'erase' };
    const done = await command('destroy', body, `d-${iin}`);
    const again = await command('destroy', body, `d-${iin}`);
    expect(again.status).toBe(201);
    expect(again.json()).toMatchObject({ event: done.json()['event'], position: done.json()['position'] });
    expect((await command('destroy', { ...body, items: ['name'] }, `d-${iin}`)).status).toBe(409);
    expect((await command('release', {}, `d-${iin}`)).status).toBe(409);
    expect((await types()).filter((type) => type === 'destroyed')).toHaveLength(1);
  });

  it('that law keeps is refused as a whole, which names those that are kept', async () => {
    await fact('contracted', { contract: `L-${iin}` });
    const answer = await command('destroy', { items: ['name', 'email'], method: 'erase' });
    expect(answer.json()).toMatchObject({
      status: 422,
      code: 'kept-by-law',
      clause: 'MFO rules, keeping of messages and documents',
      items: ['name'],
    });
    expect((await items()).map(({ state }) => state)).not.toContain('destroyed');
  });

  it('that a hold keeps is refused, those that no pack lists by what they are called', async () => {
    await fact('collected', {
      items: ['shoe-size'],
      origin: { kind: 'subject' },
      purposes: ['loan'],
      basis: 'consent',
    });
    await command('hold', { authority: 'kz.authority', items: ['shoe-size'] });
    const answer = await command('destroy', { items: 'all', method: 'erase' });
    expect(answer.json()).toMatchObject({ status: 422, code: 'kept-by-law', clause: null, items: ['shoe-size'] });
    await command('release', {});
    expect((await command('destroy', { items: ['shoe-size'], method: 'erase' })).status).toBe(201);
    expect(await items()).toContainEqual(expect.objectContaining({ item: 'shoe-size', state: 'destroyed' }));
  });

  it.each([
    [{ items: ['hat-size-of-nobody'], method: 'erase' }, 'invalid-field', '/items/0'],
    [{ items: ['name'], method: 'by-the-neighbour' }, 'invalid-field', '/method'],
    [{ items: ['name'] }, 'missing-field', '/method'],
    [{ items: ['name'], method: 'erase', note: 'x' }, 'unknown-field', ''],
  ])('of %j is refused', async (body, code, pointer) => {
    expect((await command('destroy', body)).json()).toMatchObject({ status: 400, code, pointer });
  });

  it('depersonalises them likewise', async () => {
    expect((await command('depersonalise', { items: ['email'] })).status).toBe(201);
    expect(await items()).toContainEqual(expect.objectContaining({ item: 'email', state: 'depersonalised' }));
    expect((await types()).slice(-2)).toEqual(['destroying', 'depersonalised']);
  });
});

describe('destroying all of a person', () => {
  it('leaves nobody to be found, and is told as it was when it is commanded again', async () => {
    const key = `all-${iin}`;
    const done = await command('destroy', { items: 'all', method: 'erase' }, key);
    expect(done.status).toBe(201);
    const found = await server.ask(
      'POST',
      `/v1/${CONTROLLER}/subjects/find`,
      server.keys.officer,
      JSON.stringify({ person: { iin } }),
      json,
    );
    expect(found.status).toBe(404);
    expect((await server.send(first)).status).toBe(410);
    const again = await command('destroy', { items: 'all', method: 'erase' }, key);
    expect(again.json()).toMatchObject({ event: done.json()['event'], position: done.json()['position'] });
    for (const [path, body] of [
      ['destroy', { items: 'all', method: 'erase' }],
      ['release', {}],
      ['requests', { right: 'access', channel: 'office' }],
    ] as const) {
      expect((await command(path, body)).json()).toMatchObject({ status: 410, code: 'gone' });
    }
    expect((await items()).map(({ state, value }) => [state, value])).toEqual([
      ['destroyed', undefined],
      ['destroyed', undefined],
    ]);
  });

  it('is told so too where the request that it names, by its number, is gone with the person', async () => {
    const request = `R-${iin}`;
    expect((await command('requests', { request, right: 'destroy', channel: 'office' })).status).toBe(201);
    const body = { items: 'all', method: 'erase', request };
    const done = await command('destroy', body, `asked-${iin}`);
    expect(done.status).toBe(201);
    const again = await command('destroy', body, `asked-${iin}`);
    expect(again.json()).toMatchObject({ event: done.json()['event'], position: done.json()['position'] });
    for (const other of [
      { ...body, items: ['name'] },
      { ...body, method: 'shred' },
      { items: 'all', method: 'erase' },
    ])
      expect((await command('destroy', other, `asked-${iin}`)).status).toBe(409);
  });

  it('takes all that is linked', async () => {
    const client = `A-${iin}`;
    await server.send(collected({}, { person: { iin, client } }));
    await server.send(collected({}, { person: { client }, items: ['phone'], values: { phone: '+77010000099' } }));
    expect((await command('destroy', { items: 'all', method: 'erase' })).status).toBe(201);
    const find = { person: { client } };
    const address = `/v1/${CONTROLLER}/subjects/find`;
    expect((await server.ask('POST', address, server.keys.officer, JSON.stringify(find), json)).status).toBe(404);
  });
});

describe('what is held about somebody else', () => {
  let phone: string;
  let contact: SubjectRef;
  beforeEach(async () => {
    phone = `+7701${iin.slice(-7)}`;
    const described = { items: ['relative-phone'], values: { 'relative-phone': phone } };
    const origin = { kind: 'another-subject' };
    await fact('collected', {
      ...described,
      origin,
      purposes: ['loan'],
      basis: 'consent',
      describes: { 'relative-phone': { phone } },
    });
    contact = await server.find({ phone });
  });

  it('goes with the client’s item, where its value lies', async () => {
    expect(await items(contact)).toMatchObject([{ item: 'relative-phone', value: phone }]);
    expect((await command('destroy', { items: ['relative-phone'], method: 'erase' })).status).toBe(201);
    const [row] = await items(contact);
    expect(row).toMatchObject({ item: 'relative-phone', state: 'destroyed' });
    const texts = await server.parts.vault.texts(CONTROLLER, contact);
    expect(texts.filter(({ text }) => text.kind === 'value' && text.value === phone)).toEqual([]);
  });

  it('is not touched where something comes to keep it while all of the contact is destroyed', async () => {
    between = [() => command('hold', { authority: 'kz.authority' })];
    const answer = await command('destroy', { items: 'all', method: 'erase' }, undefined, contact);
    expect(answer.json()).toMatchObject({ status: 422, code: 'kept-by-law', items: ['relative-phone'] });
    expect(await types()).not.toContain('destroyed');
    expect(await items(contact)).toMatchObject([{ item: 'relative-phone', value: phone }]);
  });

  it('is kept by what keeps it with the client', async () => {
    const body = { items: 'all', method: 'erase' };
    await command('hold', { authority: 'kz.authority' });
    expect((await command('destroy', body, undefined, contact)).json()).toMatchObject({
      status: 422,
      code: 'kept-by-law',
      items: ['relative-phone'],
    });
    await command('release', {});
    expect((await command('destroy', body, undefined, contact)).status).toBe(201);
    expect(await items()).toContainEqual(expect.objectContaining({ item: 'relative-phone', state: 'destroyed' }));
  });
});
