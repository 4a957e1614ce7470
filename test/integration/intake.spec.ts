/** What becomes of what is sent: recorded once, repeated, in conflict, gone; streams and batches in their order. */
import { request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Keys } from '#store';
import { ACTIONS, anIin, BATCH, collected, CONTROLLER, InProcess, linesOf, NDJSON } from './in-process.js';

let server: InProcess;
beforeAll(async () => {
  server = await InProcess.start();
}, 60_000);
afterAll(() => server.dispose());

const size = () => server.parts.ledger.size(CONTROLLER);

describe('one action', () => {
  it('is recorded once: the same again is the same, whatever does not count of it', async () => {
    const action = collected();
    const first = await server.send(action);
    expect(first.status).toBe(201);
    const before = await size();
    const { event, position } = first.json();
    for (const again of [
      action,
      { ...action, traceparent: 'x' },
      Object.fromEntries(Object.entries(action).reverse()),
    ]) {
      const repeat = await server.send(again);
      expect(repeat.status).toBe(200);
      expect(repeat.json()).toMatchObject({ status: 'repeated', event, position, entry: first.json()['entry'] });
    }
    expect(await size()).toBe(before);
  });

  it('conflicts where the same id comes with other content', async () => {
    const action = collected();
    await server.send(action);
    const other = await server.send({ ...action, time: '2026-03-10T10:00:01+05:00' });
    expect(other.json()).toMatchObject({ status: 409, code: 'conflict' });
  });

  it('is gone where its person was destroyed since', async () => {
    const person = { iin: anIin() };
    const action = collected({}, { person });
    await server.send(action);
    const subject = await server.find(person);
    await server.provider(Keys as never as new () => Keys).shredDossier(CONTROLLER, subject);
    expect((await server.send(action)).json()).toMatchObject({ status: 410, code: 'gone' });
  });

  it('tells what it opens where that is asked for, and only that', async () => {
    const person = { iin: anIin() };
    const unlisted = { items: ['shoe-size'], values: undefined, person };
    const first = await server.send(collected({}, unlisted), undefined, '?findings=true');
    const opened = (codes: string[]) =>
      codes.map((code) => ({ code, on: '2026-03-10', items: ['unlisted'], state: 'open' }));
    expect(first.json()['findings']).toMatchObject(
      opened(['collected-without-basis', 'open-ended-without-reason', 'unlisted']),
    );
    const consented = { person, consent: 'C-1', parts: [{ purpose: 'loan' }], edition: 'undated', act: 'click' };
    const consent = collected({ type: 'depter.action.consented.v1' });
    expect((await server.send({ ...consent, data: consented })).status).toBe(201);
    const second = await server.send(collected({}, { person, consent: 'C-1' }), undefined, '?findings=true');
    expect(second.json()['findings']).toEqual([]);
    expect((await server.send(collected())).json()).not.toHaveProperty('findings');
  });
});

describe('a batch', () => {
  it('is answered in order, repeats in it too', async () => {
    const action = collected();
    const answer = await server.send([action, collected(), action], BATCH);
    expect(answer.status).toBe(200);
    const lines = answer.json<Record<string, unknown>[]>();
    expect(lines).toMatchObject([
      { line: 1, status: 'recorded' },
      { line: 2, status: 'recorded' },
      { line: 3, status: 'repeated' },
    ]);
    expect(lines[2]?.['event']).toBe(lines[0]?.['event']);
    expect(lines[0]).not.toHaveProperty('subject');
    expect((await server.send('[]', BATCH)).json()).toEqual([]);
  });
});

describe('a stream', () => {
  it('is answered line by line, in order, with the numbers of the lines', async () => {
    const body = [
      `\ufeff${JSON.stringify(collected())}\r\n`,
      '\n \t\r\n',
      `${JSON.stringify(collected())}\n`,
      `${'x'.repeat(70_000)}\n`,
      '{"bad":\n',
      JSON.stringify(collected()),
    ].join('');
    const answer = await server.send(body, `${NDJSON}; charset=UTF-8`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
    expect(linesOf(answer.text).map(({ line, status }) => [line, status])).toEqual([
      [1, 'recorded'],
      [4, 'recorded'],
      [5, 'refused'],
      [6, 'refused'],
      [7, 'recorded'],
    ]);
    expect(linesOf(answer.text)[2]?.['problem']).toMatchObject({ code: 'too-large', line: 5 });
  });

  it('takes a line of exactly 64 KiB and refuses one byte more', async () => {
    const padded = (bytes: number): string => {
      const text = JSON.stringify(collected({ pad: '' }));
      return text.replace('"pad":""', `"pad":"${'x'.repeat(bytes - text.length)}"`);
    };
    const answer = await server.send(`${padded(65_536)}\r\n${padded(65_537)}\n`, NDJSON);
    expect(linesOf(answer.text)).toMatchObject([{ status: 'recorded' }, { problem: { code: 'too-large' } }]);
  });

  it('answers only refused lines and counts where that is asked for', async () => {
    const action = JSON.stringify(collected());
    const answer = await server.send(`${action}\nbad\n${action}\n`, NDJSON, '?answers=refused');
    expect(linesOf(answer.text)).toMatchObject([
      { line: 2, status: 'refused' },
      { recorded: 1, repeated: 1, refused: 1 },
    ]);
  });

  it('is answered while it runs, and what was answered is there', async () => {
    const sending = request(server.url + ACTIONS, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.keys.emitter}`, 'content-type': NDJSON },
    });
    sending.write(`${JSON.stringify(collected())}\n`);
    const [response] = (await once(sending, 'response')) as [IncomingMessage];
    const [chunk] = (await once(response, 'data')) as [Buffer];
    const [line] = linesOf(chunk.toString());
    expect(line).toMatchObject({ line: 1, status: 'recorded' });
    expect(await size()).toBeGreaterThan(line?.['position'] as number);
    response.resume();
    sending.end();
    await once(response, 'end');
  });

  it('of many lines keeps their order, and a second time repeats them all', async () => {
    const lines = Array.from({ length: 2_500 }, () => JSON.stringify(collected())).join('\n');
    const first = linesOf((await server.send(lines, NDJSON)).text);
    expect(first.map(({ line }) => line)).toEqual(Array.from({ length: 2_500 }, (_, i) => i + 1));
    expect(first.every(({ status }) => status === 'recorded')).toBe(true);
    const second = linesOf((await server.send(lines, NDJSON)).text);
    expect(second).toEqual(first.map((line) => ({ ...line, status: 'repeated' })));
  });
});
