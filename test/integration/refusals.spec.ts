/** Every bad input gets its code and place, nothing of it comes back, and the good lines beside it are kept. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACTIONS, anIin, BATCH, collected, InProcess, linesOf, NDJSON, SINGLE } from './in-process.js';

let server: InProcess;
beforeAll(async () => {
  server = await InProcess.start();
}, 60_000);
afterAll(() => server.dispose());

/** Stands in everything bad that is sent, and must stand in no answer. */
const CANARY = 'zqcanary';

const withData = (data: Readonly<Record<string, unknown>>, changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify(collected({ id: `${CANARY}-1`, source: `urn:${CANARY}`, ...changes }, data));
const nested = (levels: number): string => `${'['.repeat(levels)}"${CANARY}"${']'.repeat(levels)}`;

/** What it is called, what is sent, the code, and the place. */
const BAD: readonly (readonly [string, string | Buffer, string, string])[] = [
  ['no JSON', `{"${CANARY}":`, 'malformed', ''],
  ['two JSON texts', `${withData({})} {}`, 'malformed', ''],
  ['not an object', `["${CANARY}"]`, 'malformed', ''],
  [
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from(`{"id":"${CANARY}`), Buffer.from([0xff, 0x22, 0x7d])]),
    'malformed',
    '',
  ],
  ['a key twice', withData({}).replace('{', `{"id":"${CANARY}",`), 'malformed', ''],
  ['__proto__', withData({}).replace('"data":{', `"data":{"__proto__":{"${CANARY}":1},`), 'malformed', ''],
  ['a lone surrogate', withData({}).replace('Fictitious', '\\ud800'), 'malformed', ''],
  ['NUL', withData({}).replace('Fictitious', '\\u0000'), 'malformed', ''],
  ['unknown type', withData({}, { type: `depter.action.${CANARY}.v1` }), 'unknown-type', '/type'],
  ['unknown field', withData({ [CANARY]: CANARY }), 'unknown-field', '/data'],
  ['missing field', withData({ items: undefined, values: undefined }), 'missing-field', '/data/items'],
  ['wrong check digit', withData({ person: { iin: '850505400019' } }), 'check-digit', '/data/person/iin'],
  ['birth date that is none', withData({ person: { iin: '851305400018' } }), 'invalid-field', '/data/person/iin'],
  [
    'item id not of the form',
    withData({ items: [`${CANARY} Name`], values: undefined }),
    'invalid-field',
    '/data/items/0',
  ],
  ['a value that is no string', withData({ values: { name: 7 } }), 'invalid-field', '/data/values'],
  ['nobody', withData({ person: {} }), 'invalid-field', '/data/person'],
  ['time without offset', withData({}, { time: '2026-03-10T10:00:00' }), 'invalid-field', '/time'],
  ['a day that is none', withData({ on: '2026-02-30' }), 'invalid-field', '/data/on'],
  ['neither time nor on', withData({}, { time: undefined }), 'missing-field', '/time'],
  ['future time', withData({}, { time: '2026-03-10T12:06:00+05:00' }), 'future-time', '/time'],
  ['future day', withData({ on: '2026-03-11' }), 'future-time', '/data/on'],
  ['another controller', withData({}, { controller: 'kz.other' }), 'controller-mismatch', '/controller'],
  ['70 kB', withData({ note: CANARY.repeat(9_000) }), 'too-large', ''],
  ['33 levels', withData({}).replace('"data":{', `"data":{"x":${nested(33)},`), 'too-deep', ''],
  ['empty id', withData({}, { id: '' }), 'invalid-field', '/id'],
];

describe('one action', () => {
  it.each(BAD)('%s', async (_, body, code, pointer) => {
    const answer = await server.send(body);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const problem = answer.json();
    expect({ code: problem['code'], pointer: problem['pointer'] }).toEqual({ code, pointer });
    expect(answer.status).toBe(problem['status']);
    expect(problem).not.toHaveProperty('instance');
    expect(answer.text).not.toContain(CANARY);
  });
});

describe('a stream', () => {
  it('refuses each bad line with the same code and place, and keeps the good ones between', async () => {
    const good = BAD.map(() => collected({}, { person: { iin: anIin() } }));
    // A line cannot hold what has a line feed in it; none of these has.
    const bytes = Buffer.concat(
      BAD.flatMap(([, body], i) => [Buffer.from(body), Buffer.from('\n'), Buffer.from(`${JSON.stringify(good[i])}\n`)]),
    );
    const answer = await server.send(bytes, NDJSON);
    expect(answer.status).toBe(200);
    const lines = linesOf(answer.text);
    expect(lines).toHaveLength(2 * BAD.length);
    for (const [i, [name, , code, pointer]] of BAD.entries()) {
      expect([name, lines[2 * i]]).toMatchObject([
        name,
        { line: 2 * i + 1, status: 'refused', problem: { code, pointer, line: 2 * i + 1 } },
      ]);
      expect(lines[2 * i + 1]).toMatchObject({ line: 2 * i + 2, status: 'recorded' });
    }
    expect(answer.text).not.toContain(CANARY);
  });
});

describe('a batch', () => {
  it('judges every action, and refuses the bad ones from their own root', async () => {
    // What breaks the array's own brackets spoils the whole; the others are judged one by one.
    const whole = BAD.filter(([name]) => !['no JSON', 'bytes that are no UTF-8', 'two JSON texts'].includes(name));
    const parts = whole.flatMap(([, body]) => [String(body), JSON.stringify(collected())]);
    const answer = await server.send(`[${parts.join(',')}]`, BATCH);
    expect(answer.status).toBe(200);
    const lines = answer.json<Record<string, unknown>[]>();
    for (const [i, [name, , code, pointer]] of whole.entries()) {
      expect([name, lines[2 * i]]).toMatchObject([
        name,
        { line: 2 * i + 1, status: 'refused', problem: { code, pointer } },
      ]);
      expect(lines[2 * i + 1]).toMatchObject({ line: 2 * i + 2, status: 'recorded' });
    }
    expect(answer.text).not.toContain(CANARY);
  });

  it('is refused as a whole where it is no array, or has more than a thousand', async () => {
    expect((await server.send('{}', BATCH)).json()).toMatchObject({ status: 400, code: 'malformed' });
    expect((await server.send('[{"id":', BATCH)).json()).toMatchObject({ status: 400, code: 'malformed' });
    const many = `[${Array.from({ length: 1_001 }, () => '{}').join(',')}]`;
    expect((await server.send(many, BATCH)).json()).toMatchObject({ status: 413, code: 'too-large' });
  });
});

describe('a body in chunks', () => {
  it('that is too large is answered before it ends', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(
      `POST ${ACTIONS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.keys.emitter}\r\n` +
        `content-type: ${SINGLE}\r\ntransfer-encoding: chunked\r\n\r\n`,
    );
    const chunk = 'x'.repeat(40_000);
    for (let i = 0; i < 2; i += 1) socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    let text = '';
    for await (const part of socket) {
      text += String(part);
      if (text.endsWith('}')) break;
    }
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).toContain('"code":"too-large"');
  });
});

describe('what is no HTTP', () => {
  it('is answered with a problem too, and nothing of it', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(`${CANARY} / NONSENSE\r\n\r\n`);
    let text = '';
    for await (const part of socket) text += String(part);
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain('"code":"malformed"');
    expect(text).not.toContain(CANARY);
  });
});

describe('the address, the key and the content type', () => {
  it.each([
    ['application/json', {}],
    ['text/plain', {}],
    ['application/cloudevents+xml', {}],
    [`${SINGLE}; charset=utf-16`, {}],
    ['zq', {}],
    [SINGLE, { 'content-encoding': 'gzip' }],
    [NDJSON, { 'content-encoding': 'br' }],
  ])('%s %j is no supported media type', async (type, headers) => {
    const answer = await server.ask('POST', ACTIONS, server.keys.emitter, JSON.stringify(collected()), {
      'content-type': type,
      ...headers,
    });
    expect(answer.json()).toMatchObject({ status: 415, code: 'unsupported-media-type' });
    expect(answer.status).toBe(415);
  });

  it('wants a key that there is', async () => {
    const body = JSON.stringify(collected());
    for (const headers of [
      {},
      { authorization: `Bearer ${CANARY}` },
      { authorization: `Basic ${CANARY}` },
      { authorization: 'Bearer' },
    ]) {
      const answer = await server.ask('POST', ACTIONS, undefined, body, { 'content-type': SINGLE, ...headers });
      expect(answer.json()).toMatchObject({ status: 401, code: 'unauthorised' });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(answer.text).not.toContain(CANARY);
    }
  });

  it('knows no other controller', async () => {
    for (const controller of ['kz.nobody', 'KZ.AUTOSIYLIQ', CANARY, '%00', '..%2f']) {
      const answer = await server.ask(
        'POST',
        `/v1/${controller}/actions`,
        server.keys.emitter,
        JSON.stringify(collected()),
        {
          'content-type': SINGLE,
        },
      );
      expect(answer.json()).toMatchObject({ status: 404, code: 'not-found' });
      expect(answer.text).not.toContain(CANARY);
    }
  });

  it('says of a known address that the method is not allowed, and of another that there is none', async () => {
    const put = await server.ask('PUT', ACTIONS, server.keys.emitter);
    expect(put.json()).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect(put.headers.get('allow')).toBe('POST');
    const none = await server.get(`/v1/${CANARY}?${CANARY}`, server.keys.admin);
    expect(none.json()).toMatchObject({ status: 404, code: 'not-found' });
    expect(none.text).not.toContain(CANARY);
    expect((await server.get('/%zz')).json()).toMatchObject({ status: 400, code: 'malformed' });
  });

  it('refuses parameters that cannot be read, by their name', async () => {
    const { emitter } = server.keys;
    const body = JSON.stringify(collected());
    const ask = (query: string) => server.ask('POST', ACTIONS + query, emitter, body, { 'content-type': SINGLE });
    expect((await ask(`?findings=${CANARY}`)).json()).toMatchObject({ code: 'invalid-field', parameter: 'findings' });
    expect((await ask('?findings=true&findings=true')).json()).toMatchObject({ status: 400, parameter: 'findings' });
    const stream = await server.send('', NDJSON, '?answers=some');
    expect(stream.json()).toMatchObject({ code: 'invalid-field', parameter: 'answers' });
  });

  it('logs nothing of all this', () => {
    expect(server.log).toContain('"route":"/v1/:controller/actions"');
    expect(server.log).not.toContain(CANARY);
    expect(server.log).not.toContain(server.keys.emitter);
  });
});
