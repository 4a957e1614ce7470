/** The views of a person: recorded before they are answered, as of a day, as known at a position, in four languages. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SubjectRef } from '#ledger';
import { anIin, collected, CONTROLLER, InProcess, NDJSON } from './in-process.js';

let server: InProcess;
let subject: SubjectRef;
let path: string;

beforeAll(async () => {
  server = await InProcess.start();
  const person = { iin: anIin() };
  const actions = [
    collected({ time: undefined }, { person, on: '2026-03-02' }),
    collected({ time: undefined }, { person, on: '2026-03-05', items: ['phone'], values: { phone: '+77000000104' } }),
    collected({}, { person, items: ['shoe-size'], values: undefined, by: 'clerk-7', note: 'said at the desk' }),
  ];
  await server.send(actions.map((action) => JSON.stringify(action)).join('\n'), NDJSON);
  subject = await server.find(person);
  path = `/v1/${CONTROLLER}/subjects/${subject}`;
}, 60_000);
afterAll(() => server.dispose());

const view = (name: string, headers?: Readonly<Record<string, string>>) =>
  server.get(path + name, server.keys.officer, headers);
const accesses = () => server.parts.ledger.accesses(CONTROLLER, subject);

type Row = Readonly<Record<string, unknown>>;

describe('a reading', () => {
  it.each([
    ['', 'identity'],
    ['/lineage', 'lineage'],
    ['/trail', 'trail'],
    ['/findings', 'findings'],
    ['/access', 'access'],
    ['/clocks', 'clocks'],
    ['/requests', 'requests'],
    ['/evidence', 'evidence'],
  ])('of %s is recorded before it is answered', async (name, kind) => {
    const before = (await accesses()).length;
    const answer = await view(`${name}?asOf=2026-03-05`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const after = await accesses();
    expect(after).toHaveLength(before + 1);
    expect(after.at(-1)?.event).toMatchObject({
      type: 'accessed',
      subject,
      data: { view: kind, role: 'officer', 'as-of': '2026-03-05' },
    });
  });

  it('shows in who read, the row of this reading only in the next answer', async () => {
    await server.get(`${path}/lineage`, server.keys.regulator);
    const rows = (await view('/access')).json()['access'] as Row[];
    expect(rows.at(-1)).toMatchObject({ role: 'regulator', view: 'lineage', on: '2026-03-10' });
    const next = (await view('/access')).json()['access'] as Row[];
    expect(next.at(-1)).toMatchObject({ role: 'officer', view: 'access' });
  });

  it('of a person who was looked for is recorded before the reference is told, and of nobody nothing', async () => {
    const person = { iin: anIin() };
    await server.send(collected({}, { person }));
    const found = await server.find(person);
    const [accessed, ...more] = await server.parts.ledger.accesses(CONTROLLER, found);
    expect(more).toEqual([]);
    expect(accessed?.event).toMatchObject({
      type: 'accessed',
      subject: found,
      data: { view: 'identity', role: 'officer' },
    });
    const size = await server.parts.ledger.size(CONTROLLER);
    expect(await server.find({ iin: anIin() })).toBeUndefined();
    expect(await server.parts.ledger.size(CONTROLLER)).toBe(size);
  });

  it('of what is refused is not recorded', async () => {
    const before = (await accesses()).length;
    await view('/lineage?asOf=yesterday');
    await server.get(`${path}/lineage`, server.keys.auditor);
    await server.get(`${path}/lineage`);
    expect(await accesses()).toHaveLength(before);
  });
});

describe('members of staff', () => {
  it('are named to the controller’s own people, to others by reference, and only those who did something here', async () => {
    await server.send(collected({}, { person: { iin: anIin() }, by: 'clerk-8' }));
    const by = async (key: string): Promise<unknown[]> => {
      const rows = (await server.get(`${path}/trail`, key)).json()['trail'] as Row[];
      return rows.flatMap((row) => row['by'] ?? []);
    };
    expect(await by(server.keys.officer)).toEqual(['clerk-7']);
    const reference = [expect.stringMatching(/^[\w-]{22}$/)];
    expect(await by(server.keys.auditor)).toEqual(reference);
    expect(await by(await server.key('subject', subject))).toEqual(reference);
  });
});

describe('a moment', () => {
  const itemsOf = async (query: string): Promise<unknown[]> => {
    const answer = await view(`/lineage${query}`);
    expect(answer.status).toBe(200);
    return (answer.json()['items'] as Row[]).map((row) => row['item']);
  };

  it('is a day, meaning its end, or an instant, at which a day counts from its start', async () => {
    expect(await itemsOf('?asOf=2026-03-01')).toEqual([]);
    expect(await itemsOf('?asOf=2026-03-02')).toEqual(['name']);
    expect(await itemsOf('?asOf=2026-03-05')).toEqual(['name', 'phone']);
    expect(await itemsOf('?asOf=2026-03-04T19:00:00Z')).toEqual(['name', 'phone']);
    expect(await itemsOf('?asOf=2026-03-04T18:59:59Z')).toEqual(['name']);
    expect(await itemsOf('')).toEqual(['name', 'phone', 'shoe-size']);
  });

  it('is said in the answer', async () => {
    const latest = (await server.parts.ledger.size(CONTROLLER)) - 1;
    expect((await view('/lineage')).json()).toMatchObject({ asOf: '2026-03-10', asKnown: latest });
    expect((await view('/trail')).json()).toMatchObject({ asKnown: latest + 1 });
    expect((await view('/evidence')).json()).toMatchObject({ asKnown: latest + 2 });
    const asked = (await view('/findings?asOf=2026-03-05&asKnown=0')).json();
    const findings = [{ code: 'collected-without-basis', items: ['name'], on: '2026-03-02' }];
    expect(asked).toMatchObject({ asOf: '2026-03-05', asKnown: 0, findings });
  });

  it('says never more than was read, and the same asked again is answered the same', async () => {
    const size = await server.parts.ledger.size(CONTROLLER);
    expect((await view('/findings?asKnown=999999')).json()).toMatchObject({ asKnown: size - 1 });
    expect((await view('/findings?asKnown=2036-01-01T00:00:00Z')).json()).toMatchObject({ asKnown: size });
    const past = '2026-03-10T06:00:00.000Z';
    expect((await view(`/findings?asKnown=${past}`)).json()).toMatchObject({ asKnown: past });
    const first = (await view('/lineage')).json();
    await server.send(collected({}, { person: { iin: anIin() } }));
    const again = (await view(`/lineage?asKnown=${String(first['asKnown'])}`)).json();
    expect(again).toMatchObject({ asKnown: first['asKnown'], items: first['items'] });
  });

  it('as known at a position has nothing after it', async () => {
    const positions = ((await view('/trail')).json()['trail'] as { position: number }[]).map((row) => row.position);
    expect(await itemsOf(`?asKnown=${positions[0]}`)).toEqual(['name']);
    expect(await itemsOf('?asKnown=2026-03-10T06:59:59Z')).toEqual([]);
  });

  it.each([
    ['asOf', 'asOf=2026-02-30'],
    ['asOf', 'asOf=2026-03-05T10:00:00'],
    ['asOf', 'asOf='],
    ['asOf', 'asOf=2026-03-05&asOf=2026-03-06'],
    ['asKnown', 'asKnown=-1'],
    ['asKnown', 'asKnown=1.5'],
    ['asKnown', 'asKnown=99999999999999999999'],
    ['position', 'position=x'],
    ['lang', 'lang=de'],
    ['lang', 'lang=xx-KZ'],
  ])('%s of %s cannot be read', async (parameter, query) => {
    const answer = await view(`/lineage?${query}`);
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid-field', parameter });
  });

  it('after a position waits for it', async () => {
    const size = await server.parts.ledger.size(CONTROLLER);
    const waiting = view(`/findings?position=${size}`);
    await server.send(collected());
    expect((await waiting).status).toBe(200);
  });
});

describe('lists', () => {
  it('come page by page', async () => {
    const all = (await view('/trail')).json()['trail'] as Row[];
    expect(all.length).toBeGreaterThan(2);
    const first = (await view('/trail?limit=2')).json();
    expect(first['trail']).toMatchObject(all.slice(0, 2).map(({ position }) => ({ position })));
    expect(first['next']).toBe(all[1]?.['position']);
    const second = (await view(`/trail?limit=1000&after=${String(first['next'])}`)).json();
    expect(second['trail']).toMatchObject(all.slice(2).map(({ position }) => ({ position })));
    expect(second).not.toHaveProperty('next');
    for (const query of ['limit=0', 'limit=1001', 'after=x'])
      expect((await view(`/trail?${query}`)).json()).toMatchObject({ status: 400, parameter: query.split('=')[0] });
  });
});

describe('the trail', () => {
  it('shows texts to an officer, and to others only that there is one', async () => {
    const last = async (key: string) =>
      ((await server.get(`${path}/trail`, key)).json()['trail'] as (Row & { data: Row })[]).at(-1);
    const seen = await last(server.keys.officer);
    expect(seen).toMatchObject({
      type: 'collected',
      by: 'clerk-7',
      data: { items: ['shoe-size'], note: 'said at the desk' },
    });
    expect(seen?.['receipt']).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
    const hidden = JSON.stringify(await last(server.keys.auditor));
    expect(hidden).not.toMatch(/shoe-size|clerk-7|said at the desk/);
    expect(JSON.parse(hidden)).toMatchObject({ data: { items: ['unlisted'] } });
  });
});

describe('a request', () => {
  const number = 'ASK-7/2026';
  let rows: Row[];
  let asking: string;

  const view = (name: string) => server.get(asking + name, server.keys.officer);

  beforeAll(async () => {
    const { person } = collected({}, { person: { client: 'V-9' } })['data'] as { person: unknown };
    const data = { person, request: number, right: 'access', channel: 'office', on: '2026-03-09' };
    await server.send({ ...collected({ type: 'depter.action.requested.v1', time: undefined }), data });
    asking = `/v1/${CONTROLLER}/subjects/${await server.find(person)}`;
    rows = (await view('/requests')).json()['requests'] as Row[];
  });

  it('is listed with the number that was given it, its term, and the reference that commands name', () => {
    expect(rows).toEqual([
      {
        id: expect.stringMatching(/^[\w-]{22}$/),
        request: number,
        right: 'access',
        on: '2026-03-09',
        state: 'open',
        due: expect.any(String),
      },
    ]);
  });

  it('has a clock that says the same day', async () => {
    const clocks = (await view('/clocks')).json()['clocks'] as Row[];
    expect(clocks).toContainEqual(
      expect.objectContaining({ duty: 'answer-access', state: 'running', due: rows[0]!['due'] }),
    );
  });

  it('has an answer, whose reading is recorded; of an unknown one there is none', async () => {
    const answer = await view(`/requests/${String(rows[0]!['id'])}/answer?asOf=2026-03-09`);
    expect(answer.json()).toMatchObject({ asOf: '2026-03-09', request: number, outcome: 'open' });
    const accesses = (await view('/access')).json()['access'] as Row[];
    expect(accesses.at(-1)).toMatchObject({ view: 'answer', role: 'officer' });
    expect((await view(`/requests/${'A'.repeat(22)}/answer`)).json()).toMatchObject({ status: 404, code: 'not-found' });
    expect((await view('/access')).json()['access']).toHaveLength(accesses.length + 1);
  });

  it('is shown to a regulator without its number, the duties with what proves them', async () => {
    const seen = async (name: string) => server.get(asking + name, server.keys.regulator);
    expect((await seen('/requests')).json()['requests']).toMatchObject([{ request: rows[0]!['id'] }]);
    const evidence = (await view('/evidence')).json();
    expect(evidence).toMatchObject({ entries: [{ type: 'requested' }], duties: ['answer-access'] });
    expect(evidence['checkpoint']).toMatch(/\n\n— /);
    expect(evidence['receipts']).toMatchObject([{ receipt: expect.stringMatching(/^c2sp\.org\/tlog-proof@v1\n/) }]);
    expect(JSON.stringify(evidence)).not.toContain(number);
  });
});

describe('the report', () => {
  const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

  it.each(['ky', 'kk', 'ru', 'en'])('is a page in %s, by name and by Accept-Language', async (lang) => {
    for (const answer of [
      await view(`/lineage?lang=${lang}-KZ`, html),
      await view('/lineage', { ...html, 'accept-language': `de, ${lang}-KG;q=0.9, *;q=0.1` }),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('content-language')).toBe(lang);
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(answer.text).toContain(`<html lang="${lang}">`);
      expect(answer.text).toContain('Fictitious Person');
    }
  });

  it('is in the first language of the controller where none is asked for, and JSON where HTML is not preferred', async () => {
    expect((await view('/lineage', { ...html, 'accept-language': 'de' })).headers.get('content-language')).toBe('kk');
    for (const accept of [
      '*/*',
      'application/json',
      'text/html;q=0.5, application/json',
      'application/json, text/html',
    ])
      expect((await view('/lineage', { accept })).headers.get('content-type')).toMatch(/^application\/json/);
  });
});

describe('finding', () => {
  const find = (body: unknown, type = 'application/json') =>
    server.ask('POST', `/v1/${CONTROLLER}/subjects/find`, server.keys.officer, JSON.stringify(body), {
      'content-type': type,
    });

  it('leads to the highest-ranking linked dossier, by any identifier', async () => {
    const person = { iin: anIin(), client: 'V-1' };
    await server.send(collected({}, { person: { client: 'V-1' } }));
    await server.send(collected({}, { person }));
    const highest = await server.find({ iin: person.iin });
    expect(await server.find({ client: 'V-1' })).toBe(highest);
    const identity = (await server.get(`/v1/${CONTROLLER}/subjects/${highest}`, server.keys.officer)).json();
    expect(identity).toMatchObject({
      subject: highest,
      person: { iin: person.iin },
      linked: [{ person: { client: 'V-1' } }],
    });
  });

  it('refuses what it cannot read, and finds nobody whom nothing names', async () => {
    expect((await find({ person: { iin: anIin() } })).json()).toMatchObject({ status: 404, code: 'not-found' });
    expect((await find({ person: {} })).json()).toMatchObject({ code: 'invalid-field', pointer: '/person' });
    expect((await find({})).json()).toMatchObject({ code: 'missing-field', pointer: '/person' });
    expect((await find({ person: { iin: '850505400019' } })).json()).toMatchObject({
      code: 'check-digit',
      pointer: '/person/iin',
    });
    expect((await find({ person: { name: 'x' } })).json()).toMatchObject({ code: 'unknown-field', pointer: '/person' });
    expect((await find({ person: { iin: anIin() } }, 'text/plain')).json()).toMatchObject({ status: 415 });
  });
});

describe('the clock', () => {
  const set = (now: unknown) =>
    server.ask('PUT', '/clock', server.operator, JSON.stringify({ now }), { 'content-type': 'application/json' });

  it('stands still until it is moved, and never goes back', async () => {
    expect((await set('2026-03-10T11:59:59+05:00')).json()).toMatchObject({
      status: 400,
      code: 'invalid-field',
      pointer: '/now',
    });
    expect((await set('soon')).json()).toMatchObject({ status: 400, code: 'invalid-field', pointer: '/now' });
    expect((await set('2026-03-11T00:30:00+05:00')).status).toBe(200);
    expect((await view('/lineage')).json()).toMatchObject({ asOf: '2026-03-11' });
  });
});
