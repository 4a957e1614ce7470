/** Boards across persons, as the desk sees them: what a person's own view says, for everybody, a moment later. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KeyRole, SubjectRef } from '#ledger';
import { anIin, collected, CONTROLLER, InProcess } from './in-process.js';

let server: InProcess;
beforeAll(async () => {
  server = await InProcess.start();
}, 60_000);
afterAll(() => server.dispose());

type Row = Readonly<Record<string, unknown>>;
interface Board {
  readonly rows: readonly Row[];
  readonly next?: string;
  readonly asKnown: number | string;
}

async function board(view: string, query = '', role: Exclude<KeyRole, 'subject'> = 'officer'): Promise<Board> {
  const answer = await server.get(`/v1/${CONTROLLER}/${view}${query}`, server.keys[role]);
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  const { [view]: rows, ...rest } = answer.json();
  return { rows, ...rest } as unknown as Board;
}

let last = 0;
async function act(type: string, data: Row, on: string): Promise<void> {
  const answer = await server.send({
    ...collected({ type: `depter.action.${type}.v1`, time: undefined }),
    data: { on, ...data },
  });
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  last = answer.json<{ position: number }>().position;
}

/** A borrower who asked for access on the day. */
async function asking(on: string): Promise<SubjectRef> {
  const person = { iin: anIin() };
  await act('collected', { person, items: ['name'], origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent' }, on); // prettier-ignore
  await act('requested', { person, request: `R-${person.iin}`, right: 'access', channel: 'email' }, on);
  return server.find(person);
}

const known = (): string => `?position=${last}`;
const withoutSubject = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'subject'));

describe('the boards', () => {
  it('say for everybody what the view of each says', async () => {
    const people = [await asking('2026-03-02'), await asking('2026-02-20')];
    for (const view of ['clocks', 'findings']) {
      const all = await board(view, known());
      for (const subject of people) {
        const own = await server.get(`/v1/${CONTROLLER}/subjects/${subject}/${view}`, server.keys.regulator);
        const rows = all.rows.filter((row) => row['subject'] === subject);
        expect(rows.length).toBeGreaterThan(0);
        expect(rows.map(withoutSubject)).toEqual(own.json()[view]);
      }
      expect(all.asKnown).toBeGreaterThanOrEqual(last);
    }
  });

  it('stand by the last day, and answer page by page', async () => {
    for (const on of ['2026-03-03', '2026-02-24', '2026-03-05']) await asking(on);
    const { rows } = await board('due', known());
    const days = rows.map((row) => row['due'] as string);
    expect(days).toEqual([...days].sort());
    expect(rows.length).toBeGreaterThan(4);
    const found: Row[] = [];
    for (let query: string | undefined = '?limit=2'; query !== undefined;) {
      const page: Board = await board('due', query);
      expect(page.rows.length).toBeLessThanOrEqual(2);
      found.push(...page.rows);
      query = page.next === undefined ? undefined : `?limit=2&after=${encodeURIComponent(page.next)}`;
    }
    expect(found).toEqual(rows);
  });

  it('are filtered by what is the case today', async () => {
    const { rows } = await board('due', known());
    for (const state of ['running', 'late', 'met']) {
      expect((await board('due', `?state=${state}`)).rows).toEqual(rows.filter((row) => row['state'] === state));
    }
    const two = rows.filter((row) => row['state'] === 'late' || row['state'] === 'running');
    expect((await board('due', '?state=late,running')).rows).toEqual(two);
    expect(two.map((row) => row['state'])).toEqual(expect.arrayContaining(['running', 'late']));
    const open = await board('findings', '?state=open');
    expect(open.rows.every((row) => row['state'] === 'open')).toBe(true);
    for (const query of ['?state=open', '?state=', '?after=7', '?after=2026-03-01.x.0', '?limit=0']) {
      const refused = await server.get(`/v1/${CONTROLLER}/due${query}`, server.keys.officer);
      expect([refused.status, refused.json()['code']]).toEqual([400, 'invalid-field']);
    }
  });

  it('name nobody on any other day, nor of less than they know', async () => {
    for (const query of ['?asOf=2026-03-09', '?asOf=2026-03-11', '?asKnown=1', '?asKnown=2026-03-10T00:00:00Z']) {
      for (const view of ['due', 'clocks', 'findings']) {
        const { rows } = await board(view, query);
        expect(rows.filter((row) => 'subject' in row)).toEqual([]);
      }
    }
    expect((await board('due', '?asOf=2026-03-10')).rows.some((row) => 'subject' in row)).toBe(true);
    const now = await board('due', known());
    expect(await board('due', `?asKnown=${now.asKnown}`)).toEqual(now);
  });

  it('follow whom a link joins', async () => {
    const [phone, iin] = ['+77010000001', anIin()];
    await act('collected', { person: { phone }, items: ['name'], origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent' }, '2026-03-02'); // prettier-ignore
    await act('requested', { person: { phone }, request: 'R-phone', right: 'access', channel: 'email' }, '2026-03-02');
    await act('collected', { person: { iin }, items: ['name'], origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent' }, '2026-03-02'); // prettier-ignore
    const [byPhone, byIin] = [await server.find({ phone }), await server.find({ iin })];
    const askers = async () =>
      (await board('clocks', known())).rows
        .filter((row) => row['duty'] === 'answer-access')
        .map((row) => row['subject']);
    expect(await askers()).toContain(byPhone);
    await act('linked', { person: { phone }, other: { iin } }, '2026-03-03');
    expect(await askers()).toContain(byIin);
    expect(await askers()).not.toContain(byPhone);
    await act('unlinked', { person: { iin }, other: { phone } }, '2026-03-04');
    expect(await askers()).toContain(byPhone);
    expect(await askers()).not.toContain(byIin);
  });

  it('follow what is done to an item about somebody else', async () => {
    const [client, phone] = [{ iin: anIin() }, '+77010000002'];
    await act('collected', { person: client, items: ['relative-phone'], describes: { 'relative-phone': { phone } }, origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent', contract: 'L-9' }, '2026-02-02'); // prettier-ignore
    await act('contracted', { person: client, contract: 'L-9' }, '2026-02-02');
    const contact = await server.find({ phone });
    const of = async (view: string) =>
      (await board(view, known())).rows.filter((row) => row['subject'] === contact).map(withoutSubject);
    const own = async (view: string) =>
      (await server.get(`/v1/${CONTROLLER}/subjects/${contact}/${view}`, server.keys.regulator)).json()[view];
    expect(await of('clocks')).toEqual(await own('clocks'));
    await act('performed', { person: client, contract: 'L-9' }, '2026-03-05');
    expect(await of('clocks')).toEqual(await own('clocks'));
    expect(await of('findings')).toEqual(await own('findings'));
  });

  it('take back what was wrong, whatever person the correction names', async () => {
    const person = { iin: anIin() };
    const wrong = { ...collected({ id: 'wrong-1', time: undefined, type: 'depter.action.requested.v1' }), data: { on: '2026-03-02', person, request: 'R-wrong', right: 'access', channel: 'email' } }; // prettier-ignore
    expect((await server.send(wrong)).status).toBe(201);
    const subject = await server.find(person);
    await act('corrected', { person: { iin: anIin() }, event: { source: 'urn:example:los', id: 'wrong-1' }, reason: 'nobody asked' }, '2026-03-03'); // prettier-ignore
    const rows = (await board('clocks', known())).rows.filter((row) => row['subject'] === subject);
    expect(rows).toEqual([]);
  });

  it('show a breach that names nobody to everybody who is touched by it', async () => {
    const subject = await asking('2026-02-27');
    await act('breached', { breach: 'AG-9', found: '2026-03-06', items: ['name'] }, '2026-03-06');
    const rows = (await board('clocks', known())).rows.filter((row) => row['duty'] === 'tell-subject-breach');
    const own = await server.get(`/v1/${CONTROLLER}/subjects/${subject}/clocks`, server.keys.regulator);
    const theirs = own.json<{ clocks: Row[] }>().clocks.filter((row) => row['duty'] === 'tell-subject-breach');
    expect(theirs).toMatchObject([{ on: '2026-03-06', due: '2026-03-10' }]);
    expect(rows.filter((row) => row['subject'] === subject).map(withoutSubject)).toEqual(theirs);
    expect(rows.some((row) => row['subject'] === undefined)).toBe(false);
  });

  it('count the orders that a recipient has not confirmed', async () => {
    const person = { iin: anIin() };
    const outstanding = async () =>
      (await board('recipients', known())).rows.find((row) => row['recipient'] === 'kz.collector')?.['outstanding'];
    const before = (await outstanding()) as number;
    await act('collected', { person, items: ['address'], origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent' }, '2026-03-02'); // prettier-ignore
    await act('transferred', { person, items: ['address'], recipient: 'kz.collector', purposes: ['loan'], basis: 'consent' }, '2026-03-03'); // prettier-ignore
    await act('notified', { person, items: ['address'], of: 'rectify', recipient: 'kz.collector', channel: 'email' }, '2026-03-10'); // prettier-ignore
    expect(await outstanding()).toBe(before + 1);
    await act('confirmed', { person, recipient: 'kz.collector', order: 'rectify' }, '2026-03-10');
    expect(await outstanding()).toBe(before);
    expect((await board('recipients', '?asOf=2026-03-09')).rows.every((row) => !('outstanding' in row))).toBe(true);
  });

  it('are read by whoever sees the controller’s views, and by nobody else', async () => {
    for (const role of ['officer', 'regulator', 'auditor'] as const) await board('due', '', role);
    for (const role of ['emitter', 'admin'] as const) {
      expect((await server.get(`/v1/${CONTROLLER}/due`, server.keys[role])).status).toBe(403);
    }
  });

  it('say how far they are', async () => {
    const ready = (await server.get('/health/ready')).json<{ parts: Record<string, Row> }>();
    expect(ready.parts[`projector ${CONTROLLER}`]).toEqual({
      ready: true,
      state: 'projecting',
      lag: 0,
      misconfigured: false,
    });
  });

  it('look again at whom a new day changes', async () => {
    const subject = await asking('2026-03-04');
    const mine = async (view: string) =>
      (await board(view, known())).rows.filter((row) => row['subject'] === subject).map(withoutSubject);
    expect((await mine('clocks')).map((row) => row['state'])).toContain('running');
    await server.ask('PUT', '/clock', server.operator, JSON.stringify({ now: '2026-06-01T12:00:00+05:00' }), { 'content-type': 'application/json' }); // prettier-ignore
    for (const view of ['clocks', 'findings']) {
      const own = await server.get(`/v1/${CONTROLLER}/subjects/${subject}/${view}`, server.keys.regulator);
      expect(await mine(view)).toEqual(own.json()[view]);
    }
    expect((await mine('findings')).map((row) => row['code'])).toContain('answer-late');
  });
});
