/** Every route against every role, from the table of `wire.md`: who may, who may not, and what each is told. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RouteTable } from '#host';
import { KEY_ROLES, type ControllerId, type KeyRole, type SubjectRef } from '#ledger';
import { ROUTES, type DescribedRoute } from '../../apps/server/src/openapi/routes.js';
import { anIin, collected, CONTROLLER, InProcess } from './in-process.js';

let server: InProcess;
let own: SubjectRef;
let other: SubjectRef;
let event: string;
let request: string;
const secrets = {} as Record<KeyRole, string>;

beforeAll(async () => {
  server = await InProcess.start();
  const [one, two] = [{ iin: anIin() }, { iin: anIin() }];
  event = (await server.send(collected({}, { person: one }))).json()['event'] as string;
  await server.send(collected({}, { person: two }));
  own = await server.find(one);
  other = await server.find(two);
  const asked = { person: one, request: 'R-1', right: 'access', channel: 'office' };
  await server.send({ ...collected({ type: 'depter.action.requested.v1' }), data: asked });
  const requests = await server.get(`/v1/${CONTROLLER}/subjects/${own}/requests`, server.keys.officer);
  request = requests.json<{ requests: { id: string }[] }>().requests[0]!.id;
  Object.assign(secrets, server.keys, { subject: await server.key('subject', own) });
}, 60_000);
afterAll(() => server.dispose());

/** `wire.md`, Who may, by the end of the address; the code's own table is what is tried, so it is not asked here. */
const WHO_MAY: readonly (readonly [RegExp, readonly KeyRole[]])[] = [
  [/\/actions$/, ['emitter', 'officer']],
  [/\/decisions$/, ['emitter', 'officer']],
  [/\/subjects\/find$/, ['officer', 'regulator']],
  [/\/subjects\/\{subject\}$/, ['subject', 'officer']],
  [
    /\{subject\}\/(lineage|clocks|findings|evidence|requests\/\{request\}\/answer)$/,
    ['subject', 'officer', 'regulator'],
  ],
  [/\{subject\}\/destructions(\/\{event\})?$/, ['subject', 'officer', 'regulator']],
  [/\{subject\}\/(trail|access)$/, ['subject', 'officer', 'regulator', 'auditor']],
  [
    /\{subject\}\/(requests\/\{request\}\/(refuse|extend)|block|unblock|hold|release|stop|destroy|depersonalise)$/,
    ['officer'],
  ],
  [/\{controller\}\/notice$/, ['emitter', 'subject', 'officer', 'regulator', 'auditor']],
  [/\/events\/\{event\}\/receipt$/, ['emitter', 'subject', 'officer', 'regulator', 'auditor']],
  [/\{controller\}\/(clocks|findings|due|recipients|staff|register|packs)$/, ['officer', 'regulator', 'auditor']],
  [/\/tile\/entries\/\{path\}$/, ['regulator', 'auditor']],
  [/\/keys$|^\/metrics$|^\/clock$/, ['admin']],
];

function whoMay({ method, path }: DescribedRoute): readonly KeyRole[] {
  // A person opens requests and an officer any; both read them, and the regulator too.
  if (path.endsWith('{subject}/requests'))
    return method === 'post' ? ['subject', 'officer'] : ['subject', 'officer', 'regulator'];
  if (method === 'post' && path.endsWith('{request}/answer')) return ['officer'];
  const row = WHO_MAY.find(([of]) => of.test(path));
  if (row === undefined) throw new Error(`The table of wire.md has no row for ${path}.`);
  return row[1];
}

/** The address of a route, for one subject. */
function addressOf({ path }: DescribedRoute, subject: SubjectRef, controller: string = CONTROLLER): string {
  return path
    .replace('{controller}', controller)
    .replace('{generation}', '1')
    .replace('{subject}', subject)
    .replace('{event}', event)
    .replace('{request}', request)
    .replace('{path}', path.includes('entries') ? '000.p/1' : '0/000.p/1')
    .replace(/\/proof\/inclusion$/, '$&?index=0')
    .replace(/\/proof\/consistency$/, '$&?from=0');
}

async function statusOf(route: DescribedRoute, address: string, secret?: string): Promise<number> {
  const body = route.method === 'get' ? undefined : '{}';
  const type = Object.keys(route.body ?? {})[0];
  const headers = type === undefined ? {} : { 'content-type': type };
  return (await server.ask(route.method.toUpperCase(), address, secret, body, headers)).status;
}

/** A right that is there lets the request through to its own judgement: an empty body is 400 or 422, never 401 or 403. */
const THROUGH = [200, 201, 400, 422];
/** Nothing was destroyed of these people: whoever may ask is told that there is no such certificate. */
const throughOf = ({ path }: DescribedRoute): readonly number[] =>
  path.endsWith('/destructions/{event}') ? [404] : THROUGH;

const guarded = ROUTES.filter(({ need }) => need !== 'open');

describe('the table', () => {
  it('describes every route that is served, and no other', () => {
    const described = ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    expect(servedRoutes()).toEqual(described.map((route) => route.replace(/:path$/, '*')).sort());
  });
});

function servedRoutes(): string[] {
  return server
    .provider(RouteTable)
    .all()
    .map(({ method, path }) => `${method} ${path}`)
    .sort();
}

describe.each(guarded.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_, route) => {
  const allowed = whoMay(route);

  it.each(KEY_ROLES)('as %s', async (role) => {
    const ofAll = role === 'admin' && !route.path.includes('{controller}');
    const status = await statusOf(route, addressOf(route, own), ofAll ? server.operator : secrets[role]);
    expect(allowed.includes(role) ? throughOf(route) : [403]).toContain(status);
  });

  it('without a key, or with a wrong one', async () => {
    expect(await statusOf(route, addressOf(route, own))).toBe(401);
    expect(await statusOf(route, addressOf(route, own), 'no-key-of-ours')).toBe(401);
  });

  it('with a key of another controller', async () => {
    if (!route.path.includes('{controller}')) return;
    for (const role of allowed) {
      const more = role === 'subject' ? { subject: own } : {};
      const { secret } = await server.parts.accessKeys.add({ controller: 'kz.another' as ControllerId, role, ...more });
      const isPersons = route.path.includes('{subject}');
      expect(await statusOf(route, addressOf(route, own), secret)).toBe(isPersons ? 404 : 403);
    }
  });

  it('of a controller that is not served', async () => {
    if (!route.path.includes('{controller}')) return;
    for (const role of KEY_ROLES) {
      expect(await statusOf(route, addressOf(route, own, 'kz.nobody'), secrets[role])).toBe(404);
    }
  });

  it('of another subject, and of none', async () => {
    if (!route.path.includes('{subject}')) return;
    const ofOther = await statusOf(route, addressOf(route, other), secrets.subject);
    expect(ofOther).toBe(allowed.includes('subject') ? 404 : 403);
    const nobody = 'AAAAAAAAAAAAAAAAAAAAAA' as SubjectRef;
    for (const role of allowed) expect(await statusOf(route, addressOf(route, nobody), secrets[role])).toBe(404);
  });
});

describe('open routes', () => {
  it.each(ROUTES.filter(({ need }) => need === 'open').map((route) => [route.path, route] as const))(
    '%s',
    async (_, route) => {
      expect(await statusOf(route, addressOf(route, own))).toBe(200);
    },
  );
});

describe('a subject', () => {
  it('gets receipts of its own events alone', async () => {
    const strangers = (await server.send(collected())).json()['event'] as string;
    const receipt = (id: string) => server.get(`/v1/${CONTROLLER}/events/${id}/receipt`, secrets.subject);
    expect((await receipt(event)).status).toBe(200);
    expect((await receipt(strangers)).status).toBe(404);
    expect((await receipt('nonsense')).status).toBe(404);
  });
});

describe('what is of no controller', () => {
  it.each(['/metrics', '/clock'])('is not for the admin of one: %s', async (path) => {
    const route = ROUTES.find((one) => one.path === path)!;
    expect(await statusOf(route, path, secrets.admin)).toBe(403);
    expect(THROUGH).toContain(await statusOf(route, path, server.operator));
  });

  it('an admin of all makes keys of each', async () => {
    const list = await server.get(`/v1/${CONTROLLER}/keys`, server.operator);
    expect(list.status).toBe(200);
  });
});

describe('keys', () => {
  const make = (body: unknown) =>
    server.ask('POST', `/v1/${CONTROLLER}/keys`, server.keys.admin, JSON.stringify(body), {
      'content-type': 'application/json',
    });

  it('are made and listed by an admin; the secret works and is told once', async () => {
    const made = await make({ role: 'officer' });
    expect(made.status).toBe(201);
    const { key, id } = made.json<{ key: string; id: string }>();
    expect((await server.get(`/v1/${CONTROLLER}/subjects/${own}`, key)).status).toBe(200);
    const list = await server.get(`/v1/${CONTROLLER}/keys`, server.keys.admin);
    expect(list.json<{ keys: { id: string }[] }>().keys.map((one) => one.id)).toContain(id);
    expect(list.text).not.toContain(key);
  });

  it('go with a subject where the role is that of one, and else with none', async () => {
    expect((await make({ role: 'subject', subject: own })).status).toBe(201);
    expect((await make({ role: 'subject' })).json()).toMatchObject({ code: 'missing-field', pointer: '/subject' });
    expect((await make({ role: 'officer', subject: own })).json()).toMatchObject({
      code: 'invalid-field',
      pointer: '/subject',
    });
    expect((await make({ role: 'subject', subject: 'x' })).json()).toMatchObject({
      code: 'invalid-field',
      pointer: '/subject',
    });
    expect((await make({ role: 'king' })).json()).toMatchObject({ code: 'invalid-field', pointer: '/role' });
    expect((await make({ role: 'officer', zq: 1 })).json()).toMatchObject({ code: 'unknown-field', pointer: '' });
  });
});

describe('a client number that two people were given', () => {
  it('shows neither the receipts of the other', async () => {
    const [one, two] = [{ iin: anIin() }, { iin: anIin() }];
    const send = async (person: object) =>
      (await server.send(collected({}, { person: { ...person, client: 'TWICE' } }))).json()['event'] as string;
    const events = [await send(one), await send(two)];
    const key = await server.key('subject', await server.find(one));
    const statuses = events.map(async (id) => (await server.get(`/v1/${CONTROLLER}/events/${id}/receipt`, key)).status);
    expect(await Promise.all(statuses)).toEqual([200, 404]);
  });
});

describe('what is held', () => {
  it('is shown with values to officers and the person, without to the regulator', async () => {
    const lineage = async (role: KeyRole) =>
      (await server.get(`/v1/${CONTROLLER}/subjects/${own}/lineage`, secrets[role])).text;
    expect(await lineage('officer')).toContain('Fictitious Person');
    expect(await lineage('subject')).toContain('Fictitious Person');
    expect(await lineage('regulator')).not.toContain('Fictitious Person');
  });
});
